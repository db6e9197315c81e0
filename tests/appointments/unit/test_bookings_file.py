"""Bookings of an earlier system, as a table and as a calendar."""

from __future__ import annotations

import pytest

from services.appointments.domain.booking import Item
from services.appointments.domain.bookings_file import read_bookings
from services.appointments.domain.foreign_booking import ForeignBooking
from services.appointments.domain.table_file import Refused, UnreadableError
from services.appointments.gateways.calendar_file import read_calendar
from tests.appointments.town import NINE, NOW, a_town, local

MASTER = a_town()
HEADER = "id;office;services;starts_at;minutes;resource;name;email;phone;note\n"
OUTLOOK = """BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


def read(row: str) -> ForeignBooking | Refused:
    (found,) = read_bookings((HEADER + row + "\n").encode(), MASTER, now=NOW)
    return found


def calendar(*events: str) -> bytes:
    told = "".join(f"BEGIN:VEVENT\n{each}\nEND:VEVENT\n" for each in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//old//\n{OUTLOOK}{told}END:VCALENDAR\n".encode()


def read_event(event: str) -> ForeignBooking | Refused:
    (found,) = read_calendar(calendar(event), MASTER, now=NOW)
    return found


def test_a_row_becomes_a_visit_with_its_person() -> None:
    row = "17;buergerbuero;reisepass:2,abholung;2026-12-01 09:00;50;schalter-1;Erika Muster;erika@example.org;0391 1;x"

    found = read(row)

    assert isinstance(found, ForeignBooking)
    assert found.items == (Item("reisepass", 2), Item("abholung", 1))
    assert (found.foreign_id, found.starts_at, found.minutes, found.resources) == ("17", NINE, 50, ("schalter-1",))
    assert (found.person.name, found.person.email, found.person.phone) == (
        "Erika Muster",
        "erika@example.org",
        "0391 1",
    )


@pytest.mark.parametrize("text", ["1.12.2026 9:00", "2026-12-01T09:00:00", "2026-12-01T08:00:00Z", "2026-12-01 09.00"])
def test_a_beginning_is_local_time_unless_it_says_its_offset(text: str) -> None:
    found = read(f"17;Bürgerbüro;Reisepass;{text};;;Erika Muster;;;")

    assert isinstance(found, ForeignBooking)
    assert found.starts_at == NINE


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (";buergerbuero;reisepass;2026-12-01 09:00;;;E;;;", "Die Kennung fehlt"),
        ("1;buergerbuero;reisepass;2026-11-20 09:00;;;E;;;", "liegt in der Vergangenheit"),
        ("1;buergerbuero;reisepass;2026-12-01 09:03;;;E;;;", "vollen 5 Minuten"),
        ("1;buergerbuero;reisepass;morgen;;;E;;;", "nicht lesbar"),
        ("1;buergerbuero;reisepass;2027-03-28 02:30;;;E;;;", "Umstellung auf Sommerzeit"),
        ("1;buergerbuero;reisepass;2026-12-01 09:00;0;;E;;;", "keine Zahl von Minuten"),
        ("1;buergerbuero;reisepass;2026-12-01 09:00;700;;E;;;", "dauert nicht zwischen"),
        ("1;buergerbuero;steuer;2026-12-01 09:00;;;E;;;", "Das Anliegen gibt es hier nicht"),
        ("1;standesamt;reisepass;2026-12-01 09:00;;;E;;;", "wird in „Standesamt“ nicht angeboten"),
        ("1;buergerbuero;reisepass:5;2026-12-01 09:00;;;E;;;", "höchstens 4-mal"),
        ("1;buergerbuero;;2026-12-01 09:00;;;E;;;", "kein Anliegen"),
        ("1;buergerbuero;reisepass;2026-12-01 09:00;;trausaal;E;;;", "nicht alle diese Schalter"),
        ("1;buergerbuero;reisepass;2026-12-01 09:00;;;;;;", "Der Name fehlt"),
        ("1;buergerbuero;reisepass;2026-12-01 09:00;;;E;erika@;;", "E-Mail-Adresse ist nicht lesbar"),
    ],
)
def test_a_row_that_cannot_be_is_refused_without_naming_anybody(row: str, why: str) -> None:
    found = read(row)

    assert isinstance(found, Refused)
    assert (found.row, why in found.why) == (2, True), found.why


def test_an_event_of_outlook_becomes_a_visit() -> None:
    found = read_event(
        "UID:040000008200E00074C5B7101A82E008@old\n"
        "DTSTART;TZID=W. Europe Standard Time:20261201T090000\nDTEND;TZID=W. Europe Standard Time:20261201T092500\n"
        "SUMMARY:Reisepass: Erika Muster\nLOCATION:Schalter 1\nDESCRIPTION:mit Kind"
    )

    assert isinstance(found, ForeignBooking)
    assert (found.office, found.resources, found.starts_at, found.minutes) == (
        "buergerbuero",
        ("schalter-1",),
        NINE,
        25,
    )
    assert (found.items, found.person.name, found.person.note) == ((Item("reisepass"),), "Erika Muster", "mit Kind")


def test_categories_name_the_service_and_the_attendee_the_person() -> None:
    found = read_event(
        "UID:a\nDTSTART:20261201T080000Z\nDURATION:PT1H\nCATEGORIES:Kunden,Eheschließung\nSUMMARY:Trauung\n"
        "RESOURCES:standesbeamtin,Trausaal\nATTENDEE;CN=Erika Muster:MAILTO:erika@example.org"
    )

    assert isinstance(found, ForeignBooking)
    assert (found.office, found.starts_at, found.minutes) == ("standesamt", NINE, 60)
    assert found.resources == ("standesbeamtin", "trausaal")
    assert (found.person.name, found.person.email) == ("Erika Muster", "erika@example.org")


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ("UID:a\nDTSTART:20261201T080000Z\nRRULE:FREQ=WEEKLY", "wiederkehren"),
        ("UID:a\nDTSTART:20261201T080000Z\nSTATUS:CANCELLED", "abgesagt"),
        ("UID:a\nDTSTART;VALUE=DATE:20261201\nSUMMARY:Reisepass", "ganze Tage"),
        ("UID:a\nDTSTART:heute\nSUMMARY:Reisepass", "nicht lesbar"),
        ("UID:a\nDTSTART;TZID=Mond/Rand:20261201T090000\nSUMMARY:Reisepass", "Zeitzone des Eintrags ist unbekannt"),
        ("UID:a\nSUMMARY:Reisepass", "Der Beginn fehlt"),
        ("UID:a\nDTSTART:20261101T080000Z\nSUMMARY:Reisepass\nLOCATION:Bürgerbüro", "Vergangenheit"),
        ("UID:a\nDTSTART:20261201T080000Z\nSUMMARY:Herr Beispiel kommt", "nennen ein Anliegen"),
        ("UID:a\nDTSTART:20261201T080000Z\nSUMMARY:Reisepass", "Diese Dienststelle gibt es nicht"),
        ("DTSTART:20261201T080000Z\nSUMMARY:Reisepass\nLOCATION:Bürgerbüro", "Die Kennung fehlt"),
    ],
)
def test_an_event_that_cannot_be_is_refused_with_its_place_in_the_file(event: str, why: str) -> None:
    found = read_event(event)

    assert isinstance(found, Refused)
    assert (found.row, why in found.why, "Beispiel" in found.why) == (1, True, False), found.why


@pytest.mark.parametrize("content", [b"", b"hello\n", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", b"\xff"])
def test_what_is_no_calendar_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(UnreadableError):
        list(read_calendar(content, MASTER, now=NOW))


def test_a_local_time_that_the_clocks_skip_is_an_error_and_one_that_comes_twice_is_the_first() -> None:
    found = read("1;buergerbuero;reisepass;2027-10-31 02:30;;;E;;;")

    assert isinstance(found, ForeignBooking)
    assert found.starts_at == local("2027-10-31 02:30")
