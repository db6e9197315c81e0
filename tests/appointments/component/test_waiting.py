"""The real process: a time that becomes free goes to the waiting list by itself, and outlives a kill."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from chassis.database import Database
from services.appointments.domain import tokens
from services.appointments.storage.tables import WaitingRow
from tests.appointments.town import OFFICE, Process
from tests.support.eventually import eventually
from tests.support.nats import Bus
from tests.support.workdays import in_days

PASSPORT = [{"service": "reisepass", "count": 1}]


@pytest.fixture
async def process(bus: Bus, tmp_path: Path) -> AsyncGenerator[Process]:
    ready = Process(bus, tmp_path, more={"APPOINTMENTS_PROOF_DIFFICULTY": "0"})
    ready.start()
    await eventually(ready.ready)
    yield ready
    ready.stop()


async def posted(process: Process, path: str, **body: object) -> dict[str, Any]:
    answer = await process.ask(path, method="POST", body=body)
    assert answer.is_success, answer.text
    return answer.json()


async def first_free(process: Process) -> str:
    query = f"office={OFFICE}&items=reisepass:1&from={in_days(3)}&days=14&audience=public"
    days = (await process.ask(f"/availability?{query}")).json()["days"]
    return next(start for day in days for start in day["starts"])


async def booked(process: Process, starts_at: str) -> dict[str, Any]:
    order = {"booking_id": str(uuid4()), "office": OFFICE, "items": PASSPORT, "starts_at": starts_at, "language": "de"}
    held = await posted(process, "/holds", **order)
    return await posted(process, f"/bookings/{held['token']}/confirmation", name="Frida Früh", phone="03935 1")


async def waiting_for(process: Process, starts_at: str, email: str) -> str:
    """Somebody waits for the first time of a day; the token of their entry."""
    entry = await posted(
        process,
        "/waiting-list",
        waiting_id=str(uuid4()),
        offices=[OFFICE],
        items=PASSPORT,
        first_day=starts_at[:10],
        last_day=starts_at[:10],
        to_time="09:20",
        name="Bert Beispiel",
        email=email,
        language="de",
    )
    return str(entry["token"])


async def mailed_link(process: Process) -> str:
    """Return what the mail with the offer holds."""
    database = Database(process.url_of_database)
    async with database.reading() as session:
        offer = await session.scalar(select(WaitingRow.offer_id))
    await database.close()
    assert offer is not None
    return tokens.sign((process.folder / "link.key").read_text("utf-8").encode(), "booking", offer)


async def test_a_cancelled_time_is_offered_by_itself_and_the_offer_outlives_a_kill(process: Process) -> None:
    starts_at = await first_free(process)
    both = [await booked(process, starts_at) for _ in range(2)]
    entry = await waiting_for(process, starts_at, "bert@example.org")

    async def is_offered() -> bool:
        shown = (await process.ask(f"/waiting-list/{entry}")).json()
        return shown["state"] == "offered" and shown["offer"]["starts_at"] == starts_at

    assert not await is_offered()
    await posted(process, f"/bookings/{both[0]['token']}/cancellation")
    await eventually(is_offered)
    assert process.child is not None
    process.child.kill()
    process.start()
    await eventually(process.ready)

    assert await is_offered()
    taken = await posted(process, f"/waiting-list/{await mailed_link(process)}/acceptance")
    assert (taken["state"], taken["starts_at"]) == ("booked", starts_at)


async def test_an_offer_that_ran_out_while_the_process_was_down_goes_to_the_next_by_itself(
    bus: Bus, tmp_path: Path
) -> None:
    short = {"APPOINTMENTS_PROOF_DIFFICULTY": "0", "APPOINTMENTS_OFFER_MINUTES": "0.05"}
    process = Process(bus, tmp_path, more=short)
    process.start()
    await eventually(process.ready)
    starts_at = await first_free(process)
    both = [await booked(process, starts_at) for _ in range(2)]
    first, second = [await waiting_for(process, starts_at, f"{name}@example.org") for name in ("bert", "carla")]

    async def has(token: str, state: str) -> bool:
        return (await process.ask(f"/waiting-list/{token}")).json()["state"] == state

    await posted(process, f"/bookings/{both[0]['token']}/cancellation")
    await eventually(lambda: has(first, "offered"))
    assert process.child is not None
    process.child.kill()
    await asyncio.sleep(3.1)
    process.start()
    await eventually(process.ready)

    await eventually(lambda: has(second, "offered"), seconds=40)
    assert await has(first, "waiting")
    process.stop()
