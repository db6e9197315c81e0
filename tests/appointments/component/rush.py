"""Many people want the same times in the same minute, and the service is killed while they do."""

from __future__ import annotations

import asyncio
import random
import resource
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import select

from chassis.database import Database
from services.appointments.storage.tables import BookingRow, ClaimRow
from tests.appointments.town import AS_PORTAL, OFFICE, Process
from tests.support.eventually import eventually
from tests.support.workdays import in_days

UNLIMITED = {"APPOINTMENTS_PROOF_DIFFICULTY": "0"}
"""People prove themselves elsewhere; here they only come."""
_DAYS = 28
_TRIES = 6
_OPEN_FILES = 8192
_EACH = 50
"""People that share a client of ours, each on a connection of their own: with more it is slower than the service."""
_CREATED, _CONFLICT, _BROKEN = 201, 409, 500


@dataclass
class Rush:
    """The people, and what they were told."""

    process: Process
    people: int
    chance: random.Random
    starts: list[str] = field(default_factory=list[str])
    held: dict[str, str] = field(default_factory=dict[str, str])
    """Token by booking id, for each hold that was acknowledged."""
    booked: set[str] = field(default_factory=set[str])
    """Booking ids of acknowledged bookings."""
    refusals: Counter[str] = field(default_factory=Counter[str])
    hold_seconds: list[float] = field(default_factory=list[float])
    seconds: float = 0.0

    async def endure(self, *, kill_after: tuple[int, ...] = ()) -> None:
        """Let everybody come at once; kill the service each time that so many bookings are acknowledged."""
        allow_open_files()
        self.process.start()
        await eventually(self.process.ready)
        async with AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(self._client()) for _ in range(-(-self.people // _EACH))]
            self.starts = await self._offered(clients[0])
            begun = monotonic()
            async with asyncio.TaskGroup() as group:
                for number in range(self.people):
                    group.create_task(self._come(clients[number // _EACH], number))
                for count in kill_after:
                    await self._kill_after(count)
            self.seconds = monotonic() - begun
        self.process.stop()

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.process.port}",
            headers=AS_PORTAL,
            timeout=60,
            limits=httpx.Limits(max_connections=_EACH, max_keepalive_connections=_EACH),
        )

    async def _offered(self, client: httpx.AsyncClient) -> list[str]:
        query = f"office={OFFICE}&items=reisepass:1&from={in_days(1)}&days={_DAYS}&audience=public"
        answer = await client.get(f"/availability?{query}")
        assert answer.is_success, answer.text
        return [start for day in answer.json()["days"] for start in day["starts"]]

    async def _kill_after(self, count: int) -> None:
        await eventually(lambda: self._have_booked(count), seconds=60)
        assert self.process.child is not None
        self.process.child.kill()
        self.process.start()

    async def _have_booked(self, count: int) -> bool:
        return len(self.booked) >= count

    async def _come(self, client: httpx.AsyncClient, number: int) -> None:
        """Want the early times more than the late ones; take what is left after a few tries, or nothing."""
        for _ in range(_TRIES):
            wanted = self.starts[int(len(self.starts) * self.chance.random() ** 2)]
            booking_id = str(uuid4())
            begun = monotonic()
            answer = await self._insist(client, "/holds", self._order(booking_id, wanted, number))
            self.hold_seconds.append(monotonic() - begun)
            if answer.status_code == _CREATED:
                self.held[booking_id] = answer.json()["token"]
                return await self._confirm(client, booking_id, number)
            assert answer.status_code == _CONFLICT, answer.text
            self.refusals["taken"] += 1
        self.refusals["gave_up"] += 1
        return None

    def _order(self, booking_id: str, wanted: str, number: int) -> dict[str, Any]:
        return {
            "booking_id": booking_id,
            "office": OFFICE,
            "items": [{"service": "reisepass", "count": 1}],
            "starts_at": wanted,
            "language": "de",
            "client": f"client-{number}",
            "proof": None,
            "queue": None,
        }

    async def _confirm(self, client: httpx.AsyncClient, booking_id: str, number: int) -> None:
        person = {"name": f"Person {number}", "email": f"person{number}@example.org", "phone": None}
        body = {**person, "note": "", "language": "de"}
        answer = await self._insist(client, f"/bookings/{self.held[booking_id]}/confirmation", body)
        assert answer.is_success, answer.text
        assert answer.json()["state"] == "booked", answer.text
        self.booked.add(booking_id)

    async def _insist(self, client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> httpx.Response:
        """Ask until there is an answer: the same request again is the same order."""
        while True:
            try:
                answer = await client.post(path, json=body)
            except httpx.TransportError:
                self.refusals["no_answer"] += 1
            else:
                if answer.status_code < _BROKEN:
                    return answer
            await asyncio.sleep(self.chance.uniform(0.1, 0.5))

    async def assert_nothing_is_double_or_lost(self) -> None:
        """Compare what people were told with the database, and each counter's visits with one another."""
        database = Database(self.process.url_of_database)
        async with database.reading() as session:
            rows = await session.scalars(select(BookingRow).where(BookingRow.state == "booked"))
            bookings = {str(row.booking_id): (row.resources, row.first_tick, row.ticks) for row in rows}
            booked = await session.scalars(select(ClaimRow.booking_id).where(ClaimRow.kind == "booked"))
            claims = Counter(map(str, booked))
        await database.close()
        assert set(bookings) == self.booked == set(self.held)
        assert claims == {each: len(of) * ticks for each, (of, _, ticks) in bookings.items()}
        for counter in {each for of, _, _ in bookings.values() for each in of}:
            visits = sorted((first, first + ticks) for of, first, ticks in bookings.values() if counter in of)
            assert all(one[1] <= two[0] for one, two in pairwise(visits)), counter

    def told(self) -> str:
        """Return what was measured."""
        waits = sorted(self.hold_seconds)
        p99 = waits[int(len(waits) * 0.99)]
        return (
            f"{self.people} people, {len(self.starts)} times, {len(self.booked)} booked, {self.seconds:.1f} s, "
            f"{len(waits)} attempts, p99 {p99:.2f} s, {dict(self.refusals)}"
        )


def allow_open_files() -> None:
    """Each of the people has a connection of their own."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(_OPEN_FILES, most), most))
