"""A closure is one incident: told, corrected, ended with the state of the pool, in one transaction with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from itertools import permutations

import pytest
from sqlalchemy import select

from chassis.database import Database
from contracts.subscriptions import PoolClosed
from services.subscriptions.domain import topics
from services.subscriptions.storage.tables import AnnouncementRow, IncidentRow
from tests.subscriptions.said import NOON, NOW, POOL, after, closing, obey, reopening, subscriptions_at, told


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    async with subscriptions_at(database_url) as ready:
        yield ready


@dataclass(frozen=True, slots=True)
class Told:
    """One incident and what was announced of it, in order."""

    incident: IncidentRow
    announcements: list[AnnouncementRow]

    @property
    def kinds(self) -> list[str]:
        return [each.kind for each in self.announcements]


async def incidents(database: Database, pool: str = POOL) -> list[Told]:
    async with database.reading() as session:
        rows = await session.scalars(
            select(IncidentRow).where(IncidentRow.subject == f"pool:{pool}").order_by(IncidentRow.began_at)
        )
        found = list(rows)
        announced = list(await session.scalars(select(AnnouncementRow).order_by(AnnouncementRow.number)))
    return [Told(row, [each for each in announced if each.incident_id == row.incident_id]) for row in found]


async def test_a_closure_begins_an_incident_that_goes_out(database: Database) -> None:
    await obey(database, closing(NOON, until=after(120)))

    (only,) = await incidents(database)
    assert (only.incident.topics, only.incident.began_at) == ([topics.of_pool(POOL)], NOON)
    assert (only.incident.ended_at, only.incident.public) == (None, True)
    assert only.incident.facts == {
        "pool": POOL,
        "name": "Freibad Tangerhütte",
        "reason": "thunderstorm",
        "closed_at": NOON.isoformat(),
        "until": after(120).isoformat(),
        "reopened_at": None,
        "mistaken": False,
    }
    (alert,) = only.announcements
    assert (alert.kind, alert.urgency, alert.state) == ("alert", 0, "expanding")
    assert (alert.expires_at, alert.made_by, alert.made_at) == (after(120), "badkasse", NOW)
    assert set(alert.texts) == {"de", "en", "plain"}


async def test_a_corrected_reason_is_an_update_of_the_same_incident(database: Database) -> None:
    await obey(database, closing(NOON))
    await obey(database, closing(after(10), reason="water_quality"))
    await obey(database, closing(after(20), reason="water_quality"))

    (only,) = await incidents(database)
    assert only.kinds == ["alert", "update"]
    assert (only.incident.facts["reason"], only.incident.began_at) == ("water_quality", NOON)
    assert only.announcements[0].state == "superseded"


async def test_a_reopening_gives_the_all_clear_and_ends_it(database: Database) -> None:
    await obey(database, closing(NOON))
    await obey(database, reopening(after(45)))

    (only,) = await incidents(database)
    assert only.kinds == ["alert", "all_clear"]
    assert (only.incident.ended_at, only.incident.facts["reopened_at"]) == (after(45), after(45).isoformat())


async def test_a_mistake_is_corrected_and_ends_it(database: Database) -> None:
    await obey(database, closing(NOON))
    await obey(database, reopening(after(5), mistaken=True))

    (only,) = await incidents(database)
    assert only.kinds == ["alert", "correction"]
    assert (only.incident.ended_at, only.incident.facts["mistaken"]) == (after(5), True)


async def test_closing_again_is_another_incident(database: Database) -> None:
    for command in (closing(NOON), reopening(after(1)), closing(after(2))):
        await obey(database, command)

    assert [each.kinds for each in await incidents(database)] == [["alert", "all_clear"], ["alert"]]


async def test_what_changes_nothing_or_comes_too_late_is_told_to_nobody(database: Database) -> None:
    await obey(database, reopening(after(10)))
    await obey(database, closing(NOON))

    assert await incidents(database) == []


async def test_two_closures_at_the_same_instant_are_one_incident(database: Database) -> None:
    await asyncio.gather(*(obey(database, closing(NOON)) for _ in range(5)))

    (only,) = await incidents(database)
    assert only.kinds == ["alert"]


async def test_a_pool_of_which_the_town_says_nothing_is_told_of_too(database: Database) -> None:
    await obey(database, closing(NOON, pool="hallenbad"))

    (only,) = await incidents(database, "hallenbad")
    assert only.incident.facts["name"] == "hallenbad"
    assert only.announcements[0].expires_at == after(360)


async def test_state_events_and_incidents_agree_in_any_order_of_arrival(database: Database) -> None:
    for number, order in enumerate(permutations(range(4))):
        pool = f"bad-{number}"
        commands = [
            closing(NOON, pool=pool),
            reopening(after(10), pool=pool),
            closing(after(20), pool=pool, reason="staff"),
            reopening(after(30), pool=pool),
        ]
        for position in order:
            await obey(database, commands[position])

    events = await told(database)
    for number in range(24):
        mine = [event.data for event in events if event.subject == f"bad-{number}"]
        found = await incidents(database, f"bad-{number}")
        assert sum(len(each.announcements) for each in found) == len(mine)
        assert sum(isinstance(each, PoolClosed) for each in mine) == sum(
            each.kinds.count("alert") + each.kinds.count("update") for each in found
        )
        assert all(each.incident.ended_at is not None for each in found)
