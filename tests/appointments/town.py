"""A small town with two offices: a desk on a real database with a clock that goes on by hand, or a real process."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import and_, select, update

from chassis.clock import utc_now
from chassis.database import Database
from chassis.mail_tables import OutgoingMail
from chassis.tables import OutboxRow
from services.appointments.commands.cancel import cancel
from services.appointments.commands.confirm import confirm
from services.appointments.commands.hold import HoldOrder, hold
from services.appointments.desk import Desk
from services.appointments.domain.booking import Booking, Item, Person, Wish
from services.appointments.domain.master_data import MasterData, Release
from services.appointments.domain.ticks import LOCAL, tick_of
from services.appointments.planner import Planner
from services.appointments.settings import AppointmentsSettings
from services.appointments.storage import bookings
from services.appointments.storage.calendars import seed_series
from services.appointments.storage.master_data import read_master_data
from services.appointments.storage.tables import BookingRow, ClaimRow
from tests.appointments.tables import make_tables
from tests.support.asking import asking
from tests.support.nats import Bus
from tests.support.processes import Child, free_port

AS_PORTAL = {"authorization": "Bearer of-portal"}
AS_RATHAUS = {"authorization": "Bearer of-rathaus"}
NOBODY = "127.0.0.1:9"
"""Nothing listens there: no mail leaves."""
KEY = b"a key of thirty-two bytes or more"
OFFICE = "buergerbuero"
REGISTRY = "standesamt"
PASSPORT = Wish(OFFICE, (Item("reisepass"),))
"""20 minutes at schalter-1 or schalter-2 (staff: schalter-3 too)."""
WEDDING = Wish(REGISTRY, (Item("eheschliessung"),))
"""45 minutes and 15 of buffer, with the clerk and the room."""
ANNA = Person("Anna Beispiel", "anna@example.org", "03935 123456")
OPEN_DAY = date(2026, 12, 1)
"""A Tuesday."""
_OFFICES = """
[offices.buergerbuero]
name = "Bürgerbüro"
address = "Bismarckstraße 5, 39517 Tangerhütte"
phone = "03935 9317-0"
email = "buergerbuero@tangerhuette.example"
latest_minutes = 30
days_ahead = 60
ticket_prefix = "A"

[offices.standesamt]
name = "Standesamt"
address = "Bismarckstraße 5, 39517 Tangerhütte"
phone = "03935 9317-20"
latest_minutes = 60
days_ahead = 180
ticket_prefix = "S"

[resources]
schalter-1 = { office = "buergerbuero", kind = "counter", name = "Schalter 1" }
schalter-2 = { office = "buergerbuero", kind = "counter", name = "Schalter 2" }
schalter-3 = { office = "buergerbuero", kind = "counter", name = "Schalter 3" }
standesbeamtin = { office = "standesamt", kind = "clerk", name = "Standesbeamtin" }
trausaal = { office = "standesamt", kind = "room", name = "Trausaal" }

[services.reisepass]
minutes = 20
most = 4
name = { de = "Reisepass", en = "Passport", plain = "Reise-Pass" }
hint = { de = "Bitte kommen Sie selbst.", en = "Please come in person.", plain = "Sie müssen selbst kommen." }
bring = [{ de = "alter Ausweis", en = "old identity card", plain = "Ihr alter Ausweis" }]
needs.buergerbuero = [{ kind = "counter", any_of = ["schalter-1", "schalter-2", "schalter-3"] }]

[services.abholung]
minutes = 5
most = 4
name = { de = "Abholung", en = "Collection", plain = "Abholen" }
hint = { de = "", en = "", plain = "" }
needs.buergerbuero = [{ kind = "counter", any_of = ["schalter-1", "schalter-2", "schalter-3"] }]

[services.eheschliessung]
minutes = 45
buffer_minutes = 15
name = { de = "Eheschließung", en = "Wedding", plain = "Heiraten" }
hint = { de = "", en = "", plain = "" }
needs.standesamt = [{ kind = "clerk", any_of = ["standesbeamtin"] }, { kind = "room", any_of = ["trausaal"] }]

[[series]]
office = "buergerbuero"
resources = ["schalter-1", "schalter-2"]
audience = "public"
weekdays = [0, 1, 2, 3, 4]
hours = ["09:00", "16:00"]

[[series]]
office = "buergerbuero"
resources = ["schalter-3"]
audience = "internal"
weekdays = [0, 1, 2, 3, 4]
hours = ["09:00", "12:00"]

[[series]]
office = "standesamt"
resources = ["standesbeamtin", "trausaal"]
audience = "public"
weekdays = [1, 4]
hours = ["09:00", "14:00"]
"""


def local(text: str) -> datetime:
    """Return the instant of a local time: `2026-12-01 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL).astimezone(UTC)


NOW = local("2026-11-23 08:00")
"""A Monday."""
NINE = local("2026-12-01 09:00")


def offices_file(folder: Path) -> Path:
    """Write the master data, as a town would."""
    path = folder / "offices.toml"
    path.write_text(_OFFICES, "utf-8")
    return path


def a_town(release: Release | None = None) -> MasterData:
    """Return the master data; `release`: how new days of the first office become bookable."""
    with TemporaryDirectory() as folder:
        master, _ = read_master_data(offices_file(Path(folder)))
    changed = replace(master.offices[OFFICE], release=release)
    return replace(master, offices={**master.offices, OFFICE: changed})


class Hands:
    """A clock that stands until somebody moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def go_on(self, *, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        self.at += timedelta(minutes=minutes, hours=hours, days=days)


@dataclass
class Town:
    """A desk and what a test asks about it."""

    desk: Desk
    clock: Hands
    freed: list[datetime] = field(default_factory=list[datetime])
    """When the waiting list was woken."""

    def order(self, starts_at: datetime = NINE, wish: Wish = PASSPORT, **more: Any) -> HoldOrder:
        usual: dict[str, Any] = {
            "booking_id": uuid4(),
            "audience": "public",
            "channel": "web",
            "language": "de",
            "client": None,
            "resource": None,
            "by": None,
        }
        return HoldOrder(wish=wish, starts_at=starts_at, **{**usual, **more})

    async def held(self, starts_at: datetime = NINE, wish: Wish = PASSPORT, **more: Any) -> Booking:
        return await hold(self.order(starts_at, wish, **more), self.desk)

    async def booked(
        self, starts_at: datetime = NINE, wish: Wish = PASSPORT, *, person: Person = ANNA, **more: Any
    ) -> Booking:
        held = await self.held(starts_at, wish, **more)
        return await confirm(held.booking_id, person, self.desk, proven=True)

    async def cancelled(self, booking_id: UUID, *, by: str = "citizen") -> Booking:
        return await cancel(booking_id, self.desk, by=by, seen_version=None)

    async def found(self, booking_id: UUID) -> Booking:
        async with self.desk.database.reading() as session:
            booking = await bookings.find(session, booking_id)
        assert booking is not None
        return booking

    async def claims(self) -> list[ClaimRow]:
        """All but those that were given back at once: the rows wait to be swept."""
        given_back = and_(ClaimRow.kind == "quarantine", ClaimRow.expires_at <= self.clock.at - timedelta(hours=1))
        async with self.desk.database.reading() as session:
            rows = await session.scalars(select(ClaimRow).where(~given_back).order_by(ClaimRow.resource, ClaimRow.tick))
            return list(rows)

    async def mails(self) -> list[OutgoingMail]:
        async with self.desk.database.reading() as session:
            return list(await session.scalars(select(OutgoingMail)))

    async def events(self) -> list[str]:
        """Subjects of what was told to the bus, in order."""
        async with self.desk.database.reading() as session:
            return list(await session.scalars(select(OutboxRow.subject).order_by(OutboxRow.position)))


@asynccontextmanager
async def open_town(
    database_url: str, *, at: datetime = NOW, release: Release | None = None, **settings: Any
) -> AsyncGenerator[Town]:
    """Make an empty town; opening hours begin in the week of the clock."""
    database = Database(database_url)
    clock, freed = Hands(at), list[datetime]()
    with TemporaryDirectory() as folder:
        (Path(folder) / "key").write_bytes(KEY)
        _, series = read_master_data(offices_file(Path(folder)))
        chosen = AppointmentsSettings(database_url=database_url, key_file=Path(folder) / "key", **settings)
    master = a_town(release)
    async with database.transaction() as session:
        await make_tables(session)
        await seed_series(session, master, series, at.astimezone(LOCAL).date())
    planner = Planner(database, master, replica_seconds=chosen.replica_seconds)
    desk = Desk(database, master, planner, chosen, KEY, clock, freed=lambda: freed.append(clock()))
    yield Town(desk, clock, freed)
    await database.close()


@dataclass
class Process:
    """The real process of appointments on a real bus; `child` is the one that runs."""

    bus: Bus
    folder: Path
    database_url: str = ""
    mail_relay: str = NOBODY
    more: dict[str, str] = field(default_factory=dict[str, str])
    """Other settings, as environment."""
    port: int = field(default_factory=free_port)
    child: Child | None = None

    @property
    def url_of_database(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{self.folder}/appointments.sqlite"

    def start(self) -> Child:
        tokens = self.folder / "tokens"
        tokens.mkdir(exist_ok=True)
        for name in ("rathaus", "portal"):
            (tokens / f"from-{name}").write_text(f"of-{name}\n")
        if not (self.folder / "link.key").exists():
            (self.folder / "link.key").write_text(token_hex(32))
        env = {
            **os.environ,
            "APPOINTMENTS_KEY_FILE": str(self.folder / "link.key"),
            "APPOINTMENTS_OFFICES_FILE": str(offices_file(self.folder)),
            "APPOINTMENTS_HTTP_PORT": str(self.port),
            "APPOINTMENTS_NATS_URL": self.bus.server.url,
            "APPOINTMENTS_NATS_SEED_FILE": str(self.bus.server.home.seed_file("appointments")),
            "APPOINTMENTS_DATABASE_URL": self.url_of_database,
            "APPOINTMENTS_TOKENS_DIR": str(tokens),
            "APPOINTMENTS_MAIL_RELAY": self.mail_relay,
            **self.more,
        }
        command = [sys.executable, "-m", "services.appointments.main"]
        self.child = Child(command, log=self.folder / "appointments.log", env=env)
        self.child.wait_until_listening(self.port)
        return self.child

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()

    async def ask(
        self, path: str, *, method: str = "GET", headers: dict[str, str] = AS_PORTAL, body: object = None
    ) -> httpx.Response:
        async with asking(f"http://127.0.0.1:{self.port}", headers=headers, timeout=40) as client:
            return await client.request(method, path, json=body)

    async def bring_to_now(self, booking_id: UUID) -> None:
        """Let an appointment begin in these five minutes: on some days and near midnight nobody could book that."""
        database = Database(self.url_of_database)
        async with database.transaction() as session:
            await session.execute(update(BookingRow), [{"booking_id": booking_id, "first_tick": tick_of(utc_now())}])
        await database.close()

    async def ready(self) -> bool:
        return (await self.ask("/readyz")).status_code == 200
