"""Holds that are written together: all of them in the same few statements, or none."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.tables import UtcDateTime
from services.appointments.domain.booking import Booking
from services.appointments.domain.refusal import TakenError
from services.appointments.storage import bookings
from services.appointments.storage.booking_rows import Origin

Also = Callable[[AsyncSession, Booking], Awaitable[None]]
"""What is done in the same transaction after a time is taken; what it raises undoes all of it."""
_NOW = bindparam("now", type_=UtcDateTime)
_TAKE = {
    "sqlite": text("""
        INSERT INTO claim (resource, tick, booking_id, kind, expires_at)
        SELECT value ->> 'resource', value ->> 'tick', value ->> 'booking_id', 'hold', value ->> 'expires_at'
        FROM json_each(:rows) WHERE true ORDER BY 1, 2
        ON CONFLICT (resource, tick) DO UPDATE
        SET booking_id = excluded.booking_id, kind = excluded.kind, expires_at = excluded.expires_at
        WHERE claim.expires_at <= :now OR (claim.booking_id = excluded.booking_id AND claim.kind = 'quarantine')
        """).bindparams(_NOW),
    "postgresql": text("""
        INSERT INTO claim (resource, tick, booking_id, kind, expires_at, changed_in)
        SELECT resource, tick, booking_id, 'hold', expires_at AT TIME ZONE 'UTC',
            CAST(CAST(pg_current_xact_id() AS text) AS bigint)
        FROM json_to_recordset(CAST(:rows AS json))
        AS hold (resource text, tick integer, booking_id uuid, expires_at timestamp) ORDER BY 1, 2
        ON CONFLICT (resource, tick) DO UPDATE
        SET booking_id = excluded.booking_id, kind = excluded.kind, expires_at = excluded.expires_at,
            changed_in = excluded.changed_in
        WHERE claim.expires_at <= :now OR (claim.booking_id = excluded.booking_id AND claim.kind = 'quarantine')
        """).bindparams(_NOW),
}
"""One statement for all ticks of all holds, in order: two replicas wait for each other in a row."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A hold that is to be written."""

    booking: Booking
    origin: Origin
    expires_at: datetime
    now: datetime
    also: Also | None
    """Done in the same transaction, after it."""


async def write_all(session: AsyncSession, drafts: Sequence[Draft]) -> None:
    """Write holds of different ticks; any error means that nobody has anything: roll back, and try them one by one."""
    if not drafts:
        return
    rows = [row for each in drafts for row in _rows(each)]
    values = {"rows": json.dumps(rows), "now": min(each.now for each in drafts)}
    taken = await session.execute(_TAKE[session.get_bind().dialect.name], values)
    if cast("CursorResult[Any]", taken).rowcount != len(rows):
        raise TakenError
    await bookings.add_all(session, [(each.booking, each.origin) for each in drafts])
    for each in drafts:
        if each.also is not None:
            await each.also(session, each.booking)


def _rows(draft: Draft) -> list[dict[str, object]]:
    """Return the claims; ids and instants as SQLAlchemy writes them to SQLite, which PostgreSQL reads as well."""
    where = draft.booking.allocation
    expires_at = draft.expires_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return [
        {"resource": each, "tick": tick, "booking_id": draft.booking.booking_id.hex, "expires_at": expires_at}
        for each in where.resources
        for tick in where.claimed
    ]
