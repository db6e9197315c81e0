"""Take in a letter whose notice goes by paper."""

from __future__ import annotations

from chassis import inbox
from chassis.clock import Clock
from chassis.database import Database
from contracts.accounts import DeliveryRouted
from contracts.base import CloudEvent
from services.mailgateway.domain.batching import batch_id
from services.mailgateway.storage import letters

DURABLE = "mailgateway-routing"


async def collect_letter(
    event: CloudEvent[DeliveryRouted], *, database: Database, town: str, test: bool, now: Clock
) -> None:
    """Put the letter into its wave; a notice that goes to the mailbox is none of ours."""
    routed = event.data
    wave = batch_id(town, routed.kind, routed.year, duplex=routed.duplex, colour=routed.colour, test=test)
    async with database.transaction() as session:
        if not await inbox.first_delivery(session, DURABLE, event) or routed.channel != "paper":
            return
        await letters.add_wave(
            session,
            {
                "batch_id": wave,
                "kind": routed.kind,
                "year": routed.year,
                "duplex": routed.duplex,
                "colour": routed.colour,
                "test": test,
            },
        )
        await letters.add_letter(
            session,
            {
                "letter_id": routed.letter_id,
                "run_id": routed.run_id,
                "batch_id": wave,
                "collected_at": now(),
            },
        )
