"""What the portal asks of subscriptions on behalf of one person, who shows a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.portal.gateways.calls import Calls

_VALUE = ConfigDict(frozen=True, extra="ignore")


class ConsentText(BaseModel):
    """What people agree to, in three languages, by version."""

    model_config = _VALUE

    version: str
    texts: dict[str, str]


class Signup(BaseModel):
    """A sign-up that waits for its confirmation."""

    model_config = _VALUE

    email_masked: str
    topics: tuple[str, ...]
    language: str
    state: str


class Consent(BaseModel):
    """One line of the log of consents."""

    model_config = _VALUE

    at: datetime
    action: str
    way: str
    text_version: str | None = None
    topics: tuple[str, ...] = ()


class Received(BaseModel):
    """One message that was meant for this person."""

    model_config = _VALUE

    incident: str
    headline: str
    kind: str
    at: datetime | None = None
    channel: str | None = None
    state: str
    topic: str | None = None


class Preferences(BaseModel):
    """Everything we hold about one subscriber."""

    model_config = _VALUE

    email_masked: str | None = None
    email_state: str | None = None
    push_state: str | None = None
    channel: str
    language: str
    topics: tuple[str, ...]
    since: datetime | None = None
    consents: tuple[Consent, ...] = ()
    received: tuple[Received, ...] = ()


class Unsubscribe(BaseModel):
    """What an unsubscribe link is about."""

    model_config = _VALUE

    topics: tuple[str, ...] = ()
    language: str = "de"
    done: bool = False


class Matched(BaseModel):
    """A topic of the person that an incident matched."""

    model_config = _VALUE

    topic: str
    name: dict[str, str] | None = None


class Delivery(BaseModel):
    """One line of the ledger."""

    model_config = _VALUE

    kind: str
    channel: str | None = None
    state: str
    at: datetime | None = None


class Why(BaseModel):
    """Why a message came, or why not."""

    model_config = _VALUE

    told: bool
    matched: tuple[Matched, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    reason_key: str | None = None


class People:
    """Sign-ups, preferences, farewells."""

    def __init__(self, calls: Calls) -> None:
        """Ask through these calls."""
        self._calls = calls

    async def consent_text(self) -> ConsentText:
        """Return what people agree to at present."""
        return ConsentText.model_validate(await self._calls.get("/consent-text"))

    async def sign_up(self, email: str, topics: Sequence[str], *, language: str, text_version: str) -> None:
        """Ask for a confirmation mail."""
        body = {"email": email, "topics": list(topics), "language": language, "text_version": text_version}
        await self._calls.post("/signups", body)

    async def signup(self, token: str) -> Signup:
        """Return a sign-up; changes nothing."""
        return Signup.model_validate(await self._calls.get(f"/signups/{token}"))

    async def confirm(self, token: str) -> str:
        """Confirm a sign-up; return the token of the person's preferences."""
        return str((await self._calls.post(f"/signups/{token}/confirmation"))["preferences"])

    async def push_key(self) -> str:
        """Return the key with which browsers subscribe."""
        return str((await self._calls.get("/push-key"))["key"])

    async def subscribe_push(self, body: Mapping[str, object]) -> str:
        """Subscribe a browser; return the token of its preferences."""
        return str((await self._calls.post("/push-subscriptions", body))["preferences"])

    async def preferences(self, token: str) -> Preferences:
        """Return what we hold."""
        return Preferences.model_validate(await self._calls.get(f"/preferences/{token}"))

    async def change(self, token: str, body: Mapping[str, object]) -> None:
        """Replace topics, language and channel."""
        await self._calls.put(f"/preferences/{token}", body)

    async def renew_links(self, token: str) -> str:
        """Make all links of earlier mails invalid; return the new token, empty when it went out by mail."""
        return str((await self._calls.post(f"/preferences/{token}/renewal"))["preferences"])

    async def erase(self, token: str) -> None:
        """Forget the person (Art. 17 GDPR)."""
        await self._calls.delete(f"/preferences/{token}")

    async def why(self, token: str, incident: str) -> Why:
        """Return why a message reached this person, or why it did not."""
        return Why.model_validate(await self._calls.get(f"/preferences/{token}/why", incident=incident))

    async def send_link(self, email: str) -> None:
        """Mail the link of the preferences to whom it belongs."""
        await self._calls.post("/preferences/links", {"email": email})

    async def unsubscribe_page(self, token: str) -> Unsubscribe:
        """Return what a farewell is about; changes nothing."""
        return Unsubscribe.model_validate(await self._calls.get(f"/unsubscribes/{token}"))

    async def unsubscribe(self, token: str, *, everything: bool = False) -> str:
        """Stop the messages; return the token of the preferences."""
        return str((await self._calls.post(f"/unsubscribes/{token}", {"all": everything})).get("preferences", ""))

    async def undo(self, token: str) -> tuple[str, ...]:
        """Give back what this link has stopped."""
        return tuple((await self._calls.post(f"/unsubscribes/{token}/undo"))["topics"])
