"""What the portal asks of appointments on behalf of citizens."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from services.portal.gateways.calls import Calls
from services.portal.gateways.visits import (
    Availability,
    Chosen,
    Earliest,
    Office,
    Release,
    ReleaseTicket,
    Service,
    Visit,
    Waiting,
)

OFFICES = TypeAdapter(tuple[Office, ...])
SERVICES = TypeAdapter(tuple[Service, ...])
_EARLIEST = TypeAdapter(tuple[Earliest, ...])


class Appointments:
    """Offices, times, holds, bookings, the waiting list and the waiting room."""

    def __init__(self, calls: Calls) -> None:
        """Ask through these calls."""
        self._calls = calls

    async def offices(self) -> tuple[Office, ...]:
        """Return all offices."""
        return OFFICES.validate_python(await self._calls.get("/offices"))

    async def services(self) -> tuple[Service, ...]:
        """Return all services."""
        return SERVICES.validate_python(await self._calls.get("/services"))

    async def earliest(self, items: Sequence[Chosen]) -> tuple[Earliest, ...]:
        """Return the offices that offer all of it, the one with the earliest time first."""
        return _EARLIEST.validate_python(await self._calls.get("/earliest", items=_line(items), audience="public"))

    async def availability(
        self, office: str, items: Sequence[Chosen], *, first: date, days: int, besides: str | None = None
    ) -> Availability:
        """Return the free times of some days; `besides` a booking of one's own, which would be given up."""
        asked: dict[str, Any] = {"office": office, "from": first.isoformat(), "besides": besides}
        return Availability.model_validate(
            await self._calls.get("/availability", items=_line(items), audience="public", days=days, **asked)
        )

    async def hold(self, body: Mapping[str, object]) -> Visit:
        """Keep a time while the form is filled in; Refused says why not."""
        return Visit.model_validate(await self._calls.post("/holds", body))

    async def visit(self, token: str) -> Visit:
        """Return a booking; Missing when the link is not ours."""
        return Visit.model_validate(await self._calls.get(f"/bookings/{token}"))

    async def confirm(self, token: str, person: Mapping[str, object]) -> Visit:
        """Book a time that is held; Missing when it is no longer."""
        return Visit.model_validate(await self._calls.post(f"/bookings/{token}/confirmation", person))

    async def confirm_by_link(self, token: str) -> Visit:
        """Book what waits for the link in the mail."""
        return Visit.model_validate(await self._calls.post(f"/bookings/{token}/link-confirmation"))

    async def move(self, token: str, office: str, starts_at: datetime, *, seen_version: int) -> Visit:
        """Take another time and give back the old one, both or neither."""
        body = {"office": office, "starts_at": instant(starts_at), "seen_version": seen_version}
        return Visit.model_validate(await self._calls.post(f"/bookings/{token}/move", body))

    async def cancel(self, token: str, *, seen_version: int) -> None:
        """Give a time back."""
        await self._calls.post(f"/bookings/{token}/cancellation", {"seen_version": seen_version})

    async def send_links(self, email: str) -> None:
        """Mail the links of all coming appointments to whom they belong."""
        await self._calls.post("/bookings/links", {"email": email})

    async def calendar(self, path: str, **query: str | None) -> bytes:
        """Return a calendar (iCalendar)."""
        return await self._calls.file(path, **query)

    async def proof(self) -> Any:
        """Return a task for the browser (proof of work)."""
        return await self._calls.get("/proofs")

    async def release(self, office: str) -> Release:
        """Return when the office releases its next day, and whether the waiting room is open."""
        return Release.model_validate(await self._calls.get(f"/releases/{office}"))

    async def join_release(self, office: str, client: str, *, token: str | None = None) -> str:
        """Take a place in the waiting room, or the same again; return its token."""
        body = {"client": client, "token": token}
        return str((await self._calls.post(f"/releases/{office}/tickets", body))["token"])

    async def release_ticket(self, token: str) -> ReleaseTicket:
        """Return how far a place has come; Missing when it is over."""
        return ReleaseTicket.model_validate(await self._calls.get(f"/release-tickets/{token}"))

    async def join_waiting_list(self, body: Mapping[str, object]) -> str:
        """Ask for a time that becomes free; return the token of the entry."""
        return str((await self._calls.post("/waiting-list", body))["token"])

    async def waiting(self, token: str) -> Waiting:
        """Return an entry of the waiting list."""
        return Waiting.model_validate(await self._calls.get(f"/waiting-list/{token}"))

    async def confirm_waiting(self, token: str) -> Waiting:
        """Let an entry count, by the link of its mail; Missing when it is too late."""
        return Waiting.model_validate(await self._calls.post(f"/waiting-list/{token}/confirmation"))

    async def leave_waiting_list(self, token: str) -> None:
        """End an entry."""
        await self._calls.delete(f"/waiting-list/{token}")

    async def accept_offer(self, token: str) -> Visit:
        """Book the time that is offered; Missing when it is no longer."""
        return Visit.model_validate(await self._calls.post(f"/waiting-list/{token}/acceptance"))

    async def refuse_offer(self, token: str) -> None:
        """Let the time go to the next."""
        await self._calls.post(f"/waiting-list/{token}/refusal")

    async def offer_again(self, token: str) -> None:
        """Have the time offered again that was not taken."""
        await self._calls.post(f"/waiting-list/{token}/reconsideration")

    async def raw(self, path: str, **query: Any) -> Any:
        """Return an answer as it is: for the public interface."""
        return await self._calls.get(path, **query)


def instant(at: datetime) -> str:
    """Return an instant as the service writes it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def subject_of(token: str) -> UUID | None:
    """Return what a link is about. It is not checked here: for comparing only."""
    try:
        return UUID(bytes=_bytes_of(token)[:16])
    except ValueError:
        return None


def _bytes_of(token: str) -> bytes:
    return base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)


def _line(items: Sequence[Chosen]) -> str:
    return ",".join(f"{each.service}:{each.count}" for each in items)
