"""The ledger of what goes to whom: reading what waits, and moving rows from state to state.

Only the holder of the lease moves rows. Everything in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, cast

from sqlalchemy import ColumnElement, bindparam, exists, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.lease import Lease
from chassis.tables import RelayLease
from services.subscriptions.domain.announcing import Channel
from services.subscriptions.domain.outcomes import Settlement
from services.subscriptions.storage.tables import AnnouncementRow, DeliveryRow, SubscriberRow

CLEARED_AT_ONCE = 5000


class LeaseLostError(Exception):
    """Another process sends now."""


async def confirm(session: AsyncSession, lease: Lease) -> None:
    """Make sure that nobody takes the lease before this transaction ends."""
    held = await session.scalar(select(RelayLease.token).where(lease.mine()).with_for_update(read=True))
    if held is None:
        raise LeaseLostError


async def waiting(session: AsyncSession, urgency: int, *, after: int, most: int) -> Sequence[Any]:
    """Return id, channel, host and time of rows that wait, by id."""
    rows = await session.execute(
        select(DeliveryRow.delivery_id, DeliveryRow.channel, DeliveryRow.host, DeliveryRow.next_try_at)
        .where(DeliveryRow.state == "queued", DeliveryRow.urgency == urgency, DeliveryRow.delivery_id > after)
        .order_by(DeliveryRow.delivery_id)
        .limit(most)
    )
    return rows.all()


async def take_over(session: AsyncSession) -> int:
    """Let everything that was being handed over go out again; return how many rows that are."""
    return await _changed(
        session,
        update(DeliveryRow)
        .where(DeliveryRow.state == "sending")
        .values(state="queued", uncertain=DeliveryRow.uncertain + 1),
    )


async def clear_superseded(session: AsyncSession) -> bool:
    """Take a piece of what newer announcements have made needless out of the queue; False when nothing was left."""
    return await _cleared(session, AnnouncementRow.state == "superseded", "superseded") == CLEARED_AT_ONCE


async def late(session: AsyncSession, *, at: datetime) -> Sequence[int]:
    """Return what has expired and is not done."""
    found = await session.scalars(
        select(AnnouncementRow.announcement_id).where(
            AnnouncementRow.state == "sending", AnnouncementRow.expires_at <= at
        )
    )
    return found.all()


async def drop(session: AsyncSession, announcement_ids: Sequence[int]) -> int:
    """Take a piece of these out of the queue as expired; return how many rows that were."""
    return await _cleared(session, AnnouncementRow.announcement_id.in_(announcement_ids), "expired")


async def _cleared(session: AsyncSession, those: ColumnElement[bool], state: str) -> int:
    waiting = (
        select(DeliveryRow.delivery_id)
        .join(AnnouncementRow, AnnouncementRow.announcement_id == DeliveryRow.announcement_id)
        .where(DeliveryRow.state == "queued", those)
        .limit(CLEARED_AT_ONCE)
    )
    return await _changed(
        session,
        update(DeliveryRow).where(DeliveryRow.delivery_id.in_(waiting.scalar_subquery())).values(state=state),
    )


async def give_back(session: AsyncSession, delivery_ids: Sequence[int]) -> None:
    """Let rows wait again that were taken out and never handed over."""
    await session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.delivery_id.in_(delivery_ids), DeliveryRow.state == "sending")
        .values(state="queued")
        .execution_options(synchronize_session=False)
    )


async def finish(session: AsyncSession) -> Sequence[int]:
    """Call those announcements done of which nothing is left to send; return them."""
    left = [exists().where(DeliveryRow.state == state, _of_this()) for state in ("queued", "sending")]
    done = await session.scalars(
        update(AnnouncementRow)
        .where(AnnouncementRow.state == "sending", *(~each for each in left))
        .values(state="done")
        .returning(AnnouncementRow.announcement_id)
        .execution_options(synchronize_session=False)
    )
    return done.all()


def _of_this() -> Any:
    # The plus keeps SQLite on the small index of what waits, away from the large one of the announcement.
    return DeliveryRow.announcement_id + 0 == AnnouncementRow.announcement_id


async def depth(session: AsyncSession) -> dict[int, int]:
    """Count what waits, by urgency."""
    rows = await session.execute(
        select(DeliveryRow.urgency, func.count()).where(DeliveryRow.state == "queued").group_by(DeliveryRow.urgency)
    )
    return {urgency: count for urgency, count in rows}  # noqa: C416 - rows are no tuples


async def mark(session: AsyncSession, delivery_ids: Sequence[int], state: str) -> None:
    """Move rows to a state and touch nothing else."""
    if delivery_ids:
        await session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.delivery_id.in_(delivery_ids))
            .values(state=state)
            .execution_options(synchronize_session=False)
        )


async def reroute(session: AsyncSession, delivery_id: int, channel: Channel, host: str) -> None:
    """Note that a row goes out on another channel than was planned."""
    await session.execute(
        update(DeliveryRow).where(DeliveryRow.delivery_id == delivery_id).values(channel=channel, host=host)
    )


async def settle(session: AsyncSession, settlements: Iterable[Settlement], *, at: datetime) -> None:
    """Write down what came of letters; the many that were simply taken go in one statement."""
    ordered = sorted(settlements, key=lambda each: (each.state, each.reply))
    for reply, sent in groupby((each for each in ordered if each.state == "sent"), lambda each: each.reply):
        await session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.delivery_id.in_([each.delivery_id for each in sent]), DeliveryRow.state == "sending")
            .values(state="sent", handed_at=at, attempts=DeliveryRow.attempts + 1, reply=reply)
            .execution_options(synchronize_session=False)
        )
    others = [each for each in ordered if each.state != "sent"]
    if others:
        await _settle_singly(session, others)


async def _settle_singly(session: AsyncSession, settlements: Sequence[Settlement]) -> None:
    names = ("state", "attempts", "uncertain", "next_try_at", "channel", "host", "reply")
    connection = await session.connection()
    await connection.execute(
        update(DeliveryRow)
        .where(DeliveryRow.delivery_id == bindparam("this"), DeliveryRow.state == "sending")
        .values({name: bindparam(f"new_{name}") for name in names}),
        [{"this": each.delivery_id} | {f"new_{name}": getattr(each, name) for name in names} for each in settlements],
    )


async def lose_channel(session: AsyncSession, subscriber_id: int, *, email: str | None, endpoint: str | None) -> None:
    """Note that an address is none; one that the person has changed since stays."""
    this = SubscriberRow.subscriber_id == subscriber_id
    if email is not None:
        lost = update(SubscriberRow).where(this, SubscriberRow.email == email).values(email_state="bounced")
    else:
        lost = update(SubscriberRow).where(this, SubscriberRow.push_endpoint == endpoint).values(push_state="gone")
    await session.execute(lost)


async def _changed(session: AsyncSession, statement: Any) -> int:
    result = await session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount
