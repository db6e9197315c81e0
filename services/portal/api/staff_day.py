"""The day, the week and the printed list of the counters (Terminschalter)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chassis.http import Endpointed
from services.portal.api.staff_counter import (
    COUNTER,
    DAY,
    CounterDesk,
    Former,
    counters_in,
    first_start,
    former_of,
    id_of,
    teller_of,
)
from services.portal.api.staff_grid import SHOWN, booked_minutes, grid_of, open_minutes
from services.portal.gateways.calls import Missing
from services.portal.gateways.counter import Day, Entry, Resource
from services.portal.gateways.staff import Device

_WEEK = 7
_LINES = 30
"""So many lines of the list fill a sheet of paper."""
_SPARE = 5
"""So many empty lines at least, for people without an appointment."""
_SHORTEST = 2
"""One letter finds half the town."""


class StaffDay:
    """Who comes when, and to which counter."""

    def __init__(self, desk: CounterDesk) -> None:
        """Show the pages behind the door."""
        self._desk = desk
        self._counter = desk.counter

    def routes(self) -> list[Endpointed]:
        """State the pages."""
        door = self._desk.door
        return [
            *door.page("GET", DAY, self._show, COUNTER),
            *door.page("GET", f"{DAY}/woche", self._week, COUNTER),
            *door.page("GET", f"{DAY}/liste", self._list, COUNTER),
            *door.page("GET", f"{DAY}/suche", self._search, COUNTER),
        ]

    async def _show(self, request: Request, device: Device) -> Response:
        return await self.page(request, device)

    async def page(
        self, request: Request, device: Device, *, office: str = "", day: str = "", status: int = 200, wrong: str = ""
    ) -> Response:
        """Show a day; `wrong` says why an order was not executed."""
        where = await self._desk.where(request, office, day)
        shown = await self._counter.day(where.place.office, where.day)
        mark = sha256(shown.model_dump_json().encode()).hexdigest()[:16]
        grid = grid_of(shown, self._desk.site.now())
        still = f"{mark}-{grid.now_row if grid else 0}"
        if "hx-request" in request.headers and request.query_params.get("marke") == still:
            # A day that is exchanged under a hand that moves an appointment loses it: what has not changed stays.
            return Response(headers={"HX-Reswap": "none", "Cache-Control": "no-store"})
        return await self._desk.door.render(
            request,
            "appointments/day.html",
            status=status,
            device=device,
            where=where,
            shown=shown,
            grid=grid,
            mark=still,
            what=teller_of(await self._counter.matters()),
            wrong=wrong,
            done=request.query_params.get("getan", ""),
            moved=await self._moved(request),
        )

    async def _moved(self, request: Request) -> Moved | None:
        """Return what was moved on this page a moment ago, as long as it can go back."""
        try:
            booking = id_of(request.query_params.get("termin", ""))
            entry = await self._counter.booking(booking)
        except Missing:
            return None
        former = former_of(await self._counter.history(booking), self._desk.site.now())
        return Moved(entry, former) if former is not None and entry.state == "booked" else None

    async def _week(self, request: Request, device: Device) -> Response:
        """Show how full the counters are; no names."""
        where = await self._desk.where(request)
        days = await self._counter.week(where.place.office, where.day)
        return await self._desk.door.render(
            request,
            "appointments/week.html",
            device=device,
            where=where,
            columns=_resources(days),
            days=[(each, {one.resource: _load(each, one.resource) for one in _resources(days)}) for each in days],
            before=where.address(f"{DAY}/woche", day=where.day - timedelta(days=_WEEK)),
            after=where.address(f"{DAY}/woche", day=where.day + timedelta(days=_WEEK)),
        )

    async def _list(self, request: Request, device: Device) -> Response:
        """Show the day as it goes on paper, with empty lines for those who come without an appointment."""
        where = await self._desk.where(request)
        shown = await self._counter.day(where.place.office, where.day)
        entries = first_start(each for each in shown.entries if each.state in SHOWN)
        return await self._desk.door.render(
            request,
            "appointments/list.html",
            device=device,
            where=where,
            entries=entries,
            spare=max(_SPARE, _LINES - len(entries)),
            at=counters_in(shown.resources),
            what=teller_of(await self._counter.matters()),
        )

    async def _search(self, request: Request, device: Device) -> Response:
        """Find a booking by number or name; a number that is found leads there at once."""
        text = request.query_params.get("q", "").strip()[:120]
        found = first_start(await self._counter.find(text)) if len(text) >= _SHORTEST else []
        if len(found) == 1 and found[0].number == "".join(text.split()).upper():
            return RedirectResponse(f"{DAY}/{found[0].booking_id}", 303, headers={"Cache-Control": "no-store"})
        where = await self._desk.where(request)
        return await self._desk.door.render(
            request,
            "appointments/search.html",
            device=device,
            where=where,
            text=text,
            too_short=len(text) < _SHORTEST,
            found=found,
            offices={each.office: each.name for each in where.places},
            what=teller_of(await self._counter.matters()),
        )


@dataclass(frozen=True, slots=True)
class Moved:
    """A booking that was moved, and where it was before."""

    entry: Entry
    former: Former


@dataclass(frozen=True, slots=True)
class Load:
    """How full one counter is on one day."""

    visits: Sequence[Entry]
    booked: int
    open: int

    @property
    def free(self) -> int:
        """Return the minutes that are left."""
        return max(0, self.open - self.booked)


def _load(day: Day, resource: str) -> Load:
    visits = first_start(each for each in day.entries if each.state in SHOWN and resource in each.resources)
    return Load(visits, booked_minutes(day, resource), open_minutes(day, resource))


def _resources(days: tuple[Day, ...]) -> tuple[Resource, ...]:
    return tuple({one.resource: one for each in days for one in each.resources}.values())
