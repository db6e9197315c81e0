"""The doors for other systems: how fast events are taken in and brought to their owner.

    python -m bench.doors [--seconds 30]

paced       200 events a second over HTTP, one request each, times from the planned instant on (bar: p99 < 50 ms).
            An answer means that the event is on disk: SQLite with synchronous=FULL, one small machine.
saturated   as many as 32 connections can bring; accepted and delivered events per second, and per core (CPU-second of
            all processes of the town hall). Delivered means: the owner's event PoolClosed is in its stream.

Beside it the published sizing of Open Notificaties (NL): 200 requests/s accepted on 12 CPU; from its own settings
(500 deliveries every 20 s) at most 25 delivered a second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
import psutil

from bench.town_hall import end_hall, hall_state, start_hall
from chassis.bus import jetstream, make_broker
from chassis.health import Health
from contracts.foreign import PoolClosed as ForeignPoolClosed
from contracts.subscriptions import PoolClosed
from contracts.systems import ForeignSystem
from contracts.topology import CARETAKER, stream_of
from rathaus.doors.systems import SystemsFile, new_key
from rathaus.embedded.home import Home

RATE = 200
CONNECTIONS = 32
SOURCE = "//bench/load"
NOTIFICATIES_ACCEPTED_PER_CORE = 200 / 12
NOTIFICATIES_DELIVERED = 25
_DRAIN_SECONDS = 120.0


@dataclass
class Door:
    """Keep-alive connections to the door, and what came back."""

    host: str
    port: int
    key: str
    sent: int = 0
    seconds: list[float] = field(default_factory=list[float])
    refused: int = 0

    async def connect(self) -> Connection:
        """Open one connection."""
        return Connection(self, *await asyncio.open_connection(self.host, self.port))


@dataclass
class Connection:
    """One keep-alive connection: a plain writer and reader cost the machine less than a client library."""

    door: Door
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def post(self, *, planned: float) -> None:
        """Hand in one event and note the time from the planned instant to the answer."""
        self.door.sent += 1
        body = _event(self.door.sent)
        head = (
            f"POST /events HTTP/1.1\r\nhost: {self.door.host}\r\nauthorization: Bearer {self.door.key}\r\n"
            f"content-type: application/cloudevents+json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length")
        )
        await self.reader.readexactly(length)
        self.door.seconds.append(monotonic() - planned)
        if b" 202 " not in answer[:15]:
            self.door.refused += 1


def _event(number: int) -> bytes:
    """Make an event about a pool of its own, so that none makes another one stale."""
    now = datetime.now(tz=UTC).isoformat()
    data = {"pool": f"pool-{number}-{uuid4().hex[:8]}", "reason": "storm", "closed_at": now}
    event = {"specversion": "1.0", "id": str(uuid4()), "source": SOURCE, "time": now, "data": data}
    return json.dumps({**event, "type": ForeignPoolClosed.event_type()}).encode()


async def paced(door: Door, *, seconds: float) -> None:
    """Send at a fixed rate, whatever the answers do."""
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await door.connect())

    async def one(planned: float) -> None:
        connection = await free.get()
        try:
            await connection.post(planned=planned)
        finally:
            free.put_nowait(connection)

    started = monotonic()
    async with asyncio.TaskGroup() as group:
        for number in range(int(RATE * seconds)):
            planned = started + number / RATE
            await asyncio.sleep(max(0.0, planned - monotonic()))
            group.create_task(one(planned))


async def saturated(door: Door, *, seconds: float) -> None:
    """Send the next one as soon as an answer is there, on every connection."""
    until = monotonic() + seconds

    async def busy() -> None:
        connection = await door.connect()
        while monotonic() < until:
            await connection.post(planned=monotonic())

    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(busy())


class Town:
    """The town hall under load, seen from outside."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of one that is running."""
        self.folder = folder
        self.home = Home.at(folder)
        self._broker = make_broker(
            hall_state(folder)["nats_url"],
            identity=CARETAKER,
            seed_file=self.home.nats.seed_file(CARETAKER),
            health=Health(),
        )

    def door(self) -> Door:
        """Register a sender and return its door."""
        key, entry = new_key("bench", now=datetime.now(tz=UTC))
        system = ForeignSystem(
            name="bench",
            source=SOURCE,
            may_send=(ForeignPoolClosed.name,),
            all_pools=True,
            rate_per_second=10_000,
            daily_quota=100_000_000,
            api_keys=(entry,),
        )
        SystemsFile(self.home).add(system)
        url = httpx.URL(hall_state(self.folder)["addresses"]["intake"])
        return Door(url.host, url.port or 80, key)

    def cpu_seconds(self) -> dict[str, float]:
        """Return what each process has used so far."""
        used = {name: psutil.Process(pid).cpu_times() for name, pid in hall_state(self.folder)["processes"].items()}
        return {name: times.user + times.system for name, times in used.items()}

    async def delivered(self) -> int:
        """Count the owner's events."""
        context = jetstream(await self._broker.connect())
        info = await context.stream_info(stream_of(PoolClosed), subjects_filter=PoolClosed.subject)
        return sum((info.state.subjects or {}).values())

    async def drained(self, expected: int) -> float:
        """Wait until everything is delivered and return when that was."""
        deadline = monotonic() + _DRAIN_SECONDS
        while await self.delivered() < expected:
            if monotonic() > deadline:
                message = f"{await self.delivered()} of {expected} delivered"
                raise RuntimeError(message)
            await asyncio.sleep(0.05)
        return monotonic()


async def measure(folder: Path, seconds: float) -> dict[str, float]:
    """Run both loads and return the figures."""
    town = Town(folder)
    door = town.door()
    await asyncio.sleep(1)
    await saturated(door, seconds=2)  # warm
    await town.drained(door.sent)
    figures: dict[str, float] = {}
    for name, load in (("paced", paced), ("saturated", saturated)):
        figures |= {f"{name}_{key}": value for key, value in (await _under(town, door, load, seconds)).items()}
    figures["accepted_per_core_against_notificaties"] = round(
        figures["saturated_accepted_per_core"] / NOTIFICATIES_ACCEPTED_PER_CORE, 1
    )
    figures["delivered_against_notificaties"] = round(
        figures["saturated_delivered_per_second"] / NOTIFICATIES_DELIVERED, 1
    )
    return figures


async def _under(town: Town, door: Door, load: Callable[..., Any], seconds: float) -> dict[str, float]:
    door.seconds.clear()
    before, already, started = town.cpu_seconds(), door.sent, monotonic()
    await load(door, seconds=seconds)
    accepting = monotonic() - started
    delivering = await town.drained(door.sent) - started
    used = {name: value - before.get(name, 0.0) for name, value in town.cpu_seconds().items()}
    count = door.sent - already
    times = sorted(door.seconds)
    return {
        "events": count,
        "refused": door.refused,
        "p50_ms": round(times[len(times) // 2] * 1000, 1),
        "p99_ms": round(times[int(len(times) * 0.99)] * 1000, 1),
        "largest_ms": round(times[-1] * 1000, 1),
        "accepted_per_second": round(count / accepting, 1),
        "delivered_per_second": round(count / delivering, 1),
        "accepted_per_core": round(count / used["intake"], 1),
        "delivered_per_core": round(count / sum(used.values()), 1),
    }


def main() -> None:
    """Measure and print; the last line is JSON."""
    options = argparse.ArgumentParser(description="acceptance and delivery of foreign events")
    options.add_argument("--seconds", type=float, default=30)
    seconds = options.parse_args().seconds
    with tempfile.TemporaryDirectory(prefix="rathaus-bench-") as name:
        folder = Path(name) / "doors"
        hall, _ = start_hall(folder)
        try:
            figures = asyncio.run(measure(folder, seconds))
        finally:
            end_hall(hall)
    for key, value in figures.items():
        print(f"{key:42} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
