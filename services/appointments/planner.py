"""The calendar as one asks it: what is offered, what is free. A picture only: the claims in the database decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chassis.database import Database
from services.appointments.domain.booking import Allocation, Audience, Item, Wish
from services.appointments.domain.calendar import OfficeCalendar
from services.appointments.domain.masks import runs
from services.appointments.domain.master_data import MasterData
from services.appointments.domain.picture import day_of, pieces, ticks_of_day
from services.appointments.domain.refusal import NotOfferedError
from services.appointments.domain.ticks import instant_of, tick_of
from services.appointments.domain.visit import Visit, visit_of
from services.appointments.domain.window import window_of
from services.appointments.occupancy import Occupancy
from services.appointments.opening import OpeningHours
from services.appointments.question import DayFree, Question

_STRIDE = 14
"""Days at a time when somebody wants the earliest."""


@dataclass(frozen=True, slots=True)
class Busy:
    """A stretch in which a resource is taken; ticks since 1970."""

    resource: str
    first_tick: int
    end_tick: int


class Planner:
    """Opening hours and occupancy of all offices."""

    def __init__(self, database: Database, master: MasterData, *, replica_seconds: float) -> None:
        """Load nothing yet."""
        self._master = master
        self._opening = OpeningHours(database, master, replica_seconds=replica_seconds)
        self._occupancy = Occupancy(database, master, replica_seconds=replica_seconds)

    async def candidates(
        self,
        wish: Wish,
        starts_at: datetime,
        *,
        audience: Audience,
        now: datetime,
        resource: str | None = None,
        besides: Allocation | None = None,
    ) -> Sequence[Allocation]:
        """Return the ways in which a visit could begin at an instant, those that look free first.

        NotOfferedError when the calendar does not offer it at all. `resource` asks for one counter. A way that looks
        taken is in the list too, behind the others: the picture may be old. `besides`: as if it were free (to move it).
        Among those that look free staff get internal capacity first, and then the counter with the emptiest day.
        """
        asked = await self._question(wish, audience, now, besides=besides)
        if resource is not None:
            asked = replace(asked, visit=self._only(asked.visit, resource))
        visit, tick = asked.visit, tick_of(starts_at)
        asked.window.check(tick)
        await self._occupancy.know(visit.office, [day_of(tick)])
        ways = asked.ways(tick, self._occupancy.of_day(visit.office, day_of(tick)))
        if not ways or instant_of(tick) != starts_at:
            raise NotOfferedError("closed")
        return [Allocation(visit.office, way, tick, visit.ticks, visit.visit_ticks) for way in ways]

    async def days(
        self,
        wish: Wish,
        first: date,
        count: int,
        *,
        audience: Audience,
        now: datetime,
        besides: Allocation | None = None,
    ) -> list[DayFree]:
        """Return free beginnings by day. `besides`: as if this allocation were free (to move it)."""
        return await self._days(await self._question(wish, audience, now, besides=besides), first, count)

    async def days_over_quarantine(self, wish: Wish, first: date, count: int, *, now: datetime) -> list[DayFree]:
        """Return what the public could book if freed times came back at once: what the waiting list is offered."""
        asked = await self._question(wish, "public", now)
        return await self._days(replace(asked, over_quarantine=True), first, count)

    async def earliest(
        self, items: tuple[Item, ...], *, audience: Audience, now: datetime
    ) -> list[tuple[str, datetime | None]]:
        """Return for each office that offers all of it the first free beginning, the earliest first.

        NotOfferedError when no office does.
        """
        found: list[tuple[str, datetime | None]] = []
        refused: list[NotOfferedError] = []
        for office in self._master.offices:
            try:
                asked = await self._question(Wish(office, items), audience, now)
            except NotOfferedError as error:
                refused.append(error)
            else:
                found.append((office, await self._first(asked)))
        if not found and refused:
            raise refused[0]
        return sorted(found, key=lambda each: (each[1] is None, each[1] or now))

    async def busy(self, office: str, first: date, count: int, *, now: datetime) -> list[Busy]:
        """Return when which resource is taken, in the eyes of the public; without saying by what."""
        self._known(office)
        days = _days_from(first, count)
        await self._occupancy.know(office, days)
        found: list[Busy] = []
        for day in days:
            base = ticks_of_day(day).start
            for resource, cell in self._occupancy.of_day(office, day).items():
                mask = cell.blocked(now, over_quarantine=False)
                found += [Busy(resource, base + each, base + end) for each, end in runs(mask)]
        return found

    async def calendar(self, office: str) -> OfficeCalendar:
        """Return the opening hours of an office as they stand; NotOfferedError when there is no such office."""
        self._known(office)
        return (await self._opening.of_office(office)).calendar

    async def public_days(self, office: str) -> Callable[[date], bool]:
        """Tell on which days an office is open to the public at all; NotOfferedError when there is no such office."""
        self._known(office)
        opening = await self._opening.of_office(office)
        codes = [each.code for each in self._master.of_office(office)]
        return lambda day: any(opening.of(code, day, "public") for code in codes)

    def looks_free(self, allocation: Allocation, *, now: datetime) -> bool:
        """Tell whether the picture, as far as it is drawn, shows nothing in the way of the public."""
        for day, mask in pieces(allocation.claimed.start, allocation.claimed.stop):
            cells = self._occupancy.of_day(allocation.office, day)
            for resource in allocation.resources:
                if resource in cells and cells[resource].blocked(now, over_quarantine=False) & mask:
                    return False
        return True

    def took(self, allocation: Allocation, *, expires_at: datetime | None) -> None:
        """Draw into the picture what a commit has taken."""
        self._occupancy.took(allocation, expires_at=expires_at)

    def freed(self, allocation: Allocation, *, quarantined_until: datetime | None = None) -> None:
        """Take out of the picture what a commit has freed; when a booking moves: first this, then `took`."""
        self._occupancy.freed(allocation, quarantined_until=quarantined_until)

    def forget(self, office: str) -> None:
        """Read the calendar of an office anew: its opening hours have changed, or nobody knows what was committed."""
        self._opening.forget(office)
        self._occupancy.forget(office)

    async def _question(
        self, wish: Wish, audience: Audience, now: datetime, *, besides: Allocation | None = None
    ) -> Question:
        visit = visit_of(self._master, wish)
        if besides is not None:
            # An imported visit may last longer than usual.
            visit = replace(visit, ticks=besides.ticks, visit_ticks=besides.visit_ticks)
        window = window_of(self._master.offices[wish.office], audience, now)
        opening = await self._opening.of_office(wish.office)
        return Question(visit, window, opening, audience, now, audience == "staff", besides)

    async def _days(self, asked: Question, first: date, count: int) -> list[DayFree]:
        office, days = asked.visit.office, _days_from(first, count)
        await self._occupancy.know(office, [day for day in days if asked.first_day <= day <= asked.window.last_day])
        return [asked.day(day, self._occupancy.of_day(office, day)) for day in days]

    async def _first(self, asked: Question) -> datetime | None:
        day = asked.first_day
        while day <= asked.window.last_day:
            for each in await self._days(asked, day, _STRIDE):
                if each.starts:
                    return each.starts[0]
            day += timedelta(days=_STRIDE)
        return None

    def _only(self, visit: Visit, resource: str) -> Visit:
        if resource not in self._master.resources:
            raise NotOfferedError("unknown")
        ways = tuple(way for way in visit.ways if resource in way)
        if not ways:
            raise NotOfferedError("not_here")
        return replace(visit, ways=ways)

    def _known(self, office: str) -> None:
        if office not in self._master.offices:
            raise NotOfferedError("unknown")


def _days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=each) for each in range(count)]
