"""One change of the opening hours as a planner has typed it, and opening hours in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, TypeAdapter
from starlette.datastructures import FormData

from services.portal.api.staff_counter import listed
from services.portal.gateways.calendar import Calendar, Entries, Series, Special
from services.portal.web.doors import text_of, texts_of
from services.portal.web.say import Say

SERIES, CLOSED, OPEN = "serie", "schliessung", "sonder"
KINDS = (SERIES, CLOSED, OPEN)
_FIELDS = ("audience", "every_weeks", "from_time", "to_time", "first_day", "last_day", "even_on_holidays", "note")
_WEEKS = tuple("12345678")
_EVERYWHERE = "alle"
"""A closure of the whole office."""
_MIDNIGHT = time()


class _Objection(BaseModel):
    """What the service finds wrong with one entry."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    where: str
    number: int
    why: str


_OBJECTIONS = TypeAdapter(tuple[_Objection, ...])


class GoneError(Exception):
    """What was to be changed has been removed meanwhile."""


@dataclass(frozen=True, slots=True)
class HoursDraft:
    """An entry to add, to replace or to remove; fields as the browser sends them."""

    kind: str
    entry_id: str
    is_new: bool
    remove: bool
    resources: tuple[str, ...]
    weekdays: tuple[str, ...]
    texts: Mapping[str, str]

    def applied(self, entries: Entries) -> dict[str, Any]:
        """Return the opening hours with this change; GoneError when its entry is not there any more."""
        body = entries.body()
        name, key = ("series", "series_id") if self.kind == SERIES else ("exceptions", "exception_id")
        found = [place for place, each in enumerate(body[name]) if each[key] == self.entry_id]
        if not found and not self.is_new:
            raise GoneError
        rest = [each for each in body[name] if each[key] != self.entry_id]
        place = found[0] if found else len(rest)
        body[name] = rest if self.remove else [*rest[:place], self._entry(key), *rest[place:]]
        return dict(body)

    @property
    def is_both(self) -> bool:
        """Say whether the whole office is chosen and single counters too: nobody knows which of them is meant."""
        return not self.remove and _EVERYWHERE in self.resources and len(self.resources) > 1

    def said(self, errors: object, body: Mapping[str, Any]) -> str:
        """Return what the service objects to in this entry; empty when it is about something else."""
        name, key = ("series", "series_id") if self.kind == SERIES else ("exceptions", "exception_id")
        places = [place for place, each in enumerate(body[name], 1) if each[key] == self.entry_id]
        found = _OBJECTIONS.validate_python(errors or ())
        mine = [each.why for each in found if each.where == name and each.number in places]
        return " ".join(mine) if len(mine) == len(found) else ""

    def fields(self) -> list[tuple[str, str]]:
        """Return it as hidden fields."""
        flags = [("neu", "1" if self.is_new else ""), ("weg", "1" if self.remove else "")]
        many = [*(("resources", each) for each in self.resources), *(("weekdays", each) for each in self.weekdays)]
        return [("art", self.kind), ("id", self.entry_id), *flags, *many, *self.texts.items()]

    def _entry(self, key: str) -> dict[str, Any]:
        texts = {name: value or None for name, value in self.texts.items()}
        shared = {key: self.entry_id, "first_day": texts["first_day"], "audience": texts["audience"] or "public"}
        times = {"from_time": texts["from_time"], "to_time": texts["to_time"]}
        if self.kind == SERIES:
            return (
                shared
                | times
                | {
                    "resources": list(self.resources),
                    "weekdays": [int(each) for each in self.weekdays if each in "0123456"],
                    "every_weeks": int(weeks) if (weeks := self.texts["every_weeks"]) in _WEEKS else 1,
                    "last_day": texts["last_day"],
                    "note": self.texts["note"],
                }
            )
        everywhere = not self.resources or _EVERYWHERE in self.resources
        return (
            shared
            | times
            | {
                "resources": None if everywhere else list(self.resources),
                "kind": "closed" if self.kind == CLOSED else "open",
                "last_day": texts["last_day"] or texts["first_day"],
                "even_on_holidays": self.kind == OPEN and bool(texts["even_on_holidays"]),
                "reason": self.texts["note"],
            }
        )


def draft_of(form: FormData) -> HoursDraft:
    """Read a form."""
    kind = text_of(form, "art")
    return HoursDraft(
        kind=kind if kind in KINDS else SERIES,
        entry_id=text_of(form, "id") or str(uuid4()),
        is_new=bool(text_of(form, "neu")),
        remove=bool(text_of(form, "weg")),
        resources=texts_of(form, "resources"),
        weekdays=texts_of(form, "weekdays"),
        texts={name: text_of(form, name) for name in _FIELDS},
    )


def new_draft(kind: str, today: date) -> HoursDraft:
    """Return an empty form."""
    texts = dict.fromkeys(_FIELDS, "") | {"audience": "public", "every_weeks": "1", "first_day": today.isoformat()}
    return HoursDraft(kind, str(uuid4()), is_new=True, remove=False, resources=(), weekdays=(), texts=texts)


def draft_from(calendar: Calendar, entry_id: str) -> HoursDraft | None:
    """Return an entry as a form shows it; None when it is not there (any more)."""
    body = calendar.body()
    for name, key in (("series", "series_id"), ("exceptions", "exception_id")):
        for each in body[name]:
            if each[key] == entry_id:
                return _shown(each, entry_id)
    return None


def _shown(each: Mapping[str, Any], entry_id: str) -> HoursDraft:
    kind = {"closed": CLOSED, "open": OPEN}.get(str(each.get("kind")), SERIES)
    texts = {name: str(each.get(name) or "") for name in _FIELDS}
    texts |= {"note": str(each.get("note") or each.get("reason") or "")}
    texts |= {name: texts[name][: len("09:00")] for name in ("from_time", "to_time")}
    resources = each["resources"] if each["resources"] is not None else [_EVERYWHERE]
    weekdays = tuple(str(one) for one in each.get("weekdays", ()))
    return HoursDraft(
        kind, entry_id, is_new=False, remove=False, resources=tuple(resources), weekdays=weekdays, texts=texts
    )


@dataclass(frozen=True, slots=True)
class Card:
    """An entry in sentences."""

    entry_id: str
    kind: str
    headline: str
    lines: tuple[str, ...]
    is_over: bool


class Teller:
    """Tells opening hours in sentences."""

    def __init__(self, say: Say, calendar: Calendar) -> None:
        """Use the names of the office's counters."""
        self._say = say
        self._names = {each.resource: each.name for each in calendar.resources}

    def cards(self, entries: Entries) -> list[Card]:
        """Return all entries: what comes again first."""
        series = sorted(entries.series, key=lambda each: (each.weekdays, each.from_time, each.resources))
        exceptions = sorted(entries.exceptions, key=lambda each: (each.first_day, each.from_time or _MIDNIGHT))
        return [*map(self._series, series), *map(self._special, exceptions)]

    def changes(self, before: Entries, after: Entries) -> list[tuple[str, str]]:
        """Return what a change does: added, changed or removed, and the entry."""
        was = {each.entry_id: each for each in self.cards(before)}
        becomes = {each.entry_id: each for each in self.cards(after)}
        told = [("added", each) for key, each in becomes.items() if key not in was]
        told += [("changed", each) for key, each in becomes.items() if key in was and was[key] != each]
        told += [("removed", each) for key, each in was.items() if key not in becomes]
        return [(what, ", ".join((each.headline, *each.lines))) for what, each in told]

    def _series(self, each: Series) -> Card:
        say = self._say
        days = listed([say.text(f"hours.weekly_{day}") for day in each.weekdays])
        lines = [self._where(each.resources), say.code("hours.audience", each.audience)]
        if each.every_weeks > 1:
            key = "hours.every_other" if each.every_weeks == 2 else "hours.every_nth"  # noqa: PLR2004 - its own words
            lines.append(say.text(key, count=each.every_weeks, day=say.date(each.first_day)))
        elif each.first_day > say.today():
            lines.append(say.text("hours.from_day", day=say.date(each.first_day)))
        if each.last_day is not None:
            lines.append(say.text("hours.until_day", day=say.date(each.last_day)))
        headline = f"{days} {self._span(each.from_time, each.to_time)}"
        is_over = each.last_day is not None and each.last_day < say.today()
        return Card(str(each.series_id), SERIES, headline, (*lines, *filter(None, [each.note])), is_over)

    def _special(self, each: Special) -> Card:
        say = self._say
        days = say.date(each.first_day)
        if each.last_day != each.first_day:
            days = say.text("hours.days", first=days, last=say.date(each.last_day))
        hours = "" if each.from_time is None and each.to_time is None else self._span(each.from_time, each.to_time)
        state = say.text("hours.is_closed" if each.kind == "closed" else "hours.is_open")
        lines = [self._where(each.resources)]
        if each.kind != "closed":
            lines.append(say.code("hours.audience", each.audience))
            lines += [say.text("hours.on_holidays")] if each.even_on_holidays else []
        headline = " ".join(filter(None, [f"{each.reason}:" if each.reason else "", days, hours, state]))
        kind = CLOSED if each.kind == "closed" else OPEN
        return Card(str(each.exception_id), kind, headline, tuple(lines), each.last_day < say.today())

    def _where(self, resources: Iterable[str] | None) -> str:
        if resources is None:
            return self._say.text("hours.whole_office")
        return listed([self._names.get(each, each) for each in resources])

    def _span(self, begins: time | None, ends: time | None) -> str:
        first = f"{begins.hour}:{begins:%M}" if begins else ""
        last = f"{ends.hour}:{ends:%M}" if ends and ends != _MIDNIGHT else "24:00" if ends else ""
        if first and last:
            return self._say.text("hours.span", first=first, last=last)
        return self._say.text("hours.span_from" if first else "hours.span_until", at=first or last)
