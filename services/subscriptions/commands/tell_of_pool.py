"""Tell people of a pool: its closure is one incident, from the first word to the all-clear."""

from __future__ import annotations

from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.domain import pool_news, topics
from services.subscriptions.domain.announcing import Incident
from services.subscriptions.domain.pool_news import Change
from services.subscriptions.storage import incidents, pools

_IDS = UUID("0f6a8e0e-2f5b-5d0a-9a3e-64f1b8a0c7d2")


def subject_of(pool: str) -> str:
    """Return what the incidents of a pool are about."""
    return f"pool:{pool}"


async def tell(session: AsyncSession, change: Change, *, town: str) -> None:
    """Begin, continue or end the incident of a pool, in the transaction of the change itself."""
    going_on = await incidents.current(session, subject_of(change.data.pool))
    if change.after.state == "open":
        if going_on is not None:
            await _end(session, going_on, change)
    elif going_on is None:
        await _begin(session, change, town=town)
    else:
        await pools.update_facts(session, going_on, pool_news.facts(change))
        await incidents.announce(session, going_on, pool_news.closure(change, update=True), at=change.told_at)


async def _begin(session: AsyncSession, change: Change, *, town: str) -> None:
    pool = change.data.pool
    incident = Incident(
        incident_id=uuid5(_IDS, f"{town}|{pool}|{change.after.version}"),
        subject=subject_of(pool),
        topics=(topics.of_pool(pool),),
        facts=pool_news.facts(change),
        began_at=change.after.since or change.told_at,
    )
    await incidents.open_new(session, incident)
    alert = pool_news.closure(change, update=False)
    await incidents.announce(session, incident.incident_id, alert, at=change.told_at)


async def _end(session: AsyncSession, incident_id: UUID, change: Change) -> None:
    await pools.update_facts(session, incident_id, pool_news.facts(change))
    await incidents.announce(session, incident_id, pool_news.opening(change), at=change.told_at)
    await incidents.end(session, incident_id, at=change.after.since or change.told_at)
