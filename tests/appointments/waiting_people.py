"""People on the waiting list."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, replace
from datetime import date, datetime, time
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

from services.appointments.commands.hold import hold
from services.appointments.commands.waiting import join, standing
from services.appointments.desk import Desk
from services.appointments.domain.booking import Booking, Person
from services.appointments.domain.proof import challenge_of
from services.appointments.domain.refusal import TakenError
from services.appointments.domain.waiting import Entry, Joining, Wanted
from services.appointments.planner import Planner
from services.appointments.storage import bookings
from tests.appointments.town import NINE, OFFICE, OPEN_DAY, PASSPORT, Town

BERT = Person("Bert Beispiel", "bert@example.org")
CARLA = Person("Carla Beispiel", "carla@example.org", language="en")
ONE_DAY = Wanted((OFFICE,), PASSPORT.items, OPEN_DAY, OPEN_DAY)
AT_NINE = replace(ONE_DAY, to_time=time(9, 20))
"""Once both counters have somebody at nine, there is no such time."""


def wanted(first: date = OPEN_DAY, last: date = OPEN_DAY, **more: Any) -> Wanted:
    return replace(ONE_DAY, first_day=first, last_day=last, **more)


async def joined(
    town: Town,
    person: Person = BERT,
    what: Wanted = AT_NINE,
    *,
    booking_id: UUID | None = None,
    client: str = "",
    proven: bool = True,
) -> UUID:
    given = proof(town) if proven else None
    entry = await join(Joining(uuid4(), what, person, booking_id, client or None, given), town.desk)
    return entry.waiting_id


def proof(town: Town) -> str:
    """Return a proof of work whose number needs no search."""
    desk, nonce = town.desk, token_hex(8)
    most = desk.settings.proof_difficulty
    given = asdict(challenge_of(desk.key, number=1, nonce=nonce, difficulty=most, now=desk.now()))
    del given["maxnumber"]
    return base64.b64encode(json.dumps({**given, "number": 1}).encode()).decode()


async def fill(town: Town) -> tuple[Booking, Booking]:
    """Book nine o'clock at both counters of the public."""
    first = await town.booked(NINE, person=Person("Frida Früh", "frida@example.org"))
    return first, await town.booked(NINE, person=Person("Emil Eher", "emil@example.org"))


async def entry_of(town: Town, waiting_id: UUID) -> Entry:
    return (await standing(waiting_id, town.desk)).entry


async def offer_to(town: Town, waiting_id: UUID) -> Booking | None:
    """Return what is held for somebody now."""
    entry = await entry_of(town, waiting_id)
    if entry.state != "offered" or entry.offer_id is None:
        return None
    async with town.desk.database.reading() as session:
        return await bookings.find(session, entry.offer_id)


async def web_gets(town: Town, at: datetime = NINE) -> bool:
    """Tell whether somebody on the web can hold a time."""
    try:
        await hold(town.order(at), town.desk)
    except TakenError:
        return False
    return True


def another_replica(town: Town) -> Desk:
    """Return a desk on the same database with a picture of its own."""
    desk = town.desk
    planner = Planner(desk.database, desk.master, replica_seconds=desk.settings.replica_seconds)
    return replace(desk, planner=planner, freed=lambda: None)
