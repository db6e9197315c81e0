"""Hands letters over: so many at once on each channel, and only a few at once to one host."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic

import structlog

from chassis.mailer import Outcome
from chassis.tasks import going_on
from services.subscriptions.commands.settle import Sending
from services.subscriptions.domain.announcing import Channel
from services.subscriptions.domain.outcomes import lane_of
from services.subscriptions.gateways.handover import Handover

log = structlog.stdlib.get_logger()

STALL_SECONDS = 2.0
"""A host that takes longer for an answer gets nothing more before it has given it."""


@dataclass(frozen=True, slots=True)
class Way:
    """One channel."""

    gateway: Handover
    at_once: int
    per_host: int


class Crew:
    """The workers of all channels; `told` hears what came of each letter, None when it was given back untouched."""

    def __init__(
        self,
        ways: Mapping[Channel, Way],
        *,
        told: Callable[[Sending, Outcome | None], None],
        closed: Callable[[Channel], bool],
    ) -> None:
        """Prepare; while a channel is closed its letters are given back."""
        self._ways = ways
        self._told = told
        self._closed = closed
        self._ready: dict[Channel, asyncio.Queue[Sending]] = {channel: asyncio.Queue() for channel in ways}
        self._behind: dict[str, deque[Sending]] = {}
        self._busy: Counter[str] = Counter()
        self._under_way: dict[int, tuple[str, float]] = {}
        self._all_arrived = asyncio.Event()

    def put(self, sending: Sending) -> None:
        """Hand this one over as soon as its host has a place."""
        letter = sending.letter
        lane = lane_of(letter.channel, letter.host)
        if self._busy[lane] < self._ways[letter.channel].per_host:
            self._busy[lane] += 1
            self._ready[letter.channel].put_nowait(sending)
        else:
            self._behind.setdefault(lane, deque()).append(sending)

    async def work(self) -> None:
        """Work for ever."""
        async with asyncio.TaskGroup() as group:
            for channel, way in self._ways.items():
                for _ in range(way.at_once):
                    group.create_task(self._work(channel, way.gateway))

    def stalling(self) -> Iterable[str]:
        """Return the lanes that take long for an answer; what waits behind is given back."""
        since = monotonic() - STALL_SECONDS
        slow = {lane for lane, started in self._under_way.values() if started < since}
        for lane in slow:
            self._give_back(self._behind.pop(lane, ()))
        return slow

    async def wind_up(self, *, seconds: float) -> None:
        """Give back what has not begun and wait a while for the rest."""
        for queue in self._ready.values():
            while not queue.empty():
                self._give_back((queue.get_nowait(),))
        for lane in list(self._behind):
            self._give_back(self._behind.pop(lane))
        if self._under_way:
            self._all_arrived.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._all_arrived.wait()

    def _give_back(self, sendings: Iterable[Sending]) -> None:
        for sending in sendings:
            self._told(sending, None)

    async def _work(self, channel: Channel, gateway: Handover) -> None:
        queue = self._ready[channel]
        while going_on():
            sending = await queue.get()
            letter = sending.letter
            lane = lane_of(channel, letter.host)
            outcome = None
            if not self._closed(channel):
                self._under_way[letter.delivery_id] = (lane, monotonic())
                try:
                    outcome = await _handed_over(gateway, sending)
                finally:
                    del self._under_way[letter.delivery_id]
            self._free(lane, queue)
            self._told(sending, outcome)
            if not self._under_way:
                self._all_arrived.set()

    def _free(self, lane: str, queue: asyncio.Queue[Sending]) -> None:
        behind = self._behind.get(lane)
        if behind:
            queue.put_nowait(behind.popleft())
            return
        self._behind.pop(lane, None)
        self._busy[lane] -= 1
        if not self._busy[lane]:
            del self._busy[lane]


async def _handed_over(gateway: Handover, sending: Sending) -> Outcome:
    try:
        return await gateway.hand_over(sending.letter)
    except Exception as error:  # noqa: BLE001 - one letter that cannot be made must not end the sending of all others
        log.error("fanout.letter_failed", delivery_id=sending.letter.delivery_id, error=type(error).__name__)  # noqa: TRY400 - a traceback may quote an address
        return Outcome("deferred", "400")
