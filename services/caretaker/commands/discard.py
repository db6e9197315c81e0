"""Give a dead letter up for good, because a person says so."""

from __future__ import annotations

import structlog

from services.caretaker.domain.errors import NoSuchLetterError
from services.caretaker.gateways import letters
from services.caretaker.gateways.bus import Bus

log = structlog.stdlib.get_logger()


async def discard(bus: Bus, number: int, *, by: str, reason: str) -> None:
    """Delete a letter with its body; who and why is written down first."""
    async with bus.open() as context:
        dead = await letters.letter(context, number)
        if dead is None:
            raise NoSuchLetterError(str(number))
        log.warning(
            "dead_letter.discarded",
            number=number,
            durable=dead.durable,
            event_key=dead.event_key,
            dead_because=dead.reason,
            by=by,
            reason=reason,
        )
        await letters.remove(context, dead)
