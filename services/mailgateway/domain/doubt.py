"""What to do when nobody knows whether the provider has taken a letter.

A letter is sent again only while the provider's duplicate failsafe (Dublettenprüfung, 60 minutes) still covers the
first call, and only after both look-ups, made late enough to show it, came back empty. Otherwise a clerk decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

UnclearReason = Literal["window_passed", "clock_went_back"]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what; `margin` must cover the longest upload, `fresh` the look-ups of one chunk."""

    settle: timedelta = timedelta(seconds=60)
    longest_call: timedelta = timedelta(seconds=150)
    fresh: timedelta = timedelta(seconds=900)
    window: timedelta = timedelta(seconds=3600)
    margin: timedelta = timedelta(seconds=300)


@dataclass(frozen=True, slots=True)
class LookUp:
    """One look-up: when it was last answered, and the submission it showed."""

    asked_at: datetime | None = None
    found: int | None = None


PATIENCE = Patience()
NOT_ASKED = LookUp()


@dataclass(frozen=True, slots=True)
class Doubt:
    """One attempt in doubt.

    `first_intent_at` is never moved by a resend: the failsafe has to cover the very first call.
    `last_call_ended_at` is None when the process died during the call.
    """

    first_intent_at: datetime
    last_intent_at: datetime
    last_call_ended_at: datetime | None = None
    batch: LookUp = NOT_ASKED
    custom1: LookUp = NOT_ASKED


@dataclass(frozen=True, slots=True)
class Wait:
    """Too early to believe an empty answer."""

    until: datetime


@dataclass(frozen=True, slots=True)
class AskBatch:
    """Ask once for the whole wave."""


@dataclass(frozen=True, slots=True)
class AskCustom1:
    """Ask for this very letter."""


@dataclass(frozen=True, slots=True)
class Adopt:
    """The provider has it."""

    provider_id: int


@dataclass(frozen=True, slots=True)
class Resend:
    """Send the same attempt again, unchanged, under the failsafe; not later than `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Unclear:
    """It cannot be known: shown, alarmed, a clerk decides."""

    reason: UnclearReason


Decision = Wait | AskBatch | AskCustom1 | Adopt | Resend | Unclear


def decide(doubt: Doubt, *, now: datetime, patience: Patience = PATIENCE) -> Decision:
    """Decide the next step for one attempt in doubt."""
    for look_up in (doubt.batch, doubt.custom1):
        if look_up.found is not None:
            return Adopt(look_up.found)
    clock_went_back = now < doubt.last_intent_at
    settled_at = _settled_at(doubt, patience)
    if now < settled_at and not clock_went_back:
        return Wait(settled_at)
    believable_from = now - patience.fresh if clock_went_back else max(settled_at, now - patience.fresh)
    if not _answered(doubt.batch, believable_from, now):
        return AskBatch()
    if not _answered(doubt.custom1, believable_from, now):
        return AskCustom1()
    if clock_went_back:
        return Unclear("clock_went_back")
    until = doubt.first_intent_at + patience.window - patience.margin
    return Resend(until) if now < until else Unclear("window_passed")


def _settled_at(doubt: Doubt, patience: Patience) -> datetime:
    ended_at = doubt.last_call_ended_at or doubt.last_intent_at + patience.longest_call
    return ended_at + patience.settle


def _answered(look_up: LookUp, believable_from: datetime, now: datetime) -> bool:
    return look_up.asked_at is not None and believable_from <= look_up.asked_at <= now
