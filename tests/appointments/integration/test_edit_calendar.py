"""Opening hours as staff change them, over HTTP on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.appointments.api import calendar
from services.appointments.domain.booking import Wish
from services.appointments.domain.refusal import NotOfferedError
from tests.appointments.calling import calling
from tests.appointments.town import NINE, OFFICE, PASSPORT, Town, local

THERE = f"/offices/{OFFICE}/calendar"
CLOSED = {"kind": "closed", "first_day": "2026-12-01", "last_day": "2026-12-01", "reason": "Fortbildung"}
BY = "amt-leitung"


@pytest.fixture
async def staff(town: Town, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    async with calling(tmp_path, town.desk, calendar.routes) as client:
        yield client


async def draft(staff: httpx.AsyncClient, *exceptions: dict[str, Any]) -> dict[str, Any]:
    """Return the opening hours as they stand, with more exceptions."""
    now = (await staff.get(THERE)).json()
    return {"series": now["series"], "exceptions": [*now["exceptions"], *exceptions]}


async def saved(staff: httpx.AsyncClient, body: dict[str, Any], version: int, **more: Any) -> httpx.Response:
    return await staff.put(THERE, json={**body, "seen_version": version, "by": BY, **more})


async def offered(town: Town, wish: Wish = PASSPORT) -> bool:
    try:
        return bool(
            await town.desk.planner.candidates(wish, NINE, audience="public", now=town.desk.now(), resource=None)
        )
    except NotOfferedError:
        return False


async def test_a_preview_names_days_and_colliding_bookings_and_changes_nothing(
    town: Town, staff: httpx.AsyncClient
) -> None:
    booking = await town.booked(NINE)
    held = await town.held(local("2026-12-01 10:00"))
    await town.booked(local("2026-12-02 10:00"))

    answer = await staff.post(f"{THERE}/preview", json=await draft(staff, CLOSED))

    told = answer.json()
    lost = {"public": 840, "internal": 180}
    assert told["days"] == [{"day": "2026-12-01", "before": lost, "after": {"public": 0, "internal": 0}}]
    assert told["summary"].startswith(
        "Am Dienstag, 1. Dezember, 14 Stunden weniger öffentliche und 3 Stunden weniger interne Termine"
    )
    assert [each["number"] for each in told["collisions"]] == [booking.number, held.number]
    assert told["collisions"][0]["name"] == "Anna Beispiel"
    assert told["collisions"][0]["starts_at"] == "2026-12-01T08:00:00Z"
    assert (await staff.get(THERE)).json()["version"] == 1


async def test_what_collides_is_refused_until_somebody_says_that_it_stays(town: Town, staff: httpx.AsyncClient) -> None:
    booking = await town.booked(NINE)
    body = await draft(staff, CLOSED)

    refused = await saved(staff, body, 1)
    kept = await saved(staff, body, 1, keep_collisions=True)

    assert (refused.status_code, refused.json()["code"]) == (409, "collisions")
    assert refused.json()["title"] == "Ein Termin läge danach außerhalb der Öffnungszeiten."
    assert [each["number"] for each in refused.json()["collisions"]] == [booking.number]
    assert (kept.status_code, kept.json()["version"]) == (200, 2)
    assert (await town.found(booking.booking_id)).state == "booked"
    assert [each["number"] for each in (await staff.get(THERE)).json()["outside"]] == [booking.number]


async def test_what_lies_outside_already_does_not_stand_in_the_way_again(town: Town, staff: httpx.AsyncClient) -> None:
    await town.booked(NINE)
    await saved(staff, await draft(staff, CLOSED), 1, keep_collisions=True)
    other = {**CLOSED, "first_day": "2026-12-03", "last_day": "2026-12-03"}

    answer = await saved(staff, await draft(staff, other), 2)

    assert (answer.status_code, answer.json()["collisions"]) == (200, [])


async def test_saved_hours_hold_at_once_and_wake_the_waiting_list(town: Town, staff: httpx.AsyncClient) -> None:
    assert await offered(town)

    await saved(staff, await draft(staff, CLOSED), 1)

    assert (await offered(town), len(town.freed)) == (False, 1)


async def test_whoever_saves_what_somebody_else_has_changed_is_refused(staff: httpx.AsyncClient) -> None:
    body = await draft(staff, CLOSED)
    await saved(staff, body, 1)

    late = await saved(staff, body, 1)

    assert (late.status_code, late.json()["code"]) == (409, "stale")
    assert "Diese Öffnungszeiten" in late.json()["title"]


async def test_the_history_says_who_changed_what_and_undoing_restores_it_as_a_new_version(
    town: Town, staff: httpx.AsyncClient
) -> None:
    before = await draft(staff)
    await saved(staff, await draft(staff, CLOSED), 1)

    undone = await staff.post(f"{THERE}/undo", json={"version": 2, "by": "vertretung"})

    now = (await staff.get(THERE)).json()
    history = (await staff.get(f"{THERE}/history")).json()
    assert (undone.status_code, undone.json()["version"], now["version"]) == (200, 3, 3)
    assert {"series": now["series"], "exceptions": now["exceptions"]} == before
    assert [(each["version"], each["by"]) for each in history] == [(3, "vertretung"), (2, BY)]
    assert (len(history[1]["before"]["exceptions"]), len(history[1]["after"]["exceptions"])) == (0, 1)
    assert history[1]["after"]["exceptions"][0]["reason"] == "Fortbildung"
    assert await offered(town)


async def test_entries_keep_their_ids_and_copies_get_their_own(staff: httpx.AsyncClient) -> None:
    body = await draft(staff)
    first = body["series"][0]
    copy = {**first, "weekdays": [5]}

    answer = await saved(staff, {**body, "series": [*body["series"], copy]}, 1)

    ids = [each["series_id"] for each in (await staff.get(THERE)).json()["series"]]
    assert answer.status_code == 200
    assert (len(ids), len(set(ids)), first["series_id"] in ids) == (3, 3, True)


@pytest.mark.parametrize(
    ("changed", "where", "field", "text"),
    [
        ({"to_time": "08:00"}, "series", "to_time", "Serie 1: Das Ende liegt nicht nach dem Anfang"),
        ({"from_time": "neun"}, "series", "from_time", "Serie 1: Der Beginn ist keine Uhrzeit"),
        ({"first_day": "bald"}, "series", "first_day", "Serie 1: Der erste Tag fehlt oder ist kein Datum"),
    ],
)
async def test_what_is_wrong_is_said_with_the_entry_and_the_field(
    staff: httpx.AsyncClient, changed: dict[str, str], where: str, field: str, text: str
) -> None:
    body = await draft(staff)
    wrong = {**body, "series": [{**body["series"][0], **changed}]}

    answer = await staff.post(f"{THERE}/preview", json=wrong)

    (error,) = answer.json()["errors"]
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert (error["where"], error["number"], error["field"]) == (where, 1, field)
    assert error["text"].startswith(text)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/offices/nirgends/calendar", 404),
        ("GET", "/offices/nirgends/calendar/history", 404),
        ("POST", f"{THERE}/undo", 422),
    ],
)
async def test_what_is_not_there_or_not_said_is_refused(
    staff: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    assert (await staff.request(method, path, json={})).status_code == status


async def test_a_version_that_nobody_made_cannot_be_undone(staff: httpx.AsyncClient) -> None:
    answer = await staff.post(f"{THERE}/undo", json={"version": 7, "by": BY})

    assert (answer.status_code, answer.json()["code"]) == (404, "missing")


async def test_of_two_who_save_at_once_one_is_told_that_it_was_too_late(staff: httpx.AsyncClient) -> None:
    body = await draft(staff, CLOSED)

    answers = await asyncio.gather(*(saved(staff, body, 1) for _ in range(4)))

    assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]
    assert (await staff.get(THERE)).json()["version"] == 2


async def test_undoing_hours_in_which_somebody_has_booked_meanwhile_is_refused_too(
    town: Town, staff: httpx.AsyncClient
) -> None:
    saturday = {"kind": "open", "audience": "public", "first_day": "2026-12-05", "last_day": "2026-12-05"}
    await saved(staff, await draft(staff, {**saturday, "from_time": "09:00", "to_time": "12:00"}), 1)
    booking = await town.booked(local("2026-12-05 09:00"))
    wanted = {"version": 2, "by": BY}

    refused = await staff.post(f"{THERE}/undo", json=wanted)
    kept = await staff.post(f"{THERE}/undo", json={**wanted, "keep_collisions": True})

    assert [each["number"] for each in refused.json()["collisions"]] == [booking.number]
    assert (kept.status_code, kept.json()["version"]) == (200, 3)
