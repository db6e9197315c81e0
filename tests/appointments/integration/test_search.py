"""The counter looks for a name as it is said on the phone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from services.appointments.api import bookings, day
from services.appointments.domain import tokens
from services.appointments.storage.booking_lists import by_name
from tests.appointments.calling import calling
from tests.appointments.town import ANNA, KEY, NINE, NOW, Town

NAMES = ("Mesut Özil", "Änne Weiß", "Ulrike WEISSENFELS", "Max 100%_Muster")
FOUND = {
    "Öz": {0},
    "özil": {0},
    "O\N{COMBINING DIAERESIS}zil": {0},
    "ÖZIL": {0},
    "änne": {1},
    "ozil": set[int](),
    "weiß": {1, 2},
    "WEISS": {1, 2},
    "weissen": {2},
    "100%_m": {3},
    "a__e": set[int](),
    "e": {0, 1, 2, 3},
}


async def test_a_part_of_a_name_is_found_however_it_is_written(town: Town) -> None:
    for number, each in enumerate(NAMES):
        await town.booked(NINE + timedelta(minutes=20 * number), person=replace(ANNA, name=each, email=None))

    async with town.desk.database.reading() as session:
        several = {part: await by_name(session, part, since=NOW) for part in FOUND}

    names = {part: {each.person.name for each in found if each.person} for part, found in several.items()}
    assert names == {part: {NAMES[each] for each in numbers} for part, numbers in FOUND.items()}


@pytest.mark.parametrize("name", ["Anna\0Beispiel", " Anna \t Beispiel\r\n"])
async def test_what_no_keyboard_writes_does_no_harm(town: Town, tmp_path: Path, name: str) -> None:
    held = await town.held()
    link = f"/bookings/{tokens.sign(KEY, 'booking', held.booking_id)}/confirmation"

    async with calling(tmp_path, town.desk, bookings.routes, day.routes) as portal:
        booked = await portal.post(link, json={"name": name, "email": "a@example.org", "note": "a\0\nb"})
        nobody = await portal.post(link, json={"name": " \0 ", "email": "a@example.org"})
        found = (await portal.get("/staff/bookings", params={"q": "anna\0 b"})).json()

    assert (booked.status_code, booked.json()["name"]) == (200, "Anna Beispiel")
    assert (nobody.status_code, nobody.json()["fields"]) == (422, ["name"])
    assert [each["note"] for each in found] == ["a \nb"]
