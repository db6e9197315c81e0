"""Give a dead letter up for good, because a person says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from services.caretaker.domain.errors import NoSuchLetterError
from services.caretaker.gateways import audit, letters
from services.caretaker.gateways.audit import Discard
from services.caretaker.gateways.bus import Bus

log = structlog.stdlib.get_logger()


@dataclass(frozen=True, slots=True)
class Decision:
    """Who has decided, why, and when."""

    by: str
    reason: str
    at: datetime


async def discard(bus: Bus, number: int, decision: Decision) -> None:
    """Delete a letter with its body; who and why is written down first, so that it lasts."""
    async with bus.open() as context:
        dead = await letters.letter(context, number)
        if dead is None:
            raise NoSuchLetterError(str(number))
        record = Discard(
            number=number,
            durable=dead.durable,
            event_key=dead.event_key,
            dead_because=dead.reason,
            by=decision.by,
            reason=decision.reason,
            at=decision.at,
        )
        await audit.write(context, record, buried_at=dead.held.stored_at)
        log.warning("dead_letter.discarded", **record.model_dump(exclude={"at"}))
        await letters.remove(context, dead)
