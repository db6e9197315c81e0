"""From when until when one can book (Buchungszeitraum)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from services.appointments.domain.booking import Audience
from services.appointments.domain.master_data import Office
from services.appointments.domain.refusal import NotOfferedError
from services.appointments.domain.ticks import LOCAL, local_day, tick_of

STAFF_DAYS = 400
"""So far ahead staff can book."""


@dataclass(frozen=True, slots=True)
class Window:
    """Beginnings from this tick on, up to this local day."""

    first_tick: int
    last_day: date

    def check(self, tick: int) -> None:
        """Raise NotOfferedError for a beginning outside."""
        if tick < self.first_tick:
            raise NotOfferedError("too_soon")
        if local_day(tick) > self.last_day:
            raise NotOfferedError("too_far")


def window_of(office: Office, audience: Audience, now: datetime) -> Window:
    """Return the window at an instant.

    For the public it begins `latest_minutes` ahead and ends `days_ahead` days after today; where days are released,
    the newest of them joins at that time of the day. Staff begin with the five minutes that run now.
    """
    today = now.astimezone(LOCAL).date()
    if audience == "staff":
        return Window(tick_of(now), today + timedelta(days=STAFF_DAYS))
    earliest = now + timedelta(minutes=office.latest_minutes)
    first = tick_of(earliest - timedelta(microseconds=1)) + 1
    days = office.days_ahead - (not _is_released(office, now))
    return Window(first, today + timedelta(days=days))


def _is_released(office: Office, now: datetime) -> bool:
    if office.release is None:
        return True
    today = now.astimezone(LOCAL).date()
    return now >= datetime.combine(today, office.release.at, tzinfo=LOCAL).astimezone(UTC)
