"""Booking over HTTP: what the portal asks for citizens and for the counter."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.applications import Starlette

from chassis.health import Health
from chassis.http import make_app
from services.appointments.api import bookings, day, holds
from services.appointments.domain import tokens
from tests.appointments.town import NINE, OFFICE, OPEN_DAY, Town

PERSON = {"name": "Anna Beispiel", "email": "Anna@Example.org", "phone": "03935 1", "note": "", "language": "de"}


def zulu(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def wanted(at: datetime = NINE, **more: object) -> dict[str, object]:
    items = [{"service": "reisepass", "count": 1}]
    usual = {"booking_id": str(uuid4()), "office": OFFICE, "items": items, "starts_at": zulu(at)}
    return {**usual, "language": "de", **more}


def by_phone(at: datetime = NINE, **more: object) -> dict[str, object]:
    return wanted(at, resource=None, by="tresen-1", **{**PERSON, "email": None}, **more)


@pytest.fixture
async def web_town(sqlite_town: Town, tmp_path: Any) -> AsyncGenerator[tuple[Town, httpx.AsyncClient]]:
    tokens_dir = tmp_path / "tokens"
    tokens_dir.mkdir()
    (tokens_dir / "from-portal").write_text("of-portal\n")
    settings = sqlite_town.desk.settings.model_copy(update={"tokens_dir": tokens_dir})
    routes = [route for part in (holds, bookings, day) for route in part.routes(sqlite_town.desk)]
    app: Starlette = make_app(settings, started(), routes)
    headers = {"authorization": "Bearer of-portal"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://town", headers=headers) as web:
        yield sqlite_town, web


def started() -> Health:
    health = Health()
    health.started = True
    return health


async def proven_hold(town: Town, web: httpx.AsyncClient, at: datetime = NINE) -> dict[str, Any]:
    """Hold as somebody who has done the proof of work."""
    held = await town.held(at)
    return (await web.get(f"/bookings/{tokens.sign(town.desk.key, 'booking', held.booking_id)}")).json()


async def test_a_citizen_holds_books_moves_and_cancels(web_town: tuple[Town, httpx.AsyncClient]) -> None:
    town, web = web_town
    held = await proven_hold(town, web)
    link = f"/bookings/{held['token']}"

    booked = (await web.post(f"{link}/confirmation", json=PERSON)).json()
    to = {"starts_at": zulu(NINE + timedelta(hours=1)), "seen_version": booked["version"]}
    moved = (await web.post(f"{link}/move", json=to)).json()
    stale = await web.post(f"{link}/cancellation", json={"seen_version": booked["version"]})
    gone = (await web.post(f"{link}/cancellation", json={"seen_version": moved["version"]})).json()

    assert [each["state"] for each in (held, booked, moved, gone)] == ["held", "booked", "booked", "cancelled"]
    assert (booked["email_masked"], booked["has_phone"], booked["may_move"]) == ("A***@example.org", True, True)
    assert moved["starts_at"] == zulu(NINE + timedelta(hours=1))
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    assert not gone["may_cancel"]


async def test_a_hold_without_proof_waits_for_the_mail(web_town: tuple[Town, httpx.AsyncClient]) -> None:
    town, web = web_town

    held = await web.post("/holds", json=wanted(client="192.0.2.1", proof="nonsense"))
    link = f"/bookings/{held.json()['token']}"
    waiting = await web.post(f"{link}/confirmation", json=PERSON)
    proof = tokens.sign(town.desk.key, "confirm", (await town.claims())[0].booking_id)
    wrong = await web.post(f"{link}/link-confirmation")
    booked = await web.post(f"/bookings/{proof}/link-confirmation")

    assert (held.status_code, held.json()["proven"]) == (201, False)
    assert waiting.json()["state"] == "unconfirmed"
    assert (wrong.status_code, booked.json()["state"]) == (404, "booked")


async def test_a_time_that_is_taken_comes_with_others_near_it(web_town: tuple[Town, httpx.AsyncClient]) -> None:
    _, web = web_town
    for _ in range(2):
        assert (await web.post("/holds", json=wanted())).status_code == 201

    refused = await web.post("/holds", json=wanted())

    told = refused.json()
    assert (refused.status_code, told["code"]) == (409, "taken")
    assert len(told["alternatives"]) == 6
    assert zulu(NINE) not in told["alternatives"]
    assert all(each.startswith("2026-12-01T") for each in told["alternatives"])


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (wanted(NINE + timedelta(days=5)), 422, "closed"),
        (wanted(NINE - timedelta(days=30)), 422, "too_soon"),
        (wanted(NINE + timedelta(days=200)), 422, "too_far"),
        (wanted(office="standesamt"), 422, "not_here"),
        (wanted(office="nirgends"), 422, "unknown"),
        (wanted(items=[{"service": "reisepass", "count": 9}]), 422, "too_many"),
        (wanted(items=[]), 422, "invalid"),
        (wanted(starts_at="2026-12-01T09:00:00"), 422, "invalid"),
    ],
)
async def test_what_cannot_be_had_is_told_in_words(
    web_town: tuple[Town, httpx.AsyncClient], body: dict[str, object], status: int, code: str
) -> None:
    _, web = web_town

    refused = await web.post("/holds", json=body)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.json()["title"].endswith(".")


async def test_a_link_that_is_not_ours_opens_nothing(web_town: tuple[Town, httpx.AsyncClient]) -> None:
    town, web = web_town
    other = tokens.sign(town.desk.key, "calendar", (await town.booked()).booking_id)

    answers = [await web.get(f"/bookings/{each}") for each in ("nonsense", other)]

    assert [each.status_code for each in answers] == [404, 404]


async def test_the_counter_books_by_phone_without_an_address(web_town: tuple[Town, httpx.AsyncClient]) -> None:
    town, web = web_town
    await town.booked()
    body = by_phone()

    booked, again = [await web.post("/staff/bookings", json=body) for _ in range(2)]
    shown = (await web.get(f"/days/{OFFICE}/{OPEN_DAY}")).json()
    week = (await web.get(f"/weeks/{OFFICE}/{OPEN_DAY}")).json()

    assert (booked.status_code, booked.json()) == (201, again.json())
    assert booked.json()["resources"] == ["schalter-3"]
    assert [(each["state"], each["channel"]) for each in shown["entries"]].count(("booked", "staff")) == 1
    assert {each["resource"]: each["audience"] for each in shown["open"]} == {
        "schalter-1": "public",
        "schalter-2": "public",
        "schalter-3": "internal",
    }
    assert [each["day"] for each in week["days"]][:2] == ["2026-11-30", "2026-12-01"]
    assert "Anna" not in str(week)


async def test_the_counter_moves_settles_finds_and_cancels(web_town: tuple[Town, httpx.AsyncClient]) -> None:
    _, web = web_town
    first = (await web.post("/staff/bookings", json=by_phone())).json()
    at = f"/staff/bookings/{first['booking_id']}"
    by = {"by": "tresen-1"}
    to = {**by, "starts_at": zulu(NINE), "resource": "schalter-1", "seen_version": first["version"]}

    moved = (await web.post(f"{at}/move", json=to)).json()
    arrived = (await web.post(f"{at}/state", json={**by, "state": "arrived"})).json()
    back = (await web.post(f"{at}/state", json={**by, "state": "booked"})).json()
    found = [(await web.get("/staff/bookings", params={"q": each})).json() for each in (first["number"], "beispiel")]
    gone = (await web.post(f"{at}/cancellation", json={**by, "seen_version": back["version"]})).json()
    history = (await web.get(f"{at}/history")).json()

    assert (moved["resources"], moved["starts_at"]) == (["schalter-1"], zulu(NINE))
    assert [each["state"] for each in (arrived, back, gone)] == ["arrived", "booked", "cancelled"]
    assert [[each["booking_id"] for each in several] for several in found] == [[first["booking_id"]]] * 2
    assert [each["what"] for each in history] == ["booked", "moved", "arrived", "undone", "cancelled"]
    assert {each["by"] for each in history} == {"tresen-1"}


async def test_too_many_holds_of_one_client_are_refused_until_an_hour_is_over(
    web_town: tuple[Town, httpx.AsyncClient],
) -> None:
    town, web = web_town
    most = town.desk.settings.holds_per_client
    starts = [NINE + timedelta(minutes=20 * each) for each in range(most + 1)]

    *given, refused = [await web.post("/holds", json=wanted(each, client="192.0.2.1")) for each in starts]

    assert {each.status_code for each in given} == {201}
    assert (refused.status_code, refused.json()["code"]) == (429, "limit_client")
    assert refused.json()["until"] == zulu(town.clock() + timedelta(hours=1))


async def test_the_counter_is_not_told_that_another_time_is_booked(web_town: tuple[Town, httpx.AsyncClient]) -> None:
    _, web = web_town
    body = by_phone()
    booked = (await web.post("/staff/bookings", json=body)).json()

    refused = await web.post("/staff/bookings", json={**body, "starts_at": zulu(NINE + timedelta(hours=1))})

    assert (refused.status_code, refused.json()["code"]) == (409, "stale")
    assert (await web.post("/staff/bookings", json=body)).json() == booked
