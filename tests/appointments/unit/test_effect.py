"""What a change of opening hours does, in numbers and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.appointments.domain.booking import Allocation
from services.appointments.domain.calendar import OfficeCalendar, Series, SpecialDays
from services.appointments.domain.calendar_record import Hours, as_record, hours_of, of_record
from services.appointments.domain.calendar_rules import InvalidHoursError, check
from services.appointments.domain.effect import DAYS, Minutes, OpenTimes, day_effects
from services.appointments.domain.effect_words import NOTHING, summary
from services.appointments.domain.ticks import tick_of
from tests.appointments.town import local

FIRST = date(2026, 11, 23)
"""A Monday; the preview ends on 21 January."""
HOLIDAYS: Mapping[date, str] = {date(2026, 12, 25): "1. Weihnachtstag", date(2027, 1, 1): "Neujahr"}
BOTH = ("schalter-1", "schalter-2")


def series(*weekdays: int, hours: tuple[int, int] = (9, 12), **more: Any) -> Series:
    given: dict[str, Any] = {"resources": BOTH, "audience": "public", "every_weeks": 1, "last_day": None}
    given |= {"from_time": time(hours[0]), "to_time": time(hours[1]), "first_day": FIRST}
    return Series(series_id=uuid4(), weekdays=weekdays, **{**given, **more})


def special(first: date, last: date | None = None, **more: Any) -> SpecialDays:
    given: dict[str, Any] = {"resources": None, "kind": "closed", "audience": "public", "reason": "Fortbildung"}
    given |= {"from_time": None, "to_time": None, "even_on_holidays": False}
    return SpecialDays(exception_id=uuid4(), first_day=first, last_day=last or first, **{**given, **more})


def calendar(*entries: Series | SpecialDays) -> OfficeCalendar:
    return OfficeCalendar(
        office="buergerbuero",
        version=1,
        series=tuple(each for each in entries if isinstance(each, Series)),
        exceptions=tuple(each for each in entries if isinstance(each, SpecialDays)),
        holidays=HOLIDAYS,
    )


def told(before: OfficeCalendar, after: OfficeCalendar, *, several: bool = False) -> str:
    return summary(day_effects(before, after, BOTH, FIRST), several=several)


def test_fewer_hours_each_week_are_one_sentence_with_its_first_day() -> None:
    before, monday = calendar(series(0, 3)), series(0, last_day=date(2026, 12, 6))

    after = calendar(series(3), monday, series(0, hours=(9, 11), first_day=date(2026, 12, 7)))

    assert told(before, after) == "Ab 7. Dezember montags 2 Stunden weniger öffentliche Termine."


def test_days_that_stay_are_not_listed_and_minutes_add_up_over_counters() -> None:
    effects = day_effects(calendar(series(0)), calendar(series(0), series(1, hours=(13, 14))), BOTH, FIRST)

    changed = [each for each in effects if each.is_changed]

    assert (len(effects), len(changed)) == (DAYS, 9)
    assert {each.day.weekday() for each in changed} == {1}
    assert (changed[0].before, changed[0].after) == (Minutes(0, 0), Minutes(120, 0))


def test_what_changes_in_four_months_only_is_told_too() -> None:
    before = calendar(series(0, 3))

    after = calendar(*before.series, special(date(2027, 4, 5)))

    assert told(before, after) == "Am Montag, 5. April, 6 Stunden weniger öffentliche Termine (dann geschlossen)."


def test_a_closed_day_is_told_as_such() -> None:
    before = calendar(series(0, 3))

    after = calendar(*before.series, special(date(2026, 12, 3)))

    assert told(before, after) == (
        "Am Donnerstag, 3. Dezember, 6 Stunden weniger öffentliche Termine (dann geschlossen)."
    )


def test_a_closed_week_is_one_sentence_and_holidays_in_it_cost_nothing() -> None:
    before = calendar(series(0, 1, 2, 3, 4))

    after = calendar(*before.series, special(date(2026, 12, 23), date(2027, 1, 3)))

    assert told(before, after, several=True) == (
        "Vom 23. Dezember bis 31. Dezember geschlossen, das sind 36 Stunden weniger. "
        "Die Stunden sind über alle Schalter und Räume zusammengezählt."
    )


def test_public_time_that_becomes_internal_is_told_as_both() -> None:
    text = told(calendar(series(0)), calendar(series(0, audience="internal")))

    assert text == "Ab 23. November montags 6 Stunden weniger öffentliche und 6 Stunden mehr interne Termine."


def test_hours_that_only_shift_are_a_change_too() -> None:
    text = told(calendar(series(0)), calendar(series(0, hours=(10, 13))))

    assert text == "Ab 23. November montags gleich lange, aber zu anderen Zeiten oder anderswo."


def test_a_new_day_says_that_it_was_closed() -> None:
    text = told(calendar(series(0)), calendar(series(0), series(1, resources=("schalter-1",), hours=(9, 10))))

    assert text == "Ab 24. November dienstags 1 Stunde mehr öffentliche Termine (bisher geschlossen)."


def test_an_end_in_sight_is_told() -> None:
    more = series(1, last_day=date(2026, 12, 15))

    text = told(calendar(series(0)), calendar(series(0), more))

    assert text.startswith("Vom 24. November bis 15. Dezember dienstags 6 Stunden mehr")


def test_every_other_week_and_holidays_in_between_are_no_end() -> None:
    fridays = series(4, every_weeks=2, first_day=date(2026, 11, 27))

    text = told(calendar(series(0)), calendar(series(0), fridays))

    assert text == "Ab 27. November jeden zweiten Freitag 6 Stunden mehr öffentliche Termine (bisher geschlossen)."


def test_many_single_changes_are_counted_beyond_the_first() -> None:
    days = [FIRST + timedelta(days=number) for number in range(0, 44, 4)]
    before = calendar(series(0, 1, 2, 3, 4, 5, 6))

    after = calendar(
        *before.series,
        *(special(each, from_time=time(9), to_time=time(9, 5 * (n + 1))) for n, each in enumerate(days)),
    )

    assert told(before, after).endswith("Dazu kommen 2 weitere Änderungen.")


def test_no_change_is_said() -> None:
    assert told(calendar(series(0)), calendar(series(0, note="neu"))) == NOTHING


@pytest.mark.parametrize(
    ("start", "resources", "expected"),
    [
        ("2026-12-07 11:40", BOTH, True),
        ("2026-12-07 11:45", BOTH, False),
        ("2026-12-07 08:55", BOTH, False),
        ("2026-12-07 09:00", ("schalter-1", "schalter-3"), False),
        ("2026-12-08 09:00", BOTH, False),
    ],
)
def test_a_visit_lies_in_open_time_when_all_of_it_does(start: str, resources: tuple[str, ...], expected: bool) -> None:
    visit = Allocation("buergerbuero", resources, tick_of(local(start)), ticks=6, visit_ticks=4)

    assert OpenTimes(calendar(series(0))).hold(visit) is expected


def test_opening_hours_come_back_from_their_record_as_they_were() -> None:
    there = hours_of(calendar(series(0, 3, every_weeks=2), special(FIRST, from_time=time(9), to_time=time(10))))

    assert of_record(as_record(there)) == there


@pytest.mark.parametrize(
    ("entry", "field", "text"),
    [
        (series(), "weekdays", "Serie 1: Bitte mindestens einen Wochentag wählen."),
        (series(7), "weekdays", "Serie 1: Wochentage zählen von 0 (Montag) bis 6 (Sonntag)."),
        (series(0, resources=()), "resources", "Serie 1: Bitte mindestens einen Schalter"),
        (series(0, resources=("trausaal",)), "resources", "Serie 1: Nicht alle gehören"),
        (series(0, every_weeks=9), "every_weeks", "Serie 1: Bitte alle 1 bis 8 Wochen."),
        (series(0, hours=(12, 9)), "to_time", "Serie 1: Das Ende liegt nicht nach dem Anfang"),
        (series(0, from_time=time(9, 3)), "from_time", "Serie 1: Bitte auf volle 5 Minuten legen."),
        (series(0, last_day=date(2026, 11, 1)), "last_day", "Serie 1: Der letzte Tag liegt vor dem ersten"),
        (series(0, note="x" * 201), "note", "Serie 1: Die Notiz ist länger"),
        (special(FIRST, reason=" "), "reason", "Ausnahme 1: Bitte einen Grund nennen"),
        (special(FIRST, kind="open"), "from_time", "Ausnahme 1: Sonderöffnungen brauchen"),
        (special(FIRST, date(2026, 11, 1)), "last_day", "Ausnahme 1: Der letzte Tag liegt vor dem ersten"),
        (special(FIRST, date(2028, 11, 1)), "last_day", "Ausnahme 1: Länger als 400 Tage"),
        (special(FIRST, even_on_holidays=True), "even_on_holidays", "Ausnahme 1: An Feiertagen"),
        (special(FIRST, resources=()), "resources", "Ausnahme 1: Bitte mindestens"),
    ],
)
def test_what_cannot_be_saved_is_said_with_its_entry_and_field(
    entry: Series | SpecialDays, field: str, text: str
) -> None:
    drafted = calendar(entry)

    with pytest.raises(InvalidHoursError) as refused:
        check(drafted.series, drafted.exceptions, BOTH)

    (found,) = refused.value.objections
    assert (found.field, found.text.startswith(text)) == (field, True), found.text


def test_too_many_entries_are_refused() -> None:
    many = Hours(tuple(replace(series(0), series_id=uuid4()) for _ in range(201)), ())

    with pytest.raises(InvalidHoursError) as refused:
        check(many.series, many.exceptions, BOTH)

    assert "mehr als 200" in refused.value.objections[0].text


def test_midnight_as_the_end_is_allowed() -> None:
    check([series(0, to_time=time())], [], BOTH)
