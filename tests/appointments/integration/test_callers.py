"""Who may ask for what: no route of appointments is open to strangers, none of the staff to any link."""

from __future__ import annotations

from pathlib import Path

from services.appointments.domain import tokens
from services.appointments.main import PARTS
from tests.appointments.calling import calling
from tests.appointments.town import KEY, OFFICE, Town

STAFF = ("/days/", "/weeks/", "/staff/", "/counters", "/queues/")


async def test_every_route_asks_who_is_calling(sqlite_town: Town, tmp_path: Path) -> None:
    stated = [each for part in PARTS for each in part.routes(sqlite_town.desk)]

    async with calling(tmp_path, sqlite_town.desk, *(part.routes for part in PARTS)) as client:
        client.headers["authorization"] = "Bearer wrong"
        answers = [await client.request(each.method, each.path.replace("{", "").replace("}", "")) for each in stated]

    assert len(stated) > 40
    assert {each.status_code for each in answers} == {401}
    assert {each.callers for each in stated if each.path.startswith(STAFF)} == {frozenset({"portal"})}


async def test_a_link_opens_nothing_of_the_staff(sqlite_town: Town, tmp_path: Path) -> None:
    booking = await sqlite_town.booked()
    link = tokens.sign(KEY, "booking", booking.booking_id)

    async with calling(tmp_path, sqlite_town.desk, *(part.routes for part in PARTS)) as portal:
        shown = [await portal.get(f"/staff/bookings/{link}{each}") for each in ("", "/history")]
        found = (await portal.get("/staff/bookings", params={"q": link})).json()
        by_id = await portal.get(f"/bookings/{booking.booking_id}")
        calendar = (await portal.get(f"/calendars/{tokens.sign(KEY, 'calendar', booking.booking_id)}.ics")).text

    assert {each.status_code for each in (*shown, by_id)} == {404}
    assert found == []
    assert "anna@example.org" not in calendar.lower()
    assert booking.allocation.office == OFFICE
