"""What the command says to people, in German and in English, and how each writes numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from rathaus.appointments import words as appointments
from rathaus.bus import words as bus
from rathaus.doors import words as doors
from rathaus.levy import words as levy
from rathaus.people import words as people

Language = Literal["de", "en"]
TOWN_TIME = ZoneInfo("Europe/Berlin")
"""People read instants in the town's time, whatever the machine is set to."""

TOPICS = tuple((each.GERMAN, each.ENGLISH) for each in (levy, doors, bus, people, appointments))
SENTENCES: Mapping[Language, Mapping[str, str]] = {
    "de": {key: text for german, _ in TOPICS for key, text in german.items()},
    "en": {key: text for _, english in TOPICS for key, text in english.items()},
}


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences and numbers in one language."""

    language: Language

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Words:
        """Take the language of the terminal (LC_ALL, LC_MESSAGES, LANG); German unless that is English."""
        names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        chosen = next((name for name in names if name), "")
        return cls("en" if chosen.lower().startswith("en") else "de")

    def say(self, key: str, **values: object) -> str:
        """Return a sentence with its values filled in."""
        text = SENTENCES[self.language][key]
        return text.format_map(values)

    def number(self, value: Decimal | int) -> str:
        """Write a number with separators; a Decimal keeps its places."""
        text = f"{value:,}"
        return text if self.language == "en" else text.translate(str.maketrans(",.", ".,"))
