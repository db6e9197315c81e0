"""Two offices with API keys, and the events that they send."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chassis.clock import utc_now
from contracts.foreign import FOREIGN, Foreign, PaymentReported, PoolClosed
from contracts.systems import ApiKey, ForeignSystem, Systems
from tests.support.events import NOW
from tests.support.foreign import BAEDERAMT, STADTKASSE
from tests.support.processes import ROOT

EXAMPLES = ROOT / "contracts" / "examples"
FORBIDDEN_TYPE = PaymentReported.event_type()
"""One that the Bäderamt may not send."""


def key_of(system: ForeignSystem) -> str:
    return f"rathaus_{system.name}_key001_{hashlib.sha256(system.name.encode()).hexdigest()}"


def with_api_key(system: ForeignSystem, **changes: Any) -> ForeignSystem:
    key = ApiKey(id="key001", sha256=hashlib.sha256(key_of(system).encode()).hexdigest(), created_at=NOW)
    return system.model_copy(update={"api_keys": (key,), "rate_per_second": 10_000, **changes})


POOLS = with_api_key(BAEDERAMT)
TREASURY = with_api_key(STADTKASSE)


def write_systems(path: Path, *systems: ForeignSystem) -> None:
    """Replace the file as a whole, as the command does."""
    partial = path.with_suffix(".part")
    partial.write_text(Systems(systems=systems).model_dump_json())
    partial.replace(path)


def authorized(system: ForeignSystem) -> dict[str, str]:
    return {"authorization": f"Bearer {key_of(system)}"}


def sender_of(event: type[Foreign]) -> ForeignSystem:
    return next(system for system in (POOLS, TREASURY) if event.name in system.may_send)


def example(event: type[Foreign], event_id: str = "1", *, now: datetime | None = None) -> dict[str, Any]:
    """Return the published example as its office would send it now."""
    found: dict[str, Any] = json.loads((EXAMPLES / f"intake.{event.name}.json").read_text("utf-8"))
    found |= {"id": event_id, "source": sender_of(event).source, "time": (now or utc_now()).isoformat()}
    if "pool" in found["data"]:
        found["data"] = {**found["data"], "pool": sender_of(event).pools[0]}
    if event.happened is not None:
        found["data"] = {**found["data"], event.happened: found["time"]}
    if "until" in found["data"]:
        found["data"] = {**found["data"], "until": ((now or utc_now()) + timedelta(hours=2)).isoformat()}
    return found


def closing(event_id: str = "1", *, now: datetime | None = None, **data: Any) -> dict[str, Any]:
    """Return the event of a closed pool."""
    event = example(PoolClosed, event_id, now=now)
    return {**event, "data": {**event["data"], **data}}


def of_every_kind(now: datetime | None = None) -> list[dict[str, Any]]:
    return [example(event, event.name, now=now) for event in FOREIGN]
