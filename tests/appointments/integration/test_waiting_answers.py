"""An answer counts for the offer that was shown, not for what is offered by the time it arrives."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from services.appointments.api import waiting
from services.appointments.commands.answer import accept, refuse
from services.appointments.commands.offer import offer_freed
from services.appointments.domain import tokens
from services.appointments.domain.booking import Booking
from services.appointments.domain.refusal import HoldExpiredError
from tests.appointments.calling import calling
from tests.appointments.town import ANNA, KEY, NINE, Town
from tests.appointments.waiting_people import BERT, entry_of, joined, offer_to, wanted

DAY = timedelta(days=1)


async def offered(town: Town, waiting_id: UUID) -> Booking:
    await offer_freed(town.desk)
    offer = await offer_to(town, waiting_id)
    assert offer is not None
    return offer


async def answered(portal: httpx.AsyncClient, offer: Booking, what: str) -> httpx.Response:
    return await portal.post(f"/waiting-list/{tokens.sign(KEY, 'booking', offer.booking_id)}/{what}")


async def test_yes_to_an_offer_that_is_over_books_no_other_time(town: Town, tmp_path: Path) -> None:
    old = await town.booked(NINE + 2 * DAY, person=ANNA)
    waiting_id = await joined(town, ANNA, wanted(), booking_id=old.booking_id)
    shown = await offered(town, waiting_id)
    town.clock.go_on(minutes=16)
    other = await offered(town, waiting_id)

    async with calling(tmp_path, town.desk, waiting.routes) as portal:
        late = await answered(portal, shown, "acceptance")
        before = await town.found(old.booking_id), await offer_to(town, waiting_id)
        yes = await answered(portal, other, "acceptance")
        late_again = await answered(portal, shown, "acceptance")

    assert (late.status_code, late.json()["code"]) == (410, "hold_expired")
    assert before == (old, other)
    assert (yes.status_code, yes.json()["state"]) == (200, "booked")
    assert late_again.status_code == 410, "what they have is not what that link showed"
    assert (await town.found(old.booking_id)).state == "cancelled"


async def test_whoever_answers_by_the_command_names_the_offer_too(town: Town) -> None:
    waiting_id = await joined(town, BERT, wanted())
    shown = await offered(town, waiting_id)
    town.clock.go_on(minutes=16)
    other = await offered(town, waiting_id)

    with pytest.raises(HoldExpiredError):
        await accept(waiting_id, town.desk, offer_id=shown.booking_id)
    await refuse(waiting_id, town.desk, offer_id=shown.booking_id)

    assert await offer_to(town, waiting_id) == other


async def test_no_said_twice_refuses_one_offer(town: Town, tmp_path: Path) -> None:
    waiting_id = await joined(town, BERT, wanted())
    shown = await offered(town, waiting_id)
    async with calling(tmp_path, town.desk, waiting.routes) as portal:
        await answered(portal, shown, "refusal")
        other = await offered(town, waiting_id)

        again = await answered(portal, shown, "refusal")

    assert (again.status_code, again.json()["state"]) == (200, "offered")
    assert await offer_to(town, waiting_id) == other
    assert (await entry_of(town, waiting_id)).refused == (shown.allocation.first_tick,)


async def test_after_all_said_twice_brings_one_time_back(town: Town, tmp_path: Path) -> None:
    waiting_id = await joined(town, BERT, wanted())
    async with calling(tmp_path, town.desk, waiting.routes) as portal:
        first = await offered(town, waiting_id)
        await answered(portal, first, "refusal")
        second = await offered(town, waiting_id)
        await answered(portal, second, "refusal")
        await answered(portal, second, "reconsideration")
        again = await offered(town, waiting_id)

        twice = await answered(portal, second, "reconsideration")

    assert again.allocation.starts_at == second.allocation.starts_at
    assert twice.json()["state"] == "offered"
    assert await offer_to(town, waiting_id) == again
    assert (await entry_of(town, waiting_id)).refused == (first.allocation.first_tick,)


async def test_after_all_brings_back_the_time_of_the_link_and_not_the_last_one(town: Town, tmp_path: Path) -> None:
    waiting_id = await joined(town, BERT, wanted())
    async with calling(tmp_path, town.desk, waiting.routes) as portal:
        first = await offered(town, waiting_id)
        await answered(portal, first, "refusal")
        second = await offered(town, waiting_id)
        await answered(portal, second, "refusal")

        await answered(portal, first, "reconsideration")

    assert (await entry_of(town, waiting_id)).refused == (second.allocation.first_tick,)
    assert (await offered(town, waiting_id)).allocation.starts_at == first.allocation.starts_at
