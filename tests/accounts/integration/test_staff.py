"""Staff devices: a link, a PIN that cannot be tried out, and sessions that end when they should."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from services.accounts.commands.staff_sessions import sweep_sessions
from services.accounts.domain.staff import LOCKED_FOR, MOST_TRIES, SESSION_FOR
from services.accounts.storage.tables import StaffDeviceRow, StaffSessionRow
from tests.accounts.integration.desk import POOL, Desk, opened
from tests.support.events import NOW


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncGenerator[Desk]:
    async with opened(database_url, tmp_path) as ready:
        yield ready


def other_than(pin: str, by: int = 1) -> str:
    return f"{(int(pin) + by) % 1_000_000:06d}"


async def test_link_and_pin_begin_a_session_of_twelve_hours(desk: Desk) -> None:
    device = await desk.added()
    known = {"device_id": device["device_id"], "name": "kasse-1", "roles": ["attendant"], "pools": [POOL]}

    found = await desk.portal.post("/staff/devices/find", json={"token": device["token"]})
    begun = await desk.sign_in(device["token"], device["pin"])
    checked = await desk.check(begun.json()["session"])

    assert (found.status_code, found.json()) == (200, known)
    assert (begun.status_code, begun.json()["device"]) == (201, known)
    assert checked.json() == {"device": known, "expires_at": (NOW + timedelta(hours=12)).isoformat()}


async def test_the_database_holds_no_secret(desk: Desk) -> None:
    device = await desk.added()
    session = await desk.session(device)

    async with desk.database.reading() as reading:
        row = (await reading.scalars(select(StaffDeviceRow))).one()
        kept = (await reading.scalars(select(StaffSessionRow.session_hash))).one()

    held = f"{row.token_hash} {row.pin_hash.hex()} {row.pin_salt.hex()} {kept}"
    assert [secret in held for secret in (device["token"], device["pin"].encode().hex(), session)] == [False] * 3


async def test_five_wrong_pins_lock_even_the_right_one_out_for_a_quarter_of_an_hour(desk: Desk) -> None:
    device = await desk.added()

    wrong = [await desk.sign_in(device["token"], other_than(device["pin"])) for _ in range(MOST_TRIES)]
    right = await desk.sign_in(device["token"], device["pin"])
    (listed,) = (await desk.rathaus.get("/staff/devices")).json()
    desk.later(minutes=15)
    afterwards = await desk.sign_in(device["token"], device["pin"])

    until = (NOW + LOCKED_FOR).isoformat()
    assert [(each.status_code, each.json().get("tries_left")) for each in wrong] == [
        (401, 4), (401, 3), (401, 2), (401, 1), (423, None),
    ]  # fmt: skip
    assert (right.status_code, right.json()["locked_until"], listed["locked_until"]) == (423, until, until)
    assert afterwards.status_code == 201


async def test_of_many_guesses_at_once_no_more_than_five_are_looked_at(desk: Desk) -> None:
    device = await desk.added()
    guesses = [other_than(device["pin"], by=number) for number in range(1, 21)]

    answers = await asyncio.gather(*(desk.sign_in(device["token"], guess) for guess in guesses))

    assert Counter(each.status_code for each in answers) == {401: 4, 423: 16}


async def test_the_right_pin_sets_the_count_back(desk: Desk) -> None:
    device = await desk.added()
    for _ in range(MOST_TRIES - 1):
        await desk.sign_in(device["token"], other_than(device["pin"]))

    right = await desk.sign_in(device["token"], device["pin"])
    wrong = await desk.sign_in(device["token"], other_than(device["pin"]))

    assert (right.status_code, wrong.json()["tries_left"]) == (201, MOST_TRIES - 1)


async def test_one_device_locked_leaves_the_others_alone(desk: Desk) -> None:
    locked, free = await desk.added("kasse-1"), await desk.added("kasse-2")
    for _ in range(MOST_TRIES):
        await desk.sign_in(locked["token"], other_than(locked["pin"]))

    assert (await desk.sign_in(free["token"], free["pin"])).status_code == 201


async def test_a_removed_device_ends_its_sessions_at_once(desk: Desk) -> None:
    device = await desk.added()
    session = await desk.session(device)

    twice = [await desk.rathaus.delete(f"/staff/devices/{device['device_id']}") for _ in range(2)]

    assert [each.status_code for each in twice] == [204, 204]
    assert (await desk.check(session)).status_code == 401
    assert (await desk.sign_in(device["token"], device["pin"])).status_code == 404
    assert (await desk.portal.post("/staff/devices/find", json={"token": device["token"]})).status_code == 404
    assert (await desk.rathaus.get("/staff/devices")).json() == []


async def test_a_new_pin_ends_sessions_and_opens_a_lock(desk: Desk) -> None:
    device = await desk.added()
    session = await desk.session(device)
    for _ in range(MOST_TRIES):
        await desk.sign_in(device["token"], other_than(device["pin"]))

    renewed = (await desk.rathaus.post(f"/staff/devices/{device['device_id']}/pin")).json()["pin"]

    assert (await desk.check(session)).status_code == 401
    assert (await desk.sign_in(device["token"], renewed)).status_code == 201


async def test_signing_out_ends_one_session(desk: Desk) -> None:
    device = await desk.added()
    here, there = await desk.session(device), await desk.session(device)

    ended = [await desk.portal.post("/staff/sessions/end", json={"session": here}) for _ in range(2)]

    assert [each.status_code for each in ended] == [204, 204]
    assert [(await desk.check(each)).status_code for each in (here, there)] == [401, 200]


async def test_a_session_ends_by_itself_and_is_swept(desk: Desk) -> None:
    device = await desk.added()
    early = await desk.session(device)
    desk.later(hours=1)
    late = await desk.session(device)
    desk.later(seconds=(SESSION_FOR - timedelta(hours=1)).total_seconds())

    checked = [(await desk.check(each)).status_code for each in (early, late)]
    swept = await sweep_sessions(database=desk.database, now=desk.now)

    assert (checked, swept) == ([401, 200], 1)
    async with desk.database.reading() as reading:
        assert await reading.scalar(select(func.count()).select_from(StaffSessionRow)) == 1
    assert (await desk.rathaus.get("/staff/devices")).json()[0]["sessions"] == 1


async def test_a_name_is_given_once(desk: Desk) -> None:
    first = await desk.added()

    second = await desk.add()

    assert (second.status_code, second.json()["title"]) == (409, "Ein Gerät dieses Namens gibt es schon.")
    assert (await desk.sign_in(first["token"], first["pin"])).status_code == 201


async def test_a_device_asked_for_twice_is_one_device_with_the_secrets_told_last(desk: Desk) -> None:
    device_id = uuid4()
    first, second = [(await desk.add(device_id=device_id)).json() for _ in range(2)]

    old = await desk.sign_in(first["token"], first["pin"])
    new = await desk.sign_in(second["token"], second["pin"])
    third = await desk.add(device_id=device_id)

    assert (old.status_code, new.status_code, third.status_code) == (404, 201, 409)
    assert len((await desk.rathaus.get("/staff/devices")).json()) == 1


@pytest.mark.parametrize(
    "changed",
    [{"name": "Kasse 1"}, {"roles": []}, {"roles": ["mayor"]}, {"pools": []}, {"pools": ["Freibad!"]}, {"more": 1}],
)
async def test_a_device_that_makes_no_sense_is_refused_without_being_quoted(
    desk: Desk, changed: dict[str, object]
) -> None:
    body = {"name": "kasse-1", "roles": ["attendant"], "pools": [POOL], **changed}

    answer = await desk.rathaus.post("/staff/devices", json=body)

    assert (answer.status_code, "mayor" in answer.text) == (422, False)


async def test_whoever_may_not_ask_is_refused(desk: Desk) -> None:
    device = await desk.added()

    from_portal = [
        await desk.portal.get("/staff/devices"),
        await desk.portal.post("/staff/devices", json={}),
        await desk.portal.delete(f"/staff/devices/{device['device_id']}"),
        await desk.portal.post(f"/staff/devices/{device['device_id']}/pin"),
    ]
    from_rathaus = [
        await desk.rathaus.post(f"/staff/{path}", json={})
        for path in ("devices/find", "sessions", "sessions/check", "sessions/end")
    ]

    assert {each.status_code for each in from_portal + from_rathaus} == {401}


async def test_what_is_not_there_is_said(desk: Desk) -> None:
    assert (await desk.rathaus.post(f"/staff/devices/{uuid4()}/pin")).status_code == 404
    assert (await desk.sign_in("x", "123456")).status_code == 404
    assert (await desk.check("x")).status_code == 401
    assert (await desk.portal.post("/staff/sessions", content=b"{")).status_code == 422
