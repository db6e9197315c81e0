"""Record what accounts and the mail gateway tell about a notice's way."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis import inbox
from chassis.clock import Clock
from chassis.database import Database
from contracts.accounts import DeliveryRouted
from contracts.base import CloudEvent
from contracts.mailgateway import LetterFailed, LetterPosted, LettersDispatched, LetterUnclear
from services.notices.storage import runs
from services.notices.storage.tables import NoticeRow

ROUTING = "notices-routing"
LETTERS = "notices-letters"


async def record_routing(event: CloudEvent[DeliveryRouted], *, database: Database) -> None:
    """Note the channel of a notice."""
    async with database.transaction() as session:
        if await inbox.first_delivery(session, ROUTING, event):
            await runs.note_delivery(session, NoticeRow.notice_id == event.data.notice_id, channel=event.data.channel)


async def record_dispatch(event: CloudEvent[LettersDispatched], *, database: Database, now: Clock) -> None:
    """Note that the provider has letters."""
    async with database.transaction() as session:
        if await inbox.first_delivery(session, LETTERS, event):
            await runs.note_delivery(
                session, NoticeRow.letter_id.in_(event.data.letter_ids), submitted=True, submitted_seen_at=now()
            )


async def record_posted(event: CloudEvent[LetterPosted], *, database: Database) -> None:
    """Note the provider's posting date."""
    await _record_state(event, "posted", database=database, letter_id=event.data.letter_id, at=event.data.posted_at)


async def record_failed(event: CloudEvent[LetterFailed], *, database: Database) -> None:
    """Note that a letter was refused for good."""
    await _record_state(event, "failed", database=database, letter_id=event.data.letter_id)


async def record_unclear(event: CloudEvent[LetterUnclear], *, database: Database) -> None:
    """Note that a clerk has to decide about a letter."""
    await _record_state(event, "unclear", database=database, letter_id=event.data.letter_id)


async def _record_state(
    event: CloudEvent[Any], state: str, *, database: Database, letter_id: UUID, at: datetime | None = None
) -> None:
    """Note a state unless a later one is known: `sequence` orders the events of a letter."""
    async with database.transaction() as session:
        if await inbox.first_delivery(session, LETTERS, event):
            await runs.note_delivery(
                session,
                NoticeRow.letter_id == letter_id,
                NoticeRow.letter_sequence < event.sequence,
                letter_state=state,
                letter_sequence=event.sequence,
                posted_at=at,
            )
