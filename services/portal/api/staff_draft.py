"""A message as a clerk (Sachbearbeitung) has typed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import FormData

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
        category=category if category in CATEGORIES else "other",
        areas=texts_of(form, "areas"),
        texts=typed(form),
        begins=text_of(form, "begins"),
        ends=text_of(form, "ends"),
        urgency=urgency if urgency in URGENCIES else "",
    )


def new_draft(now: datetime) -> Draft:
    """Return an empty form that begins now."""
    begins = f"{now.astimezone(ZONE):%Y-%m-%dT%H:%M}"
    return Draft("road_closed", (), dict.fromkeys(TEXTS, ""), begins, "", "")


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
