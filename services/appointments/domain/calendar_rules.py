"""What opening hours have to keep to; objections say which entry, and what to do, in German."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Literal

from services.appointments.domain.calendar import Series, SpecialDays
from services.appointments.domain.ticks import TICK_MINUTES

MOST_SERIES = 200
MOST_EXCEPTIONS = 500
MOST_WEEKS = 8
LONGEST_TEXT = 200
LONGEST_EXCEPTION = 400
_ON_TICKS = f"Bitte auf volle {TICK_MINUTES} Minuten legen."
Where = Literal["series", "exceptions"]
_Found = tuple[str, str]
"""Field and words."""


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong with one entry."""

    where: Where
    number: int
    """Of the entry, counted from 1."""
    field: str
    why: str

    @property
    def text(self) -> str:
        """Say it with the entry."""
        return f"{'Serie' if self.where == 'series' else 'Ausnahme'} {self.number}: {self.why}"


class InvalidHoursError(Exception):
    """These opening hours cannot be saved."""

    def __init__(self, objections: Sequence[Objection]) -> None:
        """Keep all of them."""
        super().__init__(f"{len(objections)} objections")
        self.objections = tuple(objections)


def check(series: Sequence[Series], exceptions: Sequence[SpecialDays], resources: Collection[str]) -> None:
    """Raise InvalidHoursError with everything that is wrong; `resources` are those of the office."""
    found = [
        *_too_many("series", len(series), MOST_SERIES),
        *_too_many("exceptions", len(exceptions), MOST_EXCEPTIONS),
    ]
    for number, each in enumerate(series, 1):
        found += [Objection("series", number, field, why) for field, why in _of_series(each, resources)]
    for number, each in enumerate(exceptions, 1):
        found += [Objection("exceptions", number, field, why) for field, why in _of_special(each, resources)]
    if found:
        raise InvalidHoursError(found)


def _too_many(where: Where, count: int, most: int) -> list[Objection]:
    why = f"Es sind mehr als {most}; bitte zusammenfassen oder Vergangenes löschen."
    return [Objection(where, count, "", why)] if count > most else []


def _of_series(each: Series, resources: Collection[str]) -> Iterator[_Found]:
    yield from _of_resources(each.resources, resources)
    if not each.weekdays:
        yield "weekdays", "Bitte mindestens einen Wochentag wählen."
    elif not set(each.weekdays) <= set(range(7)):
        yield "weekdays", "Wochentage zählen von 0 (Montag) bis 6 (Sonntag)."
    if not 1 <= each.every_weeks <= MOST_WEEKS:
        yield "every_weeks", f"Bitte alle 1 bis {MOST_WEEKS} Wochen."
    yield from _of_times(each.from_time, each.to_time)
    if each.last_day is not None and each.last_day < each.first_day:
        yield "last_day", "Der letzte Tag liegt vor dem ersten; bitte tauschen oder leer lassen."
    yield from _of_text("note", "Die Notiz", each.note)


def _of_special(each: SpecialDays, resources: Collection[str]) -> Iterator[_Found]:
    if each.resources is not None:
        yield from _of_resources(each.resources, resources)
    if each.last_day < each.first_day:
        yield "last_day", "Der letzte Tag liegt vor dem ersten; bitte tauschen."
    elif (each.last_day - each.first_day).days >= LONGEST_EXCEPTION:
        yield "last_day", f"Länger als {LONGEST_EXCEPTION} Tage; dafür bitte die Serie ändern."
    if each.kind == "open" and (each.from_time is None or each.to_time is None):
        yield "from_time", "Sonderöffnungen brauchen Beginn und Ende."
    yield from _of_times(each.from_time, each.to_time)
    if each.kind == "closed" and each.even_on_holidays:
        yield "even_on_holidays", "An Feiertagen ist ohnehin geschlossen; das gilt nur für Sonderöffnungen."
    if each.kind == "closed" and not each.reason.strip():
        yield "reason", "Bitte einen Grund nennen: Er steht für Bürgerinnen und Bürger am geschlossenen Tag."
    yield from _of_text("reason", "Der Grund", each.reason)


def _of_resources(chosen: Sequence[str], known: Collection[str]) -> Iterator[_Found]:
    if not chosen:
        yield "resources", "Bitte mindestens einen Schalter oder Raum wählen."
    elif not set(chosen) <= set(known):
        yield "resources", f"Nicht alle gehören zu dieser Dienststelle. Es gibt: {', '.join(known)}."


def _of_times(from_time: time | None, to_time: time | None) -> Iterator[_Found]:
    """Midnight as the end means the end of the day."""
    for field, at in (("from_time", from_time), ("to_time", to_time)):
        if at is not None and (at.minute % TICK_MINUTES or at.second or at.microsecond):
            yield field, _ON_TICKS
    if from_time is not None and to_time is not None and to_time != time() and to_time <= from_time:
        yield "to_time", "Das Ende liegt nicht nach dem Anfang; bitte tauschen oder den Tag teilen."


def _of_text(field: str, what: str, text: str) -> Iterator[_Found]:
    if len(text) > LONGEST_TEXT:
        yield field, f"{what} ist länger als {LONGEST_TEXT} Zeichen; bitte kürzen."
