"""What the database gives up for somebody else is done again: whole, and told once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from services.appointments.commands.confirm import confirm_within
from services.appointments.commands.move import move
from services.appointments.commands.transact import transact
from services.appointments.domain.booking import Booking
from services.appointments.domain.refusal import TakenError
from services.appointments.storage import bookings, history
from services.appointments.storage.conflicts import TRIES, retried
from tests.appointments.town import ANNA, NINE, Town, local

BOOKED = "events.appointments.appointment_booked.v1"


class Victim(Exception):  # noqa: N818 - what the driver says of it
    """Serialization failure."""

    sqlstate = "40001"


def given_up() -> DBAPIError:
    return DBAPIError("COMMIT", None, Victim())


async def test_a_confirmation_that_was_given_up_is_done_again_and_told_once(town: Town) -> None:
    held = await town.held()
    tries: list[int] = []

    async def work(session: AsyncSession) -> Booking:
        booking = await confirm_within(session, held.booking_id, ANNA, town.desk, proven=True)
        tries.append(booking.version)
        if len(tries) < TRIES:
            raise given_up()
        return booking

    booked = await transact(town.desk, work)

    assert tries == [2] * TRIES
    assert booked == await town.found(held.booking_id)
    assert (await town.events(), len(await town.mails())) == ([BOOKED], 1)
    async with town.desk.database.reading() as session:
        assert [each.what for each in await history.of_booking(session, held.booking_id)] == ["booked"]


async def test_what_is_given_up_again_and_again_is_an_error_and_nothing_is_done(town: Town) -> None:
    held = await town.held()

    async def work(session: AsyncSession) -> None:
        await confirm_within(session, held.booking_id, ANNA, town.desk, proven=True)
        raise given_up()

    with pytest.raises(DBAPIError):
        await transact(town.desk, work)

    assert await town.found(held.booking_id) == held
    assert (await town.events(), await town.mails()) == ([], [])


class Slow(Database):
    """Whoever begins to write is overtaken by somebody else, once."""

    def __init__(self, url: str, quicker: Callable[[], Awaitable[object]]) -> None:
        super().__init__(url)
        self._quicker = [quicker]

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        while self._quicker:
            await self._quicker.pop()()
        async with super().transaction() as session:
            yield session


async def test_a_move_that_is_overtaken_at_the_last_moment_changes_nothing(town: Town) -> None:
    booking = await town.booked()
    ten = local("2026-12-01 10:00")

    async def taken() -> None:
        for _ in range(2):
            await town.booked(ten)

    slow = Slow(town.desk.database.url, taken)
    desk = replace(town.desk, database=slow)
    with pytest.raises(TakenError):
        await move(booking.booking_id, None, ten, desk, by="citizen", seen_version=booking.version, audience="public")
    await slow.close()

    theirs = [each for each in await town.claims() if each.booking_id == booking.booking_id]
    assert {(each.tick, each.kind) for each in theirs} == {(each, "booked") for each in booking.allocation.claimed}
    assert await town.found(booking.booking_id) == booking


async def test_two_who_wait_for_each_other_both_come_to_an_end(town: Town) -> None:
    """On PostgreSQL a real deadlock; SQLite has one writer."""
    both = [(await town.held(each)).booking_id for each in (NINE, local("2026-12-01 10:00"))]
    met = asyncio.Event()

    async def cross(order: list[int]) -> None:
        async def work(session: AsyncSession) -> None:
            await bookings.locked(session, both[order[0]])
            if order[0]:
                met.set()
            elif not town.desk.database.is_sqlite:
                await asyncio.wait_for(met.wait(), 20)
            await bookings.change(session, await bookings.locked(session, both[order[1]]))

        await retried(town.desk.database, work)

    await asyncio.gather(cross([0, 1]), cross([1, 0]))

    assert [(await town.found(each)).version for each in both] == [2, 2]
