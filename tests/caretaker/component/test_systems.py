"""The caretaker and the registered systems: who comes gets a consumer, who goes leaves nothing behind."""

from __future__ import annotations

import asyncio
from pathlib import Path

from contracts.systems import ForeignSystem, Systems
from services.caretaker.gateways.shape import SystemsFile
from tests.caretaker.component.processes import caretaker_process, is_ready
from tests.support.eventually import eventually
from tests.support.foreign import BAEDERAMT, with_key
from tests.support.nats import Bus, NatsServer, bus_of


def cemetery(folder: Path) -> ForeignSystem:
    office = BAEDERAMT.model_copy(update={"name": "friedhof", "source": "//example/friedhof"})
    return with_key(office, folder / "friedhof.seed")


def write(path: Path, *systems: ForeignSystem) -> None:
    path.write_text(Systems(systems=systems).model_dump_json())


async def test_a_system_that_is_registered_has_its_receipts_a_moment_later(
    tmp_path: Path, own_nats: NatsServer
) -> None:
    own_nats.start()
    systems = tmp_path / "systems.json"
    async with bus_of(own_nats) as bus, caretaker_process(tmp_path, own_nats, systems) as url:
        await eventually(lambda: is_ready(url))
        systems.write_text("{broken")
        await eventually(lambda: says(tmp_path / "caretaker.log", "systems.unreadable"))

        write(systems, cemetery(tmp_path))
        await eventually(lambda: has_receipts(bus))

        await eventually(lambda: is_ready(url))


async def test_from_the_registration_on_it_is_ready_only_when_the_receipts_can_be_fetched(
    tmp_path: Path, own_nats: NatsServer
) -> None:
    own_nats.start()
    systems = tmp_path / "systems.json"
    write(systems, BAEDERAMT)
    async with bus_of(own_nats) as bus, caretaker_process(tmp_path, own_nats, systems) as url:
        await eventually(lambda: is_ready(url))

        write(systems, BAEDERAMT, cemetery(tmp_path))
        await eventually(lambda: is_ready(url))

        assert await has_receipts(bus)


async def says(log: Path, event: str) -> bool:
    return event in log.read_text("utf-8")


async def has_receipts(bus: Bus) -> bool:
    info = await (await bus.caretaker()).stream.consumer_info("RECEIPTS", "receipts-friedhof")
    return info.config.filter_subject == "receipts.friedhof.v1"


async def test_a_system_that_is_removed_leaves_nothing_to_a_later_one_of_its_name(
    tmp_path: Path, own_nats: NatsServer
) -> None:
    own_nats.start()
    systems = tmp_path / "systems.json"
    write(systems, BAEDERAMT, cemetery(tmp_path))
    async with bus_of(own_nats) as bus, caretaker_process(tmp_path, own_nats, systems):
        await eventually(lambda: has_receipts(bus))
        intake = (await bus.peer("intake")).stream
        for system in ("friedhof", "baederamt"):
            await intake.publish(f"receipts.{system}.v1", b"{}")

        write(systems, BAEDERAMT)
        await eventually(lambda: consumers_are(bus, {"receipts-baederamt"}))
        left = [subject for subject, _, _ in await bus.messages("RECEIPTS")]
        write(systems, BAEDERAMT, cemetery(tmp_path))
        await eventually(lambda: has_receipts(bus))

        consumer = await (await bus.caretaker()).stream.consumer_info("RECEIPTS", "receipts-friedhof")

    assert left == ["receipts.baederamt.v1"]
    assert consumer.num_pending == 0


async def consumers_are(bus: Bus, names: set[str]) -> bool:
    return {info.name for info in await (await bus.caretaker()).stream.consumers_info("RECEIPTS")} == names


async def test_a_file_that_is_broken_or_missing_takes_nothing_from_anybody(
    tmp_path: Path, own_nats: NatsServer
) -> None:
    own_nats.start()
    systems = tmp_path / "systems.json"
    systems.write_text("{broken")
    async with bus_of(own_nats) as bus:
        await (await bus.peer("intake")).stream.publish("receipts.baederamt.v1", b"{}")
        before = {info.name for info in await (await bus.caretaker()).stream.consumers_info("RECEIPTS")}
        async with caretaker_process(tmp_path, own_nats, systems) as url:
            await eventually(lambda: is_ready(url))
            systems.unlink()
            await asyncio.sleep(1)
        async with caretaker_process(tmp_path, own_nats) as url:
            await eventually(lambda: is_ready(url))

        assert "receipts-baederamt" in before
        assert await consumers_are(bus, before)
        assert await bus.count("RECEIPTS") == 1


def test_who_is_registered_is_certain_only_while_the_file_is_there_and_readable(tmp_path: Path) -> None:
    path = tmp_path / "systems.json"
    file = SystemsFile(path)
    told: list[tuple[bool, bool]] = []

    for content in (None, "{broken", Systems(systems=(BAEDERAMT,)).model_dump_json(), "{broken", None):
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(content)
        told.append((file.reread(), file.certain))

    assert told == [(False, False), (False, False), (True, True), (True, False), (True, False)]
