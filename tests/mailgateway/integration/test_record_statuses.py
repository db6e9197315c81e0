"""What the provider says is recorded once, forwards only, whoever heard it first, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from chassis.database import Database
from chassis.metrics import REGISTRY
from chassis.tables import ChassisBase, OutboxRow
from services.mailgateway.commands.collect_letter import collect_letter
from services.mailgateway.commands.record_statuses import record_statuses, record_wave
from services.mailgateway.domain.batching import batch_id
from services.mailgateway.domain.letters import reference_of
from services.mailgateway.domain.provider_status import ProviderStatus, Stage
from services.mailgateway.storage import letters
from services.mailgateway.storage.tables import Base, LetterRow
from tests.support.events import NOW, TOWN, a_delivery_routed

POSTED_AT = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
WAVE = batch_id(TOWN, "umlage", 2026, duplex=True, colour=False, test=False)


@pytest.fixture
async def gateway(database_url: str) -> AsyncGenerator[Database]:
    database = Database(database_url)
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.run_sync(ChassisBase.metadata.create_all)
        await connection.run_sync(Base.metadata.create_all)
    yield database
    await database.close()


async def a_waiting_letter(database: Database, *, channel: str = "paper") -> UUID:
    event = a_delivery_routed()
    routed = event.model_copy(update={"data": event.data.model_copy(update={"channel": channel})})
    await collect_letter(routed, database=database, town=TOWN, test=False, now=lambda: NOW)
    return routed.data.letter_id


def status(letter: UUID, stage: Stage, *, number: int = 100) -> ProviderStatus:
    posted_at = POSTED_AT if stage == "posted" else None
    return ProviderStatus(number, reference_of(letter, 1), letter, 1, stage, posted_at=posted_at)


async def hear(database: Database, *statuses: ProviderStatus) -> None:
    await record_statuses(statuses, database=database, town=TOWN, now=lambda: NOW)


async def state_of(database: Database, letter: UUID) -> tuple[str, datetime | None]:
    async with database.reading() as session:
        row = await session.get(LetterRow, letter)
    assert row is not None
    return row.state, row.posted_at


async def told(database: Database) -> list[str]:
    async with database.reading() as session:
        subjects = await session.scalars(select(OutboxRow.subject).order_by(OutboxRow.position))
        return [subject.split(".")[2] for subject in subjects]


async def test_a_step_heard_by_several_at_once_is_told_once(gateway: Database) -> None:
    letter = await a_waiting_letter(gateway)

    await asyncio.gather(*(hear(gateway, status(letter, "accepted")) for _ in range(8)))
    await asyncio.gather(*(hear(gateway, status(letter, "posted")) for _ in range(8)))

    assert await told(gateway) == ["letters_dispatched", "letter_posted"]


async def test_an_older_word_never_undoes_a_newer_one(gateway: Database) -> None:
    stages: list[Stage] = ["accepted", "checked", "printing", "posted"]
    for _ in range(5):
        letter = await a_waiting_letter(gateway)

        await asyncio.gather(*(hear(gateway, status(letter, stage)) for stage in stages))

        assert await state_of(gateway, letter) == ("posted", POSTED_AT)
    assert (await told(gateway)).count("letter_posted") == 5
    assert (await told(gateway)).count("letters_dispatched") == 5


async def test_a_wave_of_any_size_is_recorded(gateway: Database) -> None:
    letter = await a_waiting_letter(gateway)
    strangers = [status(uuid4(), "posted", number=number) for number in range(1_000, 35_000)]

    found = await record_wave(
        WAVE, [*strangers, status(letter, "posted")], database=gateway, town=TOWN, now=lambda: NOW
    )

    assert found == {letter}
    assert (await state_of(gateway, letter))[0] == "posted"


async def test_a_letter_that_lives_twice_is_an_alarm_until_its_wave_is_asked_again(gateway: Database) -> None:
    letter, other = await a_waiting_letter(gateway), await a_waiting_letter(gateway)
    both = [status(letter, "checked", number=100), status(letter, "checked", number=101)]

    await record_wave(WAVE, both, database=gateway, town=TOWN, now=lambda: NOW)
    await hear(gateway, status(other, "checked", number=102))

    assert _posted_twice() == 1
    await record_wave(WAVE, both[:1], database=gateway, town=TOWN, now=lambda: NOW)
    assert _posted_twice() == 0


async def test_numbers_of_events_go_on_after_a_restored_database(gateway: Database) -> None:
    await a_waiting_letter(gateway)

    async with gateway.transaction() as session:
        numbers = [await letters.next_sequence(session, WAVE, now=NOW + timedelta(seconds=each)) for each in (0, 0, 9)]

    start = int(NOW.timestamp())
    assert numbers == [start, start + 1, start + 9]
    assert letters.following(start + 5, NOW) == start + 6


async def test_a_notice_for_the_mailbox_is_no_letter(gateway: Database) -> None:
    letter = await a_waiting_letter(gateway, channel="mailbox")

    async with gateway.reading() as session:
        assert await session.get(LetterRow, letter) is None


def _posted_twice() -> float | None:
    return REGISTRY.get_sample_value("rathaus_letters_posted_twice", {"batch": str(WAVE)})
