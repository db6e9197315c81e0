"""The inbox: one effect, however often and however simultaneously an event is delivered."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from chassis.database import Database
from chassis.inbox import FailureLedger, first_delivery, prune
from chassis.tables import InboxClaim
from tests.support.events import a_notice_generated
from tests.support.toy.effects import effect_of, effects


async def test_twelve_concurrent_deliveries_have_one_effect(database: Database) -> None:
    event = a_notice_generated()

    outcomes = await asyncio.gather(*(effect_of(database, event) for _ in range(12)))

    assert sorted(outcomes) == [False] * 11 + [True]
    assert await effects(database) == 1


async def test_two_durables_each_have_their_effect(database: Database) -> None:
    event = a_notice_generated()

    async with database.transaction() as session:
        outcomes = [await first_delivery(session, durable, event) for durable in ("one", "two", "one")]

    assert outcomes == [True, True, False]


async def test_a_claim_is_given_back_when_the_effect_fails(database: Database) -> None:
    event = a_notice_generated()

    async def fail_after_claim() -> None:
        async with database.transaction() as session:
            await first_delivery(session, "one", event)
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await fail_after_claim()

    async with database.transaction() as session:
        assert await first_delivery(session, "one", event)


async def test_failures_are_counted_per_event_and_outlive_the_process(database: Database) -> None:
    first = await FailureLedger(database).add("one", "a" * 64, "KeyError")

    counted = [await FailureLedger(database).add("one", key * 64, "KeyError") for key in ("a", "b", "a")]

    assert [each.failures for each in counted] == [2, 1, 3]
    assert [each.first_at == first.first_at for each in counted] == [True, False, True]


async def test_old_claims_are_forgotten_and_young_ones_kept(database: Database) -> None:
    await effect_of(database, a_notice_generated())

    await prune(database, age=timedelta(days=1))
    kept = await claims(database)
    await prune(database, age=timedelta(days=-1))

    assert (kept, await claims(database)) == (1, 0)


async def claims(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count(InboxClaim.event_key))) or 0
