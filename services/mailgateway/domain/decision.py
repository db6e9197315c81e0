"""What a clerk (Sachbearbeitung) may decide about a letter of which the gateway knows no way forward."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from services.mailgateway.domain.letter_state import LetterState

Kind = Literal["send_again", "posted", "withdraw"]
WITHDRAWN = "withdrawn"
"""The reason of a letter that a clerk has taken back; nothing more is decided about it."""
STATUS_KEPT = timedelta(days=400)
"""No provider tells of a letter that is older."""
_LOCAL_TIME = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, and by whom; `posted_on` is the posting date (Aufgabe zur Post) that the clerk has seen."""

    kind: Kind
    by: str = field(repr=False)
    posted_on: date | None = None

    @property
    def posted_at(self) -> datetime | None:
        """The posting date as an instant that lies on that day, in Germany and in UTC."""
        if self.posted_on is None:
            return None
        return datetime.combine(self.posted_on, time(12), tzinfo=_LOCAL_TIME).astimezone(UTC)


def awaits_decision(state: LetterState, reason: str | None) -> bool:
    """Tell whether a clerk may decide."""
    return state is LetterState.UNCLEAR or (state is LetterState.FAILED and reason != WITHDRAWN)


def plausible(posted_on: date, *, now: datetime) -> bool:
    """Tell whether a letter of which somebody has to decide now may have been posted that day."""
    today = now.astimezone(_LOCAL_TIME).date()
    return today - STATUS_KEPT <= posted_on <= today


def already_so(decision: Decision, *, state: LetterState, reason: str | None, decided_by: str | None) -> bool:
    """Tell whether this very decision has been carried out: whoever lost the answer asks again."""
    if decided_by != decision.by:
        return False
    if decision.kind == "withdraw":
        return reason == WITHDRAWN
    if decision.kind == "posted":
        return state is LetterState.POSTED
    return state not in (LetterState.FAILED, LetterState.UNCLEAR)
