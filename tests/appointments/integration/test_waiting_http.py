"""The waiting list as the portal uses it, from joining to the appointment."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from services.appointments.api import bookings, waiting
from services.appointments.commands.offer import offer_freed
from services.appointments.domain import tokens
from services.appointments.storage.tables import WaitingRow
from tests.appointments.calling import calling
from tests.appointments.town import ANNA, KEY, NINE, Town
from tests.appointments.waiting_people import proof


def a_form(**other: object) -> dict[str, object]:
    return {
        "waiting_id": str(uuid4()),
        "offices": ["buergerbuero"],
        "items": [{"service": "reisepass", "count": 1}],
        "first_day": "2026-12-01",
        "last_day": "2026-12-02",
        "from_time": "09:00",
        "to_time": "12:00",
        "name": "Bert Beispiel",
        "email": "bert@example.org",
        "language": "de",
        "booking": None,
        "client": "192.0.2.1",
        **other,
    }


async def entered(town: Town, portal: httpx.AsyncClient, **other: object) -> str:
    given = await portal.post("/waiting-list", json=a_form(proof=proof(town), **other))
    assert given.status_code == 201, given.text
    assert given.json()["state"] == "waiting"
    return given.json()["token"]


async def shown(portal: httpx.AsyncClient, token: str) -> dict[str, Any]:
    found = await portal.get(f"/waiting-list/{token}")
    assert found.status_code == 200, found.text
    return found.json()


async def mailed_link(town: Town) -> str:
    """Return what the mail with the only offer holds."""
    async with town.desk.database.reading() as session:
        offer = await session.scalar(select(WaitingRow.offer_id).where(WaitingRow.offer_id.is_not(None)))
    assert offer is not None
    return tokens.sign(KEY, "booking", offer)


async def test_from_joining_to_the_appointment(sqlite_town: Town, tmp_path: Path) -> None:
    town = sqlite_town
    old = await town.booked(NINE.replace(day=3), person=ANNA)
    async with calling(tmp_path, town.desk, waiting.routes, bookings.routes) as portal:
        token = await entered(town, portal, booking=tokens.sign(KEY, "booking", old.booking_id))
        before = await shown(portal, token)
        await offer_freed(town.desk)
        by_the_entry = (await shown(portal, token))["offer"]
        link = await mailed_link(town)
        through_the_mail = await shown(portal, link)
        offer = through_the_mail["offer"]
        unproven = await portal.post(f"/waiting-list/{token}/acceptance")

        taken = await portal.post(f"/waiting-list/{link}/acceptance")

        after = await shown(portal, token)
        given_up = (await portal.get(f"/bookings/{tokens.sign(KEY, 'booking', old.booking_id)}")).json()
    assert (before["state"], before["place"], before["offer"]) == ("waiting", 1, None)
    assert (before["from_time"], before["email_masked"]) == ("09:00", "b***@example.org")
    assert offer["starts_at"] == "2026-12-01T08:00:00Z"
    assert offer["expires_at"] == "2026-11-23T07:15:00Z"
    assert through_the_mail["token"] == token
    assert (by_the_entry["token"], offer["token"]) == (None, link)
    assert (unproven.status_code, unproven.json()["code"]) == (403, "by_mail")
    assert taken.status_code == 200
    assert (taken.json()["state"], taken.json()["name"]) == ("booked", "Bert Beispiel")
    assert after["state"] == "taken"
    assert given_up["state"] == "cancelled"


async def test_refusing_and_leaving(sqlite_town: Town, tmp_path: Path) -> None:
    async with calling(tmp_path, sqlite_town.desk, waiting.routes) as portal:
        token = await entered(sqlite_town, portal)
        await offer_freed(sqlite_town.desk)

        link = await mailed_link(sqlite_town)

        unproven = await portal.post(f"/waiting-list/{token}/refusal")
        refused = await portal.post(f"/waiting-list/{link}/refusal")
        too_late = await portal.post(f"/waiting-list/{link}/acceptance")
        left = await portal.delete(f"/waiting-list/{token}")

    assert (unproven.status_code, unproven.json()["code"]) == (403, "by_mail")
    assert (refused.json()["state"], refused.json()["offer"]) == ("waiting", None)
    assert (too_late.status_code, too_late.json()["code"]) == (410, "hold_expired")
    assert left.json()["state"] == "ended"


async def test_who_has_refused_may_think_again_as_long_as_nobody_else_has_the_time(
    sqlite_town: Town, tmp_path: Path
) -> None:
    async with calling(tmp_path, sqlite_town.desk, waiting.routes) as portal:
        token = await entered(sqlite_town, portal)
        await offer_freed(sqlite_town.desk)
        first = (await shown(portal, token))["offer"]["starts_at"]
        link = await mailed_link(sqlite_town)
        await portal.post(f"/waiting-list/{link}/refusal")

        unproven = await portal.post(f"/waiting-list/{token}/reconsideration")
        await portal.post(f"/waiting-list/{link}/reconsideration")
        await offer_freed(sqlite_town.desk)

        again = await shown(portal, token)
    assert unproven.status_code == 403
    assert (again["state"], again["offer"]["starts_at"]) == ("offered", first)


async def test_without_a_proof_of_work_the_entry_counts_from_the_click_in_the_mail_on(
    sqlite_town: Town, tmp_path: Path
) -> None:
    town = sqlite_town
    async with calling(tmp_path, town.desk, waiting.routes) as portal:
        waiting_id = uuid4()
        given = (await portal.post("/waiting-list", json=a_form(waiting_id=str(waiting_id)))).json()
        before = await shown(portal, given["token"])
        by_the_page = await portal.post(f"/waiting-list/{given['token']}/confirmation")
        link = tokens.sign(KEY, "join", waiting_id)

        confirmed = await portal.post(f"/waiting-list/{link}/confirmation")

        again = await portal.post(f"/waiting-list/{link}/confirmation")
    assert (given["state"], before["state"]) == ("unconfirmed", "unconfirmed")
    assert before["confirm_until"] == "2026-11-24T07:00:00Z"
    assert by_the_page.status_code == 404, "the page after the form does not hold the link of the mail"
    assert (confirmed.json()["state"], again.json()["state"]) == ("waiting", "waiting")
    assert confirmed.json()["token"] == given["token"]


async def test_each_sees_how_many_come_before(sqlite_town: Town, tmp_path: Path) -> None:
    async with calling(tmp_path, sqlite_town.desk, waiting.routes) as portal:
        elsewhere = a_form(
            proof=proof(sqlite_town), offices=["standesamt"], items=[{"service": "eheschliessung", "count": 1}]
        )
        await portal.post("/waiting-list", json=elsewhere)
        await entered(sqlite_town, portal)
        second = await entered(sqlite_town, portal, email="carla@example.org")

        assert (await shown(portal, second))["place"] == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": None},
        {"email": "nobody"},
        {"offices": []},
        {"first_day": "2026-12-03"},
        {"to_time": "08:00"},
        {"to_time": "12:00+01:00"},
        {"items": []},
        {"offices": ["nirgendwo"]},
        {"last_day": "2029-01-01"},
    ],
)
async def test_what_cannot_be_waited_for_is_refused_in_words(
    sqlite_town: Town, tmp_path: Path, wrong: dict[str, object]
) -> None:
    async with calling(tmp_path, sqlite_town.desk, waiting.routes) as portal:
        refused = await portal.post("/waiting-list", json=a_form(**wrong))

    assert refused.status_code == 422
    assert refused.json()["title"]


async def test_a_link_that_is_none_of_ours_leads_nowhere(sqlite_town: Town, tmp_path: Path) -> None:
    no_offer = await sqlite_town.booked()
    async with calling(tmp_path, sqlite_town.desk, waiting.routes) as portal:
        forged = await portal.get("/waiting-list/forged")
        other = await portal.post(f"/waiting-list/{tokens.sign(KEY, 'booking', no_offer.booking_id)}/acceptance")
        named = await portal.post("/waiting-list", json=a_form(booking="forged"))

    assert [forged.status_code, other.status_code, named.status_code] == [404, 404, 404]
