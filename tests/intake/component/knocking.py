"""Knocks at the HTTP door as another office would: curl with its API key."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from contracts.systems import ForeignSystem
from tests.intake.component.conftest import Intake
from tests.intake.offices import (
    POOLS,
    authorized,
)

STRUCTURED = "application/cloudevents+json"
JSON_IN_UTF8 = "application/json; charset=UTF-8"
BATCH = "application/cloudevents-batch+json"


async def curl(intake: Intake, *arguments: str, body: bytes) -> tuple[int, dict[str, str], Any]:
    """Post with curl; return status, headers in lower case and the parsed answer."""
    process = await asyncio.create_subprocess_exec(
        *("curl", "--silent", "--include", "--max-time", "20", "--data-binary", "@-", *arguments),
        f"{intake.url}/events",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate(body)
    *_, head, content = output.decode().split("\r\n\r\n")
    status, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(status.split()[1]), headers, json.loads(content)


async def send(
    intake: Intake, event: object, *, system: ForeignSystem = POOLS, media_type: str = STRUCTURED
) -> tuple[int, dict[str, str], Any]:
    authorization = f"authorization: {authorized(system)['authorization']}"
    arguments = ("-H", authorization, "-H", f"content-type: {media_type}")
    return await curl(intake, *arguments, body=event if isinstance(event, bytes) else json.dumps(event).encode())


async def commands(intake: Intake) -> int:
    return await intake.bus.count("SUBSCRIPTIONS")
