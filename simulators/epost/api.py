"""The provider's HTTP interface: each route is one translation and one call."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.epost.api_models import checked_ids
from simulators.epost.clock import iso
from simulators.epost.errors import ApiError, error_object
from simulators.epost.submission import REQUEST_BYTES

if TYPE_CHECKING:
    from starlette.requests import Request

    from simulators.epost.clock import SimulatedClock
    from simulators.epost.lookups import Intervals, LookUps
    from simulators.epost.processing import Processing
    from simulators.epost.submission import Submissions
    from simulators.epost.tokens import Tokens

_LOOK_UP_SECONDS = 5.0
_VENDOR_SECONDS = 30.0


@dataclass(frozen=True)
class Api:
    """The public routes."""

    clock: SimulatedClock
    tokens: Tokens
    intervals: Intervals
    submissions: Submissions
    lookups: LookUps
    processing: Processing

    def routes(self) -> list[Route]:
        """Every endpoint the gateway uses."""
        return [
            Route("/api/Login", self.login, methods=["POST"]),
            Route("/api/Login/HealthCheck", self.health),
            Route("/api/Letter", self.submit, methods=["POST"]),
            Route("/api/Letter/Batch", self.batch),
            Route("/api/Letter/Custom1", self.custom1),
            Route("/api/Letter/Open", self.opened),
            Route("/api/Letter/Date", self.by_date),
            Route("/api/Letter/StatusQuery", self.by_ids, methods=["POST"]),
            Route("/api/Letter/{letter_id:int}", self.single),
            Route("/api/Vendor/LetterDetailsByDay", self.posted_by_day),
        ]

    async def login(self, request: Request) -> Response:
        """Token for credentials."""
        return JSONResponse({"token": await asyncio.to_thread(self.tokens.login, await _json_body(request))})

    async def health(self, request: Request) -> Response:
        """State of the interface; no login needed."""
        self.intervals.admit(request.url.path, _LOOK_UP_SECONDS)
        return JSONResponse(error_object("I501", date=iso(self.clock.now())))

    async def submit(self, request: Request) -> Response:
        """Letters in, their numbers out."""
        # The body first: an answer to a half-read upload reaches the client as a broken connection.
        body = await _read(request)
        await self._authorised(request)
        idents = await asyncio.to_thread(self._submit, body, request.scope["faults"])
        self.processing.start()
        return JSONResponse(idents)

    async def single(self, request: Request) -> Response:
        """One letter."""
        await self._admitted(request, "/api/Letter/{letterID}")
        return JSONResponse(await asyncio.to_thread(self.lookups.single, request.path_params["letter_id"]))

    async def batch(self, request: Request) -> Response:
        """One batch."""
        await self._admitted(request)
        batch_id = _number(request, "batchId")
        return await _listed(self.lookups.batch, batch_id, only_issues=_only_issues(request))

    async def custom1(self, request: Request) -> Response:
        """One reference."""
        await self._admitted(request)
        wanted = request.query_params.get("custom1") or ""
        return await _listed(self.lookups.custom1, wanted, only_issues=_only_issues(request))

    async def by_ids(self, request: Request) -> Response:
        """Return several letters."""
        await self._admitted(request)
        wanted = checked_ids(await _json_body(request))
        return await _listed(self.lookups.by_ids, wanted, only_issues=_only_issues(request))

    async def opened(self, request: Request) -> Response:
        """Live letters on their way."""
        await self._admitted(request)
        return await _listed(self.lookups.opened)

    async def by_date(self, request: Request) -> Response:
        """Return letters of a period."""
        await self._admitted(request)
        return await _listed(self.lookups.by_date, *_period(request), only_issues=_only_issues(request))

    async def posted_by_day(self, request: Request) -> Response:
        """Count posted letters per day."""
        await self._admitted(request, seconds=_VENDOR_SECONDS)
        return await _listed(self.lookups.posted_by_day, *_period(request))

    def _submit(self, body: bytes, faults: dict[str, Any]) -> list[dict[str, Any]]:
        return self.submissions.submit(_parsed(body), faults)

    async def _authorised(self, request: Request) -> None:
        await asyncio.to_thread(self.tokens.check, request.headers.get("authorization", ""))

    async def _admitted(self, request: Request, endpoint: str = "", *, seconds: float = _LOOK_UP_SECONDS) -> None:
        await self._authorised(request)
        self.intervals.admit(endpoint or request.url.path, seconds)


async def _listed(query: Any, *args: object, **options: object) -> Response:
    return JSONResponse(await asyncio.to_thread(query, *args, **options))


async def _json_body(request: Request) -> object:
    return _parsed(await _read(request))


async def _read(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size <= REQUEST_BYTES:
            parts.append(part)
    if size > REQUEST_BYTES:
        raise ApiError(413, "E303", "Die Anfrage ist größer als 300 MB")
    return b"".join(parts)


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        raise ApiError(400, "E313", "Schema verletzt: kein gültiges JSON") from None


def _period(request: Request) -> tuple[str | None, str | None]:
    return request.query_params.get("fromDate"), request.query_params.get("tillDate")


def _only_issues(request: Request) -> bool:
    return request.query_params.get("onlyIssues", "false").lower() == "true"


def _number(request: Request, name: str) -> int:
    try:
        return int(request.query_params.get(name, ""))
    except ValueError:
        raise ApiError(400, "E313", f"{name}: keine ganze Zahl") from None
