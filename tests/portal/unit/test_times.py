"""What somebody wants, as it stands in an address."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from services.portal.api.times import instant_of, line_of, places_of, wanted_of
from services.portal.gateways.appointments import subject_of
from services.portal.gateways.visits import Service, Text
from services.portal.web.languages import Language
from services.portal.web.say import Say

TEXT = Text(de="a", en="a", plain="a")
PASSPORT = Service(service="pass", name=TEXT, hint=TEXT, minutes=20, most=4, offices=("mitte", "dorf"))
DOG = Service(service="hund", name=TEXT, hint=TEXT, minutes=10, offices=("mitte",))
OFFERED = (PASSPORT, DOG)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("pass", "pass:1"),
        ("hund,pass:2", "pass:2,hund:1"),
        ("pass:99", "pass:4"),
        ("pass:0", ""),
        ("pass:-1,<script>,weg:2", ""),
        ("pass:1,pass:3", "pass:3"),
        ("", ""),
    ],
)
def test_what_is_not_offered_falls_out_and_too_many_become_the_most(line: str, found: str) -> None:
    assert line_of(wanted_of(line, OFFERED)) == found


def test_a_visit_takes_place_where_all_of_it_is_offered() -> None:
    assert places_of(wanted_of("pass", OFFERED)) == {"mitte", "dorf"}
    assert places_of(wanted_of("pass,hund", OFFERED)) == {"mitte"}
    assert places_of(()) == frozenset()


def test_a_time_without_its_zone_is_none() -> None:
    assert instant_of("2026-12-01T09:00:00") is None
    assert instant_of("2026-12-01T09:00:00Z") == datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_links_about_the_same_thing_are_seen_to_be() -> None:
    booking = uuid4()
    links = [base64.urlsafe_b64encode(booking.bytes + mac * 16).rstrip(b"=").decode() for mac in (b"a", b"b")]

    assert [subject_of(each) for each in links] == [booking, booking]
    assert [subject_of(each) for each in ("", "kurz", "ü" * 40)] == [None, None, None]


@pytest.mark.parametrize(
    ("language", "near", "far"),
    [
        ("de", "Dienstag, 1. Dezember, 9:20 Uhr", "Montag, 4. Januar 2027, 9:20 Uhr"),
        ("en", "Tuesday 1 December, 9:20 am", "Monday 4 January 2027, 9:20 am"),
    ],
)
def test_an_appointment_is_named_with_its_day(language: Language, near: str, far: str) -> None:
    say = Say(language, lambda: datetime(2026, 11, 30, 12, tzinfo=UTC))

    assert say.day_and_clock(datetime(2026, 12, 1, 8, 20, tzinfo=UTC)) == near
    assert say.day_and_clock(datetime(2027, 1, 4, 8, 20, tzinfo=UTC)) == far
