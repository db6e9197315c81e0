"""Everybody tries more than a hundred subjects that they may not use: all refused, all noticed."""

from __future__ import annotations

import pytest
from nats.aio.client import Client
from nats.aio.subscription import Subscription
from structlog.testing import capture_logs

from chassis.bus import jetstream
from chassis.health import REFUSALS_REMEMBERED, Health
from chassis.metrics import REGISTRY
from contracts.topology import DURABLES, IDENTITIES, PUBLISHERS
from tests.support import forbidden
from tests.support.eventually import eventually
from tests.support.nats import Bus, listen

AT_LEAST = 100
REFUSED = "permissions violation"


def counted() -> float:
    return REGISTRY.get_sample_value("rathaus_bus_permission_violations_total") or 0


async def try_all(client: Client, to_publish: list[str], to_hear: list[str]) -> list[Subscription]:
    for subject in to_publish:
        await client.publish(subject, b"{}")
    subscriptions = [await listen(client, subject) for subject in to_hear]
    await client.flush()
    return subscriptions


async def say_everything(bus: Bus) -> None:
    """Let everybody say what they may, for whoever listens."""
    for message, senders in PUBLISHERS.items():
        for identity in senders:
            peer = await bus.peer(identity)
            await peer.stream.publish(message.subject.replace("{system}", "baederamt"), b"{}")
    caretaker = (await bus.caretaker()).stream
    for each in DURABLES:
        await caretaker.publish(f"dlq.{each.name}.x", b"{}")
        await caretaker.publish(f"redeliver.{each.name}.x", b"{}")
    office = await bus.foreign("stadtkasse")
    await jetstream(office).publish("intake.stadtkasse.events", b"{}")


def heard(subscriptions: list[Subscription]) -> list[str]:
    return [each.subject for each in subscriptions if each.pending_msgs]


@pytest.mark.parametrize("identity", IDENTITIES)
async def test_a_hundred_forbidden_subjects_are_refused_and_each_is_noticed(bus: Bus, identity: str) -> None:
    to_publish, to_hear = forbidden.to_publish(identity), forbidden.to_hear(identity)
    everything = len(to_publish) + len(to_hear)
    peer = await bus.peer(identity)
    before, shape = counted(), await bus.shape()

    with capture_logs() as said:
        subscriptions = await try_all(peer.client, to_publish, to_hear)
        await eventually(lambda: all_counted(before + everything))
    after = await bus.shape()
    await say_everything(bus)
    await peer.client.flush()

    assert min(len(to_publish), len(to_hear)) >= AT_LEAST
    logged = [line["detail"] for line in said if line["event"] == "bus.forbidden"]
    assert sorted(quoted(logged)) == sorted(subject.lower() for subject in (*to_publish, *to_hear))
    assert f"refusals: {everything}" in (await peer.health.problems())["bus permissions"]
    assert all(peer.health.forbids(subject) for subject in (*to_publish, *to_hear))
    assert (after, heard(subscriptions)) == (shape, [])


async def all_counted(number: float) -> bool:
    return counted() == number


def quoted(details: list[str]) -> list[str]:
    return [detail.split('"')[1] for detail in details]


async def test_a_foreign_system_is_refused_a_hundred_subjects_and_told_of_each(bus: Bus) -> None:
    to_publish = forbidden.to_publish_from_outside("baederamt")
    to_hear = forbidden.to_hear_from_outside("baederamt")
    told: list[str] = []
    office = await bus.foreign("baederamt", errors=told)
    shape = await bus.shape()

    subscriptions = await try_all(office, to_publish, to_hear)
    await eventually(lambda: as_many(told, len(to_publish) + len(to_hear)))
    after = await bus.shape()
    await say_everything(bus)
    await office.flush()

    assert min(len(to_publish), len(to_hear)) >= AT_LEAST
    assert sorted(quoted(told)) == sorted(subject.lower() for subject in (*to_publish, *to_hear))
    assert (after, heard(subscriptions)) == (shape, [])


async def as_many(told: list[str], number: int) -> bool:
    return len([each for each in told if REFUSED in each]) == number


async def test_the_town_sees_in_the_server_log_which_system_tried_what(bus: Bus) -> None:
    office = await bus.foreign("baederamt")

    await office.publish("intake.stadtkasse.events", b"{}")
    await office.flush()

    lines = bus.server.child.output().splitlines()
    (line,) = [each for each in lines if "Publish Violation" in each and '"intake.stadtkasse.events"' in each][-1:]
    assert "SYSTEM_baederamt" in line


async def test_any_number_of_refusals_takes_no_more_memory_and_the_latest_are_known() -> None:
    health = Health()

    for number in range(20 * REFUSALS_REMEMBERED):
        health.violation(f'nats: permissions violation for publish to "anything.{number}"')
        health.violation('nats: permissions violation for publish to "tried.again"')

    assert len(vars(health)["_refused"]) == REFUSALS_REMEMBERED
    latest = range(20 * REFUSALS_REMEMBERED - REFUSALS_REMEMBERED + 1, 20 * REFUSALS_REMEMBERED)
    assert all(health.forbids(f"anything.{number}") for number in latest)
    assert (health.forbids("tried.again"), health.forbids("anything.0")) == (True, False)
    assert f"refusals: {40 * REFUSALS_REMEMBERED}" in (await health.problems())["bus permissions"]


@pytest.mark.parametrize("subject", ["events.Notices.x", "$JS.API.STREAM.PURGE.DLQ", "a" * 150])
def test_a_refused_subject_is_known_whatever_its_letters(subject: str) -> None:
    health = Health()

    health.violation(f'nats: permissions violation for publish to "{subject.lower()}"')

    assert health.forbids(subject)
