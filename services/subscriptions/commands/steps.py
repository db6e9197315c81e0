"""What several commands about subscribers do, in the transaction of their caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.mail_ledger import Mail
from services.subscriptions.domain import address, consent
from services.subscriptions.domain.announcing import Language
from services.subscriptions.domain.consent import Consent, Way
from services.subscriptions.domain.mail_words import Posting, Words, compose
from services.subscriptions.domain.refusal import Refusal
from services.subscriptions.storage import consents, subscribers
from services.subscriptions.storage.registry import Registry
from services.subscriptions.storage.signups import OPEN_FOR
from services.subscriptions.storage.tables import SubscriberRow


@dataclass(frozen=True, slots=True)
class Note:
    """One mail to one person about their own matters."""

    mail_id: UUID
    purpose: str
    recipient: str
    language: Language
    words: Mapping[Language, Words]
    path: str
    """The page of the portal to which it leads."""
    topics: Sequence[str] = ()


def mail_of(registry: Registry, note: Note, *, now: datetime) -> Mail:
    """Compose a mail, to be recorded in the transaction of its reason."""
    posting = Posting(note.mail_id, registry.mail_from, note.recipient, now, registry.portal_url.rstrip("/"))
    names = [registry.topics.name(topic, note.language) for topic in note.topics]
    words = note.words[note.language]
    content = compose(posting, note.language, words, link=registry.link(note.language, note.path), topics=names)
    return Mail(note.mail_id, note.purpose, note.recipient, content, now + OPEN_FOR)


async def grant(session: AsyncSession, registry: Registry, entry: Consent) -> list[str]:
    """Add topics and log the consent; return what was new."""
    added = await subscribers.add_topics(session, entry.subscriber_id, entry.topics, now=registry.now())
    await consents.record(session, [entry])
    return added


async def withdraw(
    session: AsyncSession,
    registry: Registry,
    row: SubscriberRow,
    topics: Sequence[str],
    *,
    way: Way,
    announcement_id: int | None = None,
) -> list[str]:
    """Remove topics and log what was withdrawn; return it."""
    removed = await subscribers.remove_topics(session, row.subscriber_id, topics)
    if removed:
        await consents.record(
            session,
            [
                Consent(
                    row.subscriber_id,
                    registry.now(),
                    "withdrawn",
                    way,
                    consent.CURRENT,
                    removed,
                    announcement_id=announcement_id,
                    address_mac=mac_of(registry, row),
                )
            ],
        )
    return removed


def mac_of(registry: Registry, row: SubscriberRow) -> str | None:
    """Return the keyed hash of a person's address."""
    return None if row.email_key is None else address.mac(registry.key, row.email_key)


def check_choice(registry: Registry, topics: Sequence[str], text_version: str) -> None:
    """Refuse topics that nobody can choose and consent to a text that nobody was shown."""
    unknown = registry.topics.unknown(topics)
    if unknown:
        raise Refusal("invalid", "Dieses Thema gibt es nicht.", ", ".join(unknown[:5]))
    if not consent.is_known(text_version):
        raise Refusal("invalid", "Diese Fassung des Einwilligungstextes gibt es nicht.", "Bitte laden Sie neu.")
