"""Decide the channel of a released notice."""

from __future__ import annotations

from chassis import inbox, outbox
from chassis.clock import Clock
from chassis.database import Database
from contracts.accounts import DeliveryRouted
from contracts.base import CloudEvent, envelope, source_of
from contracts.notices import NoticeGenerated
from services.accounts.domain.delivery import decide
from services.accounts.storage.tables import RoutingRow

DURABLE = "accounts-notices"


async def route_notice(event: CloudEvent[NoticeGenerated], *, database: Database, town: str, now: Clock) -> None:
    """Store the decision and tell it; a notice delivered twice is decided once."""
    notice = event.data
    decision = decide(notice.legal_regime)
    async with database.transaction() as session:
        if not await inbox.first_delivery(session, DURABLE, event):
            return
        session.add(
            RoutingRow(
                notice_id=notice.notice_id,
                run_id=notice.run_id,
                channel=decision.channel,
                reason=decision.reason,
                legal_basis=decision.legal_basis,
                decided_at=now(),
            )
        )
        routed = DeliveryRouted(
            notice_id=notice.notice_id,
            letter_id=notice.letter_id,
            run_id=notice.run_id,
            channel=decision.channel,
            reason=decision.reason,
            legal_basis=decision.legal_basis,
            kind=notice.kind,
            year=notice.year,
            pages=notice.pages,
            duplex=notice.duplex,
            colour=notice.colour,
        )
        await outbox.record(
            session,
            [
                envelope(
                    routed,
                    source=source_of(town, "accounts"),
                    aggregate=str(notice.notice_id),
                    sequence=1,
                    time=now(),
                )
            ],
        )
