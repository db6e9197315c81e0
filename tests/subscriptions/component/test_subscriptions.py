"""Subscriptions as a process: from the command on the bus to the event on the bus, and what the desk may ask."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from chassis.clock import utc_now
from contracts.subscriptions import PoolClosed, PoolReopened
from tests.subscriptions.component.town import Subscriptions
from tests.subscriptions.said import NOON, POOL, after, an_alert, closing, reopening
from tests.support.eventually import eventually
from tests.support.nats import Bus

ALERTS = "/alerts?at=2026-07-04T12:30:00Z"
DROP = "/durables/subscriptions-alerts/drop"


@pytest.fixture
def town(bus: Bus, tmp_path: Path) -> Generator[Subscriptions]:
    subscriptions = Subscriptions(bus, tmp_path)
    subscriptions.start()
    yield subscriptions
    subscriptions.stop()


async def test_a_pool_closes_and_opens_again_for_everybody(town: Subscriptions) -> None:
    await eventually(town.ready)
    first, second = closing(NOON), reopening(after(45))

    await town.hear(first)
    await eventually(lambda: has_told(town, 1))
    closed = await town.json(f"/pools/{POOL}")
    await town.hear(second)
    await eventually(lambda: has_told(town, 2))

    assert (closed["state"], closed["reason"]) == ("closed", "thunderstorm")
    assert await town.told() == [
        PoolClosed(pool=POOL, reason="thunderstorm", closed_at=NOON, reported_by="badkasse"),
        PoolReopened(pool=POOL, reopened_at=after(45), reported_by="badkasse"),
    ]
    assert [(each["pool"], each["state"]) for each in await town.json("/pools")] == [(POOL, "open")]
    assert (await town.json("/readyz"))["problems"] == {}


async def has_told(town: Subscriptions, number: int) -> bool:
    return len(await town.told()) >= number


async def test_a_kill_loses_no_command_and_tells_none_twice(town: Subscriptions) -> None:
    await eventually(town.ready)
    pools = [f"bad-{number}" for number in range(40)]

    await town.hear(*(closing(NOON, pool=pool) for pool in pools[:30]))
    assert town.child is not None
    town.child.kill()
    await town.hear(*(closing(NOON, pool=pool) for pool in pools[30:]))
    await town.bus.shorten_ack_wait("subscriptions-pools", seconds=1)
    town.start()
    await eventually(lambda: has_told(town, 40))

    assert sorted(each.pool for each in await town.told()) == sorted(pools)
    assert [(each["state"], each["version"]) for each in await town.json("/pools")] == [("closed", 1)] * 40


async def test_alerts_are_shown_while_they_are_valid(town: Subscriptions) -> None:
    await eventually(town.ready)
    now = utc_now()

    await town.hear(an_alert(), an_alert(valid_from=now, headline="Straße gesperrt"))
    await eventually(lambda: has_alerts(town, "/alerts", 1))
    await eventually(lambda: has_alerts(town, ALERTS, 1))

    assert [each["headline_de"] for each in await town.json("/alerts")] == ["Straße gesperrt"]
    assert [each["headline_de"] for each in await town.json(ALERTS)] == ["Wasser abgestellt"]


async def has_alerts(town: Subscriptions, path: str, number: int) -> bool:
    return len(await town.json(path)) == number


async def test_the_alerts_can_be_dropped_and_only_by_the_desk(town: Subscriptions) -> None:
    await eventually(town.ready)
    await town.hear(an_alert())
    await eventually(lambda: has_alerts(town, ALERTS, 1))

    stranger = await town.ask(DROP, method="POST", headers={})
    pools = await town.ask("/durables/subscriptions-pools/drop", method="POST")
    kept = await town.json(ALERTS)
    dropped = await town.ask(DROP, method="POST")

    assert (stranger.status_code, pools.status_code, len(kept)) == (401, 404, 1)
    assert dropped.is_success
    assert await town.json(ALERTS) == []


@pytest.mark.parametrize("path", ["/pools", f"/pools/{POOL}", "/alerts"])
async def test_a_stranger_sees_nothing(town: Subscriptions, path: str) -> None:
    await eventually(town.ready)

    assert (await town.ask(path, headers={"authorization": "Bearer x"})).status_code == 401


async def test_what_is_not_there_or_not_readable_is_said_in_german(town: Subscriptions) -> None:
    await eventually(town.ready)

    unknown = await town.ask("/pools/hallenbad")
    unreadable = [
        await town.ask(f"/alerts?at={at}") for at in ("gestern", "2026-07-04T12:00:00", "0001-01-01T00:00%2B14:00")
    ]

    assert (unknown.status_code, unknown.json()["title"]) == (404, "Von diesem Bad ist nichts bekannt.")
    assert {(each.status_code, each.json()["title"]) for each in unreadable} == {
        (422, "Dieser Zeitpunkt ist nicht lesbar.")
    }
