"""The life of a letter, and how the provider's word moves it on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.mailgateway.domain.provider_status import ProviderStatus


class LetterState(StrEnum):
    """Where a letter stands; `posted` is the handing over to the post (Aufgabe zur Post)."""

    WAITING = "waiting"
    INTENT = "intent"
    SUBMITTED = "submitted"
    CHECKED = "checked"
    PRINTING = "printing"
    POSTED = "posted"
    FAILED = "failed"
    UNCLEAR = "unclear"


_AT_THE_PROVIDER = (LetterState.SUBMITTED, LetterState.CHECKED, LetterState.PRINTING, LetterState.POSTED)
_RANK = {state: rank for rank, state in enumerate(_AT_THE_PROVIDER)}
_KNOWN = frozenset({*_AT_THE_PROVIDER, LetterState.FAILED})
_STATE_OF_STAGE = {
    "accepted": LetterState.SUBMITTED,
    "checked": LetterState.CHECKED,
    "printing": LetterState.PRINTING,
    "posted": LetterState.POSTED,
    "failed": LetterState.FAILED,
}
_DUPLICATE_CODES = frozenset({"E324", "E309"})

# From failed and unclear back to waiting only by a clerk's decision, with the next attempt.
# Failed goes forward only when another submission of the same attempt turns out to be alive.
TRANSITIONS: dict[LetterState, frozenset[LetterState]] = {
    LetterState.WAITING: _KNOWN | {LetterState.INTENT, LetterState.UNCLEAR},
    LetterState.INTENT: _KNOWN | {LetterState.WAITING, LetterState.UNCLEAR},
    LetterState.SUBMITTED: _KNOWN - {LetterState.SUBMITTED} | {LetterState.UNCLEAR},
    LetterState.CHECKED: frozenset({LetterState.PRINTING, LetterState.POSTED, LetterState.FAILED, LetterState.UNCLEAR}),
    LetterState.PRINTING: frozenset({LetterState.POSTED, LetterState.FAILED, LetterState.UNCLEAR}),
    LetterState.POSTED: frozenset(),
    LetterState.FAILED: frozenset({LetterState.WAITING, *_AT_THE_PROVIDER}),
    LetterState.UNCLEAR: _KNOWN | {LetterState.WAITING},
}


@dataclass(frozen=True, slots=True)
class Progress:
    """What is recorded of a letter's way; `provider_id` is the submission that is being followed."""

    letter_id: UUID
    state: LetterState
    attempt: int
    provider_id: int | None = None
    posted_at: datetime | None = None


def may_become(current: LetterState, following: LetterState) -> bool:
    """Tell whether a letter may move from one state to the other."""
    return following in TRANSITIONS[current]


def is_final(state: LetterState, *, test: bool) -> bool:
    """Tell whether nothing more is to be expected; a test letter ends once it is checked."""
    return state in (LetterState.POSTED, LetterState.FAILED) or (test and state is LetterState.CHECKED)


def advance(progress: Progress, status: ProviderStatus) -> Progress:
    """Move a letter on by one status; the same value comes back when the status is stale or not its own."""
    if not _concerns(progress, status):
        return progress
    if _is_duplicate(status):
        return _follow_first(progress, status)
    following = _STATE_OF_STAGE[status.status]
    same = progress.provider_id in (None, status.provider_id)
    if not same and not (progress.state in (LetterState.FAILED, LetterState.UNCLEAR) and status.live):
        return progress
    if progress.state is LetterState.FAILED and progress.provider_id == status.provider_id:
        return progress
    if not may_become(progress.state, following):
        return progress
    return _moved(progress, following, status.provider_id, status.posted_at)


def taken_up(progress: Progress, own: Sequence[ProviderStatus]) -> Progress:
    """Take up the attempt that the provider shows of a letter which is not there by our books.

    A restored database forgets attempts, and a submission may come to light after the next attempt was decided on: a
    living one counts whatever its attempt. `own` are the statuses of this letter.
    """
    if progress.state in _AT_THE_PROVIDER or any(each.live and each.attempt == progress.attempt for each in own):
        return progress
    living = best_of(each for each in own if each.live)
    if living is not None:
        return replace(progress, attempt=living.attempt or progress.attempt)
    newest = max((each.attempt or 0 for each in own), default=0)
    return replace(progress, attempt=max(newest, progress.attempt))


def best_of(statuses: Iterable[ProviderStatus]) -> ProviderStatus | None:
    """Choose the submission to follow among several of one attempt: alive, furthest, oldest."""
    return min(
        statuses,
        key=lambda status: (not status.live, -_RANK.get(_STATE_OF_STAGE[status.status], 0), status.provider_id),
        default=None,
    )


def posted_twice(statuses: Iterable[ProviderStatus]) -> dict[UUID, tuple[int, ...]]:
    """Letters with more than one living submission, over all attempts: this must be empty, or it is an alarm."""
    alive: dict[UUID, set[int]] = {}
    for status in statuses:
        if status.letter_id is not None and status.live and not status.test:
            alive.setdefault(status.letter_id, set()).add(status.provider_id)
    return {letter_id: tuple(sorted(found)) for letter_id, found in alive.items() if len(found) > 1}


def _concerns(progress: Progress, status: ProviderStatus) -> bool:
    # A first submission that was adopted after E324 may carry an earlier attempt: its number decides.
    if status.provider_id == progress.provider_id:
        return True
    return status.letter_id == progress.letter_id and status.attempt == progress.attempt


def _is_duplicate(status: ProviderStatus) -> bool:
    return not status.live and any(error.code in _DUPLICATE_CODES for error in status.errors)


def _follow_first(progress: Progress, status: ProviderStatus) -> Progress:
    if progress.provider_id not in (None, status.provider_id) or progress.state is LetterState.POSTED:
        return progress
    if status.duplicate_of is None:
        known = may_become(progress.state, LetterState.UNCLEAR)
        return _moved(progress, LetterState.UNCLEAR, None, None) if known else progress
    state = progress.state if progress.state in _AT_THE_PROVIDER else LetterState.SUBMITTED
    return _moved(progress, state, status.duplicate_of, None)


def _moved(progress: Progress, state: LetterState, provider_id: int | None, posted_at: datetime | None) -> Progress:
    posted = posted_at if state is LetterState.POSTED else progress.posted_at
    return Progress(progress.letter_id, state, progress.attempt, provider_id, posted)
