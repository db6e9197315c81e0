"""What the links of the town are for, read from their tokens."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.subscriptions.domain import link_token
from services.subscriptions.domain.refusal import bad_link


@dataclass(frozen=True, slots=True)
class Click:
    """The link to unsubscribe of one mail: whose, and about what."""

    subscriber_id: int
    link_version: int
    announcement_id: int


def sign_signup(key: bytes, signup_id: UUID) -> str:
    """Return the token that confirms a sign-up."""
    return link_token.sign(key, "signup", signup_id.hex)


def signup_of(key: bytes, token: str) -> UUID:
    """Return which sign-up a link confirms; Refusal when it is none."""
    subject = link_token.read(key, "signup", token)
    if subject is None:
        raise bad_link()
    return UUID(subject)


def sign_preferences(key: bytes, subscriber_id: int, link_version: int) -> str:
    """Return what lets a person see and change what we hold."""
    return link_token.sign(key, "preferences", f"{subscriber_id}:{link_version}")


def preferences_of(key: bytes, token: str) -> tuple[int, int] | None:
    """Return whose preferences a link opens, and its version."""
    subject = link_token.read(key, "preferences", token)
    if subject is None:
        return None
    subscriber_id, _, version = subject.partition(":")
    return int(subscriber_id), int(version)


def sign_click(key: bytes, click: Click) -> str:
    """Return the token to unsubscribe that stands in a mail."""
    return link_token.sign(key, "unsubscribe", f"{click.subscriber_id}:{click.link_version}:{click.announcement_id}")


def click_of(key: bytes, token: str) -> Click:
    """Return what a link to unsubscribe is for; Refusal when it is not ours."""
    subject = link_token.read(key, "unsubscribe", token)
    if subject is None:
        raise bad_link()
    return Click(*(int(part) for part in subject.split(":")))
