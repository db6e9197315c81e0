"""What tests and the command line ask: what has arrived, and which hosts are to misbehave."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.mail.faults import BadRuleError, Faults, parsed_rules
from simulators.mail.reading import take_apart
from simulators.mail.store import Bounce, Store, Stored

_MOST = 1000


@dataclass(frozen=True)
class Control:
    """The routes below /_control; none asks for a login."""

    store: Store
    faults: Faults

    def routes(self) -> list[Route]:
        """Every route."""
        return [
            Route("/_control/mails", self.mails, methods=["GET"]),
            Route("/_control/mails", self.clear, methods=["DELETE"]),
            Route("/_control/mails/{mail_id:int}", self.mail),
            Route("/_control/summary", self.summary),
            Route("/_control/bounces", self.bounces),
            Route("/_control/faults", self.order_faults, methods=["POST"]),
            Route("/_control/faults", self.list_faults, methods=["GET"]),
            Route("/_control/faults", self.clear_faults, methods=["DELETE"]),
        ]

    async def mails(self, request: Request) -> Response:
        """List mails, newest first; `to` an address, `since` a mail_id, `limit`."""
        query = request.query_params
        try:
            since, limit = int(query.get("since", "0")), int(query.get("limit", "100"))
        except ValueError:
            return _refused("since and limit are whole numbers")
        found = self.store.mails(to=query.get("to", ""), since=since, limit=min(max(limit, 1), _MOST))
        return JSONResponse([_shown(each) for each in found])

    async def mail(self, request: Request) -> Response:
        """Return one mail with headers, text and HTML."""
        mail = self.store.mail(request.path_params["mail_id"])
        if mail is None:
            return JSONResponse({"error": "unknown mail"}, HTTPStatus.NOT_FOUND)
        return JSONResponse(_shown(mail))

    async def clear(self, _request: Request) -> Response:
        """Forget all mails, counts and bounces."""
        self.store.clear()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def summary(self, _request: Request) -> Response:
        """Return counts of all that ever came."""
        return JSONResponse(self.store.summary())

    async def bounces(self, _request: Request) -> Response:
        """List reports of non-delivery, newest first, each whole."""
        return JSONResponse([_shown_bounce(each) for each in self.store.bounces()])

    async def order_faults(self, request: Request) -> Response:
        """Add one rule or a list of them."""
        try:
            rules = parsed_rules(await request.json())
        except (ValueError, BadRuleError) as error:
            return _refused(str(error))
        self.faults.order(rules)
        return await self.list_faults(request)

    async def list_faults(self, _request: Request) -> Response:
        """Rules with their counts."""
        return JSONResponse([asdict(each) for each in self.faults.rules])

    async def clear_faults(self, _request: Request) -> Response:
        """Drop every rule."""
        self.faults.clear()
        return JSONResponse([])


def _refused(why: str) -> JSONResponse:
    return JSONResponse({"error": why}, HTTPStatus.BAD_REQUEST)


def _shown(mail: Stored) -> dict[str, Any]:
    parts = take_apart(mail.content)
    return {
        "mail_id": mail.mail_id,
        "received_at": _iso(mail.received_at),
        "sender": mail.sender,
        "recipient": mail.recipient,
        "message_id": mail.message_id,
        "subject": mail.subject,
        "headers": parts.headers,
        "text": parts.text,
        "html": parts.html,
    }


def _shown_bounce(bounce: Bounce) -> dict[str, Any]:
    content = bounce.content.decode("utf-8", "replace")
    return {
        "bounce_id": bounce.bounce_id,
        "made_at": _iso(bounce.made_at),
        "recipient": bounce.recipient,
        "content": content,
    }


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, tz=UTC).isoformat()
