"""Erase a person who wants it, and requests that nobody has confirmed."""

from __future__ import annotations

import structlog

from chassis.clock import Clock
from chassis.database import Database
from services.subscriptions.commands.steps import mac_of
from services.subscriptions.domain import consent
from services.subscriptions.domain.consent import Consent
from services.subscriptions.domain.refusal import old_link
from services.subscriptions.storage import consents, signups, subscribers
from services.subscriptions.storage.registry import Registry

log = structlog.stdlib.get_logger()


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
        await subscribers.erase(session, row)


async def forget_old_signups(database: Database, *, now: Clock) -> None:
    """Delete requests after some days, with the addresses in them."""
    async with database.transaction() as session:
        count = await signups.forget_old(session, now=now())
    if count:
        log.info("signups.forgotten", signups=count)
