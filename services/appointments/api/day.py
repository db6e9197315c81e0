"""HTTP in: what staff see and do: day, week, bookings on the phone, moving, cancelling, who came."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed, Problem, path_id, route
from contracts.foreign import Slug
from services.appointments import queries_day as queries
from services.appointments.api.bookings import PersonBody
from services.appointments.api.holds import Items, wish_of
from services.appointments.api.told import Body, answer, offering, read, refusing
from services.appointments.commands.cancel import cancel
from services.appointments.commands.confirm import confirm
from services.appointments.commands.hold import HoldOrder, hold
from services.appointments.commands.move import move
from services.appointments.commands.restore import restore
from services.appointments.commands.settle import Outcome, settle
from services.appointments.desk import Desk
from services.appointments.domain.booking import Wish

By = Annotated[str, Field(min_length=1, max_length=64)]
_YEARS = (1971, 9998)
"""Of which a calendar can be worked out, with the week around each day."""


class _Staff(Body):
    by: By


class _Booking(PersonBody):
    """A booking on the phone or at the counter."""

    booking_id: UUID
    office: Slug
    items: Items
    starts_at: AwareDatetime
    resource: Slug | None = None
    by: By

    def order(self) -> HoldOrder:
        """Return it for the command."""
        return HoldOrder(
            booking_id=self.booking_id,
            wish=wish_of(self.office, self.items),
            starts_at=self.starts_at,
            audience="staff",
            channel="staff",
            language=self.language,
            client=None,
            resource=self.resource,
            by=self.by,
            over_quarantine=True,
        )


class _Move(_Staff):
    starts_at: AwareDatetime
    resource: Slug | None = None
    office: Slug | None = None
    seen_version: int


class _Cancellation(_Staff):
    seen_version: int | None = None


class _Restoration(_Staff):
    seen_version: int


class _State(_Staff):
    state: Outcome


def routes(desk: Desk) -> list[Endpointed]:
    """Return the routes of the staff."""
    api = _Counter(desk)
    stated = [
        ("GET", "/days/{office}/{day}", api.day),
        ("GET", "/weeks/{office}/{day}", api.week),
        ("GET", "/staff/bookings", api.find),
        ("POST", "/staff/bookings", api.book),
        ("GET", "/staff/bookings/{booking}", api.show),
        ("GET", "/staff/bookings/{booking}/history", api.history),
        ("POST", "/staff/bookings/{booking}/move", api.move),
        ("POST", "/staff/bookings/{booking}/cancellation", api.cancel),
        ("POST", "/staff/bookings/{booking}/restoration", api.restore),
        ("POST", "/staff/bookings/{booking}/state", api.settle),
    ]
    return [route(method, path, refusing(endpoint), callers=["portal"]) for method, path, endpoint in stated]


class _Counter:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def day(self, request: Request) -> Response:
        return answer(await queries.day_of(self._desk, request.path_params["office"], _day(request)))

    async def week(self, request: Request) -> Response:
        return answer(await queries.week_of(self._desk, request.path_params["office"], _day(request)))

    async def find(self, request: Request) -> Response:
        asked = {name: text.replace("\0", "") for name, text in request.query_params.items()}
        return answer(await queries.found(self._desk, number=asked.get("number"), text=asked.get("q")))

    async def show(self, request: Request) -> Response:
        return answer(await queries.entry_of(self._desk, path_id(request, "booking")))

    async def history(self, request: Request) -> Response:
        return answer(await queries.history_of(self._desk, path_id(request, "booking")))

    async def book(self, request: Request) -> Response:
        """Hold and confirm; a repetition after a break between the two goes on where it was."""
        body = await read(request, _Booking)
        order = body.order()
        async with offering(self._desk, order.wish, order.starts_at, "staff"):
            held = await hold(order, self._desk)
            booked = await confirm(held.booking_id, body.person(), self._desk, by=body.by, proven=True)
        return answer(queries.entry(booked, self._desk), 201)

    async def move(self, request: Request) -> Response:
        body, booking_id = await read(request, _Move), path_id(request, "booking")
        before = await queries.booking_of(self._desk, booking_id)
        wish = Wish(body.office or before.allocation.office, before.items)
        async with offering(self._desk, wish, body.starts_at, "staff"):
            moved = await move(
                booking_id,
                wish,
                body.starts_at,
                self._desk,
                by=body.by,
                seen_version=body.seen_version,
                audience="staff",
                resource=body.resource,
            )
        return answer(queries.entry(moved, self._desk))

    async def cancel(self, request: Request) -> Response:
        body, booking_id = await read(request, _Cancellation), path_id(request, "booking")
        cancelled = await cancel(booking_id, self._desk, by=body.by, seen_version=body.seen_version)
        return answer(queries.entry(cancelled, self._desk))

    async def restore(self, request: Request) -> Response:
        body, booking_id = await read(request, _Restoration), path_id(request, "booking")
        before = await queries.booking_of(self._desk, booking_id)
        wish = Wish(before.allocation.office, before.items)
        async with offering(self._desk, wish, before.allocation.starts_at, "staff"):
            restored = await restore(booking_id, self._desk, by=body.by, seen_version=body.seen_version)
        return answer(queries.entry(restored, self._desk))

    async def settle(self, request: Request) -> Response:
        body, booking_id = await read(request, _State), path_id(request, "booking")
        return answer(queries.entry(await settle(booking_id, body.state, self._desk, by=body.by), self._desk))


def _day(request: Request) -> date:
    try:
        day = date.fromisoformat(request.path_params["day"])
    except ValueError:
        day = date.min
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        raise Problem(404, "Diesen Tag gibt es nicht.", "Ein Tag hat die Form 2026-12-01.", code="missing")
    return day
