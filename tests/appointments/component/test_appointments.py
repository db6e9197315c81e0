"""Appointments as a process: what was promised before a kill holds after it, and the bus hears of it once."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.appointments.town import OFFICE, Process
from tests.support.eventually import eventually
from tests.support.nats import Bus

PASSPORT = [{"service": "reisepass", "count": 1}]
PERSON = {"name": "Anna Beispiel", "email": "anna@example.org", "phone": None, "note": "", "language": "de"}


@pytest.fixture
def process(bus: Bus, tmp_path: Path) -> Generator[Process]:
    one = Process(bus, tmp_path, more={"APPOINTMENTS_PROOF_DIFFICULTY": "0"})
    one.start()
    yield one
    one.stop()


async def first_start(process: Process) -> str:
    earliest = await process.ask("/earliest?items=reisepass")
    return str(earliest.json()[0]["starts_at"])


async def hold(process: Process, starts_at: str) -> httpx.Response:
    body = {"booking_id": str(uuid4()), "office": OFFICE, "items": PASSPORT, "starts_at": starts_at}
    return await process.ask("/holds", method="POST", body={**body, "language": "de"})


async def confirm(process: Process, held: dict[str, Any]) -> dict[str, Any]:
    answer = await process.ask(f"/bookings/{held['token']}/confirmation", method="POST", body=PERSON)
    return answer.json()


async def subjects(process: Process) -> list[str]:
    return [subject for subject, _, _ in await process.bus.messages("APPOINTMENTS")]


async def test_what_was_held_before_a_kill_is_theirs_after_it(process: Process) -> None:
    await eventually(process.ready)
    start = await first_start(process)
    answers = await asyncio.gather(*(hold(process, start) for _ in range(8)))
    held = [each.json() for each in answers if each.status_code == 201]

    strangers = [await process.ask(each, headers={}) for each in ("/offices", f"/days/{OFFICE}/2026-12-01")]
    assert process.child is not None
    process.child.kill()
    process.start()
    await eventually(process.ready)
    late = await hold(process, start)
    booked = [await confirm(process, each) for each in held]
    heard = {"events.appointments.appointment_booked.v1"}
    await eventually(lambda: has_told(process, len(booked)))

    assert [each.status_code for each in strangers] == [401, 401]
    assert len(held) == 2
    assert {each["resources"][0] for each in held} == {"schalter-1", "schalter-2"}
    assert (late.status_code, late.json()["code"]) == (409, "taken")
    assert all(datetime.fromisoformat(each) != datetime.fromisoformat(start) for each in late.json()["alternatives"])
    assert {each["state"] for each in booked} == {"booked"}
    assert set(await subjects(process)) == heard


async def has_told(process: Process, count: int) -> bool:
    return len(await subjects(process)) == count
