"""Opening hours and bookings of an earlier system, over HTTP on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.appointments.api import imports
from services.appointments.commands.edit_calendar import history, show_calendar
from services.appointments.commands.move import move
from services.appointments.storage.tables import BookingChangeRow, BookingRow
from tests.appointments.calling import calling
from tests.appointments.town import NINE, OFFICE, Town, local

HOURS = """office;resources;audience;weekdays;every_weeks;from;to;first_day;last_day;note
buergerbuero;schalter-1;public;Sa;;09:00;11:00;;;Samstag
buergerbuero;schalter-2,schalter-1;public;Mo-Fr;1;09:00;16:00;;;steht schon da
buergerbuero;schalter-1;public;Sa;;09:00;11:00;;;noch einmal
standesamt;standesbeamtin,trausaal;public;Sa;2;10:00;12:00;2026-12-05;;
standesamt;trausaal;public;Sa;;12:00;10:00;;;
"""
BOOKINGS = """id;office;services;starts_at;minutes;resource;name;email;phone;note
1;buergerbuero;reisepass;2026-12-01 09:00;;schalter-1;Erika Muster;erika@example.org;;
2;buergerbuero;reisepass;2026-12-01 09:10;;schalter-1;Max Muster;;0391 1;
3;buergerbuero;reisepass;2026-12-01 09:10;;;Max Muster;;0391 1;
4;standesamt;eheschliessung;2026-12-04 10:00;;;Paar Muster;;;Sektempfang
5;buergerbuero;abholung;2026-12-05 10:00;;;Eva Muster;;;
"""
CALENDAR = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//old//
BEGIN:VEVENT
UID:a@old
DTSTART;TZID=Europe/Berlin:20261201T100000
DURATION:PT30M
SUMMARY:Reisepass: Erika Muster
LOCATION:Schalter 2
END:VEVENT
BEGIN:VEVENT
UID:b@old
DTSTART:20261201T080000Z
RRULE:FREQ=WEEKLY
SUMMARY:Reisepass
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
async def desk(town: Town, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    async with calling(tmp_path, town.desk, imports.routes, caller="rathaus") as client:
        yield client


async def handed_in(desk: httpx.AsyncClient, what: str, content: str | bytes, kind: str = "text/csv") -> dict[str, Any]:
    answer = await desk.post(f"/imports/{what}", content=content, headers={"content-type": kind})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def imported(town: Town) -> list[BookingRow]:
    async with town.desk.database.reading() as session:
        return list(await session.scalars(select(BookingRow).where(BookingRow.channel == "import")))


async def test_opening_hours_are_added_row_by_row_and_the_same_file_changes_nothing(
    town: Town, desk: httpx.AsyncClient
) -> None:
    first = await handed_in(desk, "opening-hours", HOURS)
    town.clock.go_on(days=1)
    second = await handed_in(desk, "opening-hours", HOURS.replace("\n", "\r\n").encode("utf-8-sig"))

    refused = [{"row": 6, "why": "Das Ende liegt nicht nach dem Anfang."}]
    assert first == {"rows": 5, "added": 2, "unchanged": 2, "refused": refused, "noted": []}
    assert second == {**first, "added": 0, "unchanged": 4}
    shown = (await show_calendar(town.desk, OFFICE)).calendar
    assert (shown.version, [each.weekdays for each in shown.series if each.note == "Samstag"]) == (2, [(5,)])
    assert [each.by for each in await history(town.desk, OFFICE)] == ["import"]
    assert (await show_calendar(town.desk, "standesamt")).calendar.version == 2


async def test_new_hours_can_be_booked_at_once(town: Town, desk: httpx.AsyncClient) -> None:
    await handed_in(desk, "opening-hours", HOURS)

    booking = await town.booked(local("2026-12-05 09:00"))

    assert booking.allocation.resources == ("schalter-1",)


async def test_bookings_claim_their_times_and_every_row_is_accounted_for(town: Town, desk: httpx.AsyncClient) -> None:
    report = await handed_in(desk, "bookings", BOOKINGS)

    rows = {each.foreign_id: each for each in await imported(town)}
    assert (report["rows"], report["added"], report["unchanged"]) == (5, 4, 0)
    assert report["refused"] == [{"row": 3, "why": f"Der Termin überschneidet sich mit Termin {rows['1'].number}."}]
    assert [(each["row"], "außerhalb der Öffnungszeiten" in each["why"]) for each in report["noted"]] == [(6, True)]
    assert {name: (each.state, each.resources) for name, each in rows.items()} == {
        "1": ("booked", ["schalter-1"]),
        "3": ("booked", ["schalter-2"]),
        "4": ("booked", ["standesbeamtin", "trausaal"]),
        "5": ("booked", ["schalter-1"]),
    }
    assert (len(await town.claims()), {each.kind for each in await town.claims()}) == (4 + 4 + 24 + 1, {"booked"})
    assert (rows["1"].email_key, rows["4"].note) == ("erika@example.org", "Sektempfang")


async def test_imported_bookings_are_told_to_the_bus_but_nobody_gets_a_mail(
    town: Town, desk: httpx.AsyncClient
) -> None:
    await handed_in(desk, "bookings", BOOKINGS)

    assert await town.events() == ["events.appointments.appointment_booked.v1"] * 4
    assert await town.mails() == []
    async with town.desk.database.reading() as session:
        assert set(await session.scalars(select(BookingChangeRow.what))) == {"imported"}


async def test_a_repeated_import_changes_nothing_even_when_a_booking_was_cancelled_here(
    town: Town, desk: httpx.AsyncClient
) -> None:
    await handed_in(desk, "bookings", BOOKINGS)
    first = next(each for each in await imported(town) if each.foreign_id == "1")
    await town.cancelled(first.booking_id, by="counter")
    lines = BOOKINGS.splitlines(keepends=True)

    report = await handed_in(desk, "bookings", "".join([*lines[:2], *lines[3:]]))

    assert (report["added"], report["unchanged"], report["refused"]) == (0, 4, [])
    assert (await town.found(first.booking_id)).state == "cancelled"


async def test_a_known_booking_with_another_time_is_refused_and_not_doubled(
    town: Town, desk: httpx.AsyncClient
) -> None:
    await handed_in(desk, "bookings", BOOKINGS)

    report = await handed_in(desk, "bookings", BOOKINGS.replace("2026-12-04 10:00", "2026-12-04 12:00"))

    assert {
        "row": 5,
        "why": "Diese Kennung ist schon mit anderer Zeit übernommen (04.12.2026 10:00 Uhr); bitte hier verlegen.",
    } in report["refused"]
    assert len(await imported(town)) == 4


async def test_what_somebody_is_about_to_book_is_not_taken_from_them(town: Town, desk: httpx.AsyncClient) -> None:
    held = await town.held(local("2026-12-04 10:00"), wish=town.order().wish)
    there = ",".join(held.allocation.resources)
    row = f"9;buergerbuero;reisepass;2026-12-04 10:00;;{there};Erika Muster;;;\n"

    report = await handed_in(desk, "bookings", BOOKINGS.splitlines(keepends=True)[0] + row)

    assert f"Termin {held.number}, der gerade gebucht wird" in report["refused"][0]["why"]


async def test_a_time_that_was_imported_is_no_longer_offered(town: Town, desk: httpx.AsyncClient) -> None:
    await handed_in(desk, "bookings", BOOKINGS)

    ways = await town.desk.planner.candidates(
        town.order().wish, local("2026-12-01 09:15"), audience="staff", now=town.clock(), resource=None
    )

    assert ways[0].resources == ("schalter-3",)


async def test_a_calendar_is_taken_over_alike(town: Town, desk: httpx.AsyncClient) -> None:
    first = await handed_in(desk, "bookings", CALENDAR, "text/calendar; charset=utf-8")
    second = await handed_in(desk, "bookings", CALENDAR, "text/calendar")

    (row,) = await imported(town)
    assert (first["rows"], first["added"], [each["row"] for each in first["refused"]]) == (2, 1, [2])
    assert (second["added"], second["unchanged"]) == (0, 1)
    booking = await town.found(row.booking_id)
    assert (booking.allocation.starts_at, booking.allocation.visit_ticks) == (local("2026-12-01 10:00"), 6)
    assert booking.allocation.resources == ("schalter-2",)


@pytest.mark.parametrize(("what", "kind"), [("opening-hours", "text/csv"), ("bookings", "text/calendar")])
async def test_a_file_that_is_not_readable_is_refused_in_words(desk: httpx.AsyncClient, what: str, kind: str) -> None:
    answer = await desk.post(f"/imports/{what}", content="Büro".encode("cp1252"), headers={"content-type": kind})

    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")
    assert "CSV UTF-8" in answer.json()["detail"]


async def test_a_booking_far_in_the_future_keeps_its_local_time(town: Town, desk: httpx.AsyncClient) -> None:
    row = "7;buergerbuero;reisepass;2027-03-29 09:00;;;Erika Muster;;;\n"

    await handed_in(desk, "bookings", BOOKINGS.splitlines(keepends=True)[0] + row)

    (found,) = await imported(town)
    booking = await town.found(found.booking_id)
    assert booking.allocation.starts_at == local("2027-03-29 09:00") != NINE


async def test_the_same_file_handed_in_twice_at_once_is_taken_over_once(town: Town, desk: httpx.AsyncClient) -> None:
    content = "".join(each for each in BOOKINGS.splitlines(keepends=True) if not each.startswith("2;"))

    both = await asyncio.gather(handed_in(desk, "bookings", content), handed_in(desk, "bookings", content))

    assert [sum(each[name] for each in both) for name in ("added", "unchanged")] == [4, 4]
    assert len(await imported(town)) == 4


async def test_a_long_visit_stays_as_long_when_it_is_moved(town: Town, desk: httpx.AsyncClient) -> None:
    await handed_in(desk, "bookings", BOOKINGS.replace("09:00;;schalter-1", "09:00;60;schalter-1"))
    (long,) = [each for each in await imported(town) if each.foreign_id == "1"]
    to = local("2026-12-01 13:00")

    moved = await move(long.booking_id, None, to, town.desk, by="tresen-1", seen_version=1, audience="staff")

    assert moved.allocation.ends_at == local("2026-12-01 14:00")
    assert (
        len([each for each in await town.claims() if each.kind == "booked" and each.booking_id == long.booking_id])
        == 12
    )
