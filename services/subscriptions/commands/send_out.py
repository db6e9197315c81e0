"""One turn of the window: results go into the ledger, and what takes their places comes out, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.database import Database
from chassis.lease import Lease
from services.subscriptions.commands import settle
from services.subscriptions.commands.settle import Finished, Sending
from services.subscriptions.domain.announcing import Channel
from services.subscriptions.domain.letter import Letter, Matter
from services.subscriptions.domain.outcomes import PUSH_HOST, Settlement
from services.subscriptions.metrics import EXPIRED
from services.subscriptions.storage import ledger, letters

MATTERS_REMEMBERED = 32
_GOING = ("expanding", "sending")


@dataclass
class Turned:
    """What a turn has come to."""

    settlements: Sequence[Settlement] = ()
    sending: list[Sending] = field(default_factory=list[Sending])
    ended: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    """Rows that do not go out any more, by their new state."""


class Turns:
    """Takes turns; remembers what announcements say."""

    def __init__(self, database: Database, lease: Lease, *, now: Clock) -> None:
        """Remember nothing yet."""
        self._database = database
        self._lease = lease
        self._now = now
        self._matters: dict[int, Matter] = {}
        self._in_doubt: Sequence[int] = ()
        """Taken out by a turn of which nobody knows whether it was committed; none of them was handed over."""

    async def make_sure(self) -> None:
        """Let wait again what a turn has taken out whose end is not known: nobody would hand it over."""
        if not self._in_doubt:
            return
        async with self._database.transaction() as session:
            await ledger.confirm(session, self._lease)
            await ledger.give_back(session, self._in_doubt)
        self._in_doubt = ()

    async def take(self, finished: Sequence[Finished], delivery_ids: Sequence[int]) -> Turned:
        """Settle what is finished and take these rows into the window."""
        at = self._now()
        turned = Turned([settle.settlement_of(each, at=at) for each in finished])
        self._in_doubt = delivery_ids
        async with self._database.transaction() as session:
            await ledger.confirm(session, self._lease)
            if finished:
                await settle.record(session, finished, turned.settlements, at=at)
            if delivery_ids:
                await self._take_out(session, turned, delivery_ids, at)
        self._in_doubt = ()
        settle.count(finished, turned.settlements, at=at)
        EXPIRED.inc(len(turned.ended.get("expired", ())))
        return turned

    async def _take_out(self, session: AsyncSession, turned: Turned, delivery_ids: Sequence[int], at: datetime) -> None:
        rows = await letters.rows(session, delivery_ids)
        standings = await letters.standings(session, {row.announcement_id for row in rows})
        for row in rows:
            matter = await self._matter(session, row.announcement_id)
            ended = _ended(row, standings[row.announcement_id], at)
            if ended is None and row.still is None:
                concerned = await letters.still_concerned(session, row.subscriber_id, matter.topics)
                ended = None if concerned else "unsubscribed"
            channel = _channel_now(row)
            if ended is not None or channel is None:
                turned.ended.setdefault(ended or "unreachable", []).append(row.delivery_id)
                continue
            letter = await _routed(session, row, matter, channel)
            turned.sending.append(Sending(letter, matter.urgency, row.attempts, row.uncertain, self._lease.token))
        await ledger.mark(session, [each.letter.delivery_id for each in turned.sending], "sending")
        for state, ids in turned.ended.items():
            await ledger.mark(session, ids, state)

    async def _matter(self, session: AsyncSession, announcement_id: int) -> Matter:
        known = self._matters.get(announcement_id)
        if known is None:
            known = await letters.matter(session, announcement_id)
            self._matters[announcement_id] = known
            if len(self._matters) > MATTERS_REMEMBERED:
                del self._matters[next(iter(self._matters))]
        return known


def _ended(row: Any, standing: letters.Standing, at: datetime) -> str | None:
    if standing.state not in _GOING:
        return "superseded"
    if standing.expires_at <= at:
        return "expired"
    return "unsubscribed" if row.person is None else None


def _channel_now(row: Any) -> Channel | None:
    """The planned channel if it still works, else the other."""
    email = row.email_state == "active"
    push = row.push_state == "active"
    if row.channel == "push":
        return "push" if push else "email" if email else None
    return "email" if email else "push" if push else None


async def _routed(session: AsyncSession, row: Any, matter: Matter, channel: Channel) -> Letter:
    host: str = row.host
    if channel != row.channel:
        home = row.home or ""
        host = home if channel == "email" or row.email is None else PUSH_HOST
        await ledger.reroute(session, row.delivery_id, channel, host)
    return letters.letter(row, matter, channel, host)
