"""The status queries: what a customer may see, and not too often."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simulators.epost.clock import BERLIN, DAY, day_start, iso
from simulators.epost.errors import ApiError
from simulators.epost.letters import ACCEPTED, CHECKED, FAILED, KEPT_DAYS, POSTED, PRINTING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulators.epost.clock import SimulatedClock
    from simulators.epost.letters import LetterRow
    from simulators.epost.settings import Credentials
    from simulators.epost.store import Store

_OPEN = frozenset({ACCEPTED, CHECKED, PRINTING})


class Intervals:
    """The least time between two calls of one endpoint, in the provider's own seconds."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}

    def admit(self, endpoint: str, seconds: float) -> None:
        """E322 when the endpoint was asked less than so many seconds ago."""
        with self._lock:
            now = self._clock.now()
            last = self._last.get(endpoint)
            if last is not None and now - last < seconds:
                raise ApiError(429, "E322", f"Die Mindestdauer zwischen zwei Abfragen liegt bei {seconds:g} Sekunden")
            self._last[endpoint] = now


class LookUps:
    """Answers about letters; E201 when there is nothing to say."""

    def __init__(self, store: Store, clock: SimulatedClock, credentials: Credentials) -> None:
        self._store = store
        self._clock = clock
        self._credentials = credentials

    def single(self, letter_id: int) -> dict[str, Any]:
        """Return one LetterStatus."""
        return self._statuses("letter_id = ?", (letter_id,))[0]

    def batch(self, batch_id: int, *, only_issues: bool) -> list[dict[str, Any]]:
        """Every letter of one batch."""
        return self._statuses("batch_id = ?", (batch_id,), only_issues=only_issues)

    def custom1(self, custom1: str, *, only_issues: bool) -> list[dict[str, Any]]:
        """Every letter that carries this reference."""
        return self._statuses("custom1 = ?", (custom1,), only_issues=only_issues)

    def by_ids(self, letter_ids: Sequence[int], *, only_issues: bool) -> list[dict[str, Any]]:
        """Return the letters of a list of numbers; unknown ones are left out."""
        wanted = frozenset(letter_ids)
        bounds = (min(wanted, default=0), max(wanted, default=-1))
        return self._statuses("letter_id BETWEEN ? AND ?", bounds, only_issues=only_issues, wanted=wanted)

    def opened(self) -> list[dict[str, Any]]:
        """Live letters on their way; 4 and 99 are not among them."""
        now = self._clock.now()
        return _found([row.status_object(now) for row in self._visible("NOT test") if row.status(now) in _OPEN])

    def by_date(self, start: str | None, end: str | None, *, only_issues: bool) -> list[dict[str, Any]]:
        """Return letters by the day of their acceptance."""
        return self._statuses("created_at BETWEEN ? AND ?", self._period(start, end), only_issues=only_issues)

    def posted_by_day(self, start: str | None, end: str | None) -> list[dict[str, Any]]:
        """LetterDetailsPrintedByDay, the basis of the invoice."""
        now = self._clock.now()
        groups: Counter[tuple[float, bool, bool, str, str]] = Counter()
        for row in self._visible("feedback_at BETWEEN ? AND ?", self._period(start, end)):
            if row.status(now) == POSTED and row.feedback_at is not None:
                kind = (row.fields.get("isColor", False), row.fields.get("isDuplex", False))
                place = (row.fields.get("registeredLetter") or "", row.fields.get("country") or "")
                groups[(day_start(row.feedback_at), *kind, *place)] += 1
        return [self._day(*group, count) for group, count in sorted(groups.items())]

    def _day(self, day: float, colour: bool, duplex: bool, registered: str, country: str, count: int) -> dict[str, Any]:
        return {
            "printFeedbackDate": iso(day),
            "vendorID": self._credentials.vendor_id,
            "ekp": self._credentials.ekp,
            "isColor": colour,
            "isDuplex": duplex,
            "registeredLetter": registered,
            "country": country,
            "letterCount": count,
        }

    def _statuses(
        self,
        condition: str,
        parameters: Sequence[object],
        *,
        only_issues: bool = False,
        wanted: frozenset[int] | None = None,
    ) -> list[dict[str, Any]]:
        now = self._clock.now()
        rows = [row for row in self._visible(condition, parameters) if wanted is None or row.letter_id in wanted]
        return _found([row.status_object(now) for row in rows if not only_issues or row.status(now) == FAILED])

    def _visible(self, condition: str, parameters: Sequence[object] = ()) -> list[LetterRow]:
        oldest = self._clock.now() - KEPT_DAYS * DAY
        shown = f"({condition}) AND visible_from <= ? AND created_at >= ?"
        return self._store.letters(shown, (*parameters, self._clock.real(), oldest))

    def _period(self, start: str | None, end: str | None) -> tuple[float, float]:
        now = self._clock.now()
        oldest = now - KEPT_DAYS * DAY
        period = (_moment(start, "fromDate") if start else oldest, _moment(end, "tillDate") if end else now)
        if period[0] < oldest - DAY:
            raise ApiError(400, "E313", f"fromDate: höchstens {KEPT_DAYS} Tage zurück")
        return period


def _found(statuses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not statuses:
        raise ApiError(404, "E201")
    return statuses


def _moment(text: str, name: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ApiError(400, "E313", f"{name}: kein Datum") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)).timestamp()
