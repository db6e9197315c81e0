"""Letters for tests of what is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.subscriptions.domain.announcing import Texts, Wording
from services.subscriptions.domain.letter import Letter, Matter

RELEASED = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
INCIDENT = UUID("0190f0a0-0000-7000-8000-000000000007")
TEXTS: Texts = {
    "de": Wording(
        "Freibad Tangerhütte geschlossen: Gewitter", "Das Bad ist zu.\n\nBis etwa 16:00 Uhr.\n.Ein Punkt am Anfang"
    ),
    "en": Wording("Tangerhütte pool closed: thunderstorm", "The pool is closed."),
    "plain": Wording("Das Freibad ist zu", "Es gibt ein Gewitter."),
}
MATTER = Matter(
    announcement_id=11,
    number=1,
    kind="alert",
    urgency=0,
    texts=TEXTS,
    expires_at=RELEASED + timedelta(hours=2),
    released_at=RELEASED,
    incident_id=INCIDENT,
    subject="pool:freibad-tangerhuette",
    facts={},
    topics=("pool.freibad-tangerhuette",),
    first_announcement_id=11,
)
LETTER = Letter(
    delivery_id=5,
    matter=MATTER,
    subscriber_id=42,
    link_version=1,
    channel="email",
    host="fast.example",
    topic="pool.freibad-tangerhuette",
    language="de",
    email="ada@fast.example",
    push_endpoint=None,
    push_p256dh=None,
    push_auth=None,
)


def a_letter(*, matter: dict[str, Any] | None = None, **fields: Any) -> Letter:
    """A letter that differs from the usual one in these fields."""
    return replace(LETTER, matter=replace(MATTER, **(matter or {})), **fields)
