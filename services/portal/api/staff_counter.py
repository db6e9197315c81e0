"""What the pages of the counter share: which office, which day, and how a visit is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request

from services.portal.api.staff_door import StaffDoor
from services.portal.gateways.calls import Missing
from services.portal.gateways.counter import Change, Counter, Entry, Resource
from services.portal.gateways.visits import Chosen, Office, Service
from services.portal.web.say import ZONE, Say

DAY = "/dienst/termine"
COUNTER = "counter"
PLANNER = "planner"
_STEP_MINUTES = 5
_PAST, _AHEAD = timedelta(days=3700), timedelta(days=1100)
"""So far from today somebody looks; another day is a slip of the keys."""
_BOOKABLE = timedelta(days=400)
"""So far ahead the service books."""
_TOWNS = {
    name[0]: name
    for name in (
        *("Aachen", "Berlin", "Chemnitz", "Düsseldorf", "Essen", "Frankfurt", "Goslar", "Hamburg", "Ingelheim"),
        *("Jena", "Köln", "Leipzig", "München", "Nürnberg", "Offenbach", "Potsdam", "Quickborn", "Rostock"),
        *("Salzwedel", "Tübingen", "Unna", "Völklingen", "Wuppertal", "Xanten", "Ypsilon", "Zwickau"),
    )
}
"""DIN 5009: the letters are named after towns."""


@dataclass(frozen=True, slots=True)
class Where:
    """The office and the day that a page is about."""

    place: Office
    day: date
    places: Sequence[Office]

    def address(self, path: str = DAY, *, office: str | None = None, day: date | None = None, **more: str) -> str:
        """Return the address of a page about the same office and day, unless said otherwise."""
        query = {"ort": office or self.place.office, "tag": (day or self.day).isoformat(), **more}
        return f"{path}?{urlencode(query)}"

    @property
    def next(self) -> date:
        """Return the day after."""
        return self.day + timedelta(days=1)

    def after(self, days: int) -> date:
        """Return the day so many days later."""
        return self.day + timedelta(days=days)

    def shifted(self, days: int) -> str:
        """Return the day view so many days later."""
        return self.address(day=self.after(days))


@dataclass(frozen=True, slots=True)
class Former:
    """Where a booking was before it was moved, as long as it can go back."""

    starts_at: datetime
    resource: str


class CounterDesk:
    """The door and the calls behind it."""

    def __init__(self, door: StaffDoor) -> None:
        """Ask appointments through the site of the door."""
        self.door = door
        self.site = door.site
        self.counter = Counter(door.site.appointments)

    def say(self, request: Request) -> Say:
        """Return the words of the page."""
        return self.site.pages.say(request)

    async def where(self, request: Request, office: str = "", day: str = "") -> Where:
        """Return office and day of the address, or as given; the first office and today when it names none."""
        office = office or request.query_params.get("ort", "")
        day = day or request.query_params.get("tag", "")
        places = await self.counter.places()
        place = next((each for each in places if each.office == office), None if office else places[0])
        if place is None:
            raise Missing
        today = self.say(request).today()
        wanted = day_of(day, today)
        return Where(place, wanted if -_PAST <= wanted - today <= _AHEAD else today, places)

    def bookable(self, request: Request, day: date) -> date:
        """Return a day, or the nearest to it for which times can be asked."""
        today = self.say(request).today()
        return min(max(day, today), today + _BOOKABLE)


def day_of(text: str, default: date) -> date:
    """Return the day of a field or an address; the default when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default


def instant_of(text: str) -> datetime | None:
    """Return an instant of a form; None when it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


def exact_of(day: str, clock: str) -> datetime | None:
    """Return the instant of a day and a time that were typed; None when it is none, or not on five minutes."""
    try:
        at = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), tzinfo=ZONE)
    except ValueError:
        return None
    return at if at.minute % _STEP_MINUTES == at.second == 0 else None


def id_of(text: str) -> UUID:
    """Return an id that one of our pages or addresses holds."""
    try:
        return UUID(text)
    except ValueError:
        raise Missing from None


def number_of(text: str) -> int:
    """Return a number that one of our pages holds."""
    if not text.isascii() or not text.isdecimal() or len(text) > 9:  # noqa: PLR2004 - more than anybody changes
        raise Missing
    return int(text)


def teller_of(matters: Mapping[str, Service]) -> Callable[[Iterable[Chosen]], str]:
    """Return how the services of a visit are told: `2 × Personalausweis beantragen, Hund anmelden`."""

    def tell(items: Iterable[Chosen]) -> str:
        found = [(each, matters.get(each.service)) for each in items]
        named = [(each.count, matter.name.de if matter else each.service) for each, matter in found]
        return ", ".join(name if count == 1 else f"{count} × {name}" for count, name in named)

    return tell


def counters_in(resources: Iterable[Resource]) -> Callable[[Iterable[str]], str]:
    """Return how codes of counters are called: `Schalter 1 und Schalter 2`; one that has gone keeps its code."""
    names = {each.resource: each.name for each in resources}
    return lambda codes: listed([names.get(each, each) for each in codes])


def listed(words: Sequence[str]) -> str:
    """Return `a, b und c`."""
    return " und ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def former_of(history: Sequence[Change], now: datetime) -> Former | None:
    """Return where a booking was before its last change, if that was a move and the time is still to come."""
    if not history or history[-1].what != "moved":
        return None
    before = history[-1].details.before
    if before is None or before.starts_at <= now:
        return None
    return Former(before.starts_at, before.resources[0] if len(before.resources) == 1 else "")


def spelled(number: str) -> str:
    """Return a short code as one reads it out on the phone (DIN 5009): `K wie Köln, 7, M wie München`."""
    return ", ".join(f"{each} wie {_TOWNS[each]}" if each in _TOWNS else each for each in number)


def first_start(entries: Iterable[Entry]) -> list[Entry]:
    """Return bookings in the order of their time."""
    return sorted(entries, key=lambda each: (each.starts_at, each.resources))
