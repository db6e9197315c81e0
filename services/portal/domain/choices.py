"""Matters in some places only: who ticks a matter and a place below it wants `matter.<matter>.<place>`. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

_MATTER = "matter"
_WHOLE, _LIMITED = 2, 3
"""How many parts a matter has everywhere, and in one place."""


def narrowed(topics: Sequence[str], places: Sequence[str]) -> tuple[str, ...]:
    """Limit every matter that still counts everywhere to places; without places leave all as they are."""
    if not places:
        return tuple(topics)
    found = (
        [f"{topic}.{place}" for place in places] if _parts_of_matter(topic) == _WHOLE else [topic] for topic in topics
    )
    return tuple(dict.fromkeys(each for some in found for each in some))


def widened(topics: Sequence[str], places: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ticks and the places of the form; what one list of places cannot say stays as it is."""
    limited = [topic.rpartition(".") for topic in topics if _parts_of_matter(topic) == _LIMITED]
    ticked = tuple(dict.fromkeys(_whole(topic) for topic in topics))
    chosen = tuple(dict.fromkeys(place for _, _, place in limited))
    says_the_same = set(narrowed(ticked, chosen)) == set(topics) and set(chosen) <= set(places)
    return (ticked, chosen) if says_the_same else (tuple(topics), ())


def _whole(topic: str) -> str:
    return topic.rpartition(".")[0] if _parts_of_matter(topic) == _LIMITED else topic


def _parts_of_matter(topic: str) -> int:
    """Return of how many parts a matter is made; 0 for another topic."""
    parts = topic.split(".")
    return len(parts) if parts[0] == _MATTER else 0
