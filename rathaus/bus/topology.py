"""Bringing the topology to a bus once, as `rathaus topology apply` does for a cluster."""

from __future__ import annotations

from pathlib import Path

from chassis.bus import jetstream, make_broker
from chassis.health import Health
from chassis.topology import apply
from contracts.topology import CARETAKER


async def apply_topology(nats_url: str, seed_file: Path | None) -> None:
    """Bring the topology to a bus as its caretaker, once; OSError or TimeoutError when there is none."""
    broker = make_broker(nats_url, identity=CARETAKER, seed_file=seed_file, health=Health())
    try:
        await apply(jetstream(await broker.connect()))
    finally:
        await broker.stop()
