"""How many people a message concerns, and when that is too many for one person to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """Counts of people, each once although several topics match."""

    people: int
    by_channel: Mapping[str, int]
    by_language: Mapping[str, int]
    without_channel: int
    """Of the people: those whom nothing reaches, because their address bounced or their browser is gone."""


def counted(groups: Iterable[tuple[str, str, int]]) -> Reach:
    """Add up groups of language, channel (email, push or none) and number of people."""
    channels: Counter[str] = Counter(email=0, push=0, none=0)
    languages: Counter[str] = Counter(de=0, en=0, plain=0)
    for language, channel, people in groups:
        channels[channel] += people
        languages[language] += people
    without = channels.pop("none")
    return Reach(languages.total(), dict(channels), dict(languages), without)


def needs_second_person(reach: Reach, *, above: int) -> bool:
    """Say whether somebody else must release it (Vier-Augen-Prinzip)."""
    return reach.people > above
