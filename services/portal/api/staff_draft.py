"""A message as a clerk (Sachbearbeitung) has typed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData

from services.portal.gateways.models import Wording
from services.portal.web.doors import text_of, texts_of
from services.portal.web.say import ZONE

CATEGORIES = ("road_closed", "waste_collection_moved", "utility_outage", "facility", "other")
URGENCIES = ("urgent", "normal", "bulk")
LANGUAGES = ("de", "en", "plain")
TEXTS = tuple(f"{part}_{language}" for language in LANGUAGES for part in ("headline", "body"))


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form holds; times are local, as the browser sends them (`2026-07-21T14:00`)."""

    category: str
    areas: tuple[str, ...]
    texts: Mapping[str, str]
    begins: str
    ends: str
    urgency: str

    def complaint(self) -> str:
        """Return the key of what is missing; empty when nothing is."""
        if self.category not in CATEGORIES:
            return "no_category"
        if not self.texts["headline_de"] or not self.texts["body_de"]:
            return "no_german"
        if any(bool(self.texts[f"headline_{each}"]) != bool(self.texts[f"body_{each}"]) for each in LANGUAGES):
            return "half_translated"
        if instant(self.ends) is None or instant(self.begins) is None:
            return "no_times"
        return ""

    def body(self, *, by: str) -> dict[str, object]:
        """Return it as subscriptions takes it; only after `complaint` found nothing."""
        return {
            "category": self.category,
            "areas": list(self.areas),
            "texts": wordings(self.texts),
            "valid_from": instant(self.begins),
            "valid_until": instant(self.ends),
            "urgency": self.urgency or None,
            "by": by,
        }

    def fields(self) -> list[tuple[str, str]]:
        """Return it as hidden fields."""
        return [
            ("category", self.category),
            *(("areas", each) for each in self.areas),
            *self.texts.items(),
            ("begins", self.begins),
            ("ends", self.ends),
            ("urgency", self.urgency),
        ]


def draft_of(form: FormData) -> Draft:
    """Read a form."""
    category, urgency = text_of(form, "category"), text_of(form, "urgency")
    return Draft(
        category=category if category in CATEGORIES else "",
        areas=texts_of(form, "areas"),
        texts=typed(form),
        begins=text_of(form, "begins"),
        ends=text_of(form, "ends"),
        urgency=urgency if urgency in URGENCIES else "",
    )


def new_draft(now: datetime) -> Draft:
    """Return an empty form that begins now."""
    begins = f"{now.astimezone(ZONE):%Y-%m-%dT%H:%M}"
    return Draft("", (), dict.fromkeys(TEXTS, ""), begins, "", "")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a message is about, where and when: read before it is sent, and before it is released."""

    category: str
    places: tuple[str, ...]
    """By name; empty for the whole town."""
    begins: datetime | None
    ends: datetime | None


def scope_of(facts: Mapping[str, Any], places: Mapping[str, str], *, ends: datetime | None = None) -> Scope:
    """Read it from a draft or from what is stored of an incident; an update may end at another time."""
    return Scope(
        category=str(facts.get("category") or ""),
        places=tuple(places.get(each, each) for each in facts.get("areas") or ()),
        begins=_at(facts.get("valid_from")),
        ends=ends or _at(facts.get("valid_until")),
    )


def _at(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def typed(form: FormData) -> dict[str, str]:
    """Return headlines and texts in all languages."""
    return {name: text_of(form, name).replace("\r\n", "\n") for name in TEXTS}


def wordings(texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the languages that somebody has written."""
    return {
        language: {"headline": texts[f"headline_{language}"], "body": texts[f"body_{language}"]}
        for language in LANGUAGES
        if texts[f"headline_{language}"]
    }


def as_typed(texts: Mapping[str, Wording]) -> dict[str, str]:
    """Return stored texts as fields of a form."""
    return {
        f"{part}_{language}": str(getattr(texts[language], part)) if language in texts else ""
        for language in LANGUAGES
        for part in ("headline", "body")
    }


def instant(local: str) -> str | None:
    """Return a local time of a form as an instant; None when it is none."""
    try:
        at = datetime.fromisoformat(local)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=ZONE)).isoformat()


def local_time(at: datetime | None) -> str:
    """Return an instant as a form shows it."""
    return "" if at is None else f"{at.astimezone(ZONE):%Y-%m-%dT%H:%M}"
