"""Why something cannot be had. Each is told in words by `api.told`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

Reason = Literal[
    "closed",  # outside of opening hours, holiday, closure
    "too_soon",  # inside latest_minutes, or over
    "too_far",  # beyond the booking window, or not released yet
    "queue",  # only for those whom the waiting room has let in
    "not_here",  # the office does not offer this service
    "unknown",  # no such service, office or resource
    "too_many",  # more of a service than one visit takes
]


class NotOfferedError(Exception):
    """The calendar does not offer that, whoever asks."""

    def __init__(self, reason: Reason) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason: Reason = reason


class TakenError(Exception):
    """Somebody else has it."""


class HoldExpiredError(Exception):
    """The hold ran out and somebody else has the time meanwhile."""


class StaleError(Exception):
    """The booking has changed since it was looked at; or its state does not allow that (any more)."""


class MissingError(Exception):
    """There is no such booking, ticket or entry."""


class LimitError(Exception):
    """Too many bookings or holds of one e-mail address or one client; `until` when that passes by itself."""

    def __init__(self, what: Literal["email", "client"], until: datetime | None = None) -> None:
        """Keep whose limit it is."""
        super().__init__(what)
        self.what: Literal["email", "client"] = what
        self.until = until


class ProofNeededError(Exception):
    """A captcha (proof of work) is missing, wrong, too old or used before."""
