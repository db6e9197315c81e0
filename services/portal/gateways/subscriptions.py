"""What the portal asks of subscriptions on behalf of everybody."""

from __future__ import annotations

from uuid import UUID

from pydantic import TypeAdapter

from services.portal.gateways.calls import Calls
from services.portal.gateways.models import Incident, Pool, Topic

_POOLS = TypeAdapter(tuple[Pool, ...])
_NEWS = TypeAdapter(tuple[Incident, ...])
_TOPICS = TypeAdapter(tuple[Topic, ...])
_PATIENCE = 10.0


class Subscriptions:
    """Pools and public messages; `calls` for everything that only one page needs."""

    def __init__(self, calls: Calls) -> None:
        """Ask through these calls."""
        self.calls = calls

    async def pools(self) -> tuple[Pool, ...]:
        """Return all pools."""
        return _POOLS.validate_python(await self.calls.get("/pools"))

    async def pool(self, pool: str) -> Pool:
        """Return one pool; Missing when there is none."""
        return Pool.model_validate(await self.calls.get(f"/pools/{pool}"))

    async def news(self, *, topic: str | None = None, limit: int = 20, in_force: bool = False) -> tuple[Incident, ...]:
        """Return public messages, newest first; with `in_force` also every older one that still holds."""
        wanted = "true" if in_force else None
        return _NEWS.validate_python(await self.calls.get("/news", topic=topic, limit=limit, in_force=wanted))

    async def incident(self, incident: UUID) -> Incident:
        """Return one message with its history; Missing when it is not public."""
        return Incident.model_validate(await self.calls.get(f"/news/{incident}"))

    async def topics(self) -> tuple[Topic, ...]:
        """Return what one can subscribe to."""
        return _TOPICS.validate_python(await self.calls.get("/topics"))

    async def change(self, *, after: int, wait: int) -> int:
        """Return the number of the newest change, at once when it is another than `after`, else after the wait."""
        answer = await self.calls.get("/changes", after=after, wait=wait, patience=wait + _PATIENCE)
        return int(answer["change"])
