"""A mail gateway between the simulated provider and a door of notices, on one clock that a test may move."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4, uuid5

import httpx
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chassis.clock import utc_now
from chassis.database import Database
from chassis.health import Health
from chassis.tables import ChassisBase, OutboxRow
from contracts.accounts import DeliveryRouted
from contracts.base import CloudEvent, Message, envelope, source_of
from contracts.mailgateway import LettersDispatched
from services.mailgateway.commands.collect_letter import collect_letter
from services.mailgateway.commands.post import Post
from services.mailgateway.gateways.notices import NoticesDoor
from services.mailgateway.gateways.provider import PrintProvider
from services.mailgateway.queries.counts import all_states
from services.mailgateway.schedule import Schedule
from services.mailgateway.settings import MailgatewaySettings
from services.mailgateway.storage.tables import Base, LetterRow
from tests.mailgateway.integration import simulated_post
from tests.mailgateway.integration.simulated_post import SENDER, SPEED
from tests.mailgateway.integration.small_pdf import small_pdf
from tests.support.asking import asking

TOWN = "15090546"
RUN = UUID("00000000-0000-5000-8000-00000000000a")
_LETTERS = UUID("00000000-0000-5000-8000-00000000000b")
SETTLED = timedelta(seconds=61)
"""The provider's look-ups show by then what a call that broke off has brought."""
DIED = timedelta(seconds=211)
"""The same for a call whose process died."""
UNTIL_SHOWN = 3600.0
"""Real seconds in which no look-up shows a letter; the end of the faults shows it."""
Fact = TypeVar("Fact", bound=Message)


def letter_id(number: int) -> UUID:
    return uuid5(_LETTERS, str(number))


@dataclass
class Notices:
    """Hands out small letters over HTTP as notices does, but none that is withheld; spoiled ones have odd fields."""

    withheld: set[UUID] = field(default_factory=set[UUID])
    spoiled: dict[UUID, dict[str, Any]] = field(default_factory=dict[UUID, dict[str, Any]])
    asked: int = 0
    away: bool = False

    def door(self) -> NoticesDoor:
        app = Starlette(routes=[Route("/letters", self.letters, methods=["POST"])])
        return NoticesDoor(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notices"))

    async def letters(self, request: Request) -> Response:
        self.asked += 1
        if self.away:
            return Response(status_code=503)
        wanted = [UUID(each) for each in (await request.json())["letter_ids"]]
        found = [_handed_out(each) | self.spoiled.get(each, {}) for each in wanted if each not in self.withheld]
        return JSONResponse({"letters": found})


def _handed_out(letter: UUID) -> dict[str, Any]:
    lines = ("Erika Beispiel", f"Am Teich {letter.int % 997}")
    pdf = small_pdf(SENDER, (*lines, "39999 Musterstadt"), f"Bescheid {letter}")
    return {
        "letter_id": str(letter),
        "recipient_lines": lines,
        "postcode": "39999",
        "city": "Musterstadt",
        "country": "",
        "sender_line": SENDER,
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "pdf": base64.b64encode(pdf).decode(),
    }


@dataclass
class Timepiece:
    """The real time of this machine, and what a test has added to it."""

    ahead: timedelta = timedelta()
    stopped_at: datetime | None = None

    def now(self) -> datetime:
        return self.stopped_at or utc_now() + self.ahead


@dataclass
class Gateway:
    """One process of the mail gateway without its bus."""

    post: Post
    schedule: Schedule
    health: Health

    async def send(self) -> None:
        await self.schedule.send()

    async def until(self, holds: Callable[[dict[str, int]], bool], *, seconds: float = 40) -> dict[str, int]:
        """Let the loops turn, as the chassis would, until the counts by state are as wanted."""
        async with asyncio.timeout(seconds):
            while not holds(counts := await self.states()):
                for tick in (self.schedule.send, self.schedule.doubt, self.schedule.follow):
                    await tick()
                await asyncio.sleep(0.05)
        return counts

    async def until_all(self, state: str, *, letters: int) -> None:
        await self.until(lambda counts: counts == {state: letters})

    async def states(self) -> dict[str, int]:
        async with self.post.database.reading() as session:
            return await all_states(session)

    async def letter(self, number: int) -> LetterRow:
        async with self.post.database.reading() as session:
            row = await session.get(LetterRow, letter_id(number))
        assert row is not None
        return row

    async def said(self, fact: type[Fact]) -> list[CloudEvent[Fact]]:
        async with self.post.database.reading() as session:
            bodies = await session.scalars(
                select(OutboxRow.body).where(OutboxRow.subject == fact.subject).order_by(OutboxRow.position)
            )
            return [CloudEvent[fact].model_validate_json(body) for body in bodies]

    async def dispatched(self) -> list[UUID]:
        """Every letter that an event has told to be at the provider, as often as it was told."""
        return [letter for event in await self.said(LettersDispatched) for letter in event.data.letter_ids]


@dataclass
class Town:
    """The provider, notices, and as many gateway processes as a test starts."""

    provider: simulated_post.Post
    notices: Notices
    folder: Path
    timepiece: Timepiece = field(default_factory=Timepiece)
    test: bool = False

    async def pass_time(self, span: timedelta) -> None:
        """Let so much of the provider's time pass for everybody."""
        self.timepiece.ahead += span / SPEED
        async with asking(self.provider.url) as client:
            body = {"advance_seconds": span.total_seconds()}
            (await client.post("/_control/clock", json=body)).raise_for_status()

    async def end_faults(self) -> None:
        async with asking(self.provider.url) as client:
            (await client.delete("/_control/faults")).raise_for_status()

    async def routed(self, *numbers: int, gateway: Gateway, year: int = 2026, duplex: bool = True) -> None:
        for number in numbers:
            await collect_letter(
                _routed(number, year, duplex=duplex),
                database=gateway.post.database,
                town=TOWN,
                test=self.test,
                now=self.timepiece.now,
            )

    async def assert_each_lives_once(self, letters: int) -> None:
        summary = await self.provider.summary()
        assert (summary["distinctCustom1Letters"], summary["lettersWithMoreThanOne"]) == (letters, 0)
        assert summary["received"] - summary["byStatus"].get("99", 0) == letters

    def settings(self) -> MailgatewaySettings:
        values: dict[str, Any] = {
            "town": TOWN,
            "epost_url": self.provider.url,
            "epost_credentials_file": self.folder / "unused",
            "epost_test_mode": self.test,
            "collect_seconds": 0,
            "time_factor": SPEED,
        }
        return MailgatewaySettings(**values)

    @asynccontextmanager
    async def gateway(self, url: str, *, provider: PrintProvider | None = None) -> AsyncGenerator[Gateway]:
        """Start a process on a database, which gets its tables when it has none."""
        database = Database(url)
        async with database.transaction() as session:
            connection = await session.connection()
            await connection.run_sync(ChassisBase.metadata.create_all)
            await connection.run_sync(Base.metadata.create_all)
        async with self.provider.provider() as usual:
            post = Post(database, provider or usual, self.notices.door(), self.settings(), self.timepiece.now)
            health = Health()
            health.started = True
            yield Gateway(post, Schedule(post, health), health)
        await database.close()


def _routed(number: int, year: int, *, duplex: bool) -> CloudEvent[DeliveryRouted]:
    data = DeliveryRouted(
        notice_id=uuid4(),
        letter_id=letter_id(number),
        run_id=RUN,
        channel="paper",
        reason="no_account",
        legal_basis="§ 122 (2) Nr. 1 AO",
        kind="umlage",
        year=year,
        pages=1,
        duplex=duplex,
        colour=False,
    )
    source = source_of(TOWN, "accounts")
    return envelope(data, source=source, aggregate=str(data.notice_id), sequence=1, time=utc_now())


def sqlite(folder: Path, name: str = "mailgateway") -> str:
    return f"sqlite+aiosqlite:///{folder}/{name}.sqlite"


def once_each(letters: Sequence[UUID], numbers: range) -> bool:
    """Whether these are the letters of the numbers, each once."""
    return sorted(letters) == sorted(letter_id(number) for number in numbers)
