"""Subscribe a browser (Web Push); the browser itself has asked its owner."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.commands.sign_up import Wish
from services.subscriptions.commands.steps import check_choice, grant
from services.subscriptions.domain import topics
from services.subscriptions.domain.consent import Consent
from services.subscriptions.domain.push_address import are_keys, host_of, is_allowed
from services.subscriptions.domain.refusal import Refusal, old_link
from services.subscriptions.storage import consents, subscribers
from services.subscriptions.storage.erasure import erase
from services.subscriptions.storage.registry import Registry
from services.subscriptions.storage.subscribers import Push
from services.subscriptions.storage.tables import SubscriberRow


async def subscribe_push(
    registry: Registry, push: Push, wish: Wish, *, staff: bool = False, preferences: str | None = None
) -> str:
    """Subscribe a browser and return the token of its preferences; the same endpoint is the same person.

    With a link to `preferences` the browser is added to the person whose they are.
    """
    _check(registry, push, wish, staff=staff)
    async with registry.database.transaction() as session:
        if preferences is None:
            row = await subscribers.listening(session, push, wish.language, now=registry.now())
        else:
            row = await _joined(session, registry, push, preferences)
        if row.push_auth != push.auth:
            # Whoever has only heard of an endpoint does not know its secret.
            raise Refusal("invalid", "Diese Anmeldung des Browsers passt nicht zu der bekannten.", _AGAIN)
        row.push_p256dh, row.push_state, row.language = push.p256dh, "active", wish.language
        now = registry.now()
        entry = Consent(row.subscriber_id, now, "granted", "push", wish.text_version, list(wish.topics))
        await grant(session, registry, entry)
        return subscribers.preferences_token(registry.key, row)


_AGAIN = "Bitte erlauben Sie Benachrichtigungen im Browser noch einmal."


def _check(registry: Registry, push: Push, wish: Wish, *, staff: bool) -> None:
    public = [each for each in wish.topics if not (staff and _is_own_staff(registry, each))]
    check_choice(registry, public, wish.text_version)
    if not is_allowed(push.endpoint, registry.push_hosts):
        raise Refusal("invalid", "Diesen Push-Dienst kennen wir nicht.", "Bitte melden Sie sich per E-Mail an.")
    if not are_keys(push.p256dh, push.auth):
        raise Refusal("invalid", "Die Schlüssel des Browsers sind nicht lesbar.", _AGAIN)


def _is_own_staff(registry: Registry, topic: str) -> bool:
    return topic.startswith(topics.STAFF) and registry.topics.is_for_staff(topic.removeprefix(topics.STAFF))


async def _joined(session: AsyncSession, registry: Registry, push: Push, preferences: str) -> SubscriberRow:
    """Give a person this browser, in place of another one; what it had on its own comes along."""
    row = await subscribers.of_token(session, registry.key, preferences, lock=True)
    if row is None:
        raise old_link()
    other = await subscribers.with_endpoint(session, push.endpoint)
    if other is not None and other.subscriber_id != row.subscriber_id:
        if other.email is not None or other.push_auth != push.auth:
            raise Refusal("invalid", "Dieser Browser gehört schon zu einer anderen Anmeldung.", "")
        await _take_over(session, registry, row, other)
    if row.push_endpoint != push.endpoint:
        row.push_endpoint, row.push_auth = push.endpoint, push.auth
        if row.email is None:
            row.host = host_of(push.endpoint)
    row.channel = "push"
    return row


async def _take_over(session: AsyncSession, registry: Registry, row: SubscriberRow, other: SubscriberRow) -> None:
    moved: Sequence[str] = sorted(await subscribers.topics_of(session, other.subscriber_id))
    earlier = await consents.of_person(session, other.subscriber_id)
    await erase(session, other)
    if moved:
        version = earlier[-1].text_version
        await grant(session, registry, Consent(row.subscriber_id, registry.now(), "granted", "push", version, [*moved]))
