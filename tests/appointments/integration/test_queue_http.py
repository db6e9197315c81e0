"""The queue over HTTP: what holders, clerks and the display are told."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from services.appointments.api import tickets
from services.appointments.domain.tokens import sign
from tests.appointments.calling import calling
from tests.appointments.queues import MONDAY, OFFICE, a_booking, open_hall
from tests.appointments.town import KEY, Town

TAKEN = {"office": OFFICE, "items": [{"service": "reisepass"}]}
CALL = {"by": "schalter"}


@pytest.fixture
async def town(sqlite_url: str) -> AsyncGenerator[Town]:
    async with open_hall(sqlite_url) as ready:
        yield ready


@pytest.fixture
async def portal(town: Town, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    async with calling(tmp_path, town.desk, tickets.routes) as client:
        yield client


async def test_a_holder_sees_the_place_and_is_called(portal: httpx.AsyncClient) -> None:
    first = (await portal.post("/tickets", json=TAKEN)).json()
    second = (await portal.post("/tickets", json=TAKEN)).json()

    await portal.post("/counters/schalter-1/next", json=CALL)
    shown = [(await portal.get(f"/tickets/{each['token']}")).json() for each in (first, second)]

    assert [first["number"], second["number"], second["ahead"]] == ["A001", "A002", 1]
    assert [(each["state"], each["ahead"], each["counter"]) for each in shown] == [
        ("called", 0, "Schalter 1"),
        ("waiting", 0, None),
    ]
    assert shown[1]["minutes_to_wait"] == 20


async def test_the_display_shows_numbers_and_never_names(town: Town, portal: httpx.AsyncClient) -> None:
    booking = await a_booking(town, MONDAY)
    token = sign(KEY, "booking", booking.booking_id)
    arrived = await portal.post("/arrivals", json={"booking": token})
    await portal.post("/tickets", json=TAKEN)
    await portal.post("/counters/schalter-2/next", json=CALL)

    shown = await portal.get(f"/displays/{OFFICE}")

    assert arrived.status_code == 201
    assert "Anna" not in shown.text
    assert shown.json()["waiting"] == 1
    (called,) = shown.json()["called"]
    assert (called["number"], called["counter"], called["fresh"]) == ("A001", "Schalter 2", True)


async def test_clerks_see_who_waits_who_is_parked_and_who_is_done(town: Town, portal: httpx.AsyncClient) -> None:
    booking = await a_booking(town, MONDAY)
    await portal.post("/arrivals", json={"number": f" {booking.number.lower()} ", "office": OFFICE})
    await portal.post("/tickets", json=TAKEN)
    ticket = (await portal.post("/counters/schalter-1/next", json=CALL)).json()["ticket"]
    own = f"/counters/schalter-1/tickets/{ticket['ticket_id']}"

    called = (await portal.get(f"/queues/{OFFICE}")).json()
    await portal.post(own, json={**CALL, "action": "park"})
    parked = (await portal.get(f"/queues/{OFFICE}")).json()
    await portal.post(own, json={**CALL, "action": "miss"})
    missed = (await portal.get(f"/queues/{OFFICE}")).json()

    assert [(each["number"], each["name"]) for each in called["called"]] == [("A001", "Anna Beispiel")]
    assert [each["services"] for each in called["waiting"]] == [["Reisepass beantragen"]]
    assert [each["number"] for each in parked["parked"]] == ["A001"]
    assert [(each["number"], each["state"]) for each in missed["ended"]] == [("A001", "missed")]


async def test_what_is_offered_says_how_long_and_whether_now(town: Town, portal: httpx.AsyncClient) -> None:
    now = {each["office"]: each for each in (await portal.get("/walk-ins")).json()}
    town.clock.go_on(hours=4)
    later = {each["office"]: each for each in (await portal.get("/walk-ins")).json()}
    refused = await portal.post("/tickets", json=TAKEN)
    by_hand = await portal.post("/tickets", json={**TAKEN, "by": "schalter"})

    passport = next(each for each in now[OFFICE]["services"] if each["service"] == "reisepass")
    assert (passport["open"], passport["minutes_to_wait"]) == (True, 0)
    assert not any(each["open"] for each in later[OFFICE]["services"] + now["luederitz"]["services"])
    assert (refused.status_code, refused.json()["code"]) == (422, "closed")
    assert by_hand.status_code == 201


async def test_refusals_say_what_to_do(town: Town, portal: httpx.AsyncClient) -> None:
    early = await a_booking(town, MONDAY + timedelta(minutes=65))

    told = await portal.post("/arrivals", json={"number": early.number})
    answers = [
        await portal.post("/arrivals", json={"number": "NIEMAND"}),
        await portal.post("/arrivals", json={"booking": "falsch"}),
        await portal.get("/tickets/falsch"),
        await portal.get("/displays/nirgends"),
        await portal.post("/tickets", json={**TAKEN, "items": [{"service": "fliegen"}]}),
        await portal.post("/tickets", json={**TAKEN, "items": [{"service": "ummeldung", "count": 2}]}),
        await portal.post("/tickets", json={**TAKEN, "office": "standesamt"}),
        await portal.post(f"/counters/schalter-1/tickets/{uuid4()}", json={**CALL, "action": "done"}),
    ]

    assert told.status_code == 422
    assert told.json()["title"] == "Sie sind früh da: Ihr Termin beginnt um 10:35 Uhr."
    assert [each.status_code for each in answers] == [404, 404, 404, 404, 422, 422, 422, 404]


async def test_all_counters_are_listed_without_rooms(portal: httpx.AsyncClient) -> None:
    counters = [each["resource"] for each in (await portal.get("/counters")).json()]

    assert "schalter-1" in counters
    assert "trausaal" not in counters
