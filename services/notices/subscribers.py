"""NATS in: each event is one command."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.consumer import Consuming, consume
from chassis.database import Database
from chassis.documents import Documents
from contracts.accounts import DeliveryRouted
from contracts.base import CloudEvent
from contracts.intake import AddressChangeReported, OwnerChangeReported, PaymentReported, Reported
from contracts.mailgateway import LetterFailed, LetterPosted, LettersDispatched, LetterUnclear
from contracts.notices import ChunkRendered
from services.notices.commands import record_chunk, record_delivery, record_report
from services.notices.gateways.intake import Reports


def register(consuming: Consuming, *, database: Database, documents: Documents, reports: Reports, now: Clock) -> None:
    """Attach this service's handlers."""

    async def on_chunk_rendered(event: CloudEvent[ChunkRendered]) -> None:
        await record_chunk.record_chunk(event, database=database, documents=documents, now=now)

    async def on_delivery_routed(event: CloudEvent[DeliveryRouted]) -> None:
        await record_delivery.record_routing(event, database=database)

    async def on_letters_dispatched(event: CloudEvent[LettersDispatched]) -> None:
        await record_delivery.record_dispatch(event, database=database, now=now)

    async def on_letter_posted(event: CloudEvent[LetterPosted]) -> None:
        await record_delivery.record_posted(event, database=database)

    async def on_letter_failed(event: CloudEvent[LetterFailed]) -> None:
        await record_delivery.record_failed(event, database=database)

    async def on_letter_unclear(event: CloudEvent[LetterUnclear]) -> None:
        await record_delivery.record_unclear(event, database=database)

    async def on_reported(event: CloudEvent[Reported]) -> None:
        await record_report.record_report(event, database=database, reports=reports)

    consume(consuming, "notices-chunks", {ChunkRendered: on_chunk_rendered})
    consume(consuming, "notices-routing", {DeliveryRouted: on_delivery_routed})
    consume(
        consuming,
        "notices-letters",
        {
            LettersDispatched: on_letters_dispatched,
            LetterPosted: on_letter_posted,
            LetterFailed: on_letter_failed,
            LetterUnclear: on_letter_unclear,
        },
    )
    consume(
        consuming,
        "notices-reports",
        {AddressChangeReported: on_reported, OwnerChangeReported: on_reported, PaymentReported: on_reported},
    )
