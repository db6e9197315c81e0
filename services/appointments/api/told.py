"""Requests and refusals: how a body is read, and in which words somebody hears why it cannot be."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.http import Endpoint, Problem
from services.appointments.desk import Desk
from services.appointments.domain.booking import Audience, Wish
from services.appointments.domain.refusal import (
    HoldExpiredError,
    LimitError,
    MissingError,
    NotOfferedError,
    ProofNeededError,
    Reason,
    StaleError,
    TakenError,
)
from services.appointments.domain.ticks import LOCAL

REFUSALS = (
    HoldExpiredError,
    LimitError,
    MissingError,
    NotOfferedError,
    ProofNeededError,
    StaleError,
    TakenError,
)
_LONGEST_BODY = 64 * 1024
_ALTERNATIVES = 6
_DAYS_TO_LOOK = 14
_TAKEN = ("Dieser Termin ist gerade vergeben worden.", "Bitte wählen Sie eine andere Uhrzeit.")
_PLAIN: dict[type[Exception], tuple[int, str, str, str]] = {
    HoldExpiredError: (
        410,
        "hold_expired",
        "Ihre Reservierung ist abgelaufen, und die Zeit ist inzwischen vergeben.",
        "Bitte wählen Sie eine neue Uhrzeit.",
    ),
    StaleError: (
        409,
        "stale",
        "Der Termin hat sich inzwischen geändert, oder das ist bei ihm nicht mehr möglich.",
        "Bitte laden Sie die Seite neu und sehen Sie nach, was jetzt gilt.",
    ),
    MissingError: (
        404,
        "missing",
        "Das gibt es hier nicht oder nicht mehr.",
        "Bitte prüfen Sie den Link oder die Nummer.",
    ),
    ProofNeededError: (
        428,
        "proof",
        "Die Prüfung gegen automatische Anfragen fehlt oder ist abgelaufen.",
        "Bitte laden Sie die Seite neu und versuchen Sie es noch einmal.",
    ),
}
_REASONS: dict[Reason, tuple[str, str]] = {
    "closed": ("Zu dieser Zeit ist nicht geöffnet.", "Bitte wählen Sie eine der angebotenen Uhrzeiten."),
    "too_soon": (
        "Diese Zeit ist vorbei oder zu kurzfristig.",
        "Bitte wählen Sie eine spätere Uhrzeit oder rufen Sie uns an.",
    ),
    "too_far": ("Dieser Tag ist noch nicht freigegeben.", "Bitte wählen Sie einen früheren Tag."),
    "queue": (
        "Diesen neuen Tag vergeben wir gerade der Reihe nach.",
        "Bitte kommen Sie über den Warteraum; dort sehen Sie, wann Sie an der Reihe sind.",
    ),
    "not_here": ("Das bietet diese Stelle nicht an.", "Bitte wählen Sie eine andere Stelle oder ein anderes Anliegen."),
    "unknown": ("Dieses Anliegen oder diese Stelle kennen wir nicht.", "Bitte beginnen Sie die Auswahl von vorn."),
    "too_many": ("Das ist zu viel für einen Besuch.", "Bitte wählen Sie eine kleinere Anzahl oder rufen Sie uns an."),
}


class Body(BaseModel):
    """A request as JSON; what is not described is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Model = TypeVar("Model", bound=BaseModel)


def told(error: Exception, *, alternatives: Sequence[datetime] = ()) -> Problem:
    """Return a refusal as an answer; `code` stays the same whatever the words. What is no refusal is raised again."""
    if isinstance(error, TakenError):
        return Problem(409, *_TAKEN, code="taken", alternatives=[instant(each) for each in alternatives])
    if isinstance(error, NotOfferedError):
        return Problem(422, *_REASONS[error.reason], code=error.reason)
    if isinstance(error, LimitError):
        return _limit(error)
    if type(error) not in _PLAIN:
        raise error
    status, code, title, detail = _PLAIN[type(error)]
    return Problem(status, title, detail, code=code)


def _limit(error: LimitError) -> Problem:
    until = None if error.until is None else instant(error.until)
    if error.what == "email":
        title = "Unter dieser E-Mail-Adresse gibt es schon so viele Termine, wie wir einer Person geben können."
        return Problem(429, title, "Bitte sagen Sie zuerst einen ab oder rufen Sie uns an.", code="limit_email")
    title = "Von Ihrem Anschluss kamen in der letzten Stunde sehr viele Reservierungen."
    return Problem(429, title, "Bitte später wiederholen oder rufen Sie uns an.", code="limit_client", until=until)


def refusing(endpoint: Endpoint) -> Endpoint:
    """Answer refusals in words, and let nothing of it be kept on the way."""

    async def answered(request: Request) -> Response:
        try:
            response = await endpoint(request)
        except REFUSALS as error:
            raise told(error) from None
        response.headers["Cache-Control"] = "no-store"
        return response

    return answered


@asynccontextmanager
async def offering(desk: Desk, wish: Wish, starts_at: datetime, audience: Audience = "public") -> AsyncGenerator[None]:
    """Tell whom a time has been taken from which others are near."""
    try:
        yield
    except TakenError as error:
        raise told(error, alternatives=await _near(desk, wish, starts_at, audience)) from None


async def _near(desk: Desk, wish: Wish, starts_at: datetime, audience: Audience) -> list[datetime]:
    day = starts_at.astimezone(LOCAL).date()
    for days in (1, _DAYS_TO_LOOK):
        found = await desk.planner.days(wish, day, days, audience=audience, now=desk.now())
        starts = [each for day_free in found for each in day_free.starts]
        if starts:
            return sorted(sorted(starts, key=lambda each: abs(each - starts_at))[:_ALTERNATIVES])
    return []


async def read(request: Request, model: type[Model]) -> Model:
    """Read a JSON body; the Problem names fields, never what stood in them."""
    raw = await _content(request)
    try:
        return model.model_validate_json(raw or b"{}")
    except ValidationError as error:
        fields = sorted({".".join(map(str, each["loc"][:1])) for each in error.errors()} - {""})
        detail = f"Bitte prüfen: {', '.join(fields)}." if fields else "Erwartet wird JSON."
        title = "Diese Angaben sind nicht vollständig oder nicht lesbar."
        raise Problem(422, title, detail, code="invalid", fields=fields) from None


async def _content(request: Request) -> bytes:
    parts: list[bytes] = []
    length = 0
    async for part in request.stream():
        length += len(part)
        if length > _LONGEST_BODY:
            raise Problem(413, "Das ist zu groß.", f"Höchstens {_LONGEST_BODY // 1024} KiB.", code="too_large")
        parts.append(part)
    return b"".join(parts)


def instant(at: datetime) -> str:
    """Return an instant as all answers have it: ISO 8601, UTC, `Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def answer(content: object, status: int = 200) -> JSONResponse:
    """Return JSON."""
    return JSONResponse(content, status_code=status)
