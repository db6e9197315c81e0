"""The window: the letters that are on their way now. What a kill can repeat is never more than what is in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from time import monotonic

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.database import Database
from chassis.lease import Lease
from chassis.mailer import Outcome
from services.subscriptions.commands.send_out import Turned, Turns
from services.subscriptions.commands.settle import Finished, Sending, answer_of
from services.subscriptions.domain.announcing import Urgency
from services.subscriptions.domain.backlog import Backlog, Waiting
from services.subscriptions.domain.lanes import Lanes
from services.subscriptions.domain.letter import Letter
from services.subscriptions.domain.outcomes import concerns_the_host, lane_of
from services.subscriptions.storage import ledger

log = structlog.stdlib.get_logger()

IN_FLIGHT = 128
GATHER = 64
"""So many results are worth a transaction at once; fewer wait a moment for company."""
LOADED_AT_ONCE = 2000
ENOUGH_READY = 500


class Window:
    """Takes rows from the ledger, at most IN_FLIGHT at a time, and brings their results back to it."""

    def __init__(self, database: Database, lease: Lease, *, now: Clock, lanes: Lanes, gently: int) -> None:
        """Begin empty; a host that puts letters off gets `gently` at once."""
        self._database = database
        self._now = now
        self._lease = lease
        self._turns = Turns(database, lease, now=now)
        self._lanes = lanes
        self._gently = gently
        self._backlog = Backlog()
        self._loaded_up_to: dict[int, int] = {}
        self._more = {int(urgency): True for urgency in Urgency}
        self._starved = False
        self._readings = 0
        self._finished: list[Finished] = []
        self._on_their_way = 0
        self.changes = 0
        """Counts up whenever an announcement may be done since."""
        self.work = asyncio.Event()
        """Set when a turn is worth while at once."""

    @property
    def drained(self) -> bool:
        """Whether nothing waits but for its time."""
        return not self._backlog.ready()

    @property
    def resting(self) -> bool:
        """Whether nothing is on its way either."""
        return self.drained and not self._on_their_way

    def begin_again(self) -> None:
        """Read the queue of the ledger from its beginning; what is on its way does not stand in it."""
        self._readings += 1
        self._backlog.clear()
        self._loaded_up_to.clear()
        for urgency in self._more:
            self.grown(urgency)

    def grown(self, urgency: int) -> None:
        """There is more in the ledger than was read."""
        self._more[urgency] = True
        self.changes += 1
        self.work.set()

    def told(self, sending: Sending, outcome: Outcome | None) -> None:
        """Hear what came of a letter; None: it was given back untouched."""
        if outcome is not None:
            self._heed(sending.letter, outcome)
        self._finished.append(Finished(sending, outcome))
        if len(self._finished) >= GATHER:
            self.work.set()

    async def turn(self, put: Callable[[Sending], None], *, taking: bool = True) -> None:
        """Bring results into the ledger and take new rows for their places, when there is something to do."""
        await self._turns.make_sure()
        if taking:
            await self._load()
        finished = self._own_finished()
        picked = self._pick(IN_FLIGHT - self._on_their_way + len(finished)) if taking else []
        if not finished and not picked:
            return
        try:
            turned = await self._turns.take(finished, [each.delivery_id for each in picked])
        except BaseException:
            self._finished[:0] = finished
            self._put_back(picked)
            raise
        self._apply(finished, picked, turned)
        for sending in turned.sending:
            put(sending)

    def _heed(self, letter: Letter, outcome: Outcome) -> None:
        lane = lane_of(letter.channel, letter.host)
        if outcome.relay_away:
            if self._lanes.relay_is_away(at=monotonic()):
                log.warning("fanout.relay_away", reply=outcome.reply)
            return
        if letter.channel == "email":
            self._lanes.relay_is_there()
        if outcome.kind in ("accepted", "refused"):
            self._lanes.answered_well(lane)
        elif concerns_the_host(answer_of(outcome)):
            self._lanes.failed(lane, at=monotonic())
        else:
            self._lanes.put_off(lane, at_once=self._gently)

    def _own_finished(self) -> list[Finished]:
        """Results of another term are no longer ours to write: their rows have been taken over."""
        finished, self._finished = self._finished, []
        own: list[Finished] = []
        for each in finished:
            if each.sending.term == self._lease.token:
                own.append(each)
            else:
                self._leave(each.sending.letter)
        return own

    def _pick(self, most: int) -> list[Waiting]:
        picked = self._backlog.take(most, self._lanes, at=monotonic())
        self._starved = len(picked) < most
        return picked

    def _put_back(self, picked: Iterable[Waiting]) -> None:
        for each in picked:
            self._lanes.left(each.host)
            self._backlog.add(each, at=monotonic())

    def _apply(self, finished: Sequence[Finished], picked: Sequence[Waiting], turned: Turned) -> None:
        """Free the places of what is settled; what was to be taken and does not go out has left its lane too."""
        for each, settlement in zip(finished, turned.settlements, strict=True):
            letter = each.sending.letter
            self._leave(letter)
            if settlement.state == "queued":
                lane = lane_of(settlement.channel, settlement.host)
                self._add(settlement.delivery_id, each.sending.urgency, lane, settlement.next_try_at)
        for each in picked:
            self._lanes.left(each.host)
        for sending in turned.sending:
            self._lanes.took(lane_of(sending.letter.channel, sending.letter.host))
        self._on_their_way += len(turned.sending)
        self.changes += 1

    def _leave(self, letter: Letter) -> None:
        self._lanes.left(lane_of(letter.channel, letter.host))
        self._on_their_way -= 1

    async def _load(self) -> None:
        """Read more of the queue where little of it is known, or nothing of what is known may go out now."""
        wanted = [
            urgency
            for urgency, more in self._more.items()
            if more and (self._starved or self._backlog.ready(urgency) < ENOUGH_READY)
        ]
        if not wanted:
            return
        async with self._database.reading() as session:
            for urgency in wanted:
                await self._load_some(session, urgency)

    async def _load_some(self, session: AsyncSession, urgency: int) -> None:
        reading = self._readings
        self._more[urgency] = False
        after = self._loaded_up_to.get(urgency, 0)
        rows = await ledger.waiting(session, urgency, after=after, most=LOADED_AT_ONCE)
        if reading != self._readings:
            # Begun again meanwhile: what comes before these would be left out.
            return
        for delivery_id, channel, host, next_try_at in rows:
            self._add(delivery_id, urgency, lane_of(channel, host), next_try_at)
            self._loaded_up_to[urgency] = delivery_id
        if len(rows) == LOADED_AT_ONCE:
            self._more[urgency] = True

    def _add(self, delivery_id: int, urgency: int, lane: str, next_try_at: datetime) -> None:
        wait = (next_try_at - self._now()).total_seconds()
        self._backlog.add(Waiting(monotonic() + wait, delivery_id, urgency, lane), at=monotonic())
