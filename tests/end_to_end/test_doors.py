"""Another office sends events into a running town hall, with tools that know nothing of this project."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
import pytest
from nats.aio.client import Client

from tests.end_to_end.town_hall import Folder
from tests.support.eventually import eventually

SOURCE = "//tangerhuette/baederamt"
GERMAN = {"LANG": "de_DE.UTF-8", "RATHAUS_RENDER_WORKERS": "1"}
EFFECT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Office:
    """A running town hall in which the office is registered, and the office's credentials."""

    folder: Folder
    key: str
    seed: Path

    @property
    def address(self) -> str:
        return self.folder.state()["addresses"]["intake"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Generator[Office]:
    folder = Folder(tmp_path_factory.mktemp("town") / "hall")
    process = folder.start("up", "--data", folder.path, environment=GERMAN)
    try:
        until(process, lambda: bool(folder.state()), folder)
        bus = folder.state()["processes"]["nats-server"]
        key, seed = register(folder)
        until(process, lambda: folder.children().get("nats-server", bus) != bus, folder)
        until(process, lambda: all(is_ready(folder, name) for name in ("caretaker", "intake", "subscriptions")), folder)
        yield Office(folder, key, seed)
    finally:
        process.terminate()
        process.wait(30)


def is_ready(folder: Folder, service: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"{folder.state()['addresses'][service]}/readyz").is_success
    return False


def until(process: subprocess.Popen[str], holds: Callable[[], bool], folder: Folder) -> None:
    deadline = monotonic() + 60
    while not holds():
        assert process.poll() is None, folder.said()
        assert monotonic() < deadline, folder.said()
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)


def register(folder: Folder, name: str = "baederamt") -> tuple[str, Path]:
    """Register the office and return its API key and the file with its NKey seed."""
    status = folder.run(
        "system", "add", name, "--source", SOURCE, "--may", "pool_closed", "--may", "address_change_reported",
        "--pool", "freibad", "--data", folder.path, environment=GERMAN,
    )  # fmt: skip
    assert status == 0, folder.said()
    (key,) = re.findall(rf"(rathaus_{name}_\S+)", folder.said())
    (seed,) = re.findall(r"NKey-Seed: +(\S+)", folder.said())
    path = folder.path / "office.seed"
    path.write_text(seed)
    return key, path


def a_closure(reason: str, **changed: Any) -> dict[str, Any]:
    now = datetime.now(tz=UTC).isoformat()
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": SOURCE,
        "type": "de.digitales-rathaus.intake.pool_closed.v1",
        "time": now,
        "data": {"pool": "freibad", "reason": reason, "closed_at": now},
        **changed,
    }


def curl(office: Office, event: dict[str, Any], *, key: str | None = None) -> tuple[int, dict[str, Any]]:
    command = [
        "curl", "--silent", "--write-out", "\n%{http_code}", "--header", f"Authorization: Bearer {key or office.key}",
        "--header", "Content-Type: application/cloudevents+json", "--data-binary", json.dumps(event),
        f"{office.address}/events",
    ]  # fmt: skip
    body, _, status = subprocess.run(command, capture_output=True, text=True, check=True).stdout.rpartition("\n")
    return int(status), json.loads(body)


def pool(office: Office) -> dict[str, Any]:
    """What the owner of the pools says."""
    token = (office.folder.path / "secrets" / "rathaus" / "to-subscriptions").read_text().strip()
    url = f"{office.folder.state()['addresses']['subscriptions']}/pools/freibad"
    command = ["curl", "--silent", "--header", f"Authorization: Bearer {token}", url]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@asynccontextmanager
async def on_the_bus(office: Office, seed: Path, prefix: str = "_INBOX") -> AsyncGenerator[Client]:
    """Connect with nothing but the client library."""
    client = Client()
    url = office.folder.state()["nats_url"]
    await client.connect(url, nkeys_seed=str(seed), inbox_prefix=prefix)
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def owners_events(office: Office) -> AsyncGenerator[Callable[[], Awaitable[float]]]:
    """Give a function that returns the seconds until one more event of the owner is on the bus."""
    seed = office.folder.path / "nats" / "keys" / "caretaker.seed"
    async with on_the_bus(office, seed, "_INBOX_caretaker") as client:
        context = client.jetstream()  # pyright: ignore[reportUnknownMemberType]

        async def count() -> int:
            told = await context.stream_info("SUBSCRIPTIONS", subjects_filter="events.subscriptions.pool_closed.v1")
            return sum((told.state.subjects or {}).values())

        before = await count()

        async def one_more() -> float:
            began = monotonic()

            async def there() -> bool:
                return await count() > before

            await eventually(there, seconds=10)
            return monotonic() - began

        yield one_more


@pytest.mark.timeout(120)
async def test_curl_closes_the_pool_within_a_second(office: Office) -> None:
    async with owners_events(office) as one_more:
        status, body = curl(office, a_closure("storm"))
        seconds = await one_more()

    assert (status, body["events"][0]["outcome"]) == (202, "accepted")
    print(f"owner's event after {seconds:.3f} s")  # noqa: T201
    assert seconds < EFFECT_SECONDS
    await eventually(lambda: closed_because(office, "storm"))


async def test_a_plain_nats_client_closes_the_pool_within_a_second_and_reads_its_receipt(office: Office) -> None:
    event = a_closure("water_quality")
    async with owners_events(office) as one_more, on_the_bus(office, office.seed) as client:
        receipts = await client.subscribe("receipts.baederamt.>")  # pyright: ignore[reportUnknownMemberType]
        acknowledged = await publish(client, event)
        seconds = await one_more()
        receipt = json.loads((await receipts.next_msg(timeout=5)).data)["data"]

    assert seconds < EFFECT_SECONDS
    assert (receipt["outcome"], receipt["event_id"]) == ("accepted", event["id"])
    assert receipt["stream_sequence"] == acknowledged


async def test_the_receipt_of_a_refusal_says_where_and_why_within_a_second(office: Office) -> None:
    async with on_the_bus(office, office.seed) as client:
        receipts = await client.subscribe("receipts.baederamt.>")  # pyright: ignore[reportUnknownMemberType]
        began = monotonic()
        await publish(client, a_closure("storm", source="//somebody/else"))
        receipt = json.loads((await receipts.next_msg(timeout=5)).data)["data"]
        seconds = monotonic() - began

    assert (receipt["outcome"], receipt["findings"][0]["pointer"]) == ("refused", "/source")
    assert receipt["findings"][0]["message"]
    assert seconds < EFFECT_SECONDS


async def test_a_receipt_waits_for_a_sender_that_was_away(office: Office) -> None:
    event = a_closure("technical")
    async with on_the_bus(office, office.seed) as client:
        acknowledged = await publish(client, event)

    async with on_the_bus(office, office.seed) as client:
        context = client.jetstream()  # pyright: ignore[reportUnknownMemberType]
        waiting = await context.pull_subscribe_bind("receipts-baederamt", stream="RECEIPTS")
        found: list[int] = []
        while acknowledged not in found:
            for each in await waiting.fetch(10, timeout=5):
                found.append(json.loads(each.data)["data"]["stream_sequence"])
                await each.ack()

    assert found.count(acknowledged) == 1


async def test_the_command_goes_through_the_same_door(office: Office) -> None:
    status = await asyncio.to_thread(
        office.folder.run, "events", "emit", "pool_closed", "pool=freibad", "reason=staff", "--data",
        office.folder.path, environment=GERMAN,
    )  # fmt: skip

    assert status == 0, office.folder.said()
    assert "Angenommen" in office.folder.said()
    await eventually(lambda: closed_because(office, "staff"))


async def test_a_revoked_key_opens_nothing_from_the_next_request_on(office: Office) -> None:
    path = office.folder.path
    rotated = await asyncio.to_thread(
        office.folder.run, "system", "key", "rotate", "baederamt", "--data", path, environment=GERMAN
    )
    new = re.findall(r"(rathaus_baederamt_\S+)", office.folder.said())[-1]
    both = [curl(office, a_closure("storm"), key=key)[0] for key in (office.key, new)]
    await asyncio.to_thread(
        office.folder.run, "system", "key", "revoke", "baederamt", new.split("_")[2], "--data", path,
        environment=GERMAN,
    )  # fmt: skip

    assert rotated == 0
    assert both == [202, 202]
    assert curl(office, a_closure("storm"), key=new)[0] == 401


async def publish(client: Client, event: dict[str, Any]) -> int:
    """Publish, and return the sequence that the acknowledgement names."""
    context = client.jetstream()  # pyright: ignore[reportUnknownMemberType]
    return (await context.publish("intake.baederamt.events", json.dumps(event).encode())).seq


async def closed_because(office: Office, reason: str) -> bool:
    said = pool(office)
    return (said.get("state"), said.get("reason")) == ("closed", reason)
