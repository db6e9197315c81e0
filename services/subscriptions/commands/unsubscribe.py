"""Unsubscribe by the link of one mail (RFC 8058), and take that back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.commands.steps import grant, withdraw
from services.subscriptions.domain import consent
from services.subscriptions.domain.consent import Consent
from services.subscriptions.domain.links import click_of
from services.subscriptions.domain.refusal import old_link
from services.subscriptions.storage import consents, subscribers
from services.subscriptions.storage.registry import Registry


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """What the link has ended so far, and the token of the rest; empty if the person is erased or the link invalid."""

    removed: list[str]
    preferences: str


async def unsubscribe(registry: Registry, token: str, *, everything: bool = False) -> Unsubscribed:
    """End the topics that the mail was about, or all; the same twice has one effect.

    A link that was made invalid still ends them, as mail programs offer it for years, but opens nothing more.
    """
    click = click_of(registry.key, token)
    async with registry.database.transaction() as session:
        row = await subscribers.held(session, click.subscriber_id)
        if row is None:
            return Unsubscribed([], "")
        if everything:
            ended: Sequence[str] = sorted(await subscribers.topics_of(session, row.subscriber_id))
        else:
            ended = await subscribers.matching(session, click.announcement_id)
        announcement_id = click.announcement_id
        await withdraw(session, registry, row, ended, way="one_click", announcement_id=announcement_id)
        removed = consents.removed_by(await consents.of_click(session, row.subscriber_id, announcement_id))
        valid = row.link_version == click.link_version
        return Unsubscribed(removed, subscribers.preferences_token(registry.key, row) if valid else "")


async def undo(registry: Registry, token: str) -> list[str]:
    """Give back exactly what the link has ended; return it, also when it was given back before."""
    click = click_of(registry.key, token)
    async with registry.database.transaction() as session:
        row = await subscribers.of_link(session, click.subscriber_id, click.link_version, lock=True)
        if row is None:
            raise old_link()
        log = await consents.of_click(session, row.subscriber_id, click.announcement_id)
        removed = consents.removed_by(log)
        if removed:
            version = await _version_before(session, row.subscriber_id, removed)
            entry = Consent(row.subscriber_id, registry.now(), "granted", "one_click", version, removed)
            await grant(session, registry, entry._replace(announcement_id=click.announcement_id))
            return removed
        return log[-1].topics if log else []


async def _version_before(session: AsyncSession, subscriber_id: int, topics: Sequence[str]) -> str:
    """Return the text under which the person had consented: it is that consent which is given back."""
    granted = [
        entry.text_version
        for entry in await consents.of_person(session, subscriber_id)
        if entry.action == "granted" and not set(topics).isdisjoint(entry.topics)
    ]
    return granted[-1] if granted else consent.CURRENT
