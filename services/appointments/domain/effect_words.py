"""The effect of a change of opening hours, told in German."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from services.appointments.domain.effect import FARTHEST, DayEffect

NOTHING = f"In den nächsten {FARTHEST} Tagen ändert sich an den Öffnungszeiten nichts."
_MOST = 8
_MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
_WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


@dataclass(frozen=True, slots=True)
class _Sentence:
    first: date
    text: str


def summary(days: Sequence[DayEffect], *, several: bool) -> str:
    """Say what changes and when. `several`: the hours are those of more than one counter or room."""
    changed = [each for each in days if each.is_changed]
    if not changed:
        return NOTHING
    runs = _closed_runs(days)
    in_runs = {each.day for run in runs for each in run}
    rest = sorted((each for each in changed if each.day not in in_runs), key=lambda each: each.day.weekday())
    sentences = [_Sentence(run[0].day, _of_run(run, days)) for run in runs]
    for _, group in groupby(rest, key=lambda each: each.day.weekday()):
        sentences += _of_weekday(list(group), days)
    sentences.sort(key=lambda each: each.first)
    told = [each.text for each in sentences[:_MOST]]
    beyond = len(sentences) - _MOST
    if beyond > 0:
        told.append("Dazu kommt eine weitere Änderung." if beyond == 1 else f"Dazu kommen {beyond} weitere Änderungen.")
    if several:
        told.append("Die Stunden sind über alle Schalter und Räume zusammengezählt.")
    return " ".join(told)


def _closed_runs(days: Sequence[DayEffect]) -> list[list[DayEffect]]:
    """Return several changed days in a row on which nothing is open any more: holidays of the office."""
    found: list[list[DayEffect]] = [[]]
    for each in days:
        if each.after.total:
            found.append([])
        elif each.is_changed:
            found[-1].append(each)
    return [run for run in found if len(run) > 1]


def _of_run(run: Sequence[DayEffect], days: Sequence[DayEffect]) -> str:
    lost = sum(each.before.total for each in run)
    goes_on = not any(each.after.total for each in days if each.day > run[-1].day)
    when = f"Ab {_date(run[0].day)}" if goes_on else f"Vom {_date(run[0].day)} bis {_date(run[-1].day)}"
    return f"{when} geschlossen, das sind {_hours(lost)} weniger."


def _of_weekday(group: Sequence[DayEffect], days: Sequence[DayEffect]) -> list[_Sentence]:
    """Tell the changes of one weekday; those that are alike together."""
    alike: dict[str, list[date]] = {}
    for each in group:
        alike.setdefault(_change(each), []).append(each.day)
    return [
        _Sentence(found[0], f"{_when(found, days, goes_on=_goes_on(found, days))} {change}.")
        for change, found in alike.items()
    ]


def _goes_on(found: Sequence[date], days: Sequence[DayEffect]) -> bool:
    """Tell whether the change lasts to the end of the preview; on a holiday there is none to see."""
    step = max((later - earlier for earlier, later in pairwise(found)), default=timedelta(days=7))
    holidays = {each.day for each in days if each.is_holiday}
    following = found[-1] + step
    while following in holidays:
        following += step
    return following > days[-1].day


def _when(found: Sequence[date], days: Sequence[DayEffect], *, goes_on: bool) -> str:
    name = _WEEKDAYS[found[0].weekday()]
    if len(found) == 1:
        return f"Am {name}, {_date(found[0])},"
    weekly = f"jeden zweiten {name}" if _is_fortnightly(found, days) else f"{name.lower()}s"
    if goes_on:
        return f"Ab {_date(found[0])} {weekly}"
    return f"Vom {_date(found[0])} bis {_date(found[-1])} {weekly}"


def _is_fortnightly(found: Sequence[date], days: Sequence[DayEffect]) -> bool:
    """Tell whether it is every other week; a holiday in between is no week left out."""
    holidays = {each.day for each in days if each.is_holiday}
    skipped = {earlier + timedelta(days=7) for earlier, _ in pairwise(found)}
    shortest = min(later - earlier for earlier, later in pairwise(found))
    return shortest == timedelta(days=14) and skipped.isdisjoint(holidays)


def _change(each: DayEffect) -> str:
    if each.shifted:
        return "gleich lange, aber zu anderen Zeiten oder anderswo"
    both = (
        (each.after.public - each.before.public, "öffentliche"),
        (each.after.internal - each.before.internal, "interne"),
    )
    parts = [f"{_hours(abs(by))} {'mehr' if by > 0 else 'weniger'} {kind}" for by, kind in both if by]
    told = f"{' und '.join(parts)} Termine"
    if not each.after.total:
        return f"{told} (dann geschlossen)"
    return told if each.before.total else f"{told} (bisher geschlossen)"


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} Stunde{'n' * (hours != 1)}"] if hours else []
    if rest:
        parts.append(f"{rest} Minuten")
    return " ".join(parts)


def _date(day: date) -> str:
    return f"{day.day}. {_MONTHS[day.month - 1]}"
