"""Schedules on a real server: due at their time, replaced, taken away, and alive after a kill."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from chassis.clock import utc_now
from chassis.errors import DependencyDown
from chassis.schedules import Schedules
from contracts.appointments import ReminderDue
from contracts.base import CloudEvent, envelope
from contracts.topology import SCHEDULES
from tests.support.eventually import eventually
from tests.support.nats import Bus, Peer


def due(booking: UUID, version: int = 1) -> CloudEvent[ReminderDue]:
    data = ReminderDue(booking=booking, version=version)
    return envelope(data, source="//rathaus/test", aggregate=str(booking), sequence=version, time=utc_now())


async def fired(bus: Bus) -> list[tuple[UUID, int]]:
    """What the server has delivered, as booking and version."""
    found = [
        CloudEvent[ReminderDue].model_validate_json(body)
        for subject, _, body in await bus.messages(SCHEDULES)
        if subject == ReminderDue.subject
    ]
    return [(event.data.booking, event.data.version) for event in found]


async def until_fired(bus: Bus, booking: UUID) -> None:
    async def holds() -> bool:
        return any(each == booking for each, _ in await fired(bus))

    await eventually(holds, seconds=20)


async def schedules_of(bus: Bus) -> tuple[Peer, Schedules]:
    peer = await bus.peer("appointments")
    return peer, Schedules(peer.broker, identity="appointments", ack_seconds=1)


async def test_a_message_comes_at_its_time_and_no_earlier(bus: Bus) -> None:
    _, schedules = await schedules_of(bus)
    booking, at = uuid4(), utc_now() + timedelta(seconds=1)

    await schedules.schedule(str(booking), due(booking), at=at)

    before = await fired(bus), utc_now()
    await until_fired(bus, booking)
    assert before[0] == [] or before[1] >= at
    assert utc_now() >= at
    assert await fired(bus) == [(booking, 1)]


async def test_what_is_overdue_comes_at_once(bus: Bus) -> None:
    _, schedules = await schedules_of(bus)
    booking = uuid4()

    await schedules.schedule(str(booking), due(booking), at=utc_now() - timedelta(days=400))

    await until_fired(bus, booking)


async def test_the_same_key_again_replaces_and_a_cancelled_one_never_comes(bus: Bus) -> None:
    peer, schedules = await schedules_of(bus)
    moved, cancelled, last, soon = uuid4(), uuid4(), uuid4(), utc_now() + timedelta(seconds=2)

    await schedules.schedule(str(moved), due(moved), at=soon)
    await schedules.schedule(str(cancelled), due(cancelled), at=soon)
    await schedules.schedule(str(moved), due(moved, 2), at=soon + timedelta(seconds=0.3))
    await schedules.cancel(str(cancelled))
    await schedules.cancel(str(uuid4()))
    await schedules.schedule(str(last), due(last), at=soon + timedelta(seconds=0.6))

    await until_fired(bus, last)
    assert await fired(bus) == [(moved, 2), (last, 1)]
    assert "bus permissions" not in await peer.health.problems()


async def test_schedules_outlive_a_kill_of_the_server(own_bus: Bus) -> None:
    _, schedules = await schedules_of(own_bus)
    overdue, later, cancelled = uuid4(), uuid4(), uuid4()
    now = utc_now()
    await schedules.schedule(str(overdue), due(overdue), at=now + timedelta(seconds=0.5))
    await schedules.schedule(str(later), due(later), at=now + timedelta(seconds=4))
    await schedules.schedule(str(cancelled), due(cancelled), at=now + timedelta(seconds=2))
    await schedules.cancel(str(cancelled))

    own_bus.server.child.kill()
    with pytest.raises(DependencyDown):
        await schedules.schedule(str(later), due(later), at=now)
    own_bus.server.start()

    await until_fired(own_bus, later)
    assert [booking for booking, _ in await fired(own_bus)] == [overdue, later]
    assert utc_now() >= now + timedelta(seconds=4)
