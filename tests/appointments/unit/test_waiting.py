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
from services.appointments.domain.waiting import Chance, Entry, Wanted, chances, earliest_offer, pause_after
from services.appointments.domain.waiting_mail import confirm_sheet, joined_sheet, over_sheet
from tests.appointments.town import KEY, NOW, OFFICE, REGISTRY, a_town, local

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
    joined_at=NOW,
)
HOUSE = House("Stadt Tangerhütte", "https://rathaus.example", KEY, a_town())


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
    told = text(joined_sheet(ENTRY, language, HOUSE, offer_minutes=15.0))

    assert days in told
    assert "Standesamt" in told
    assert "15" in told
    assert f"/termin/warteliste/{sign(KEY, 'waiting', ENTRY.waiting_id)}" in told
    assert "Bert" not in told, "somebody else may have given this address"


@pytest.mark.parametrize(
    ("language", "until"),
    [("de", "Dienstag, 24. November 2026, 8:00 Uhr"), ("en", "Tuesday, 24 November 2026, 8:00"), ("plain", "8:00 Uhr")],
)
def test_who_must_confirm_is_told_until_when_and_no_other_link(language: Language, until: str) -> None:
    told = text(confirm_sheet(ENTRY, language, HOUSE, offer_minutes=15.0))

    assert until in told
    assert f"/termin/warteliste/{sign(KEY, 'join', ENTRY.waiting_id)}/bestaetigen" in told
    assert sign(KEY, "waiting", ENTRY.waiting_id) not in told
    assert "Bert" not in told


@pytest.mark.parametrize("language", ["de", "en", "plain"])
def test_what_the_town_no_longer_has_does_not_stand_in_the_way_of_the_last_mail(language: Language) -> None:
    gone = replace(ENTRY, wanted=replace(WANTED, offices=("geschlossen",), items=(Item("abgeschafft"),)))

    told = text(over_sheet(gone, language, HOUSE, own=None))

    assert "/termin/warteliste?anliegen=abgeschafft%3A1" in told


@pytest.mark.parametrize(("notice", "minutes"), [(0, 45), (30, 45), (120, 135)])
def test_an_offer_ends_as_long_before_its_time_as_the_web_books_and_never_too_late_to_come(
    notice: int, minutes: int
) -> None:
    first = earliest_offer(NOW, to_answer=timedelta(minutes=15), notice=timedelta(minutes=notice))

    assert first == NOW + timedelta(minutes=minutes)


def test_pauses_grow_with_each_offer_that_nobody_answers_and_end_at_a_day() -> None:
    hours = [pause_after(each) / timedelta(hours=1) for each in (0, 1, 2, 3, 4, 9, 5000)]

    assert hours == [0, 0, 1, 2, 4, 24, 24]
