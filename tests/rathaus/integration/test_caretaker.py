from __future__ import annotations

import re
from uuid import UUID

import pytest

from chassis.clock import utc_now
from contracts.base import envelope, event_key, source_of
from contracts.notices import NoticeGenerated
from contracts.topology import CARETAKER, DEAD_LETTERS, MAX_DELIVER
from rathaus.embedded.caretaker import Caretaker
from tests.support.eventually import eventually, running
from tests.support.nats import Bus, NatsServer

NOTICE = NoticeGenerated(
    notice_id=UUID(int=1),
    letter_id=UUID(int=2),
    run_id=UUID(int=3),
    kind="Umlage",
    year=2026,
    revision=1,
    legal_regime="AO",
    pages=2,
    duplex=True,
    colour=False,
)


def caretaker_of(server: NatsServer) -> Caretaker:
    config = (server.home.folder / "nats.conf").read_text("utf-8")
    (monitor,) = re.findall(r'^http: "(.+)"$', config, re.MULTILINE)
    return Caretaker(server.url, server.home.seed_file(CARETAKER), monitor_url=f"http://{monitor}")


async def test_a_message_that_kills_its_process_ends_in_the_dead_letters(own_bus: Bus) -> None:
    event = envelope(NOTICE, source=source_of("15090546", "notices"), aggregate="1", sequence=1, time=utc_now())
    body = event.model_dump_json().encode()
    notices, accounts = await own_bus.peer("notices"), await own_bus.peer("accounts")
    await notices.stream.publish(NOTICE.subject, body)
    crashing = await accounts.stream.pull_subscribe_bind("accounts-notices", stream="NOTICES")

    for _ in range(MAX_DELIVER):
        (message,) = await crashing.fetch(1, timeout=5)
        await message.nak()
    # The server gives up only when somebody asks for the message once more.
    with pytest.raises(TimeoutError):
        await crashing.fetch(1, timeout=1)
    await crashing.unsubscribe()
    async with running(caretaker_of(own_bus.server).run()):

        async def buried() -> bool:
            return await own_bus.count(DEAD_LETTERS) == 1

        await eventually(buried)

    ((subject, headers, kept),) = await own_bus.messages(DEAD_LETTERS)
    assert subject == f"dlq.accounts-notices.{NOTICE.subject}"
    assert (headers["x-dlq-reason"], headers["x-dlq-attempts"]) == ("crashed", str(MAX_DELIVER))
    assert headers["x-dlq-event-key"] == event_key(event.source, event.id)
    assert kept == body


async def test_a_bus_that_lost_its_store_gets_its_topology_again(own_bus: Bus) -> None:
    caretaker = caretaker_of(own_bus.server)
    admin = (await own_bus.caretaker()).stream

    async def applied() -> bool:
        return (await admin.stream_info("NOTICES")).state.consumer_count > 0

    async with running(caretaker.run()):
        await eventually(applied)
        await admin.delete_stream("NOTICES")

        caretaker.apply_again()

        await eventually(applied)
