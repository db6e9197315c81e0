"""Public incidents as feeds, calendars and alerts need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from services.portal.domain.items import Item, Said
from services.portal.gateways.models import Incident, Topic, places_of
from services.portal.settings import PortalSettings
from services.portal.web.languages import Language, localised

_OVER = {"all_clear", "correction"}
_PARTS = 3
"""Of a topic that limits a matter to one place: `matter.<matter>.<place>`."""


def address(settings: PortalSettings, path: str, language: Language = "de") -> str:
    """Return the full address of a page."""
    return f"{settings.public_url.rstrip('/')}{localised(path, language)}"


def host(settings: PortalSettings) -> str:
    """Return the name of the host under which the portal is known."""
    return urlsplit(settings.public_url).hostname or "localhost"


def names_of(topics: Sequence[Topic], language: Language) -> dict[str, str]:
    """Return what topics are called."""
    return {each.topic: str(getattr(each.name, language)) for each in topics}


def name_of(topic: str, topics: Sequence[Topic], language: Language) -> str | None:
    """Return what a topic is called, also of a matter in one place; None when there is no such topic."""
    names, parts = names_of(topics, language), topic.split(".")
    if len(parts) != _PARTS:
        return names.get(topic)
    matter, place = names.get(f"{parts[0]}.{parts[1]}"), places_of(topics).get(parts[2])
    return f"{matter} ({place})" if matter and place else None


def items_of(
    news: Sequence[Incident], settings: PortalSettings, language: Language, names: Mapping[str, str]
) -> tuple[Item, ...]:
    """Return those of which something was said, in their order."""
    return tuple(item_of(each, settings, language, names) for each in news if each.announcements)


def item_of(incident: Incident, settings: PortalSettings, language: Language, names: Mapping[str, str]) -> Item:
    """Return one in a language; what was not translated stays German."""
    facts = incident.facts
    said = [
        Said(each.number, each.kind, words.headline, words.body, each.made_at, each.expires_at)
        for each in sorted(incident.announcements, key=lambda each: each.number)
        for words in (each.in_language(language),)
    ]
    return Item(
        incident=incident.incident,
        language=language,
        url=address(settings, f"/meldungen/{incident.incident}", language),
        said=tuple(said),
        topics={topic: names[topic] for topic in incident.topics if topic in names},
        begins_at=_instant(facts, "closed_at", "valid_from") or incident.began_at,
        ends_at=incident.ended_at or _instant(facts, "reopened_at", "until", "valid_until"),
        mistaken=facts.get("mistaken") is True,
    )


def is_over(incident: Incident, *, now: datetime) -> bool:
    """Say whether it has ended: it was told so, or its time has passed."""
    until = _instant(incident.facts, "valid_until")
    return incident.ended_at is not None or (until is not None and until <= now)


def was_ended(incident: Incident) -> bool:
    """Say whether the newest announcement has ended it."""
    newest = incident.newest
    return incident.ended_at is not None and newest is not None and newest.kind in _OVER


def _instant(facts: Mapping[str, Any], *keys: str) -> datetime | None:
    for key in keys:
        value = facts.get(key)
        if isinstance(value, str):
            return datetime.fromisoformat(value)
    return None
