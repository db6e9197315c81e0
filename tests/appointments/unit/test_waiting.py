"""The waiting list as rules: which times somebody would take, and what they are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

import pytest

from services.appointments.domain.appointment_mail import House
from services.appointments.domain.booking import Item, Person
from services.appointments.domain.letter import Language, text
from services.appointments.domain.ticks import tick_of
from services.appointments.domain.tokens import sign
from services.appointments.domain.waiting import Chance, Entry, Wanted, chances
from services.appointments.domain.waiting_mail import joined_sheet
from tests.appointments.town import KEY, OFFICE, REGISTRY, a_town, local

WANTED = Wanted((REGISTRY, OFFICE), (Item("reisepass"),), date(2026, 12, 1), date(2026, 12, 3), time(9, 0), time(12, 0))
ENTRY = Entry(
    place=1,
    waiting_id=UUID(int=7),
    state="waiting",
    wanted=WANTED,
    person=Person("Bert Beispiel", "bert@example.org"),
    booking_id=None,
    offer_id=None,
    offers=0,
    refused=(),
)


def at(office: str, when: str) -> Chance:
    return Chance(local(when), WANTED.offices.index(office), office)


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ("2026-12-01 09:00", True),
        ("2026-12-03 11:55", True),
        ("2026-12-01 08:55", False),
        ("2026-12-01 12:00", False),
        ("2026-11-30 10:00", False),
        ("2026-12-04 10:00", False),
    ],
)
def test_days_and_times_of_the_day_are_local_ones(when: str, *, fits: bool) -> None:
    assert WANTED.covers(local(when)) is fits


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_nine_is_nine_on_the_days_of_the_clock_changes(day: date) -> None:
    wanted = replace(WANTED, first_day=day, last_day=day)

    assert wanted.covers(local(f"{day} 09:00"))
    assert not wanted.covers(local(f"{day} 08:55"))


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 1)])
def test_of_a_long_list_only_the_days_that_somebody_wants_are_looked_at(day: date) -> None:
    midnight = local(f"{day} 00:00")
    starts = [midnight + timedelta(minutes=30 * each) for each in range(-48, 144)]
    wanted = Wanted((OFFICE,), (), day, day)

    found = wanted.within(starts, before=None)

    assert list(found) == [each for each in starts if wanted.covers(each)]
    assert list(wanted.within(starts, before=found[3])) == list(found[:3])


def test_the_earliest_at_any_office_comes_first_and_then_the_office_named_first() -> None:
    later, early, same_time = (
        at(REGISTRY, "2026-12-02 09:00"),
        at(OFFICE, "2026-12-01 10:00"),
        at(REGISTRY, "2026-12-01 10:00"),
    )

    found = chances(ENTRY, [later, early, same_time], before=None)

    assert found == [same_time, early, later]


def test_what_was_refused_and_what_is_no_earlier_than_the_appointment_is_left_out() -> None:
    first, second, third = (at(OFFICE, f"2026-12-0{day} 10:00") for day in (1, 2, 3))
    entry = replace(ENTRY, refused=(tick_of(first.starts_at),))

    assert chances(entry, [third, second, first], before=third.starts_at) == [second]
    assert entry.passed_on(tick_of(first.starts_at)) == entry.refused


@pytest.mark.parametrize(
    ("language", "days"),
    [
        ("de", "Dienstag, 1. Dezember 2026 bis Donnerstag, 3. Dezember 2026"),
        ("en", "Tuesday, 1 December 2026 to Thursday, 3 December 2026"),
        ("plain", "Dienstag, 1. Dezember 2026 bis Donnerstag, 3. Dezember 2026"),
    ],
)
def test_who_joins_is_told_what_they_wait_for_and_how_to_leave(language: Language, days: str) -> None:
    house = House("Stadt Tangerhütte", "https://rathaus.example", KEY, a_town())

    told = text(joined_sheet(ENTRY, language, house, offer_minutes=15.0))

    assert days in told
    assert "Standesamt" in told
    assert "15" in told
    assert f"/termin/warteliste/{sign(KEY, 'waiting', ENTRY.waiting_id)}" in told
    assert "Bert" not in told, "somebody else may have given this address"
