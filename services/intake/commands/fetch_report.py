"""Hand out the body of a report to the service that may see it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from chassis.clock import Clock
from chassis.database import Database
from services.intake.storage import reports


class ErasedError(Exception):
    """The report was fetched and has been erased since."""


async def fetch_report(report_id: UUID, *, database: Database, now: Clock) -> dict[str, Any] | None:
    """Return a report and note that it was fetched; None when there is none of that id."""
    async with database.transaction() as session:
        row = await reports.fetch(session, report_id, now=now())
        if row is None:
            return None
        if row.body is None:
            raise ErasedError
        return {
            "kind": row.kind,
            "system": row.system,
            "received_at": row.received_at.isoformat(),
            "body": json.loads(row.body),
        }
