"""Change what a person is told of, how and in which language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.subscriptions.commands.sign_up import Wish
from services.subscriptions.commands.steps import check_choice, grant, withdraw
from services.subscriptions.domain.consent import Consent
from services.subscriptions.domain.refusal import Refusal, old_link
from services.subscriptions.storage import subscribers
from services.subscriptions.storage.registry import Registry
from services.subscriptions.storage.tables import SubscriberRow


@dataclass(frozen=True, slots=True)
class Choice:
    """All that a person can choose; topics that are not named end."""

    wish: Wish
    channel: Literal["email", "push"]


async def change_preferences(registry: Registry, token: str, choice: Choice) -> None:
    """Let a person's preferences be exactly these; the same twice changes nothing."""
    wish = choice.wish
    async with registry.database.transaction() as session:
        row = await subscribers.of_token(session, registry.key, token, lock=True)
        if row is None:
            raise old_link()
        before = await subscribers.topics_of(session, row.subscriber_id)
        # A topic of the town's own people can be kept and ended here, not taken.
        new = [each for each in wish.topics if each not in before]
        check_choice(registry, new, wish.text_version)
        _prefer(row, choice.channel)
        row.language = wish.language
        await withdraw(session, registry, row, sorted(before - set(wish.topics)), way="preferences")
        if new:
            now = registry.now()
            entry = Consent(row.subscriber_id, now, "granted", "preferences", wish.text_version, sorted(set(new)))
            await grant(session, registry, entry)


def _prefer(row: SubscriberRow, channel: Literal["email", "push"]) -> None:
    if (row.email if channel == "email" else row.push_endpoint) is None:
        title = "Auf diesem Weg können wir Sie nicht erreichen."
        raise Refusal("invalid", title, "Bitte melden Sie ihn zuerst an.")
    row.channel = channel
