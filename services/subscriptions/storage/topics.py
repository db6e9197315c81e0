"""The topics of this town with their names."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from services.subscriptions.domain import topics
from services.subscriptions.domain.alert_words import Scope
from services.subscriptions.domain.announcing import Language

DATA = Path(__file__).parent.parent / "data"
Names = Mapping[Language, str]
MATTER_NAMES: Mapping[str, Names] = {
    "road_closed": {
        "de": "Straßensperrungen",
        "en": "Road closures",
        "plain": "Eine Straße ist gesperrt",
    },
    "waste_collection_moved": {
        "de": "Verschobene Müllabfuhr",
        "en": "Changes to waste collection",
        "plain": "Der Müll wird an einem anderen Tag abgeholt",
    },
    "utility_outage": {
        "de": "Ausfall von Wasser, Strom, Gas oder Telefon",
        "en": "Outages of water, power, gas or telephone",
        "plain": "Wasser, Strom, Gas oder Telefon gehen nicht",
    },
    "facility": {
        "de": "Städtische Einrichtungen",
        "en": "Public facilities of the town",
        "plain": "Häuser und Plätze der Stadt",
    },
    "other": {"de": "Sonstige Meldungen", "en": "Other messages", "plain": "Andere Nachrichten"},
}
_APPROVALS: Names = {"de": "Freigaben", "en": "Approvals", "plain": "Freigaben"}


@dataclass(frozen=True, slots=True)
class Topic:
    """What one can subscribe to."""

    topic: str
    group: Literal["pool", "matter", "place"]
    name: Names
    place: str | None = None
    """The bare name of the place (Ortschaft)."""


class TopicList:
    """All topics that people can choose; a matter can be limited to one place (`matter.<matter>.<place>`)."""

    def __init__(self, pools: Mapping[str, str], places: Mapping[str, str]) -> None:
        """Take pools and places with their names, by code."""
        self.places = dict(places)
        self.public = (
            *(Topic(topics.of_pool(pool), "pool", _same(name)) for pool, name in pools.items()),
            *(Topic(f"matter.{matter}", "matter", MATTER_NAMES[matter]) for matter in topics.MATTERS),
            *(Topic(f"place.{place}", "place", _place(name), name) for place, name in places.items()),
        )
        self._pools = dict(pools)
        self._names: dict[str, Names] = {each.topic: each.name for each in self.public}
        self._names |= {
            f"matter.{matter}.{place}": {each: f"{text} ({name})" for each, text in MATTER_NAMES[matter].items()}
            for matter in topics.MATTERS
            for place, name in places.items()
        }

    def unknown(self, wanted: Iterable[str]) -> list[str]:
        """Return those that nobody can choose."""
        return [each for each in wanted if each not in self._names]

    def is_for_staff(self, matter: str) -> bool:
        """Say whether staff can ask to be told of this: a pool of the town, or alerts that wait for approval."""
        return matter in self._pools or matter == topics.APPROVERS

    def name(self, topic: str, language: Language = "de") -> str:
        """Return the name of a topic; of one that is no longer there, its code."""
        if topic.startswith(topics.STAFF):
            matter = topic.removeprefix(topics.STAFF)
            named = _APPROVALS[language] if matter == topics.APPROVERS else self._pools.get(matter, matter)
            return f"{'For staff' if language == 'en' else 'Dienst'}: {named}"
        names = self._names.get(topic)
        return topic if names is None else names[language]


def scope_of(facts: Mapping[str, Any]) -> Scope | None:
    """Return what, where and when the facts of an incident name; None when it is no alert."""
    if not facts.keys() >= {"category", "areas", "valid_from", "valid_until"}:
        return None
    names = place_names()
    return Scope(
        category=MATTER_NAMES[facts["category"]],
        places=tuple(names.get(area, area) for area in facts["areas"]),
        valid_from=datetime.fromisoformat(facts["valid_from"]),
        valid_until=datetime.fromisoformat(facts["valid_until"]),
    )


@functools.cache
def place_names() -> Mapping[str, str]:
    """Return the places of the town by code."""
    return tomllib.loads((DATA / "places.toml").read_text("utf-8"))


def read_topics(pools_file: Path | None = None) -> TopicList:
    """Read the pools of the town and its places."""
    pools = tomllib.loads((pools_file or DATA / "pools.toml").read_text("utf-8"))
    places = place_names()
    return TopicList({pool: str(table["name"]) for pool, table in pools.items()}, places)


def _same(name: str) -> Names:
    return {"de": name, "en": name, "plain": name}


def _place(name: str) -> Names:
    return {"de": f"Alles in {name}", "en": f"Everything in {name}", "plain": f"Alles in {name}"}
