"""Look at the weather of the pools: propose, act where the town wants that, and say when nothing is known."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.database import Database
from services.subscriptions.commands.change_pool import change
from services.subscriptions.commands.tell_staff import tell_staff
from services.subscriptions.domain import weather_words
from services.subscriptions.domain.hours import is_watched
from services.subscriptions.domain.master_data import MasterData, PoolData
from services.subscriptions.domain.pool import Closure, Opening, Order, Pool, tap_instant
from services.subscriptions.domain.weather import REASONS, Sight, Verdict, configured, judge, values_of
from services.subscriptions.domain.weather_watch import BY, Watch, Wish, looked, to_tell, wishes
from services.subscriptions.storage import pools, weather
from services.subscriptions.storage.tables import ProposalRow

log = structlog.stdlib.get_logger()
SAID_HOLDS = timedelta(hours=2)
STATES = {"close": "closed", "reopen": "open"}


class Sky(Protocol):
    """Whoever can be asked for the weather; never raises for what the service does."""

    async def look(self, data: PoolData) -> Sight:
        """Ask once."""
        ...


@dataclass(frozen=True, slots=True)
class Watching:
    """What a look needs."""

    database: Database
    master: MasterData
    sky: Sky
    now: Clock
    gap: timedelta
    """After so long without a look nothing good lasts on."""
    wake: Callable[[], None]
    """Something may have been announced."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at one pool, inside its transaction."""

    data: PoolData
    at: datetime
    verdict: Verdict
    watch: Watch
    past: Sequence[ProposalRow]
    pool: Pool


async def watch_weather(watching: Watching) -> None:
    """Look at every pool whose weather matters now: all questions first, then one transaction for each pool."""
    # While nothing can be kept nobody is asked: a loop that fails begins again each second.
    await watching.database.ping()
    watched = [data for data in watching.master.pools.values() if _matters(data, watching)]
    sights = await asyncio.gather(*(watching.sky.look(data) for data in watched))
    for data, sight in zip(watched, sights, strict=True):
        async with watching.database.transaction() as session:
            await _take(session, data, sight, watching)
    if watched:
        watching.wake()


def _matters(data: PoolData, watching: Watching) -> bool:
    now = watching.now()
    return bool(configured(data.weather)) and is_watched(data, watching.master.calendar(now.date()), now)


async def _take(session: AsyncSession, data: PoolData, sight: Sight, watching: Watching) -> None:
    now = watching.now()
    row = await pools.held(session, data.pool)
    before = await weather.watch_of(session, data.pool)
    verdict = judge(data, sight, now=now)
    watch = looked(before, verdict, now=now, gap=watching.gap)
    await weather.keep_watch(session, data.pool, watch, values_of(sight))
    await _say(session, data, before, watch)
    past = await weather.proposals(session, data.pool, now=now)
    look = _Look(data, now, verdict, watch, past, pools.known(row))
    await _follow(session, look, watching)


async def _say(session: AsyncSession, data: PoolData, before: Watch | None, watch: Watch) -> None:
    said = to_tell(before, watch)
    if said is None:
        return
    now = watch.looked_at
    texts = weather_words.lost(data.name, watch.state) if said == "weather_lost" else weather_words.back(data.name)
    facts = {"pool": data.pool, "said": said, "state": watch.state}
    await tell_staff(session, data.pool, texts, facts, at=now, expires_at=now + SAID_HOLDS)
    log.warning("weather.watch_changed", pool=data.pool, state=watch.state, said=said)


async def _follow(session: AsyncSession, look: _Look, watching: Watching) -> None:
    past = [weather.known(row) for row in look.past]
    wanted = wishes(look.data.weather, look.pool, past, look.verdict, look.watch)
    for row in look.past:
        if row.state == "open" and _is_over(row, wanted, look):
            weather.decide(row, "expired", by=None, at=look.at)
    for wish in wanted:
        await _wish(session, wish, look, watching)
        if wish.automatic:
            return


def _is_over(row: ProposalRow, wanted: Sequence[Wish], look: _Look) -> bool:
    if any((wish.action, wish.rule) == (row.action, row.rule) for wish in wanted):
        return False
    if look.at >= row.expires_at or look.pool.state == STATES[row.action]:
        return True
    # In the dark a warning stays until its time is over, but nobody is to be let in.
    return row.action == "reopen" or row.rule in look.verdict.clear


async def _wish(session: AsyncSession, wish: Wish, look: _Look, watching: Watching) -> None:
    """Propose, or renew what is proposed already, or act."""
    same = [row for row in look.past if row.state == "open" and (row.action, row.rule) == (wish.action, wish.rule)]
    row = same[0] if same else weather.add(session, look.data.pool, wish, now=look.at)
    row.evidence, row.expires_at = dict(wish.evidence), wish.holds_until
    if wish.automatic:
        weather.decide(row, "automatic", by=BY, at=look.at)
        await change(
            session, look.data.pool, order_of(row, look.pool, BY, look.at), master=watching.master, now=watching.now
        )
    elif same:
        return
    await _announce(session, row, look)


async def _announce(session: AsyncSession, row: ProposalRow, look: _Look) -> None:
    data, words = look.data, str(row.evidence["words"])
    facts = {"pool": data.pool, "proposal_id": str(row.proposal_id), "action": row.action, "rule": row.rule}
    if row.state == "automatic":
        texts, said = weather_words.acted(data.name, row.action, row.rule, words), "automatic"
    else:
        texts, said = weather_words.proposed(data.name, row.action, row.rule, words), "proposal"
    await tell_staff(session, data.pool, texts, facts | {"said": said}, at=look.at, expires_at=row.expires_at)
    log.info("weather.wished", pool=data.pool, action=row.action, rule=row.rule, said=said)


def order_of(row: ProposalRow, pool: Pool, by: str, now: datetime) -> Order:
    """Return the order that a proposal amounts to."""
    at = tap_instant(pool, now)
    if row.action == "reopen":
        return Opening(at, by, at)
    return Closure(at, {str(rule): reason for rule, reason in REASONS.items()}[row.rule], None, by, at)
