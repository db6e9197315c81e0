"""The watch of the weather and its proposals as rows. Whoever writes holds the pool's row first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.domain.weather import Rule, WatchState
from services.subscriptions.domain.weather_watch import Proposal, Watch, Wish, rule_of
from services.subscriptions.storage.tables import ProposalRow, WeatherWatchRow

REMEMBERED = timedelta(days=14)
"""A cold spell may keep a pool closed for days; its proposal tells why."""
_STATES: Mapping[str, WatchState] = {"seeing": "seeing", "stale": "stale", "blind": "blind"}


async def watch_of(session: AsyncSession, pool: str) -> Watch | None:
    """Return how well the weather of a pool is known; None when nobody has looked yet."""
    row = await session.get(WeatherWatchRow, pool)
    if row is None:
        return None
    return Watch(
        state=_STATES[row.state],
        since=row.since,
        last_success=row.last_success,
        looked_at=row.looked_at,
        trouble_since=row.trouble_since,
        told=row.told,
        clear_since=_instants(row.stretches["clear"]),
        bad_since=_instants(row.stretches["bad"]),
    )


async def keep_watch(session: AsyncSession, pool: str, watch: Watch, seen: Mapping[str, object]) -> None:
    """Store what is known after a look."""
    stretches = {
        "clear": {rule: since.isoformat() for rule, since in watch.clear_since.items()},
        "bad": {rule: since.isoformat() for rule, since in watch.bad_since.items()},
    }
    row = WeatherWatchRow(
        pool=pool,
        state=watch.state,
        since=watch.since,
        last_success=watch.last_success,
        seen=dict(seen),
        looked_at=watch.looked_at,
        trouble_since=watch.trouble_since,
        told=watch.told,
        stretches=stretches,
    )
    await session.merge(row)


async def proposals(session: AsyncSession, pool: str, *, now: datetime) -> Sequence[ProposalRow]:
    """Return what was proposed of late, the newest first."""
    rows = await session.scalars(
        select(ProposalRow)
        .where(ProposalRow.pool == pool, ProposalRow.made_at > now - REMEMBERED)
        .order_by(ProposalRow.made_at.desc(), ProposalRow.proposal_id)
    )
    return rows.all()


async def open_proposals(session: AsyncSession, pool: str, *, now: datetime) -> Sequence[ProposalRow]:
    """Return what waits for a decision."""
    return [row for row in await proposals(session, pool, now=now) if row.state == "open" and now < row.expires_at]


async def pool_of(session: AsyncSession, proposal_id: UUID) -> str | None:
    """Return the pool that a proposal is about."""
    return await session.scalar(select(ProposalRow.pool).where(ProposalRow.proposal_id == proposal_id))


async def held(session: AsyncSession, proposal_id: UUID) -> ProposalRow:
    """Return a proposal that is there; nobody else decides it until this transaction ends."""
    rows = await session.scalars(select(ProposalRow).where(ProposalRow.proposal_id == proposal_id).with_for_update())
    return rows.one()


def add(session: AsyncSession, pool: str, wish: Wish, *, now: datetime) -> ProposalRow:
    """Record a proposal."""
    row = ProposalRow(
        proposal_id=uuid4(),
        pool=pool,
        action=wish.action,
        rule=wish.rule,
        evidence=dict(wish.evidence),
        made_at=now,
        expires_at=wish.holds_until,
        state="open",
    )
    session.add(row)
    return row


def known(row: ProposalRow) -> Proposal:
    """Return what a row says."""
    action = "close" if row.action == "close" else "reopen"
    rank = int(row.evidence.get("rank", 0))
    return Proposal(action, rule_of(row.rule), rank, row.state, row.decided_at)


def decide(row: ProposalRow, state: str, *, by: str | None, at: datetime) -> None:
    """Let a row say how it was decided."""
    row.state, row.decided_by, row.decided_at = state, by, at


def _instants(texts: Mapping[str, str]) -> dict[Rule, datetime]:
    return {rule_of(rule): datetime.fromisoformat(text) for rule, text in texts.items()}
