"""The first start of an installation: the opening hours that the master data bring along become rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nats.aio.client import Client

from chassis.clock import Clock
from chassis.database import Database
from chassis.service import Loop, Store
from services.appointments.domain.master_data import MasterData
from services.appointments.domain.ticks import LOCAL
from services.appointments.storage.calendars import seed_series
from services.appointments.storage.master_data import FirstSeries


@dataclass(frozen=True, slots=True)
class FirstStart:
    """The store of the service, ready when every office has a calendar."""

    store: Store
    database: Database
    master: MasterData
    first: Sequence[FirstSeries]
    now: Clock

    async def ready(self) -> None:
        """Bring the schema up to date and fill what is new."""
        await self.store.ready()
        async with self.database.transaction() as session:
            await seed_series(session, self.master, self.first, self.now().astimezone(LOCAL).date())

    async def ping(self) -> None:
        """Run a real query."""
        await self.store.ping()

    def loops(self, client: Client) -> Sequence[Loop]:
        """Those of the store."""
        return self.store.loops(client)

    async def close(self) -> None:
        """Close the store."""
        await self.store.close()
