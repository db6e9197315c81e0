"""A pool with its weather watcher, on a real database, whose clock goes on by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.clock import utc_now
from chassis.database import Database
from services.subscriptions import queries_weather
from services.subscriptions.commands.change_pool import change
from services.subscriptions.commands.decide_proposal import Decision, decide_proposal
from services.subscriptions.commands.watch_weather import Watching, watch_weather
from services.subscriptions.domain.master_data import MasterData, PoolData
from services.subscriptions.domain.pool import Closure, Opening
from services.subscriptions.gateways.weather import WeatherService
from services.subscriptions.storage.tables import AnnouncementRow, IncidentRow, PoolRow, ProposalRow
from tests.subscriptions.sky import POOL, a_pool, a_town, minutes, rules

GAP = minutes(20)


@dataclass
class Bath:
    """A pool with its watcher, whose clock goes on by hand."""

    database: Database
    service: WeatherService
    data: PoolData
    ahead: timedelta = field(default_factory=timedelta)
    woken: int = 0

    def now(self) -> datetime:
        return utc_now() + self.ahead

    @property
    def master(self) -> MasterData:
        return a_town(self.data)

    @property
    def watching(self) -> Watching:
        return Watching(self.database, self.master, self.service, self.now, GAP, self.wake)

    def wake(self) -> None:
        self.woken += 1

    async def look(self, *, after: float = 0) -> None:
        self.ahead += minutes(after)
        await watch_weather(self.watching)

    async def decide(self, proposal_id: UUID, decision: Decision = "confirmed", *, by: str = "badkasse") -> str:
        return await decide_proposal(
            proposal_id, decision, by=by, database=self.database, master=self.master, now=self.now
        )

    async def person(self, *, reason: str | None) -> None:
        """Close, or open, by hand."""
        at = self.now()
        order = Opening(at, "badkasse", at) if reason is None else Closure(at, reason, None, "badkasse", at)
        async with self.database.transaction() as session:
            await change(session, POOL, order, master=self.master, now=self.now)

    async def pool(self) -> PoolRow:
        async with self.database.reading() as session:
            return await session.get_one(PoolRow, POOL)

    async def proposals(self) -> list[ProposalRow]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(ProposalRow).order_by(ProposalRow.made_at)))

    async def shown(self) -> dict[str, Any]:
        async with self.database.reading() as session:
            return await queries_weather.weather(session, POOL, at=self.now(), gap=GAP)

    async def said(self) -> list[str]:
        """What the attendants were told, in order."""
        async with self.database.reading() as session:
            rows = await session.execute(
                select(IncidentRow.facts, IncidentRow.public, IncidentRow.topics)
                .join(AnnouncementRow, AnnouncementRow.incident_id == IncidentRow.incident_id)
                .where(IncidentRow.subject == f"staff:{POOL}")
                .order_by(AnnouncementRow.announcement_id)
            )
            found = rows.all()
        assert all(not row.public and row.topics == [f"staff.{POOL}"] for row in found)
        return [row.facts["said"] for row in found]

    def acts_by_itself(self) -> None:
        """Let the watcher close and open without asking."""
        self.data = a_pool(weather=rules(automatic=True, clear_minutes=10))
