"""What a stream still holds of what it ever got: a replay may not ask for more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class History:
    """The extent of a stream."""

    last_sequence: int
    messages: int
    oldest_at: datetime | None
    """None when it holds nothing."""
    newest_at: datetime | None
    """When it was last given something, also when that is gone; None when it never was."""
    created_at: datetime

    @property
    def whole(self) -> bool:
        """Whether nothing was ever removed from it."""
        return self.messages == self.last_sequence

    def reaches_back_to(self, since: datetime) -> bool:
        """Whether everything since then is still there; nothing may have come since."""
        if self.whole:
            return True
        if self.oldest_at is not None:
            return self.oldest_at <= since
        return self.newest_at is not None and self.newest_at < since

    @property
    def complete_from(self) -> datetime | None:
        """Return from when on it holds everything; None when nothing was ever removed."""
        return None if self.whole else self.oldest_at or self.newest_at


def lag_ratio(oldest_pending: datetime | None, max_age: timedelta | None, *, now: datetime) -> float:
    """Return the age of the oldest unfinished message in parts of the stream's age; from 1 on it is lost."""
    if oldest_pending is None or max_age is None:
        return 0.0
    return max(0.0, (now - oldest_pending) / max_age)
