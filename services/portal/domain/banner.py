"""What stands above every page: closed pools and messages that are still true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ClosedPool:
    """A pool that is closed for a reason of the day."""

    pool: str
    name: str
    reason: str | None
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """A public message; headlines by language."""

    incident: str
    subject: str
    kind: str
    headlines: dict[str, str]
    made_at: datetime
    expires_at: datetime | None
    ended: bool
    event: str = "other"
    places: tuple[str, ...] = ()
    """Empty: the whole municipality."""
    valid_from: datetime | None = None
    valid_until: datetime | None = None


_OVER = {"all_clear", "correction"}


def standing(notices: Iterable[Notice], *, now: datetime) -> list[Notice]:
    """Keep the messages that hold at this moment, without those about pools: their state says it already."""
    return [
        each
        for each in notices
        if not each.ended
        and each.kind not in _OVER
        and not each.subject.startswith("pool:")
        and (each.valid_from is None or each.valid_from <= now)
        and (each.expires_at is None or now < each.expires_at)
    ]
