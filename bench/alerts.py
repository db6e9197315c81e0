"""A pool closes and everybody who wants to know is told: subscribers per second, ledger and hand-over included.

    python -m bench.alerts [--subscribers 100000]

The real subscriptions process on a real bus and SQLite (synchronous=FULL), a raw SMTP sink as the town's relay.
fan_out     from the tap on the attendant's phone until every row of the ledger says `sent`
bare        (a) aiosmtplib alone, the same number of connections, the same sink, mails of the same size, no database
published   (b) listmonk with a relay of its own: some 50,000 a minute = 833/s (knadh/listmonk, issue 1805);
            GOV.UK Notify: 360/s (2018)
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from pathlib import Path

import aiosmtplib

from tests.subscriptions.component.crowd import Crowd
from tests.support.eventually import eventually
from tests.support.nats import NatsServer, bus_of

CONNECTIONS = 16
BARE_MAILS = 20_000
LISTMONK = 833
NOTIFY = 360


async def fan_out(folder: Path, subscribers: int) -> tuple[dict[str, float], Crowd]:
    """Close the pool and wait for the last row."""
    server = NatsServer(folder / "nats")
    server.start()
    async with bus_of(server) as bus:
        crowd = Crowd(bus, folder)
        await crowd.gather(subscribers)
        await crowd.start()
        await asyncio.sleep(1)
        cpu = cpu_seconds(crowd)
        tapped = await crowd.tap()
        await eventually(lambda: crowd.sink.has(1))
        await eventually(lambda: crowd.sink.has(subscribers), seconds=600)
        await eventually(lambda: crowd.has_settled(subscribers))
        settled = time.time()
        cpu = cpu_seconds(crowd) - cpu
        came = crowd.sink.told()
    crowd.service.stop()
    server.child.stop()
    figures = {
        "subscribers": subscribers,
        "first_mail_seconds": round(came["first_at"] - tapped, 3),
        "all_sent_seconds": round(settled - tapped, 1),
        "per_second": round(subscribers / (settled - tapped)),
        "cpu_seconds_of_the_service": round(cpu, 1),
        "mails": came["mails"],
        "distinct_mails": came["distinct"],
        "octets_each": round(came["octets"] / came["mails"]),
    }
    return figures, crowd


def cpu_seconds(crowd: Crowd) -> float:
    """Return what the service has used so far."""
    assert crowd.service.child is not None  # noqa: S101 - it runs
    ticks = Path(f"/proc/{crowd.service.child.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


async def bare(port: int, octets: int) -> float:
    """Send mails with aiosmtplib and nothing else; return mails per second."""
    head = b"From: <a@sink.example>\r\nTo: <b@sink.example>\r\nSubject: x\r\nMessage-ID: <%d@bare>\r\n\r\n"
    body = (b"x" * 70 + b"\r\n") * (octets // 72)
    numbers = iter(range(BARE_MAILS))

    async def send() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port) as client:
            for number in numbers:
                await client.sendmail("a@sink.example", [f"b{number}@sink.example"], head % number + body)

    started = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(send())
    return BARE_MAILS / (time.monotonic() - started)


async def measure(subscribers: int) -> dict[str, float]:
    """Run both on the same sink, one after the other."""
    with tempfile.TemporaryDirectory(prefix="rathaus-bench-") as name:
        figures, crowd = await fan_out(Path(name), subscribers)
        alone = await bare(crowd.sink.port, int(figures["octets_each"]))
        crowd.sink.child.stop()
    return figures | {
        "bare_per_second": round(alone),
        "share_of_bare": round(figures["per_second"] / alone, 2),
        "against_listmonk": round(figures["per_second"] / LISTMONK, 2),
        "against_notify": round(figures["per_second"] / NOTIFY, 2),
    }


def main() -> None:
    """Measure and print; the last line is JSON."""
    options = argparse.ArgumentParser(description="one closed pool, told to everybody")
    options.add_argument("--subscribers", type=int, default=100_000)
    figures = asyncio.run(measure(options.parse_args().subscribers))
    for key, value in figures.items():
        print(f"{key:28} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
