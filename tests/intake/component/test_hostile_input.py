"""Ten thousand inputs at both doors of a real process: none breaks it, each is answered, good events come in once."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from nats.aio.client import Client
from nats.js.api import PubAck

from chassis.bus import jetstream, publish_async
from contracts.base import CloudEvent, event_key
from contracts.intake import Receipt
from tests.intake.component.conftest import Intake
from tests.intake.component.hostile import Attempt, Generator, request_of
from tests.intake.offices import POOLS, TREASURY, write_systems
from tests.support.eventually import eventually

OVER_HTTP = 8_000
OVER_NATS = 2_000
CONNECTIONS = 6
LARGE = 1_000_000
NATS_LIMIT = 120_000


@dataclass
class Tally:
    """What the doors have said."""

    accepted: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    wanted: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    statuses: Counter[int] = field(default_factory=Counter[int])
    codes: Counter[str] = field(default_factory=Counter[str])

    def want(self, attempt: Attempt) -> None:
        self.wanted |= {(attempt.system.name, each) for each in attempt.good}

    def http(self, attempt: Attempt, status: int, body: bytes) -> None:
        """Every answer is an outcome, or says in words what is wrong."""
        self.statuses[status] += 1
        assert status < 500, (status, attempt)
        if status == 202:
            taken = [each["id"] for each in json.loads(body)["events"] if each["outcome"] == "accepted"]
            self.accepted.update((attempt.system.name, each) for each in taken)
        elif b"Invalid HTTP request received." not in body:
            problem: dict[str, Any] = json.loads(body)
            assert problem["title"], attempt
            if attempt.path == "/events" and status not in {404, 405}:
                assert problem["code"], attempt
                assert problem["findings"], attempt
                self.codes[problem["code"]] += 1

    def receipt(self, receipt: Receipt) -> None:
        """Every message has its receipt, and every refusal its reason."""
        if receipt.outcome == "accepted":
            self.accepted[receipt.system, str(receipt.event_id)] += 1
        if receipt.outcome == "refused":
            assert receipt.code, receipt
            assert receipt.findings, receipt
            self.codes[receipt.code] += 1


@dataclass
class Line:
    """A connection that is kept as long as the server keeps it."""

    port: int
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, attempt: Attempt) -> tuple[int, bytes]:
        request = request_of(attempt)
        cut = attempt.framing.startswith("cut")
        for _ in range(2):
            reader, writer = self.streams or await asyncio.open_connection("127.0.0.1", self.port)
            fresh, self.streams = self.streams is None, (reader, writer)
            try:
                writer.write(request)
                if cut:
                    writer.write_eof()
                answer = await asyncio.wait_for(_answer(reader), 20)
            except (ConnectionError, asyncio.IncompleteReadError):
                self.hang_up()
                if fresh:
                    return 0, b""
                continue
            if cut or answer[2]:
                self.hang_up()
            return answer[:2]
        return 0, b""

    def hang_up(self) -> None:
        if self.streams is not None:
            self.streams[1].transport.abort()
        self.streams = None


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    closes = headers.get("connection") == "close"
    body = (
        await reader.readexactly(int(headers["content-length"])) if "content-length" in headers else await reader.read()
    )
    return int(head.split()[1]), body, closes


async def knock(port: int, attempts: Iterator[Attempt], tally: Tally) -> None:
    """Send attempt by attempt over one line."""
    line = Line(port)
    for attempt in attempts:
        tally.want(attempt)
        status, body = await line.ask(attempt)
        if status:
            tally.http(attempt, status, body)
        else:
            assert attempt.framing != "length" or len(attempt.body) > LARGE, attempt
    line.hang_up()


async def publish_all(offices: dict[str, Client], attempts: list[Attempt], tally: Tally) -> Counter[str]:
    """Publish what can be written as a NATS message; return how many were acknowledged, by system."""
    pending: list[asyncio.Future[PubAck]] = []
    streams = {name: jetstream(client) for name, client in offices.items()}
    published: Counter[str] = Counter()
    for number, attempt in enumerate(attempts):
        if len(attempt.body) > NATS_LIMIT or attempt.path != "/events":
            continue
        tally.want(attempt)
        name = attempt.system.name
        subject = f"intake.{name}.events" if number % 10 else f"intake.{name}.{number}"
        headers = {key: value for key, value in attempt.headers.items() if value.isascii() and value.strip() == value}
        pending.append(await publish_async(streams[name], subject, attempt.body, headers))
        published[name] += 1
        if len(pending) % 200 == 0:
            await asyncio.wait(pending)
    await asyncio.gather(*pending)
    return published


async def receive_all(office: Client, name: str, count: int, tally: Tally) -> None:
    """Fetch so many receipts, and find no more than those."""
    pulling = await jetstream(office).pull_subscribe_bind(f"receipts-{name}", stream="RECEIPTS")
    async with asyncio.timeout(60):
        while count:
            with suppress(TimeoutError):
                for message in await pulling.fetch(min(count, 100), timeout=5):
                    tally.receipt(CloudEvent[Receipt].model_validate_json(message.data).data)
                    await message.ack()
                    count -= 1
    with pytest.raises(TimeoutError):
        await pulling.fetch(1, timeout=0.5)


async def on_the_bus(intake: Intake) -> list[str]:
    """Return the ids of everything that came of it."""
    streams = [name for name in ("SUBSCRIPTIONS", "INTAKE") if await intake.bus.count(name)]
    return [json.loads(body)["subject"] for name in streams for _, _, body in await intake.bus.messages(name)]


async def nothing_waits(intake: Intake) -> bool:
    return await intake.bus.count("INTAKE_DOOR") == 0 and await intake.metric("rathaus_outbox_depth") == 0


async def test_ten_thousand_hostile_inputs_break_nothing_and_lose_nothing(intake: Intake) -> None:
    write_systems(intake.systems, *(each.model_copy(update={"daily_quota": 10**6}) for each in (POOLS, TREASURY)))
    generator, tally = Generator(1), Tally()
    over_nats = list(generator.attempts(OVER_NATS))
    over_http = generator.attempts(OVER_HTTP)
    offices = {each.name: await intake.bus.foreign(each.name) for each in (POOLS, TREASURY)}
    port = int(intake.url.rpartition(":")[2])

    async with asyncio.TaskGroup() as group:
        publishing = group.create_task(publish_all(offices, over_nats, tally))
        for _ in range(CONNECTIONS):
            group.create_task(knock(port, over_http, tally))
    await eventually(lambda: nothing_waits(intake), seconds=60)
    for name, client in offices.items():
        await receive_all(client, name, publishing.result()[name], tally)

    assert intake.alive()
    assert await intake.is_ready()
    assert set(tally.accepted.values()) == {1}
    assert tally.wanted <= set(tally.accepted)
    sources = {each.name: each.source for each in (POOLS, TREASURY)}
    keys = [event_key(sources[name], event_id) for name, event_id in tally.accepted]
    assert sorted(await on_the_bus(intake)) == sorted(keys)
    assert await intake.bus.count("DLQ") == 0
    assert {"not_json", "invalid", "foreign_source", "clock", "id_taken", "too_large", "media_type"} <= set(tally.codes)
    assert "http.failed" not in intake.child.output()
