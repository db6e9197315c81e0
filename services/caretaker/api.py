"""HTTP in: each request is one command or query."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.clock import Clock
from chassis.http import Endpointed, Problem, route
from contracts.base import UtcTime
from contracts.topology import DURABLES
from services.caretaker import queries
from services.caretaker.commands.discard import discard
from services.caretaker.commands.redeliver import redeliver_all, redeliver_one
from services.caretaker.commands.replay import replay
from services.caretaker.domain.errors import (
    BodyGoneError,
    HistoryGoneError,
    NoSuchDurableError,
    NoSuchLetterError,
    NotReplayableError,
)
from services.caretaker.gateways.bus import Bus
from services.caretaker.gateways.consumers import known
from services.caretaker.gateways.letters import Wanted
from services.caretaker.gateways.redelivery import StreamFullError

_MOST = 1000
_NOT_REPLAYABLE = {
    "work_queue": "Der Eingang von Fachverfahren behält nichts, was schon bearbeitet ist. "
    "Was nicht bearbeitet werden konnte, steht bei den unzustellbaren Nachrichten.",
    "no_claims": "Er merkt sich nicht, was er schon bearbeitet hat, und würde alles noch einmal tun.",
}


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Which(_Form):
    """All letters of a consumer, or those with one reason."""

    durable: str
    reason: str | None = None


class Since(_Form):
    """The past of a consumer, since a time or all that is held."""

    durable: str
    since: UtcTime | None = None


class _Page(_Form):
    durable: str | None = None
    reason: str | None = None
    after: int = Field(default=0, ge=0)
    limit: int = Field(default=100, ge=1, le=_MOST)


_Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class _Discarding(_Form):
    by: _Line
    reason: _Line


FormT = TypeVar("FormT", bound=_Form)


@dataclass(frozen=True, slots=True)
class Api:
    """The routes of the caretaker."""

    bus: Bus
    now: Clock

    def routes(self) -> list[Endpointed]:
        """Return this service's routes."""
        return [
            route("GET", "/dead-letters", self.letters, callers=["rathaus"]),
            route("POST", "/dead-letters/redelivery", self.redeliver_all, callers=["rathaus"]),
            route("GET", "/dead-letters/{number:int}", self.letter, callers=["rathaus"]),
            route("DELETE", "/dead-letters/{number:int}", self.discard, callers=["rathaus"]),
            route("POST", "/dead-letters/{number:int}/redelivery", self.redeliver, callers=["rathaus"]),
            route("GET", "/redeliveries/{durable}/{sequence:int}", self.standing, callers=["rathaus"]),
            route("POST", "/replays", self.replay, callers=["rathaus"]),
            route("GET", "/durables", self.durables, callers=["rathaus"]),
        ]

    async def letters(self, request: Request) -> Response:
        """List dead letters, oldest first; the next page begins after the last number."""
        page = _query(_Page, request)
        async with _in_words():
            if page.durable is not None:
                known(page.durable)
            wanted = Wanted(page.durable, page.reason, after=page.after, most=page.limit)
            return JSONResponse(await queries.list_letters(self.bus, wanted))

    async def letter(self, request: Request) -> Response:
        """Show one."""
        async with _in_words():
            return JSONResponse(await queries.show_letter(self.bus, request.path_params["number"]))

    async def redeliver(self, request: Request) -> Response:
        """Send one to its consumer again."""
        async with _in_words():
            sent = await redeliver_one(self.bus, request.path_params["number"])
        answer = {"number": sent.letter.number, "durable": sent.letter.durable, "sequence": sent.sequence}
        return JSONResponse(answer, status_code=202)

    async def redeliver_all(self, request: Request) -> Response:
        """Send all that match now to their consumer again."""
        which = await _body(Which, request)
        async with _in_words():
            sent = await redeliver_all(self.bus, which.durable, which.reason)
        answer = {"redelivered": sent.redelivered, "bodies_gone": sent.bodies_gone, "last_number": sent.last_number}
        return JSONResponse(answer, status_code=202)

    async def discard(self, request: Request) -> Response:
        """Give one up for good."""
        said = _query(_Discarding, request)
        async with _in_words():
            await discard(self.bus, request.path_params["number"], by=said.by, reason=said.reason)
        return Response(status_code=204)

    async def standing(self, request: Request) -> Response:
        """Tell what has become of a redelivered message."""
        page = _query(_Page, request)
        async with _in_words():
            durable, sequence = request.path_params["durable"], request.path_params["sequence"]
            return JSONResponse(await queries.standing_of(self.bus, durable, sequence, after=page.after))

    async def replay(self, request: Request) -> Response:
        """Send the past to a consumer; a repeated request with the same Idempotency-Key sends nothing twice."""
        asked = await _body(Since, request)
        key = request.headers.get("idempotency-key") or uuid4().hex
        call = hashlib.sha256(key.encode()).hexdigest()
        async with _in_words():
            done = await replay(self.bus, asked.durable, since=asked.since, call=call)
        oldest = done.oldest_at.isoformat() if done.oldest_at is not None else None
        answer = {
            "published": done.published,
            "stream_whole": done.whole,
            "stream_oldest_at": oldest,
            "last_number": done.last_letter,
        }
        return JSONResponse(answer, status_code=202)

    async def durables(self, _request: Request) -> Response:
        """Tell how far each consumer is."""
        return JSONResponse(await queries.list_durables(self.bus, now=self.now))


def _query(form: type[FormT], request: Request) -> FormT:
    try:
        return form.model_validate(dict(request.query_params))
    except ValidationError as error:
        raise _unusable(form, error) from None


async def _body(form: type[FormT], request: Request) -> FormT:
    try:
        return form.model_validate_json(await request.body())
    except ValidationError as error:
        raise _unusable(form, error) from None


def _unusable(form: type[_Form], error: ValidationError) -> Problem:
    wrong = sorted({str(each["loc"][0]) for each in error.errors(include_input=False) if each["loc"]})
    known_fields = ", ".join(form.model_fields)
    return Problem(422, "So ist die Anfrage nicht zu verstehen.", f"Es gibt: {known_fields}. Nicht passend: {wrong}.")


@asynccontextmanager
async def _in_words() -> AsyncGenerator[None]:
    """Say in plain German why something was not done."""
    try:
        yield
    except NoSuchLetterError as error:
        raise Problem(
            404, f"Eine unzustellbare Nachricht {error} gibt es nicht (mehr).", "Die Nummern zeigt „rathaus dlq list“."
        ) from None
    except NoSuchDurableError as error:
        names = ", ".join(each.name for each in DURABLES)
        raise Problem(404, f"Einen Empfänger „{error}“ gibt es nicht.", f"Es gibt: {names}.") from None
    except BodyGoneError:
        raise Problem(
            409,
            "Der Inhalt dieser Nachricht ist nicht mehr da.",
            "Er war getrennt verwahrt und ist gelöscht. Bitte das Fachverfahren bitten, sie neu zu senden, "
            "und diese hier verwerfen.",
        ) from None
    except StreamFullError:
        raise Problem(
            409,
            "Der Eingang dieses Empfängers ist voll.",
            "Bitte warten, bis er den Rückstand abgearbeitet hat; nichts ist verloren.",
        ) from None
    except NotReplayableError as error:
        why = _NOT_REPLAYABLE[error.why]
        raise Problem(409, "Diesem Empfänger lässt sich nichts noch einmal zustellen.", why) from None
    except HistoryGoneError as error:
        raise Problem(409, "So weit reicht der Strom nicht mehr zurück.", _reach(error)) from None


def _reach(error: HistoryGoneError) -> str:
    if error.oldest_at is None:
        return "Er enthält nichts mehr."
    return f"Vollständig ist er ab {error.oldest_at:%d.%m.%Y %H:%M:%S} (UTC): {error.oldest_at.isoformat()}"
