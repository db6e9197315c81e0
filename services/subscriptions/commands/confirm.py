"""Confirm a sign-up (second half of the double opt-in)."""

from __future__ import annotations

from typing import cast

from services.subscriptions.commands.steps import grant
from services.subscriptions.domain.address import Address
from services.subscriptions.domain.announcing import Language
from services.subscriptions.domain.consent import Consent
from services.subscriptions.domain.links import signup_of
from services.subscriptions.domain.refusal import old_link
from services.subscriptions.storage import signups, subscribers
from services.subscriptions.storage.registry import Registry


async def confirm(registry: Registry, token: str) -> str:
    """Subscribe whoever holds the link, once; return the token of the preferences."""
    signup_id = signup_of(registry.key, token)
    now = registry.now()
    async with registry.database.transaction() as session:
        signup = await signups.of_id(session, signup_id)
        if signup is None:
            raise old_link()
        if signup.confirmed_at is None and signup.expires_at <= now:
            raise old_link()
        if not await signups.confirm(session, signup_id, now=now):
            known = await subscribers.with_email(session, signup.email_key)
            if known is None:
                raise old_link()
            return subscribers.preferences_token(registry.key, known)
        language = cast("Language", signup.language)
        row = await subscribers.confirmed(session, Address(signup.email), language, now=now)
        entry = Consent(row.subscriber_id, now, "granted", "double_opt_in", signup.text_version, signup.topics)
        await grant(session, registry, entry)
        return subscribers.preferences_token(registry.key, row)
