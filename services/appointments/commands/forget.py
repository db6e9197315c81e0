"""Erase what is not needed any more (Art. 5 Abs. 1 e DSGVO, Speicherbegrenzung)."""

from __future__ import annotations

from datetime import timedelta

import structlog

from services.appointments.commands.end_waiting import end_over
from services.appointments.desk import Desk
from services.appointments.storage import forgetting, reminders

log = structlog.stdlib.get_logger()

PERSON_KEPT = timedelta(days=90)
"""After the visit: as long as somebody may still ask about it."""
HOLD_KEPT = timedelta(days=1)
"""After it ran out: a page that is still open is told what has become of it."""
CLIENT_KEPT = timedelta(days=1)
REMINDER_KEPT = timedelta(days=14)
RELEASE_KEPT = timedelta(days=7)
CLAIM_KEPT = timedelta(days=7)
"""After its day: so long a time that is over can still be moved or looked at as it was."""
VISIT_KEPT = timedelta(days=3 * 366)
"""Without names: for the statistics."""


async def forget(desk: Desk) -> None:
    """Erase all that is due."""
    now = desk.now()
    await end_over(desk)
    async with desk.database.transaction() as session:
        counts = {
            "visitors": await forgetting.visitors(session, visited_before=now - PERSON_KEPT),
            "clients": await forgetting.clients(session, before=now - CLIENT_KEPT),
            "waiting": await forgetting.waiting(session),
        }
    async with desk.database.transaction() as session:
        counts["holds"] = await forgetting.holds(session, before=now - HOLD_KEPT)
        over = now - CLAIM_KEPT
        counts["claims"] = await forgetting.claims(session, before=now - HOLD_KEPT, over_before=over)
        counts["queue_tickets"] = await forgetting.queue_tickets(session, day=(now - PERSON_KEPT).date())
        counts["visits"] = await forgetting.visits(session, before=now - VISIT_KEPT)
        counts["proofs"] = await forgetting.proofs(session, before=now)
        counts["release_tickets"] = await forgetting.release_tickets(session, before=now - RELEASE_KEPT)
        await reminders.drop_old(session, before=now - REMINDER_KEPT)
    if any(counts.values()):
        log.info("appointments.forgotten", **counts)
