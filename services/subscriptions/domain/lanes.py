"""One lane for each mail host, so that a dead or slow one holds up nobody. Pure: the time comes in."""

from __future__ import annotations

from dataclasses import dataclass

from services.subscriptions.domain.outcomes import PUSH_LANE
from services.subscriptions.domain.retry import AWAY_PAUSES, pause


@dataclass(slots=True)
class Lane:
    """What is known of a host."""

    under_way: int = 0
    share: int = 1
    """How many may be under way at once: one until it has answered well, then more and more."""
    failures: int = 0
    """In a row."""
    paused_until: float = 0.0

    @property
    def doubtful(self) -> bool:
        """Whether the next letter may well hang."""
        return self.share == 1


class Lanes:
    """Shares a window of letters among hosts.

    Hosts of which nothing good is known yet have only a part of it together, whatever their number: the others always
    find room. An answer that concerns one mailbox (greylisting, mailbox full) comes quickly and pauses nobody.
    """

    def __init__(self, *, largest_share: int, doubtful_together: int) -> None:
        """Begin with no host known."""
        self._largest_share = largest_share
        self._doubtful_together = doubtful_together
        self._doubtful_under_way = 0
        self._lanes: dict[str, Lane] = {}
        self._away_times = 0
        self._away_until = 0.0

    def room(self, host: str, *, at: float) -> int:
        """Return how many more letters may go to a host now."""
        lane = self._lanes.get(host) or Lane()
        if at < lane.paused_until or (self.away(at=at) and not host.startswith(PUSH_LANE)):
            return 0
        room = lane.share - lane.under_way
        if lane.doubtful:
            room = min(room, self._doubtful_together - self._doubtful_under_way)
        return max(0, room)

    def took(self, host: str) -> None:
        """One more is under way."""
        lane = self._lanes.setdefault(host, Lane())
        with self._counted(lane):
            lane.under_way += 1

    def left(self, host: str) -> None:
        """One is no longer under way."""
        lane = self._lanes[host]
        with self._counted(lane):
            lane.under_way -= 1

    def answered_well(self, host: str) -> None:
        """A letter was taken, or refused for good: the host works."""
        lane = self._lanes[host]
        with self._counted(lane):
            lane.share = min(lane.share * 2, self._largest_share)
            lane.failures = 0

    def put_off(self, host: str, *, at_once: int) -> None:
        """The host works and wants a letter later: it gets a few at once, that it is asked gently."""
        lane = self._lanes[host]
        with self._counted(lane):
            lane.share = max(2, at_once)

    def failed(self, host: str, *, at: float) -> None:
        """No answer, or none in time; what was under way beside the first failure counts as the same one."""
        lane = self._lanes[host]
        with self._counted(lane):
            lane.share = 1
            if at >= lane.paused_until:
                lane.failures += 1
                lane.paused_until = at + pause(lane.failures)

    def stalls(self, host: str) -> None:
        """An answer takes long: no more letters than the next one until it comes."""
        lane = self._lanes[host]
        with self._counted(lane):
            lane.share = 1

    def paused(self, *, at: float) -> int:
        """Return how many hosts are left alone now."""
        return sum(at < lane.paused_until for lane in self._lanes.values())

    def away(self, *, at: float) -> bool:
        """Say whether the town's own relay is left alone now; pushes go on."""
        return at < self._away_until

    @property
    def relay_missing(self) -> bool:
        """Whether nothing was heard of the relay since it was away, also while somebody looks for it."""
        return self._away_times > 0

    def relay_is_away(self, *, at: float) -> bool:
        """Leave the relay alone, longer each time; False when that is known already."""
        if self.away(at=at):
            return False
        self._away_times += 1
        self._away_until = at + pause(self._away_times, among=AWAY_PAUSES)
        return True

    def relay_is_there(self) -> None:
        """It has answered."""
        self._away_times = 0

    def _counted(self, lane: Lane) -> _Counting:
        return _Counting(self, lane)

    def count(self, change: int) -> None:
        """Note a change in the number of doubtful letters under way."""
        self._doubtful_under_way += change


@dataclass(slots=True)
class _Counting:
    """Keeps the number of doubtful letters true over a change of a lane."""

    lanes: Lanes
    lane: Lane

    def __enter__(self) -> None:
        if self.lane.doubtful:
            self.lanes.count(-self.lane.under_way)

    def __exit__(self, *_: object) -> None:
        if self.lane.doubtful:
            self.lanes.count(self.lane.under_way)
