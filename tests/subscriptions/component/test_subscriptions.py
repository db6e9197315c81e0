"""Subscriptions as a process: from the command on the bus to the event on the bus, and what the desk may ask."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from pathlib import Path
from time import monotonic
from uuid import uuid4

import httpx
import pytest

from chassis.clock import utc_now
from contracts.subscriptions import PoolClosed, PoolReopened
from tests.subscriptions.component.town import AS_PORTAL, Subscriptions
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


async def test_taps_before_and_after_a_kill_count_once_each(town: Subscriptions) -> None:
    await eventually(town.ready)
    closing_tap: dict[str, object] = {"tap_id": str(uuid4()), "reason": "storm", "seen_version": 0, "by": "kasse-1"}
    opening_tap: dict[str, object] = {"tap_id": str(uuid4()), "seen_version": 1, "by": "kasse-1"}

    closed = await tapped(town, "closures", closing_tap)
    assert town.child is not None
    town.child.kill()
    town.start()
    await eventually(town.ready)
    again = await tapped(town, "closures", closing_tap)
    opened = await tapped(town, "openings", opening_tap)
    late = await tapped(town, "closures", {**closing_tap, "tap_id": str(uuid4())})
    await eventually(lambda: has_told(town, 2))

    assert [each.status_code for each in (closed, again, opened, late)] == [200, 200, 200, 409]
    assert (again.json()["version"], opened.json()["state"]) == (1, "open")
    assert [type(each) for each in await town.told()] == [PoolClosed, PoolReopened]


async def tapped(town: Subscriptions, kind: str, body: dict[str, object]) -> httpx.Response:
    return await town.ask(f"/pools/{POOL}/{kind}", method="POST", headers=AS_PORTAL, body=body)


async def test_whoever_waits_for_a_change_does_not_hold_up_the_end(town: Subscriptions) -> None:
    await eventually(town.ready)

    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(town.ask("/changes?after=0&wait=30", headers=AS_PORTAL))
        await asyncio.sleep(0.3)
        started = monotonic()
        await asyncio.to_thread(town.stop)

    assert waiting.result().json() == {"change": 0}
    assert monotonic() - started < 5


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
    shown = [(each["state"], each["version"]) for each in await town.json("/pools") if each["pool"] in pools]
    assert shown == [("closed", 1)] * 40


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


async def test_a_stranger_sees_nothing(town: Subscriptions) -> None:
    await eventually(town.ready)

    stranger = {"authorization": "Bearer x"}
    paths = ("/pools", f"/pools/{POOL}", "/alerts", "/changes")
    answers = [await town.ask(path, headers=stranger) for path in paths]

    assert [each.status_code for each in answers] == [401] * len(paths)


async def test_only_the_portal_closes_pools(town: Subscriptions) -> None:
    await eventually(town.ready)

    answers = [await town.ask(f"/pools/{POOL}/{each}", method="POST") for each in ("closures", "openings", "water")]

    assert [each.status_code for each in answers] == [401] * 3


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
