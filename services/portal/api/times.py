"""Which times one may choose from: the same for booking and for moving."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from services.portal.gateways.appointments import Appointments
from services.portal.gateways.visits import Availability, Chosen, Day, Earliest, Office, Service, Visit
from services.portal.web.say import Say

_ITEM = re.compile(r"([a-z0-9-]{1,64})(?::([1-9][0-9]?))?")
_WEEK = 7
_AT_ONCE = 84
"""So many days are asked for when a free one is looked for."""
_ONWARDS, _BACK = "vor", "zurueck"
"""`?suche=`: where to look when nothing is free in the week that was asked for."""
_NEAR = 4
_NOON = 12
Wanted = tuple[tuple[Service, int], ...]


@dataclass(frozen=True, slots=True)
class Picker:
    """Offices, a week, one of its days, and how the links to others are written."""

    base: str
    asked: Mapping[str, str]
    wanted: Wanted
    places: tuple[tuple[Office, datetime | None], ...]
    office: Office
    minutes: int
    days: tuple[Day, ...]
    chosen: Day | None
    halves: tuple[tuple[str, tuple[datetime, ...]], ...]
    """The times of the chosen day: `morning`, `afternoon`."""
    earlier: date | None
    later: date | None
    """Where the links to other weeks begin; None where there is nothing to lead to."""
    near: tuple[datetime, ...] = ()
    """Free times near one that is taken."""

    @property
    def first_free(self) -> datetime | None:
        """Return the earliest time of the office."""
        return next((at for office, at in self.places if office.office == self.office.office), None)

    def link(self, **changes: object) -> str:
        """Return the address of the same choice with something else in it."""
        named = {"ort": self.office.office, **changes}
        return f"{self.base}?{urlencode({**self.asked, **{key: str(value) for key, value in named.items()}})}"


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for on the page of times."""

    base: str
    wanted: Wanted
    query: Mapping[str, str]
    offices: tuple[Office, ...]
    asked: Mapping[str, str] = field(default_factory=dict[str, str])
    besides: Visit | None = None
    """The appointment that is to be moved: its time counts as free, but is no other one."""


def ask_of(request: Request, wanted: Wanted, offices: Sequence[Office]) -> Ask:
    """Return what the address of a page asks for."""
    asked = {"anliegen": line_of(wanted)}
    return Ask("/termin/zeit", wanted, request.query_params, tuple(offices), asked)


async def pick(appointments: Appointments, ask: Ask, say: Say) -> Picker | None:
    """Ask for the times; None when no office offers all of it."""
    if not places_of(ask.wanted):
        return None
    named = {each.office: each for each in ask.offices}
    earliest = [each for each in await appointments.earliest(_chosen_by(ask)) if each.office in named]
    if not earliest:
        return None
    place = next((each for each in earliest if each.office == ask.query.get("ort")), earliest[0])
    office, today = named[place.office], say.today()
    last = today + timedelta(days=office.days_ahead)
    first = min(max(_day(ask.query.get("ab")) or _first(place, say) or today, today), last)
    asking = _Asking(appointments, office.office, ask, today, last)
    way = ask.query.get("suche", "")
    first, found = await asking.week(first, way)
    days, taken = found.days, asking.taken
    day = _chosen(days, _day(ask.query.get("tag")))
    later = first + timedelta(days=_WEEK)
    ends = later > last or (way == _ONWARDS and day is None)
    return Picker(
        base=ask.base,
        asked=ask.asked,
        wanted=ask.wanted,
        places=tuple((named[each.office], each.starts_at) for each in earliest),
        office=office,
        minutes=found.minutes,
        days=days,
        chosen=day,
        halves=_halves(day, say),
        earlier=max(first - timedelta(days=_WEEK), today) if first > (_first(place, say) or today) else None,
        later=None if ends else later,
        near=_near(days, taken),
    )


class _Asking:
    """The free times of one office, without those that are no choice: the one just refused, the one that one has."""

    def __init__(self, appointments: Appointments, office: str, ask: Ask, today: date, last: date) -> None:
        self._appointments = appointments
        self._office = office
        self._chosen = _chosen_by(ask)
        self._besides = ask.besides.token if ask.besides else None
        self._span = today, last
        self.taken = _instant(ask.query.get("vergeben"))
        own = {ask.besides.starts_at} if ask.besides and ask.besides.office == office else set[datetime]()
        self._no_choice = own if self.taken is None else {*own, self.taken}

    async def week(self, first: date, way: str) -> tuple[date, Availability]:
        """Return a week; when nothing is free in it, the next one that way in which something is."""
        found = await self._days(first, _WEEK)
        if way not in (_ONWARDS, _BACK) or any(each.starts for each in found.days):
            return first, found
        start = await self._onwards(first) if way == _ONWARDS else await self._back(first)
        return (first, found) if start is None else (start, await self._days(start, _WEEK))

    async def _onwards(self, first: date) -> date | None:
        at = first + timedelta(days=_WEEK)
        while at <= self._span[1]:
            found = await self._days(at, min(_AT_ONCE, (self._span[1] - at).days + 1))
            free = next((each.day for each in found.days if each.starts), None)
            if free is not None:
                return free
            at += timedelta(days=_AT_ONCE)
        return None

    async def _back(self, first: date) -> date | None:
        end, today = first, self._span[0]
        while end > today:
            start = max(end - timedelta(days=_AT_ONCE), today)
            found = await self._days(start, (end - start).days)
            free = next((each.day for each in reversed(found.days) if each.starts), None)
            if free is not None:
                return max(free - timedelta(days=_WEEK - 1), today)
            end = start
        return None

    async def _days(self, first: date, days: int) -> Availability:
        found = await self._appointments.availability(
            self._office, self._chosen, first=first, days=days, besides=self._besides
        )
        return found.model_copy(update={"days": _shown(found, self._no_choice)})


def wanted_of(line: str, services: Sequence[Service]) -> Wanted:
    """Read `personalausweis:2,hund`; what is not offered falls out, too many become the most."""
    counts: dict[str, int] = {}
    for part in line.split(","):
        found = _ITEM.fullmatch(part)
        if found:
            counts[found[1]] = int(found[2] or 1)
    return tuple((each, min(counts[each.service], each.most)) for each in services if each.service in counts)


def line_of(wanted: Wanted) -> str:
    """Write it again."""
    return ",".join(f"{service.service}:{count}" for service, count in wanted)


def places_of(wanted: Wanted) -> frozenset[str]:
    """Return the offices that offer all of it."""
    offered = [frozenset(service.offices) for service, _ in wanted]
    return offered[0].intersection(*offered[1:]) if offered else frozenset()


def chosen_of(items: Sequence[Chosen], services: Sequence[Service]) -> Wanted:
    """Return what a booking is about; a service that is not offered any more falls out."""
    named = {each.service: each for each in services}
    return tuple((named[each.service], each.count) for each in items if each.service in named)


def items_of(wanted: Wanted) -> list[dict[str, Any]]:
    """Return it as the service reads it."""
    return [{"service": service.service, "count": count} for service, count in wanted]


def _chosen_by(ask: Ask) -> list[Chosen]:
    return [Chosen(service=service.service, count=count) for service, count in ask.wanted]


def instant_of(text: str) -> datetime | None:
    """Read an instant that one of our pages has written."""
    return _instant(text)


def _first(place: Earliest, say: Say) -> date | None:
    return None if place.starts_at is None else say.local(place.starts_at).date()


def _shown(found: Availability, no_choice: AbstractSet[datetime]) -> tuple[Day, ...]:
    """Leave out what was just refused (the answer may be a moment old), and the time that one has already."""
    kept = [(each, tuple(at for at in each.starts if at not in no_choice)) for each in found.days]
    return tuple(each.model_copy(update={"starts": starts}) for each, starts in kept)


def _chosen(days: Sequence[Day], asked: date | None) -> Day | None:
    """Return the day that was asked for, else the first with a free time."""
    wanted = next((each for each in days if each.day == asked and each.starts), None)
    return wanted or next((each for each in days if each.starts), None)


def _halves(day: Day | None, say: Say) -> tuple[tuple[str, tuple[datetime, ...]], ...]:
    starts = () if day is None else day.starts
    morning = tuple(at for at in starts if say.local(at).hour < _NOON)
    afternoon = tuple(at for at in starts if say.local(at).hour >= _NOON)
    return tuple((name, times) for name, times in (("morning", morning), ("afternoon", afternoon)) if times)


def _near(days: Sequence[Day], taken: datetime | None) -> tuple[datetime, ...]:
    if taken is None:
        return ()
    free = sorted((at for each in days for at in each.starts), key=lambda at: abs(at - taken))
    return tuple(sorted(free[:_NEAR]))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _instant(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
