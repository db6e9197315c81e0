"""Opening hours from a table."""

from __future__ import annotations

from datetime import date, time

import pytest

from services.appointments.domain.hours_file import HoursRow, read_hours
from services.appointments.domain.table_file import Refused, UnreadableError
from tests.appointments.town import a_town

MASTER = a_town()
HEADER = "office;resources;audience;weekdays;every_weeks;from;to;first_day;last_day;note\n"


def read(row: str, header: str = HEADER) -> HoursRow | Refused:
    (found,) = read_hours((header + row).encode("utf-8-sig"), MASTER)
    return found


def test_a_row_is_read_with_codes_and_iso_dates() -> None:
    row = "buergerbuero;schalter-1,schalter-2;public;0,3;2;09:00;12:00;2026-12-07;2027-01-31;Winter\n"

    assert read(row) == HoursRow(
        row=2,
        office="buergerbuero",
        resources=("schalter-1", "schalter-2"),
        audience="public",
        weekdays=(0, 3),
        every_weeks=2,
        from_time=time(9),
        to_time=time(12),
        first_day=date(2026, 12, 7),
        last_day=date(2027, 1, 31),
        note="Winter",
    )


def test_names_and_german_notation_and_commas_are_read_alike() -> None:
    header = "office,resources,audience,weekdays,from,to,first_day\n"

    found = read('Bürgerbüro,Schalter 1 | schalter-2,öffentlich,"Mo, Do",9.00,12:00 Uhr,7.12.2026\n', header)

    assert isinstance(found, HoursRow)
    assert (found.office, found.resources, found.weekdays) == ("buergerbuero", ("schalter-1", "schalter-2"), (0, 3))
    assert (found.from_time, found.to_time, found.first_day) == (time(9), time(12), date(2026, 12, 7))


def test_a_stretch_of_weekdays_is_each_of_them() -> None:
    found = read("buergerbuero;schalter-1;intern;Mo-Mi,Fr;;13:00;16:00;;;\n")

    assert isinstance(found, HoursRow)
    assert (found.weekdays, found.audience, found.first_day) == ((0, 1, 2, 4), "internal", None)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("rathaus;schalter-1;public;Mo;;09:00;12:00;;;", "Diese Dienststelle gibt es nicht"),
        ("buergerbuero;schalter-9;public;Mo;;09:00;12:00;;;", "Es gibt: schalter-1, schalter-2, schalter-3."),
        ("buergerbuero;;public;Mo;;09:00;12:00;;;", "kein Schalter oder Raum"),
        ("buergerbuero;schalter-1;alle;Mo;;09:00;12:00;;;", "audience"),
        ("buergerbuero;schalter-1;public;Xy;;09:00;12:00;;;", "Ein Wochentag ist nicht lesbar"),
        ("buergerbuero;schalter-1;public;Mi,Fr-Mo;;09:00;12:00;;;", "laufen rückwärts"),
        ("buergerbuero;schalter-1;public;Mo;9;09:00;12:00;;;", "every_weeks ist keine Zahl von 1 bis 8"),
        ("buergerbuero;schalter-1;public;Mo;2;09:00;12:00;;;", "bitte angeben"),
        ("buergerbuero;schalter-1;public;Mo;;09:03;12:00;;;", "vollen 5 Minuten"),
        ("buergerbuero;schalter-1;public;Mo;;25:00;12:00;;;", "Uhrzeit ist nicht lesbar"),
        ("buergerbuero;schalter-1;public;Mo;;12:00;09:00;;;", "Das Ende liegt nicht nach dem Anfang"),
        ("buergerbuero;schalter-1;public;Mo;;09:00;12:00;31.2.2026;;", "Ein Datum ist nicht lesbar"),
        ("buergerbuero;schalter-1;public;Mo;;09:00;12:00;2026-12-02;2026-12-01;", "liegt vor dem ersten"),
        ("buergerbuero;schalter-1;public;Mo;;09:00;12:00;;;" + "x" * 201, "länger als 200 Zeichen"),
        ("buergerbuero;schalter-1;public", "3 statt 10 Spalten"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_number_and_what_to_do(row: str, why: str) -> None:
    found = read("\n" + row + "\n")

    assert isinstance(found, Refused)
    assert (found.row, why in found.why) == (3, True), found.why


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("office;Büro\n".encode("cp1252"), "CSV UTF-8"),
        (b"", "fehlen Spalten: office, resources"),
        (b"office;resources;audience;weekdays;from;to;to\n", "doppelt"),
        (b"office;resources;audience;weekdays;from;to;wann\n", "Spalte 7 hat einen unbekannten Namen"),
        (HEADER.encode() + b"a" * 140_000, "nicht als CSV lesbar"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_as_a_whole(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        list(read_hours(content, MASTER))

    assert why in str(refused.value)


def test_midnight_as_the_end_is_the_end_of_the_day() -> None:
    found = read("buergerbuero;schalter-1;public;Mo;;18:00;24:00;;;\n")

    assert isinstance(found, HoursRow)
    assert found.to_time == time()
