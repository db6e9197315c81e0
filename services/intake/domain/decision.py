"""What becomes of events whose content is sound: accepted, already known, or in the way of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["accepted", "duplicate"]


@dataclass(frozen=True, slots=True)
class Known:
    """Identity of an event and the hash of its content."""

    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class IdTaken:
    """The event at this index has the id of another one with other content."""

    index: int


@dataclass(frozen=True, slots=True)
class OverQuota:
    """The system has no events left for today."""


def decide(events: Sequence[Known], *, accepted: Mapping[str, str], left: int) -> list[Outcome] | IdTaken | OverQuota:
    """Decide on events that belong together, all or none. `accepted` maps keys to digests; `left` is the quota."""
    digests = dict(accepted)
    outcomes: list[Outcome] = []
    for index, event in enumerate(events):
        before = digests.setdefault(event.key, event.digest)
        if before != event.digest:
            return IdTaken(index)
        known = event.key in accepted or any(event.key == earlier.key for earlier in events[:index])
        outcomes.append("duplicate" if known else "accepted")
    return outcomes if outcomes.count("accepted") <= left else OverQuota()
