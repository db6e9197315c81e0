"""How an alert will read on each channel, before it is sent: composed as the mail and the push message are."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from services.subscriptions.domain import push_note
from services.subscriptions.domain.announcing import Language, Texts, worded
from services.subscriptions.domain.envelope import House
from services.subscriptions.domain.message import Draft, details_link, plain_text
from services.subscriptions.domain.slots import GAP

_NOT_YET = UUID(int=0)
"""Stands for the incident, which begins only when the alert is sent."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What previews say beside the words themselves."""

    house: House
    topic: str
    """The one that is named as the reason; each person reads their own."""
    topic_name: Callable[[str, Language], str]
    at: datetime


def previews(texts: Texts, setting: Setting) -> dict[str, Any]:
    """Return for each language what mail and push say; `translated` is false where people get the German words."""
    return {language: _preview(texts, language, setting) for language in get_args(Language)}


def _preview(texts: Texts, language: Language, setting: Setting) -> dict[str, Any]:
    words = worded(texts, language)
    draft = Draft(
        house=setting.house,
        language=language,
        wording=words,
        kind="alert",
        incident_id=_NOT_YET,
        topic=setting.topic,
        topic_name=setting.topic_name(setting.topic, language),
        released_at=setting.at,
        is_first=True,
    )
    url = details_link(setting.house, language, setting.topic, _NOT_YET)
    pushed = json.loads(push_note.note(words, language, incident_id=_NOT_YET, url=url))
    return {
        "email": {"subject": words.headline, "text": plain_text(draft).replace(str(_NOT_YET), GAP)},
        "push": {"title": pushed["title"], "body": pushed["body"]},
        "translated": language in texts,
    }
