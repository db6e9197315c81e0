"""Work that shares a transaction, and does not share its failures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import DependencyDown
from services.appointments.domain.refusal import TakenError
from services.appointments.storage.tables import UsedProofRow
from services.appointments.together import Together, Work
from tests.appointments.town import NOW, Town


class Shop:
    """Somebody who writes a row for each thing, and counts transactions."""

    def __init__(self, town: Town) -> None:
        self.database = town.desk.database
        self.together = Together()
        self.sessions: set[int] = set()

    def writes(self, name: str, *, fails: bool = False) -> Work:
        async def work(session: AsyncSession) -> None:
            self.sessions.add(id(session.sync_session))
            session.add(UsedProofRow(challenge=name, expires_at=NOW))
            await session.flush()
            if fails:
                raise ValueError(name)

        return work

    async def run(self, *errands: tuple[str, str, bool]) -> list[Any]:
        """The first has the turn while the others gather behind it."""
        calls = [
            self.together.run(self.database, self.writes(name, fails=fails), frozenset([thing]))
            for name, thing, fails in errands
        ]
        return await asyncio.gather(*calls, return_exceptions=True)

    async def written(self) -> set[str]:
        async with self.database.reading() as session:
            rows = await session.execute(UsedProofRow.__table__.select())
            return {row.challenge for row in rows}


@pytest.fixture
def shop(sqlite_town: Town) -> Shop:
    return Shop(sqlite_town)


async def test_those_who_wait_go_in_one_transaction(shop: Shop) -> None:
    outcomes = await shop.run(*((f"{each}", f"{each}", False) for each in range(20)))

    assert outcomes == [None] * 20
    assert len(await shop.written()) == 20
    assert len(shop.sessions) <= 2


async def test_of_two_who_want_the_same_the_second_has_lost(shop: Shop) -> None:
    outcomes = await shop.run(("first", "a", False), ("b", "b", False), ("c", "c", False), ("late", "c", False))

    assert [type(each) for each in outcomes] == [type(None), type(None), type(None), TakenError]
    assert await shop.written() == {"first", "b", "c"}


async def test_what_fails_fails_alone(shop: Shop) -> None:
    outcomes = await shop.run(("first", "a", False), ("b", "b", False), ("bad", "c", True), ("d", "d", False))

    assert [type(each) for each in outcomes] == [type(None), type(None), ValueError, type(None)]
    assert await shop.written() == {"first", "b", "d"}


async def test_when_the_winner_fails_the_second_is_not_told_that_it_has_lost(shop: Shop) -> None:
    outcomes = await shop.run(("first", "a", False), ("bad", "c", True), ("next", "c", False))

    assert [type(each) for each in outcomes] == [type(None), ValueError, type(None)]


async def test_an_outage_is_told_to_all_at_once(shop: Shop) -> None:
    tries: list[str] = []

    def down(name: str) -> Work:
        async def work(_session: AsyncSession) -> None:
            tries.append(name)
            raise DependencyDown("database")

        return work

    calls = [shop.together.run(shop.database, down(f"{each}"), frozenset([each])) for each in range(10)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)

    assert [type(each) for each in outcomes] == [DependencyDown] * 10
    assert len(set(map(id, outcomes))) == 10, "each has its own"
    assert len(tries) == 2


async def test_work_for_somebody_who_has_gone_is_told_as_lost(shop: Shop) -> None:
    lost: list[int] = []
    going = asyncio.Event()

    async def slow(session: AsyncSession) -> None:
        await shop.writes("slow")(session)
        going.set()
        await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        runs = [
            group.create_task(
                shop.together.run(
                    shop.database, each, frozenset([number]), lost=lambda number=number: lost.append(number)
                )
            )
            for number, each in enumerate((shop.writes("first"), slow, shop.writes("gone")))
        ]
        await going.wait()
        runs[2].cancel()

    assert lost == [2]
    assert await shop.written() == {"first", "slow", "gone"}


@pytest.mark.parametrize("which", [0, 1, 2])
async def test_whoever_goes_away_takes_nobody_along(shop: Shop, which: int) -> None:
    async with asyncio.TaskGroup() as group:
        start: Callable[[str], asyncio.Task[None]] = lambda name: group.create_task(  # noqa: E731 - of this group
            shop.together.run(shop.database, shop.writes(name), frozenset([name]))
        )
        tasks = [start(each) for each in ("0", "1", "2")]
        await asyncio.sleep(0)
        tasks[which].cancel()

    others = {f"{each}" for each in range(3) if each != which}
    assert others <= await shop.written()
