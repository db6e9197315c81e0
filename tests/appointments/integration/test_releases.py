"""The waiting room of a release: who gets a ticket, and what it lets through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from services.appointments.api import releases as api
from services.appointments.commands.move import move
from services.appointments.commands.offer import offer_freed
from services.appointments.commands.release import Place, RoomClosedError, count_pass, join, may_pass, place
from services.appointments.commands.reserve import reserve
from services.appointments.domain import tokens
from services.appointments.domain.booking import Booking
from services.appointments.domain.master_data import Release
from services.appointments.domain.refusal import LimitError, MissingError, NotOfferedError, TakenError
from services.appointments.domain.ticks import LOCAL
from tests.appointments.calling import calling
from tests.appointments.town import KEY, OFFICE, REGISTRY, Town, open_town
from tests.appointments.waiting_people import BERT, joined, offer_to, wanted

RELEASE = datetime(2026, 6, 1, 5, 30, tzinfo=UTC)
OPENS = RELEASE - timedelta(minutes=15)
DAY = date(2026, 7, 31)
AT_HALF_PAST_SEVEN = Release(time(7, 30), gather_minutes=15, queue_minutes=30, admitted_per_minute=60)


@pytest.fixture
async def any_room(town_url: str) -> AsyncGenerator[Town]:
    """On either database, where tickets compete."""
    async with open_town(town_url, at=OPENS, release=AT_HALF_PAST_SEVEN, holds_per_client=3) as ready:
        yield ready


@pytest.fixture
async def room(sqlite_url: str) -> AsyncGenerator[Town]:
    async with open_town(sqlite_url, at=OPENS, release=AT_HALF_PAST_SEVEN, holds_per_client=3) as ready:
        yield ready


async def a_ticket(room: Town, client: str = "192.0.2.1", token: str | None = None) -> str:
    return token_of(await join(OFFICE, client, room.desk, token=token))


def token_of(found: Place) -> str:
    return tokens.sign(KEY, "queue", found.ticket_id)


async def test_who_brings_a_ticket_keeps_it_and_its_place(room: Town) -> None:
    first = await a_ticket(room)

    again = await a_ticket(room, client="198.51.100.7", token=first)

    assert again == first


async def test_an_address_gets_so_many_tickets_and_no_more_even_at_once(any_room: Town) -> None:
    room = any_room
    tried = await asyncio.gather(*(a_ticket(room) for _ in range(12)), return_exceptions=True)

    given = [each for each in tried if isinstance(each, str)]
    refused = [each for each in tried if isinstance(each, LimitError)]
    assert len(set(given)) == len(given) == 3
    assert len(refused) == 9


async def test_the_room_is_closed_until_a_quarter_of_an_hour_before(room: Town) -> None:
    room.clock.at -= timedelta(seconds=1)

    with pytest.raises(RoomClosedError) as closed:
        await a_ticket(room)

    assert closed.value.opens_at == OPENS


async def test_an_office_without_release_has_no_room(room: Town) -> None:
    with pytest.raises(MissingError):
        await join(REGISTRY, "192.0.2.1", room.desk)
    with pytest.raises(MissingError):
        await place("no token", room.desk)


async def test_everybody_of_the_room_gets_a_turn_of_their_own_and_late_ones_come_last(any_room: Town) -> None:
    room = any_room
    early = [await a_ticket(room, client=f"192.0.2.{number}") for number in range(8)]
    room.clock.at = RELEASE
    waits = [(await place(each, room.desk)).turn.seconds_to_wait for each in early]

    room.clock.at = RELEASE + timedelta(seconds=3)
    late = await a_ticket(room, client="198.51.100.1")

    assert sorted(waits) == list(range(8))
    assert (await place(late, room.desk)).turn.seconds_to_wait == 5


async def test_only_whom_the_room_has_let_in_may_hold_a_time_of_the_new_day(any_room: Town) -> None:
    room = any_room
    tickets = [await a_ticket(room, client=f"192.0.2.{number}") for number in range(5)]
    room.clock.at = RELEASE + timedelta(seconds=2)

    passed = [await may_pass(OFFICE, DAY, each, room.desk) for each in tickets]

    assert sum(passed) == 3
    assert not await may_pass(OFFICE, DAY, None, room.desk)
    assert not await may_pass(OFFICE, DAY, "forged", room.desk)
    assert await may_pass(OFFICE, DAY - timedelta(days=1), None, room.desk)
    assert await may_pass(REGISTRY, DAY, None, room.desk)


async def test_a_ticket_of_yesterday_opens_nothing_today(room: Town) -> None:
    old = await a_ticket(room)
    room.clock.at = RELEASE + timedelta(days=1, seconds=30)

    assert not await may_pass(OFFICE, DAY + timedelta(days=1), old, room.desk)


async def test_before_the_release_nobody_passes_and_after_its_half_hour_everybody(room: Town) -> None:
    ticket = await a_ticket(room)

    room.clock.at = RELEASE - timedelta(seconds=1)
    before = await may_pass(OFFICE, DAY, ticket, room.desk)
    room.clock.at = RELEASE + timedelta(minutes=30)
    after = await may_pass(OFFICE, DAY, None, room.desk)

    assert not before
    assert after


async def test_a_ticket_is_good_for_three_holds_however_many_come_at_once(any_room: Town) -> None:
    room = any_room
    ticket = await a_ticket(room)
    room.clock.at = RELEASE

    async def hold() -> bool:
        async with room.desk.database.transaction() as session:
            return await count_pass(session, OFFICE, DAY, ticket, room.desk)

    counted = await asyncio.gather(*(hold() for _ in range(9)))

    assert sum(counted) == 3
    assert not await may_pass(OFFICE, DAY, ticket, room.desk)


async def test_a_turn_that_passed_is_over_and_one_may_queue_again(room: Town) -> None:
    ticket = await a_ticket(room)
    room.clock.at = RELEASE + timedelta(minutes=10)

    assert not await may_pass(OFFICE, DAY, ticket, room.desk)
    assert await a_ticket(room, token=ticket) != ticket


async def test_whoever_comes_ten_minutes_after_a_release_that_few_came_to_is_let_in(room: Town) -> None:
    await a_ticket(room)
    room.clock.at = RELEASE + timedelta(minutes=15)
    late = await a_ticket(room, client="198.51.100.1")

    assert await may_pass(OFFICE, DAY, late, room.desk)


async def test_nobody_waits_for_a_saturday(room: Town, tmp_path: Path) -> None:
    room.clock.at = OPENS + timedelta(days=1)

    async with calling(tmp_path, room.desk, api.routes) as portal:
        shown = (await portal.get(f"/releases/{OFFICE}")).json()
    with pytest.raises(RoomClosedError):
        await a_ticket(room)

    assert (shown["day"], shown["phase"]) == ("2026-08-03", "none"), "the Monday after"


async def test_nobody_gets_past_the_waiting_room_by_moving(room: Town) -> None:
    booked = await room.booked(datetime(2026, 7, 30, 7, tzinfo=UTC))
    room.clock.at = RELEASE
    to, seen = datetime.combine(DAY, time(9), tzinfo=LOCAL).astimezone(UTC), booked.version

    with pytest.raises(NotOfferedError, match="queue"):
        await move(booked.booking_id, None, to, room.desk, by="citizen", seen_version=seen, audience="public")
    moved = await move(booked.booking_id, None, to, room.desk, by="tresen-1", seen_version=seen, audience="staff")

    assert moved.allocation.starts_at == to


async def test_the_portal_sees_the_room_joins_it_and_asks_for_the_place(room: Town, tmp_path: Path) -> None:
    async with calling(tmp_path, room.desk, api.routes) as portal:
        shown = (await portal.get(f"/releases/{OFFICE}")).json()
        given = await portal.post(f"/releases/{OFFICE}/tickets", json={"client": "192.0.2.1"})
        waiting = (await portal.get(f"/release-tickets/{given.json()['token']}")).json()
        room.clock.at = RELEASE
        let_in = (await portal.get(f"/release-tickets/{given.json()['token']}")).json()

    assert shown == {
        "office": OFFICE,
        "day": "2026-07-31",
        "opens_at": "2026-06-01T05:15:00Z",
        "releases_at": "2026-06-01T05:30:00Z",
        "closes_at": "2026-06-01T06:00:00Z",
        "phase": "gathering",
        "gathered": 0,
    }
    assert given.status_code == 201
    assert (waiting["phase"], waiting["ahead"], waiting["seconds_to_wait"]) == ("gathering", None, 900)
    assert (let_in["phase"], let_in["admitted"]) == ("admitting", True)
    assert let_in["admitted_until"] == "2026-06-01T05:40:00Z"


async def test_the_portal_hears_why_there_is_no_ticket(room: Town, tmp_path: Path) -> None:
    room.clock.go_on(minutes=-1)
    async with calling(tmp_path, room.desk, api.routes) as portal:
        closed = await portal.post(f"/releases/{OFFICE}/tickets", json={"client": "192.0.2.1"})
        nowhere = await portal.get("/releases/nirgendwo")
        without = (await portal.get(f"/releases/{REGISTRY}")).json()

    assert closed.status_code == 422
    assert closed.json()["code"] == "room_closed"
    assert nowhere.status_code == 404
    assert without == {"office": REGISTRY, "day": None, "phase": "none"}


async def test_on_the_new_day_three_times_are_held_with_a_ticket_and_none_without(room: Town) -> None:
    ticket = await a_ticket(room)
    room.clock.at = RELEASE

    first = datetime.combine(DAY, time(9), tzinfo=LOCAL).astimezone(UTC)

    async def hold(number: int, queue: str | None) -> Booking:
        order = room.order(first + timedelta(minutes=20 * number))
        return await reserve(order, room.desk, proof=None, queue=queue)

    with pytest.raises(NotOfferedError, match="queue"):
        await hold(0, None)
    held = [await hold(number, ticket) for number in range(3)]
    with pytest.raises(NotOfferedError, match="queue"):
        await hold(3, ticket)

    assert [each.state for each in held] == ["held"] * 3


async def test_a_time_that_was_taken_costs_a_ticket_nothing(room: Town) -> None:
    ticket = await a_ticket(room)
    room.clock.at = RELEASE
    at = datetime.combine(DAY, time(9), tzinfo=LOCAL).astimezone(UTC)
    for _ in range(2):
        await room.held(at)

    for _ in range(5):
        with pytest.raises(TakenError):
            await reserve(room.order(at), room.desk, proof=None, queue=ticket)

    assert await may_pass(OFFICE, DAY, ticket, room.desk)


async def test_the_waiting_list_does_not_overtake_the_waiting_room(room: Town) -> None:
    waiting_id = await joined(room, BERT, wanted(DAY, DAY))
    room.clock.at = RELEASE + timedelta(minutes=29)
    while_queued = await offer_freed(room.desk)

    room.clock.go_on(minutes=1)
    afterwards = await offer_freed(room.desk)

    assert (while_queued, afterwards) == (0, 1)
    assert await offer_to(room, waiting_id) is not None
