"""An announcement as a push message (RFC 8030): small, and replaced by the next one about the same incident."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from services.subscriptions.domain.announcing import Language, Urgency, Wording
from services.subscriptions.domain.message_words import FRAMES
from services.subscriptions.domain.slots import clean, one_line

LARGEST = 3000
"""Bytes of the note; what push services take at least is 4,096 with encryption (RFC 8030, 7.2)."""
LONGEST_LIFE = 28 * 24 * 3600
_BODY = 600
_URGENCY = {Urgency.URGENT: "high", Urgency.NORMAL: "normal", Urgency.BULK: "low"}


def note(wording: Wording, language: Language, *, incident_id: UUID, url: str) -> bytes:
    """Return what the service worker of the portal shows; a long text is cut, the page has it whole."""
    body = clean(wording.body).strip()
    longest = _BODY
    while True:
        content = {
            "title": one_line(wording.headline),
            "body": body if len(body) <= longest else body[: longest - 1].rstrip() + "…",
            "url": url,
            "tag": str(incident_id),
            "lang": FRAMES[language].html_language,
        }
        encoded = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        if len(encoded) <= LARGEST:
            return encoded
        longest //= 2


def headers(*, urgency: int, incident_id: UUID, expires_at: datetime, now: datetime) -> dict[str, str]:
    """Return what the push service is to know: how long, how urgent, and which earlier message it replaces."""
    seconds = int((expires_at - now).total_seconds())
    return {
        "TTL": str(min(max(seconds, 0), LONGEST_LIFE)),
        "Urgency": _URGENCY[Urgency(urgency)],
        "Topic": incident_id.hex,
    }
