"""One upload at a time, begun as soon as it is intended and ended in good time, whatever else is going on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest

from services.mailgateway.domain.letter_state import LetterState
from services.mailgateway.domain.letters import Accepted, Letter
from services.mailgateway.domain.provider_status import ProviderStatus
from services.mailgateway.gateways.epost import EpostProvider
from services.mailgateway.gateways.provider import Health
from services.mailgateway.storage.letters import declare_intent, note, note_call, undo_intent, waiting
from tests.mailgateway.component.town import SETTLED, Gateway, Town, sqlite
from tests.support.postgres import Postgres

AN_HOUR = timedelta(hours=1)


@dataclass
class Slow:
    """A provider whose uploads take their time, and whose turn somebody else may hold."""

    real: EpostProvider
    seconds: float = 0.0
    free: asyncio.Event = field(default_factory=asyncio.Event)
    running: int = 0
    most: int = 0

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        async with self.real.uploading():
            await self.free.wait()
            yield

    def uploading(self) -> AbstractAsyncContextManager[None]:
        return self._turn()

    async def submit(self, letters: Sequence[Letter], *, batch_id: int, test: bool) -> tuple[Accepted, ...]:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(self.seconds)
            return await self.real.submit(letters, batch_id=batch_id, test=test)
        finally:
            self.running -= 1

    async def batch_status(self, batch_id: int) -> tuple[ProviderStatus, ...]:
        return await self.real.batch_status(batch_id)

    async def find(self, letter_id: UUID, attempt: int) -> tuple[ProviderStatus, ...]:
        return await self.real.find(letter_id, attempt)

    async def health(self) -> Health:
        return await self.real.health()


@pytest.fixture
async def slow(town: Town) -> AsyncGenerator[Slow]:
    async with town.provider.provider() as real:
        yield Slow(real)


@pytest.fixture
async def gateway(town: Town, slow: Slow) -> AsyncGenerator[Gateway]:
    async with town.gateway(sqlite(town.folder), provider=slow) as running:
        yield running


async def ready_to_be_sent_again(town: Town, gateway: Gateway) -> None:
    await town.provider.fault("drop_before")
    await town.routed(1, gateway=gateway)
    await gateway.send()
    await town.pass_time(SETTLED)
    for _ in range(2):
        await gateway.schedule.doubt()
    assert await gateway.states() == {"intent": 1}


async def test_nothing_is_intended_before_the_upload_may_begin(town: Town, gateway: Gateway, slow: Slow) -> None:
    await town.routed(1, 2, gateway=gateway)

    async with asyncio.TaskGroup() as group:
        group.create_task(gateway.send())
        await asyncio.sleep(1)
        while_waiting = await gateway.states()
        slow.free.set()

    assert while_waiting == {"waiting": 2}
    assert await gateway.states() == {"submitted": 2}


async def test_letters_sent_and_letters_sent_again_take_turns(town: Town, gateway: Gateway, slow: Slow) -> None:
    slow.free.set()
    await ready_to_be_sent_again(town, gateway)
    await town.routed(2, gateway=gateway, year=2025)
    slow.seconds = 0.3

    await asyncio.gather(gateway.send(), gateway.schedule.doubt())

    assert await gateway.states() == {"submitted": 2}
    assert slow.most == 1


async def test_a_call_that_does_not_end_is_broken_off_and_in_doubt(town: Town, gateway: Gateway, slow: Slow) -> None:
    slow.free.set()
    slow.seconds = 3_600
    await town.routed(1, gateway=gateway)

    async with asyncio.timeout(10):
        await gateway.send()

    row = await gateway.letter(1)
    assert (row.state, row.call_ended_at is not None) == ("intent", True)
    slow.seconds = 0
    await town.pass_time(SETTLED)
    await gateway.until_all("posted", letters=1)
    await town.assert_each_lives_once(1)


async def test_a_turn_that_comes_after_the_failsafes_window_is_let_go(town: Town, gateway: Gateway, slow: Slow) -> None:
    slow.free.set()
    await ready_to_be_sent_again(town, gateway)
    before = await gateway.letter(1)
    slow.free.clear()

    async with asyncio.TaskGroup() as group:
        group.create_task(gateway.schedule.doubt())
        await asyncio.sleep(0.5)
        await town.pass_time(AN_HOUR)
        slow.free.set()

    after = await gateway.letter(1)
    assert (after.state, after.last_intent_at) == ("intent", before.last_intent_at)
    assert (await town.provider.summary())["received"] == 0


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_of_two_who_would_send_the_same_letter_again_one_does(town: Town, postgres: Postgres, kind: str) -> None:
    url = sqlite(town.folder) if kind == "sqlite" else postgres.new_database()
    async with town.gateway(url) as gateway:
        database = gateway.post.database
        await town.routed(1, 2, gateway=gateway)
        wave = (await gateway.letter(1)).batch_id
        first, second, third = (town.timepiece.now() + timedelta(seconds=each) for each in range(3))
        async with database.transaction() as session:
            rows = await waiting(session, wave, most=50, now=third)
            await declare_intent(session, rows, of=LetterState.WAITING, now=first)
        in_doubt = [await gateway.letter(number) for number in (1, 2)]

        async with database.transaction() as session:
            ours = await declare_intent(session, in_doubt, of=LetterState.INTENT, now=second)
        async with database.transaction() as session:
            theirs = await declare_intent(session, in_doubt, of=LetterState.INTENT, now=third)

        assert (len(ours), theirs) == (2, set())


async def test_the_end_of_a_call_touches_no_letter_that_is_intended_anew(town: Town, gateway: Gateway) -> None:
    database = gateway.post.database
    await town.routed(1, 2, 3, gateway=gateway)
    rows = [await gateway.letter(number) for number in (1, 2, 3)]
    ids = [row.letter_id for row in rows]
    first, second, third = (town.timepiece.now() + timedelta(seconds=each) for each in range(3))
    async with database.transaction() as session:
        await declare_intent(session, rows, of=LetterState.WAITING, now=first)
        await note(session, [ids[0]], of=LetterState.INTENT, last_intent_at=second)
        await note(session, [ids[1]], of=LetterState.INTENT, state=LetterState.UNCLEAR)

    async with database.transaction() as session:
        await undo_intent(session, ids, since=first, alone=False)
        await note_call(session, ids, since=first, call_ended_at=third)

    anew, moved_on, given_back = [await gateway.letter(number) for number in (1, 2, 3)]
    assert (anew.state, anew.first_intent_at, anew.last_intent_at, anew.call_ended_at) == (
        "intent",
        first,
        second,
        None,
    )
    assert (moved_on.state, moved_on.first_intent_at, moved_on.call_ended_at) == ("unclear", first, None)
    assert (given_back.state, given_back.first_intent_at, given_back.last_intent_at) == ("waiting", None, None)
