"""The way of a levy through the town hall, as the command follows it. Started again, every step goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from uuid import UUID

from rathaus.levy.client import Desk
from rathaus.levy.models import Reconciliation, Run
from rathaus.levy.progress import ProgressView

_POLL_SECONDS = 0.3
_PATIENCE_SECONDS = 20.0
_COUNT_SECONDS = 1.0
_STILL_OURS = frozenset({"waiting", "intent"})
"""States of the mail gateway in which a letter is not known to be with the provider."""


async def until_drawn(desk: Desk, run: Run, view: ProgressView) -> Run:
    """Wait until every notice of a run is drawn and checked, or could not be."""
    while True:
        progress = run.progress
        view.show("rendering", progress.rendered + progress.render_failed, progress.notices)
        if run.state != "rendering":
            return run
        await asyncio.sleep(_POLL_SECONDS)
        run = await desk.notices.run(run.run_id)


class Following:
    """Follows a released run to its end: posted with a simulator, handed over with a real provider."""

    def __init__(self, desk: Desk, view: ProgressView, *, to_the_post: bool, complain: Callable[[str], None]) -> None:
        """`complain` hears when nothing moves because the provider is away."""
        self._desk = desk
        self._view = view
        self._to_the_post = to_the_post
        self._complain = complain

    async def until_done(self, run_id: UUID) -> Reconciliation:
        """Wait, however long it takes, and return the final counts."""
        moved = counted = monotonic()
        before: object = None
        while True:
            progress = (await self._desk.notices.run(run_id)).progress
            view = self._view
            view.show("routing", progress.routed, progress.rendered)
            view.show("submitting", progress.submitted, progress.rendered)
            if self._to_the_post:
                view.show("posting", progress.posted + progress.failed + progress.unclear, progress.rendered)
            if progress != before:
                before, moved = progress, monotonic()
            elif monotonic() - moved > _PATIENCE_SECONDS:
                await self._say_why()
                moved = monotonic()
            if progress.routed >= progress.rendered and monotonic() - counted > _COUNT_SECONDS:
                counted = monotonic()
                counts = await self._desk.notices.reconciliation(run_id)
                if await self._is_done(counts):
                    return counts
            await asyncio.sleep(_POLL_SECONDS)

    async def _is_done(self, counts: Reconciliation) -> bool:
        if counts.unrouted:
            return False
        if self._to_the_post:
            return counts.open == 0
        letters = await self._desk.mailgateway.letters(counts.run_id)
        return sum(count for state, count in letters.items() if state not in _STILL_OURS) >= counts.routed_paper

    async def _say_why(self) -> None:
        provider = await self._desk.mailgateway.provider()
        if not provider.reachable:
            self._complain(provider.detail or provider.provider)
