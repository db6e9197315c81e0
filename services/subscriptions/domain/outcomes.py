"""What an answer of a mail or push server means for the ledger and for the person's channel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.subscriptions.domain.announcing import Channel
from services.subscriptions.domain.letter import Letter
from services.subscriptions.domain.retry import DELAYS, GIVE_UP_AFTER, delay

Kind = Literal["accepted", "deferred", "refused", "unknown"]
PUSH_HOST = "push"
"""Lane of a push to somebody whose host column names the mail host."""
PUSH_LANE = "push:"
_ENHANCED = re.compile(r"\b5\.(\d{1,3})\.\d{1,3}\b")
_NO_SUCH_ADDRESS = ("550", "551", "553")
_GONE = ("404", "410", "gone")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of handing one letter over."""

    kind: Kind
    reply: str
    away: bool = False
    """The town's own relay is not there: nobody's fault."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the ledger is to say of a row now."""

    delivery_id: int
    state: Literal["sent", "failed", "queued"]
    attempts: int
    uncertain: int
    next_try_at: datetime
    channel: Channel
    host: str
    reply: str
    lost: Channel | None = None
    """The person's channel that has turned out not to work."""


def settle(letter: Letter, answer: Answer, *, attempts: int, uncertain: int, at: datetime) -> Settlement:
    """Decide from the counts before this attempt."""
    told = (letter.channel, letter.host, answer.reply)
    counted = attempts + 1
    if answer.kind == "accepted":
        return Settlement(letter.delivery_id, "sent", counted, uncertain, at, *told)
    if answer.kind == "refused":
        return _refused(letter, answer, attempts=counted, uncertain=uncertain, at=at)
    if answer.away:
        return Settlement(letter.delivery_id, "queued", attempts, uncertain, at, *told)
    doubt = uncertain + 1 if answer.kind == "unknown" else uncertain
    if counted > len(DELAYS) and at - letter.matter.released_at >= GIVE_UP_AFTER:
        return Settlement(letter.delivery_id, "failed", counted, doubt, at, *told)
    # Not later than its end: then it is looked at once more, and called expired.
    again = max(at, min(at + delay(counted), letter.matter.expires_at))
    return Settlement(letter.delivery_id, "queued", counted, doubt, again, *told)


def _refused(letter: Letter, answer: Answer, *, attempts: int, uncertain: int, at: datetime) -> Settlement:
    if not channel_is_lost(letter.channel, answer.reply):
        told = (letter.channel, letter.host, answer.reply)
        return Settlement(letter.delivery_id, "failed", attempts, uncertain, at, *told)
    other = _other(letter)
    state, channel, host = ("failed", letter.channel, letter.host) if other is None else ("queued", *other)
    return Settlement(
        letter.delivery_id, state, attempts, uncertain, at, channel, host, answer.reply, lost=letter.channel
    )


def _other(letter: Letter) -> tuple[Channel, str] | None:
    if letter.channel == "email" and letter.push_endpoint is not None:
        return "push", PUSH_HOST
    if letter.channel == "push" and letter.email is not None:
        return "email", letter.email.rpartition("@")[2].lower()
    return None


def lane_of(channel: str, host: str) -> str:
    """Return the name of the lane that a row goes in."""
    return f"{PUSH_LANE}{host}" if channel == "push" else host


def concerns_the_host(answer: Answer) -> bool:
    """Say whether a failure is one of the whole host: no answer, or one that closes the connection (421)."""
    return answer.kind == "unknown" or not answer.reply[:3].isdecimal() or answer.reply.startswith("421")


def channel_is_lost(channel: Channel, reply: str) -> bool:
    """Say whether a refusal means that the address is none (RFC 3463: X.1.X), and not only this letter unwanted.

    A 550 with another enhanced code (spam filter, policy) says nothing of the address.
    """
    if channel == "push":
        return reply.startswith(_GONE)
    enhanced = _ENHANCED.search(reply)
    return reply.startswith(_NO_SUCH_ADDRESS) if enhanced is None else enhanced.group(1) == "1"
