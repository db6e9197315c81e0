"""Take a mail that came back: a failure for good stops the address."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from services.subscriptions.domain import link_token
from services.subscriptions.domain.bounce import Report, read_report
from services.subscriptions.storage import bounces
from services.subscriptions.storage.registry import Registry

log = structlog.stdlib.get_logger()


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it, and why."""

    stopped: bool
    reason: str


async def take_bounce(registry: Registry, raw: bytes) -> Taken:
    """Stop an address to which mail can never be delivered; the same report twice has one effect."""
    report = read_report(raw)
    if report.verdict == "no_report":
        return Taken(False, "Das ist kein Bericht über eine unzustellbare E-Mail (RFC 3464).")
    if report.verdict == "not_permanent":
        return Taken(False, "Der Bericht sagt nicht, dass es die Adresse nicht gibt; es wird weiter zugestellt.")
    delivery_id = _delivery_of(registry, report)
    if delivery_id is None:
        return Taken(False, "Der Bericht gehört zu keiner unserer Nachrichten.")
    async with registry.database.transaction() as session:
        row = await bounces.person_of(session, delivery_id)
        if row is None or row.email is None:
            return Taken(False, "Die Person ist nicht mehr angemeldet.")
        first = row.email_state == "active"
        await bounces.stop_mail(session, row)
    if first:
        log.info("address.bounced", delivery_id=delivery_id)
    return Taken(True, "An diese Adresse wird nicht mehr geschrieben.")


def _delivery_of(registry: Registry, report: Report) -> int | None:
    subject = None if report.token is None else link_token.read(registry.key, "bounce", report.token)
    return None if subject is None else int(subject)
