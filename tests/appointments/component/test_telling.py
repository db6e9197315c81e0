"""The real process, the real bus and a mail relay: what is booked arrives in an inbox, and is reminded of."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.clock import utc_now
from contracts.appointments import ReminderDue
from contracts.base import envelope
from contracts.topology import SCHEDULES
from tests.appointments.town import OFFICE, Process
from tests.simulators.mail.post_office import PostOffice
from tests.support.eventually import eventually
from tests.support.nats import Bus
from tests.support.workdays import in_days

ANNA = "anna@example.org"


@pytest.fixture
def post_office(tmp_path: Path) -> Generator[PostOffice]:
    with PostOffice(tmp_path / "post") as ready:
        yield ready


@pytest.fixture
async def process(bus: Bus, tmp_path: Path, post_office: PostOffice) -> AsyncGenerator[Process]:
    more = {"APPOINTMENTS_PROOF_DIFFICULTY": "0"}
    ready = Process(bus, tmp_path, mail_relay=f"127.0.0.1:{post_office.port}", more=more)
    ready.start()
    await eventually(ready.ready)
    yield ready
    ready.stop()


async def offered(process: Process) -> str:
    query = f"office={OFFICE}&items=reisepass:1&from={in_days(3)}&days=14&audience=public"
    days = (await process.ask(f"/availability?{query}")).json()["days"]
    return next(start for day in days for start in day["starts"])


async def booked(process: Process) -> dict[str, Any]:
    order = {
        "booking_id": str(uuid4()),
        "office": OFFICE,
        "items": [{"service": "reisepass", "count": 1}],
        "starts_at": await offered(process),
        "language": "de",
        "client": "client",
        "proof": None,
        "queue": None,
    }
    held = (await process.ask("/holds", method="POST", body=order)).json()
    person = {"name": "Anna Beispiel", "email": ANNA, "phone": None, "note": "", "language": "de"}
    answer = await process.ask(f"/bookings/{held['token']}/confirmation", method="POST", body=person)
    assert answer.is_success, answer.text
    return answer.json()


async def test_a_booking_is_mailed_with_its_calendar_entry_and_reminded_of(
    process: Process, bus: Bus, post_office: PostOffice
) -> None:
    async def mailed(number: int) -> bool:
        return len(post_office.mails(ANNA)) == number

    async def scheduled() -> bool:
        return await bus.count(SCHEDULES) == 1

    booking = await booked(process)
    await eventually(lambda: mailed(1))
    await eventually(scheduled)
    due = ReminderDue(booking=UUID(booking["booking_id"]), version=booking["version"])
    event = envelope(
        due, source="//rathaus/15090546/appointments", aggregate=booking["booking_id"], sequence=2, time=utc_now()
    )
    await (await bus.peer("appointments")).stream.publish(ReminderDue.subject, event.model_dump_json().encode())
    await eventually(lambda: mailed(2))

    subjects = [each["subject"].partition(":")[0] for each in post_office.mails(ANNA)]
    assert sorted(subjects) == ["Erinnerung", "Ihr Termin"]
    feed = await process.ask(f"/bookings/{booking['token']}/calendar.ics")
    assert f"UID:{booking['booking_id']}@" in feed.text
    assert 'outcome="booked"' in (await process.ask("/metrics")).text
