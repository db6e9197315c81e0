"""What other systems have reported and a clerk has to take over into the levy file."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notices.storage.tables import ERASED, ReportedChangeRow

_ERASED = "Der Inhalt ist gelöscht, weil die Änderung seit Langem erledigt ist."


async def changes(session: AsyncSession, *, only_open: bool) -> list[dict[str, Any]]:
    """Return reported changes, the oldest first."""
    wanted = select(ReportedChangeRow).order_by(ReportedChangeRow.received_at, ReportedChangeRow.report_id)
    if only_open:
        wanted = wanted.where(ReportedChangeRow.done_at.is_(None))
    return [_change(row) for row in await session.scalars(wanted)]


def _change(row: ReportedChangeRow) -> dict[str, Any]:
    return {
        "report_id": str(row.report_id),
        "kind": row.kind,
        "reported_by": row.reported_by,
        "received_at": row.received_at.isoformat(),
        "done_at": row.done_at.isoformat() if row.done_at is not None else None,
        "done_by": row.done_by,
        "body": json.loads(row.body),
        "body_note": _ERASED if row.body == ERASED else None,
    }
