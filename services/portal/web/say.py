"""Words of a page in its language: texts by key, dates, times and amounts as people write them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from services.portal.web.languages import LANGUAGES, Language
from services.portal.words import WORDS

ZONE = ZoneInfo("Europe/Berlin")
_DAYS = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "de": (
        *("Januar", "Februar", "März", "April", "Mai", "Juni"),
        *("Juli", "August", "September", "Oktober", "November", "Dezember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Say:
    """One language, and the clock that `today` is read from."""

    language: Language
    now: Callable[[], datetime]

    @property
    def english(self) -> bool:
        """Say whether dates and numbers are written the English way."""
        return self.language == "en"

    def text(self, key: str, **values: object) -> str:
        """Return the text of a key; KeyError for one that nobody has written."""
        text = WORDS[key][LANGUAGES.index(self.language)]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Say whether there is a text: for codes that other services may add."""
        return key in WORDS

    def code(self, family: str, code: str | None) -> str:
        """Return the words for a code of another service; those of `other` for one that we do not know yet."""
        key = f"{family}.{code}"
        return self.text(key if key in WORDS else f"{family}.other")

    def local(self, at: datetime) -> datetime:
        """Return an instant in local time."""
        return at.astimezone(ZONE)

    def clock(self, at: datetime) -> str:
        """Return `14:32 Uhr`, `2:32 pm`."""
        local = self.local(at)
        if self.english:
            return f"{local.hour % 12 or 12}:{local:%M} {'pm' if local.hour >= 12 else 'am'}"  # noqa: PLR2004 - noon
        return f"{local.hour}:{local:%M} Uhr"

    def day(self, day: date) -> str:
        """Return `Dienstag, 21. Juli`, `Tuesday 21 July`."""
        names = "en" if self.english else "de"
        weekday, month = _DAYS[names][day.weekday()], _MONTHS[names][day.month - 1]
        return f"{weekday} {day.day} {month}" if self.english else f"{weekday}, {day.day}. {month}"

    def date(self, day: date) -> str:
        """Return `21. Juli 2026`, `21 July 2026`."""
        names = "en" if self.english else "de"
        month = _MONTHS[names][day.month - 1]
        return f"{day.day} {month} {day.year}" if self.english else f"{day.day}. {month} {day.year}"

    def short_day(self, day: date) -> str:
        """Return `Di 21.7.`, `Tue 21 Jul`."""
        if self.english:
            return f"{_DAYS['en'][day.weekday()][:3]} {day.day} {_SHORT_MONTHS[day.month - 1]}"
        return f"{_DAYS['de'][day.weekday()][:2]} {day.day}.{day.month}."

    def day_and_clock(self, at: datetime) -> str:
        """Return `Dienstag, 21. Juli, 9:20 Uhr`: never `morgen`, since people note it down."""
        day = self.local(at).date()
        year = "" if day.year == self.today().year else f" {day.year}"
        return f"{self.day(day)}{year}, {self.clock(at)}"

    def weekday(self, day: date) -> str:
        """Return the name of the day; `heute` today."""
        if day == self.today():
            return self.text("common.today")
        return _DAYS["en" if self.english else "de"][day.weekday()]

    def today(self) -> date:
        """Return today's local date."""
        return self.local(self.now()).date()

    def moment(self, at: datetime) -> str:
        """Return day and time, as short as the distance allows: `heute, 14:32 Uhr`."""
        day = self.local(at).date()
        distance = (day - self.today()).days
        near = {-1: "common.yesterday", 0: "common.today", 1: "common.tomorrow"}
        if distance in near:
            return f"{self.text(near[distance])}, {self.clock(at)}"
        named = self.day(day) if day.year == self.today().year else self.date(day)
        return f"{named}, {self.clock(at)}"

    def number(self, value: Decimal | float) -> str:
        """Return a number with a decimal comma, or a point in English."""
        return str(value) if self.english else str(value).replace(".", ",")

    def euros(self, value: Decimal) -> str:
        """Return `2,00 €`, `€2.00`."""
        return f"€{value:.2f}" if self.english else f"{value:.2f} €".replace(".", ",")

    def hour(self, text: str) -> str:
        """Return an opening hour (`13:00`) as people write it."""
        hour, _, minute = text.partition(":")
        if self.english:
            return f"{int(hour) % 12 or 12}:{minute} {'pm' if int(hour) >= 12 else 'am'}"  # noqa: PLR2004 - noon
        return f"{int(hour)}:{minute}"
