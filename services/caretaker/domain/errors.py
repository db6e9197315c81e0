"""Why the caretaker does not do what it was asked for; the words are those of the HTTP side."""

from __future__ import annotations

from datetime import datetime


class NoSuchLetterError(LookupError):
    """There is no dead letter of this number (any more)."""


class NoSuchDurableError(LookupError):
    """The topology has no consumer of this name."""


class BodyGoneError(Exception):
    """The body was kept apart and is not there any more."""


class NotReplayableError(Exception):
    """The consumer would do everything again, or its stream keeps nothing."""

    def __init__(self, why: str) -> None:
        """Keep why, as a code."""
        super().__init__(why)
        self.why = why


class HistoryGoneError(Exception):
    """The stream no longer holds what is asked for."""

    def __init__(self, complete_from: datetime, *, empty: bool) -> None:
        """Keep from when on it holds everything; of one that is empty, until when it was given something."""
        super().__init__("history gone")
        self.complete_from = complete_from
        self.empty = empty
