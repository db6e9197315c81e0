"""A service with a database: schema at start, outbox relay and inbox housekeeping beside its own loops."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from nats.aio.client import Client

from chassis import inbox
from chassis.database import Database
from chassis.errors import DependencyDown
from chassis.inbox import FailureLedger
from chassis.migrations import ensure_schema
from chassis.outbox import Relay
from chassis.service import Loop, Service, assemble_worker
from chassis.settings import ServiceSettings

HOUSEKEEPING_SECONDS = 3600.0


class DatabaseStore:
    """The life of a database inside a service."""

    def __init__(self, database: Database, *, package: str, identity: str, forbids: Callable[[str], bool]) -> None:
        """`package` is the service's import name, where its migrations lie."""
        self._database = database
        self._package = package
        self._relay = Relay(database, name=identity, forbids=forbids)

    async def ready(self) -> None:
        """Bring the schema up to date."""
        await ensure_schema(self._package, self._database)

    async def ping(self) -> None:
        """Run a real query."""
        await self._database.ping()

    def loops(self, client: Client) -> Sequence[Loop]:
        """Relay and housekeeping."""

        async def relay() -> None:
            await self._relay.run(client)

        return [relay, self._keep_house]

    async def close(self) -> None:
        """Give the relay's lease back and close the connections."""
        with contextlib.suppress(DependencyDown):
            await self._relay.release()
        await self._database.close()

    async def _keep_house(self) -> None:
        await inbox.prune(self._database)
        await asyncio.sleep(HOUSEKEEPING_SECONDS)


def assemble(identity: str, settings: ServiceSettings, *, package: str) -> tuple[Service, Database]:
    """Build the parts that every service has: health, broker and database."""
    database = Database(settings.database_url)
    service = assemble_worker(identity, settings, failures=FailureLedger(database))
    service.store = DatabaseStore(database, package=package, identity=identity, forbids=service.health.forbids)
    return service, database
