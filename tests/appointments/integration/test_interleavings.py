"""Whatever happens at once, on whichever replica: one visit a counter, every appointment whole and where it was told.

Random orders of holds, confirmations, cancellations, moves, restorations and expiries; each failure names its seed.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from uuid import UUID, uuid5

import pytest
from sqlalchemy import select

from chassis.tables import OutboxRow
from services.appointments.commands.cancel import cancel
from services.appointments.commands.confirm import confirm, confirm_by_link
from services.appointments.commands.hold import hold
from services.appointments.commands.move import move
from services.appointments.commands.restore import restore
from services.appointments.commands.settle import settle
from services.appointments.desk import Desk
from services.appointments.domain.booking import STANDING, Booking, Item, Person, Wish
from services.appointments.domain.refusal import HoldExpiredError, StaleError, TakenError
from services.appointments.planner import Planner
from services.appointments.storage.booking_rows import booking_of
from services.appointments.storage.tables import BookingChangeRow, BookingRow
from services.appointments.together import Together
from tests.appointments.town import NINE, OFFICE, PASSPORT, Town, open_town

REFUSED = (TakenError, StaleError, HoldExpiredError)
ROUNDS, AT_ONCE = 60, 8
STARTS = [NINE + timedelta(minutes=each) for each in (0, 5, 10, 20, 25, 40, 60, 65, 90)]
WISHES = [PASSPORT, Wish(OFFICE, (Item("abholung"),)), Wish(OFFICE, (Item("reisepass", 2),))]


@pytest.fixture
async def busy_town(town_url: str) -> AsyncGenerator[Town]:
    async with open_town(town_url, most_per_email=10_000) as ready:
        yield ready


@dataclass
class Play:
    """A crowd, and what it was told."""

    town: Town
    chance: Random
    replicas: list[Desk]
    told: dict[UUID, Booking] = field(default_factory=dict[UUID, Booking])
    """The newest version that somebody has seen."""
    done: Counter[str] = field(default_factory=Counter[str])
    seen: dict[str, int] = field(default_factory=dict[str, int])
    """Whoever changed something looked at this version of it; everybody has a name of their own."""

    async def go(self) -> None:
        for _ in range(ROUNDS):
            await asyncio.gather(*(self.act() for _ in range(AT_ONCE)))
            if self.chance.random() < 0.5:
                self.town.clock.go_on(minutes=self.chance.choice((4, 9, 16)))
            await self.check()
        await self.check_told()

    async def act(self) -> None:
        acts = [self.hold, self.hold, self.confirm, self.confirm, self.by_link, self.cancel, self.move, self.move]
        act = self.chance.choice(
            [*acts, self.move, self.settle, self.by_link, self.restore, self.restore, self.change_time]
        )
        try:
            seen = await act(self.chance.choice(self.replicas))
        except REFUSED as error:
            self.done[type(error).__name__] += 1
        else:
            self.done[act.__name__] += seen is not None
            if seen is not None:
                self.see(seen)

    def see(self, booking: Booking) -> None:
        known = self.told.get(booking.booking_id)
        if known is None or known.version < booking.version:
            self.told[booking.booking_id] = booking
        elif known.version == booking.version:
            assert (known.state, known.allocation) == (booking.state, booking.allocation)

    def looking_at(self, booking: Booking) -> tuple[str, int]:
        """Name somebody who looks at a booking as it is, or on a page that is not the newest."""
        by, seen = f"tresen-{len(self.seen)}", booking.version - self.chance.choice((0, 0, 0, 1))
        self.seen[by] = seen
        return by, seen

    def someone(self, *states: str) -> Booking | None:
        found = [each for each in self.told.values() if each.state in states]
        return self.chance.choice(found) if found else None

    async def hold(self, desk: Desk) -> Booking | None:
        return await hold(self.town.order(self.chance.choice(STARTS), self.chance.choice(WISHES)), desk)

    async def confirm(self, desk: Desk) -> Booking | None:
        held = self.someone("held")
        person = Person("Probe", "probe@example.org")
        proven = self.chance.random() < 0.7
        return held and await confirm(held.booking_id, person, desk, proven=proven)

    async def by_link(self, desk: Desk) -> Booking | None:
        waiting = self.someone("unconfirmed")
        return waiting and await confirm_by_link(waiting.booking_id, desk)

    async def cancel(self, desk: Desk) -> Booking | None:
        some = self.someone("held", "unconfirmed", "booked")
        if some is None:
            return None
        by, seen = self.looking_at(some) if self.chance.random() < 0.7 else ("citizen", None)
        return await cancel(some.booking_id, desk, by=by, seen_version=seen)

    async def restore(self, desk: Desk) -> Booking | None:
        gone = self.someone("cancelled")
        if gone is None:
            return None
        by, seen = self.looking_at(gone)
        return await restore(gone.booking_id, desk, by=by, seen_version=seen)

    async def change_time(self, desk: Desk) -> Booking | None:
        held = self.someone("held")
        if held is None:
            return None
        wish = Wish(OFFICE, held.items)
        fresh = await hold(self.town.order(self.chance.choice(STARTS), wish, replaces=held.booking_id), desk)
        self.see(await self.town.found(held.booking_id))
        return fresh

    async def move(self, desk: Desk) -> Booking | None:
        booked = self.someone("booked")
        if booked is None:
            return None
        start, audience = self.chance.choice(STARTS), self.chance.choice(("public", "staff"))
        by, seen = self.looking_at(booked)
        return await move(booked.booking_id, None, start, desk, by=by, seen_version=seen, audience=audience)

    async def settle(self, desk: Desk) -> Booking | None:
        some = self.someone(*STANDING)
        return some and await settle(some.booking_id, self.chance.choice(("arrived", "booked")), desk, by="halle")

    async def check(self) -> None:
        claims = await self.town.claims()
        async with self.town.desk.database.reading() as session:
            rows = [booking_of(each) for each in await session.scalars(select(BookingRow))]
        owned: dict[tuple[str, UUID], set[tuple[str, int]]] = {}
        for each in claims:
            owned.setdefault((each.kind, each.booking_id), set()).add((each.resource, each.tick))
        standing = {each.booking_id: ticks_of(each) for each in rows if each.state in STANDING}
        now = self.town.clock()
        live = {
            each.booking_id: ticks_of(each) for each in rows if each.expires_at is not None and each.expires_at > now
        }
        assert {booking: ticks for (kind, booking), ticks in owned.items() if kind == "booked"} == standing
        assert {each: owned.get(("hold", each)) for each in live} == live
        assert max(Counter(one for each in standing.values() for one in each).values(), default=1) == 1
        assert {each.booking_id: (each.state, each.allocation, each.version) for each in rows} == {
            each.booking_id: (each.state, each.allocation, each.version) for each in self.told.values()
        }

    async def check_told(self) -> None:
        """Each change is in the history once, follows what its author saw, and everybody has heard of it once."""
        async with self.town.desk.database.reading() as session:
            rows = await session.scalars(select(BookingChangeRow).order_by(BookingChangeRow.change_id))
            heard = await session.execute(select(OutboxRow.subject, OutboxRow.body).order_by(OutboxRow.position))
        changes: dict[UUID, list[BookingChangeRow]] = {}
        for each in rows:
            changes.setdefault(each.booking_id, []).append(each)
        events: dict[str, list[tuple[str, int]]] = {}
        for subject, body in heard:
            told = json.loads(body)
            events.setdefault(told["data"]["booking"], []).append((subject, int(told["sequence"])))
        letters: set[UUID] = set()
        for booking_id, steps in changes.items():
            assert self.told[booking_id].version == 1 + len(steps)
            known = {version: each.what for version, each in enumerate(steps, 2)}
            # Of what was never booked nobody hears that it is cancelled.
            loud = {version: what for version, what in known.items() if what in EVENTS and "booked" in known.values()}
            assert events.pop(str(booking_id), []) == [(EVENTS[what], version) for version, what in loud.items()]
            asked = {version: what for version, what in known.items() if what == "confirm"}
            letters |= {uuid5(booking_id, f"{version}|{what}") for version, what in (loud | asked).items()}
            for version, each in enumerate(steps, 2):
                assert self.seen.get(each.by, version - 1) == version - 1, f"{each.what}: that is not what was seen"
        assert events == {}
        assert {each.mail_id for each in await self.town.mails()} == letters


EVENTS = {
    what: f"events.appointments.appointment_{called}.v1"
    for what, called in (("booked", "booked"), ("restored", "booked"), ("moved", "moved"), ("cancelled", "cancelled"))
}
"""What a change in the history is called on the bus."""


def ticks_of(booking: Booking) -> set[tuple[str, int]]:
    where = booking.allocation
    return {(resource, tick) for resource in where.resources for tick in where.claimed}


@pytest.mark.parametrize("seed", range(3))
async def test_no_order_of_events_books_twice_or_loses_an_appointment(busy_town: Town, seed: int) -> None:
    desk = busy_town.desk
    planner = Planner(desk.database, desk.master, replica_seconds=desk.settings.replica_seconds)
    other = replace(desk, planner=planner, together=Together())
    play = Play(busy_town, Random(seed), [desk, other])  # noqa: S311 - a failure is to come again

    await play.go()

    wanted = ("hold", "confirm", "by_link", "cancel", "restore", "change_time", "move", "settle")
    assert [each for each in (*wanted, "StaleError", "TakenError") if not play.done[each]] == []
