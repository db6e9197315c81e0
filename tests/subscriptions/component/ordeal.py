"""A crowd is told while the service is killed again and again."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from time import monotonic

from services.subscriptions.commands.window import IN_FLIGHT
from tests.subscriptions.component.crowd import Crowd
from tests.support.eventually import eventually

RECOVERY_SECONDS = 10.0


@dataclass
class Ordeal:
    """What was endured."""

    crowd: Crowd
    subscribers: int
    kills: int
    chance: random.Random
    longest_pause: float
    recoveries: list[float] = field(default_factory=list[float])

    async def endure(self) -> None:
        """Tell the crowd, with kills at random moments, and wait until everybody is told."""
        await self.crowd.gather(self.subscribers)
        await self.crowd.start()
        await self.crowd.tap()
        for _ in range(self.kills):
            await asyncio.sleep(self.chance.uniform(0, self.longest_pause))
            await self._kill()
        await eventually(lambda: self.crowd.has_settled(self.subscribers), seconds=120)

    async def _kill(self) -> None:
        assert self.crowd.service.child is not None
        self.crowd.service.child.kill()
        before, killed = self.crowd.sink.told()["mails"], monotonic()
        await self.crowd.start()
        await eventually(lambda: self._goes_on(before))
        self.recoveries.append(monotonic() - killed)

    async def _goes_on(self, before: float) -> bool:
        return self.crowd.sink.told()["mails"] > before or await self.crowd.has_settled(self.subscribers)

    def assert_nobody_is_missing(self) -> None:
        """Each person has the one mail; what came twice was counted, and is no more than what was on its way."""
        came = self.crowd.sink.told()
        sent, uncertain = self.crowd.ledger()
        repeats = came["mails"] - came["distinct"]

        assert (came["distinct"], sent) == (self.subscribers, self.subscribers)
        assert repeats <= uncertain <= self.kills * IN_FLIGHT
        assert max(self.recoveries) < RECOVERY_SECONDS

    def told(self) -> str:
        """Return what was measured."""
        came, (_, uncertain) = self.crowd.sink.told(), self.crowd.ledger()
        repeats = came["mails"] - came["distinct"]
        slowest = max(self.recoveries)
        return f"{self.kills} kills, {repeats:.0f} repeats, {uncertain} uncertain, slowest recovery {slowest:.1f} s"
