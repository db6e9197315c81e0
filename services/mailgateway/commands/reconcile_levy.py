"""Ask first, send later: what the provider has of a levy that our memory, fresh or restored, may not hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

import structlog

from services.mailgateway.commands.post import Post, ask_wave
from services.mailgateway.domain.batching import waves_of_levy
from services.mailgateway.storage import letters
from services.mailgateway.storage.tables import WaveRow

log = structlog.stdlib.get_logger()


class Reconciliation:
    """Knows for the life of a process which letters the provider has though we do not hold them yet.

    The routing of a levy takes minutes, and after a restore it begins anew: most of its letters come to us only after
    the provider was asked. None of these may be sent, however late it comes.
    """

    def __init__(self, post: Post) -> None:
        """Nothing is reconciled at the start: a process never sends before it has asked."""
        self._post = post
        self._asked: set[tuple[str, int, bool]] = set()
        self._not_held: defaultdict[int, set[UUID]] = defaultdict(set)

    async def ensure(self, wave: WaveRow) -> None:
        """Ask, once, for every wave in which letters of this levy may be: the options may have been others."""
        levy = (wave.kind, wave.year, wave.test)
        if levy in self._asked:
            return
        post = self._post
        siblings = waves_of_levy(post.settings.town, wave.kind, wave.year, test=wave.test)
        async with post.database.transaction() as session:
            for each in siblings:
                row: dict[str, object] = {"kind": wave.kind, "year": wave.year, "test": wave.test}
                await letters.add_wave(session, row | each._asdict())
        for each in siblings:
            await self._ask(each.batch_id)
        self._asked.add(levy)

    def known(self, letter_ids: Iterable[UUID]) -> set[UUID]:
        """Return those of the letters that the provider has by what it said, though nothing of it is recorded."""
        return set(letter_ids) & set[UUID]().union(*self._not_held.values())

    async def ask_again(self, known: set[UUID]) -> None:
        """Record what the provider has of letters that have come to us since it was asked."""
        for batch_id in [batch_id for batch_id, not_held in self._not_held.items() if not_held & known]:
            await self._ask(batch_id)

    async def _ask(self, batch_id: int) -> None:
        answer = await ask_wave(batch_id, self._post)
        # What was shown once and is not shown now is not gone: it stays known.
        self._not_held[batch_id] = (self._not_held[batch_id] | answer.at_provider) - answer.ours
        log.info("wave.reconciled", batch_id=batch_id, known_to_provider=len(answer.at_provider), ours=len(answer.ours))
