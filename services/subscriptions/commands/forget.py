"""Erase people who want it or have left, and requests that nobody has confirmed."""

from __future__ import annotations

from datetime import timedelta

import structlog

from chassis.clock import Clock
from chassis.database import Database
from services.subscriptions.commands.steps import mac_of
from services.subscriptions.domain import consent
from services.subscriptions.domain.consent import Consent
from services.subscriptions.domain.refusal import old_link
from services.subscriptions.storage import consents, erasure, signups, subscribers, summary
from services.subscriptions.storage.registry import Registry

log = structlog.stdlib.get_logger()

UNDO_FOR = timedelta(days=7)
"""So long somebody who has left may take it back; then the address goes, as the text of consent promises."""
SILENT_FOR = timedelta(days=30)
"""So long an address or a browser that takes no messages any more is kept: the person may repair it."""
LEDGER_KEPT = timedelta(days=90)
"""So long "why did I get this" can be answered; after that only numbers are left."""
_AT_ONCE = 500


async def forget_person(registry: Registry, token: str) -> None:
    """Erase a person (Art. 17 DSGVO); the log of consents stays, without any address."""
    async with registry.database.transaction() as session:
        row = await subscribers.of_token(session, registry.key, token, lock=True)
        if row is None:
            raise old_link()
        had = sorted(await subscribers.topics_of(session, row.subscriber_id))
        entry = Consent(row.subscriber_id, registry.now(), "withdrawn", "erasure", consent.CURRENT, had)
        await consents.record(session, [entry._replace(address_mac=mac_of(registry, row))])
        if row.email_key is not None:
            await signups.forget_person(session, row.email_key, now=registry.now())
        await erasure.erase(session, row)


async def forget_old_signups(database: Database, *, now: Clock) -> None:
    """Delete requests after some days, with the addresses in them."""
    async with database.transaction() as session:
        count = await signups.forget_old(session, now=now())
    if count:
        log.info("signups.forgotten", signups=count)


async def forget_needless(database: Database, *, now: Clock) -> int:
    """Erase people who ended their last topic, or whom nothing has reached, some time ago; return how many."""
    at = now()
    spans = {"left_before": at - UNDO_FOR, "silent_since": at - SILENT_FOR}
    async with database.reading() as session:
        found = await erasure.needless(session, **spans, most=_AT_ONCE)
    erased = 0
    for subscriber_id in found:
        async with database.transaction() as session:
            erased += await erasure.erase_needless(session, subscriber_id, **spans)
    if erased:
        log.info("people.forgotten", people=erased)
    return erased


async def forget_ledger(database: Database, *, now: Clock) -> int:
    """Delete who got which old announcement, and keep the numbers; return how many rows went."""
    async with database.transaction() as session:
        old = await summary.keep_numbers(session, made_before=now() - LEDGER_KEPT, most=_AT_ONCE)
    dropped = 0
    for announcement_id in old:
        while count := await _drop_some(database, announcement_id):
            dropped += count
    if dropped:
        log.info("ledger.forgotten", rows=dropped)
    return dropped


async def _drop_some(database: Database, announcement_id: int) -> int:
    async with database.transaction() as session:
        return await summary.drop_rows(session, announcement_id, most=_AT_ONCE)
