"""The fair release (faire Freigabe): new days become bookable at a set time, by lot for who came before it.

Nothing runs at the release: whoever asks works out from the clock how far it is. Its time is local, whatever the clocks
do; the minutes before and after it are real ones.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from uuid import UUID

from services.appointments.domain.master_data import Office, Release
from services.appointments.domain.ticks import LOCAL

Phase = Literal["none", "gathering", "admitting"]
"""none: nobody waits. gathering: the waiting room (virtueller Warteraum) is open. admitting: it lets people in."""
HOLDS_PER_TICKET = 3
PASS_VALID = timedelta(minutes=10)
"""So long somebody may hold a time after their turn came."""
_HALF = 2.0**-53
_DAYS_TO_LOOK = 60
"""So far for the next day that is open: an office may be closed for weeks."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One release of one office."""

    office: str
    day: date
    """That becomes bookable."""
    opens_at: datetime
    """The waiting room."""
    releases_at: datetime
    closes_at: datetime
    """From then on nobody needs a ticket."""
    per_minute: int

    @property
    def name(self) -> str:
        """Return what tickets are filed under."""
        return f"{self.office}:{self.day.isoformat()}"

    def phase(self, now: datetime) -> Phase:
        """Return how far it is."""
        if now < self.opens_at or now >= self.closes_at:
            return "none"
        return "gathering" if now < self.releases_at else "admitting"


@dataclass(frozen=True, slots=True)
class Turn:
    """Where somebody stands in the queue."""

    ahead: int | None
    """None before the release: the lot that is drawn already stays secret, or one would come again for a better one."""
    admitted: bool
    admitted_until: datetime | None
    seconds_to_wait: int


def opening_of(office: Office, day: date) -> Opening | None:
    """Return the release of a day; None when the office has none: its days come by themselves at midnight."""
    if office.release is None:
        return None
    at = datetime.combine(day - timedelta(days=office.days_ahead), office.release.at, tzinfo=LOCAL).astimezone(UTC)
    return _opening(office, office.release, day, at)


def next_opening(office: Office, now: datetime, *, is_open: Callable[[date], bool]) -> Opening | None:
    """Return the release that goes on, or else the next one; nobody waits for a day that is not `is_open` to them."""
    today = now.astimezone(LOCAL).date() + timedelta(days=office.days_ahead)
    # Yesterday's may still go on, and tomorrow's may have begun: both near midnight only.
    near = (opening_of(office, today + timedelta(days=days)) for days in range(-1, _DAYS_TO_LOOK))
    return next((each for each in near if each is not None and now < each.closes_at and is_open(each.day)), None)


def is_queued(office: Office, day: date, now: datetime) -> bool:
    """True while a day is for those only whom the waiting room has let in."""
    opening = opening_of(office, day)
    return opening is not None and now < opening.closes_at


def lot(key: bytes, ticket_id: UUID) -> float:
    """Draw a place below 1. It follows from the ticket and a secret: nobody chooses it, no asking again changes it."""
    drawn = hmac.new(key, b"lot\n" + ticket_id.bytes, hashlib.sha256).digest()
    return (int.from_bytes(drawn[:8], "big") >> 11) * _HALF


def order_key(opening: Opening, key: bytes, ticket_id: UUID, *, joined_at: datetime) -> float:
    """Return the place of a ticket: by lot before the release, later behind all of these in order of coming."""
    late = (joined_at - opening.releases_at).total_seconds()
    return lot(key, ticket_id) if late < 0 else 1.0 + late


def ticket_id_of(key: bytes, opening: Opening, client_mac: str, number: int) -> UUID:
    """Return the id of the nth ticket of one address: that nobody has more than n is then held by a primary key."""
    subject = f"ticket\n{opening.name}\n{client_mac}\n{number}"
    return UUID(bytes=hmac.new(key, subject.encode(), hashlib.sha256).digest()[:16], version=4)


def turn(opening: Opening, rank: int, now: datetime, *, joined_at: datetime) -> Turn:
    """Return where somebody stands whom `rank` others precede; whose turn would be over already has it on coming."""
    if now < opening.releases_at:
        return Turn(None, admitted=False, admitted_until=None, seconds_to_wait=_seconds(opening.releases_at - now))
    due = max(opening.releases_at + timedelta(minutes=rank / opening.per_minute), joined_at)
    if now < due:
        let_in = int((now - opening.releases_at) / timedelta(minutes=1) * opening.per_minute)
        return Turn(max(rank - let_in, 1), admitted=False, admitted_until=None, seconds_to_wait=_seconds(due - now))
    until = due + PASS_VALID
    return Turn(0, admitted=now < until, admitted_until=until, seconds_to_wait=0)


def _seconds(span: timedelta) -> int:
    return max(1, -(-span // timedelta(seconds=1)))


def _opening(office: Office, release: Release, day: date, at: datetime) -> Opening:
    return Opening(
        office=office.code,
        day=day,
        opens_at=at - timedelta(minutes=release.gather_minutes),
        releases_at=at,
        closes_at=at + timedelta(minutes=release.queue_minutes),
        per_minute=release.admitted_per_minute,
    )
