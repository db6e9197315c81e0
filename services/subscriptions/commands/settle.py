"""Write down what came of letters, and what it says of the people's channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.mailer import Outcome
from services.subscriptions.domain.letter import Letter
from services.subscriptions.domain.outcomes import Answer, Settlement, settle
from services.subscriptions.metrics import DELIVERIES, DELIVERY_SECONDS, UNCERTAIN
from services.subscriptions.storage import ledger


@dataclass(frozen=True, slots=True)
class Sending:
    """A letter that is in the window, with the counts from before."""

    letter: Letter
    urgency: int
    attempts: int
    uncertain: int
    term: int | None
    """The lease under which it was taken."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of a letter; no outcome: it was given back untouched."""

    sending: Sending
    outcome: Outcome | None


def answer_of(outcome: Outcome) -> Answer:
    """Return what the mailer says as a plain value."""
    return Answer(outcome.kind, outcome.reply[:64], away=outcome.relay_away)


def settlement_of(finished: Finished, *, at: datetime) -> Settlement:
    """Decide what the ledger is to say."""
    sending, outcome = finished.sending, finished.outcome
    answer = Answer("deferred", "", away=True) if outcome is None else answer_of(outcome)
    return settle(sending.letter, answer, attempts=sending.attempts, uncertain=sending.uncertain, at=at)


async def record(
    session: AsyncSession, finished: Sequence[Finished], settlements: Sequence[Settlement], *, at: datetime
) -> None:
    """Write it down."""
    await ledger.settle(session, settlements, at=at)
    for each, settlement in zip(finished, settlements, strict=True):
        letter = each.sending.letter
        if settlement.lost == "email":
            await ledger.lose_channel(session, letter.subscriber_id, email=letter.email, endpoint=None)
        elif settlement.lost == "push":
            await ledger.lose_channel(session, letter.subscriber_id, email=None, endpoint=letter.push_endpoint)


def count(finished: Sequence[Finished], settlements: Sequence[Settlement], *, at: datetime) -> None:
    """Count what has been written down."""
    for each, settlement in zip(finished, settlements, strict=True):
        if each.outcome is None or each.outcome.relay_away:
            continue
        letter = each.sending.letter
        DELIVERIES.labels(letter.channel, each.outcome.kind).inc()
        if each.outcome.kind == "unknown":
            UNCERTAIN.inc()
        if settlement.state == "sent":
            seconds = (at - letter.matter.released_at).total_seconds()
            DELIVERY_SECONDS.labels(str(each.sending.urgency)).observe(seconds)
