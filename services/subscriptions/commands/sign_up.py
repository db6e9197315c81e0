"""Ask for messages by e-mail (first half of the double opt-in), or for a link to one's preferences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.mail_ledger import record_mail
from services.subscriptions.commands.steps import Note, check_choice, mail_of
from services.subscriptions.domain import consent, topics
from services.subscriptions.domain.address import Address, mac
from services.subscriptions.domain.announcing import Language
from services.subscriptions.domain.links import sign_preferences, sign_signup
from services.subscriptions.domain.mail_words import CONFIRM, MANAGE
from services.subscriptions.domain.refusal import Refusal, old_link
from services.subscriptions.storage import signups, subscribers
from services.subscriptions.storage.addresses import address_of
from services.subscriptions.storage.registry import Registry
from services.subscriptions.storage.signups import Asked
from services.subscriptions.storage.tables import SubscriberRow

log = structlog.stdlib.get_logger()


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be told of."""

    topics: tuple[str, ...]
    language: Language
    text_version: str


async def sign_up(registry: Registry, email: str, wish: Wish) -> None:
    """Send a confirmation mail; whoever has all of it already gets a link instead. The answer never tells which."""
    check_choice(registry, wish.topics, wish.text_version)
    await _ask(registry, email, wish)


async def sign_up_staff(registry: Registry, email: str, pool: str, language: Language) -> None:
    """Send a confirmation mail to somebody who runs a pool."""
    if not registry.topics.is_for_staff(pool):
        raise Refusal("unknown", "Dieses Bad gibt es hier nicht.")
    await _ask(registry, email, Wish((topics.of_staff(pool),), language, consent.CURRENT))


async def _ask(registry: Registry, email: str, wish: Wish) -> None:
    now, address = registry.now(), address_of(email)
    mailbox_mac = mac(registry.key, address.mailbox)
    asked = Asked("signup", address, mailbox_mac, wish.topics, wish.language, wish.text_version)
    async with registry.database.transaction() as session:
        if await signups.waiting(session, now=now) >= registry.signups_an_hour:
            log.warning("signups.too_many", waiting=registry.signups_an_hour)
            raise Refusal("invalid", "Gerade melden sich sehr viele an.", "Bitte versuchen Sie es in einer Stunde.")
        signup_id = await signups.add(session, asked, now=now)
        row = await subscribers.with_email(session, address.key)
        if signup_id is None:
            return
        note = Note(
            signup_id,
            "signup",
            address.text,
            wish.language,
            CONFIRM,
            f"/abo/bestaetigen/{sign_signup(registry.key, signup_id)}",
            wish.topics,
        )
        if row is not None and await _has_all(session, row, wish.topics):
            path = f"/abo/einstellungen/{subscribers.preferences_token(registry.key, row)}"
            note = Note(signup_id, "signup", _known(row, address), wish.language, MANAGE, path)
        await record_mail(session, mail_of(registry, note, now=now), now=now)


async def send_link(registry: Registry, email: str, language: Language) -> None:
    """Send a link to the preferences to whoever is subscribed; nobody learns from the answer who that is."""
    now, address = registry.now(), address_of(email)
    asked = Asked("link", address, mac(registry.key, address.mailbox), (), language, "")
    async with registry.database.transaction() as session:
        signup_id = await signups.add(session, asked, now=now)
        row = await subscribers.with_email(session, address.key)
        if signup_id is None:
            return
        # For a stranger it is composed too and thrown away, so that the time tells (nearly) nothing.
        person, version = (0, 0) if row is None else (row.subscriber_id, row.link_version)
        path = f"/abo/einstellungen/{sign_preferences(registry.key, person, version)}"
        note = Note(signup_id, "preferences_link", _known(row, address), language, MANAGE, path)
        mail = mail_of(registry, note, now=now)
        if row is not None:
            await record_mail(session, mail, now=now)


async def renew_links(registry: Registry, token: str) -> str:
    """Make all links of earlier mails invalid: with a mail that was passed on, its links were.

    Whoever asks may be the one who was not to have them, so the new link goes to the address. Only a person without
    a working one gets it as the answer.
    """
    now = registry.now()
    async with registry.database.transaction() as session:
        row = await subscribers.of_token(session, registry.key, token, lock=True)
        if row is None:
            raise old_link()
        row.link_version += 1
        fresh = subscribers.preferences_token(registry.key, row)
        if row.email is None or row.email_key is None or row.email_state != "active":
            return fresh
        address, language = Address(row.email), cast("Language", row.language)
        asked = Asked("link", address, mac(registry.key, address.mailbox), (), language, "")
        signup_id = await signups.add(session, asked, now=now)
        if signup_id is None:
            raise Refusal(
                "invalid", "Heute haben wir Ihnen schon mehrere Links geschickt.", "Bitte warten Sie bis morgen."
            )
        # A confirmed sign-up opens the preferences too.
        await signups.forget_person(session, row.email_key, now=now)
        note = Note(signup_id, "preferences_link", row.email, language, MANAGE, f"/abo/einstellungen/{fresh}")
        await record_mail(session, mail_of(registry, note, now=now), now=now)
        return ""


def _known(row: SubscriberRow | None, asked: Address) -> str:
    """Return the address that was confirmed: some host may tell the cases of its names apart after all."""
    return asked.text if row is None or row.email is None else row.email


async def _has_all(session: AsyncSession, row: SubscriberRow, wanted: Sequence[str]) -> bool:
    if row.email_state != "active":
        return False
    return set(wanted) <= await subscribers.topics_of(session, row.subscriber_id)
