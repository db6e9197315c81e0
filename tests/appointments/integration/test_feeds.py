"""Calendars: one appointment, all of one person, and when an office is taken."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from services.appointments.api import feeds
from services.appointments.domain import tokens
from services.appointments.domain.booking import Booking
from tests.appointments.calling import calling
from tests.appointments.town import ANNA, KEY, NINE, Town


@pytest.fixture
async def portal(town: Town, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    async with calling(tmp_path, town.desk, feeds.routes) as client:
        yield client


def path(purpose: tokens.Purpose, booking: Booking) -> str:
    token = tokens.sign(KEY, purpose, booking.booking_id)
    return f"/bookings/{token}/calendar.ics" if purpose == "booking" else f"/calendars/{token}.ics"


async def events(portal: httpx.AsyncClient, address: str) -> list[Any]:
    answer = await portal.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    return list(Calendar.from_ical(answer.content).events)


def ids(found: list[Any]) -> list[str]:
    return [str(each["uid"]).partition("@")[0] for each in found]


async def test_one_appointment_is_a_calendar_and_says_when_it_is_cancelled(
    town: Town, portal: httpx.AsyncClient
) -> None:
    booking = await town.booked()

    (stands,) = await events(portal, path("booking", booking))
    await town.cancelled(booking.booking_id)
    (gone,) = await events(portal, path("booking", booking))

    assert (stands.start, str(stands["status"]), str(gone["status"])) == (NINE, "CONFIRMED", "CANCELLED")
    assert int(gone["sequence"]) > int(stands["sequence"])


async def test_a_person_has_all_that_stands_under_the_address_and_nobody_else_s(
    town: Town, portal: httpx.AsyncClient
) -> None:
    mine = [await town.booked(NINE + timedelta(days=days)) for days in (0, 1)]
    await town.booked(person=replace(ANNA, email="other@example.org"))
    cancelled = await town.booked(NINE + timedelta(days=2))
    await town.cancelled(cancelled.booking_id)

    found = await events(portal, path("feed", mine[1]))
    town.clock.at = NINE + timedelta(days=30, hours=1)
    a_month_later = await events(portal, path("feed", mine[1]))

    assert ids(found) == [str(each.booking_id) for each in mine]
    assert ids(a_month_later) == [str(mine[1].booking_id)]


async def test_who_books_with_somebody_s_address_learns_nothing_of_them(town: Town, portal: httpx.AsyncClient) -> None:
    await town.booked()
    pretended = await town.booked(NINE + timedelta(hours=1))

    for purpose in ("booking", "calendar"):
        assert ids(await events(portal, path(purpose, pretended))) == [str(pretended.booking_id)]


@pytest.mark.parametrize("token", ["x", "A" * 43])
async def test_what_nobody_signed_is_not_there(portal: httpx.AsyncClient, token: str) -> None:
    answers = [await portal.get(f"/calendars/{token}.ics"), await portal.get(f"/bookings/{token}/calendar.ics")]

    assert [each.status_code for each in answers] == [404, 404]


async def test_a_hold_is_in_no_calendar(town: Town, portal: httpx.AsyncClient) -> None:
    held = await town.held()

    assert (await portal.get(path("booking", held))).status_code == 404


async def test_free_and_busy_names_times_only(town: Town, portal: httpx.AsyncClient) -> None:
    first = await town.booked(resource="schalter-1", audience="staff")
    await town.booked(first.allocation.ends_at, resource="schalter-1", audience="staff")

    answer = await portal.get("/free-busy.ics?office=buergerbuero&from=2026-12-01&days=1")

    text = answer.text.replace("\r\n ", "")
    assert text.count("BEGIN:VFREEBUSY") == 3
    assert text.count("FREEBUSY;") == 1
    assert "20261201T080000Z/20261201T084000Z" in text
    assert "Anna" not in text
    assert "METHOD" not in text  # iTIP would want an organizer, and a counter has no address (RFC 5546, 3.3.1)


@pytest.mark.parametrize("query", ["office=x", "office=buergerbuero&from=9999-12-31", "office=buergerbuero&days=x"])
async def test_a_question_that_cannot_be_read_is_refused(portal: httpx.AsyncClient, query: str) -> None:
    assert (await portal.get(f"/free-busy.ics?{query}")).status_code == 422
