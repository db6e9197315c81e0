"""One transaction for all who wait: a commit costs a write to disk, whether for one event or for fifty."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

from chassis.clock import Clock
from chassis.database import Database
from chassis.errors import DependencyDown
from services.intake.commands.take_in import Answer, Submission, take_in

MOST_EVENTS = 200
"""Events in one transaction, beyond the first submission of it."""


class SharedCommits:
    """Whoever comes while a commit is under way shares the next one."""

    def __init__(self, database: Database, *, town: str, now: Clock) -> None:
        """Commit to this database."""
        self._database = database
        self._town = town
        self._now = now
        self._turn = asyncio.Lock()
        self._waiting: deque[tuple[Submission, asyncio.Future[Answer]]] = deque()

    async def take_in(self, submission: Submission) -> Answer:
        """Return the answer once it is committed."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((submission, answer))
        async with self._turn:
            while not answer.done():
                await self._commit(self._next_group())
        return answer.result()

    def _next_group(self) -> list[tuple[Submission, asyncio.Future[Answer]]]:
        group = [self._waiting.popleft()]
        events = len(group[0][0].events)
        while self._waiting and events + len(self._waiting[0][0].events) <= MOST_EVENTS:
            group.append(self._waiting.popleft())
            events += max(1, len(group[-1][0].events))
        return group

    async def _commit(self, group: Sequence[tuple[Submission, asyncio.Future[Answer]]]) -> None:
        """Answer everybody in the group, whatever happens: nobody else will."""
        try:
            await self._try(group)
        except BaseException:
            _fail(group, DependencyDown("intake"))
            raise

    async def _try(self, group: Sequence[tuple[Submission, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._in_one_transaction([submission for submission, _ in group])
        except DependencyDown as error:
            _fail(group, error)
        except Exception as error:  # noqa: BLE001 - sorted out by trying each alone: one must not fail the others
            if len(group) == 1:
                _fail(group, error)
            else:
                for each in group:
                    await self._try([each])
        else:
            for (_, future), answer in zip(group, answers, strict=True):
                future.set_result(answer)

    async def _in_one_transaction(self, submissions: Sequence[Submission]) -> list[Answer]:
        async with self._database.transaction() as session:
            return await take_in(session, submissions, town=self._town, now=self._now())


def _fail(group: Sequence[tuple[Submission, asyncio.Future[Answer]]], error: Exception) -> None:
    for _, future in group:
        if not future.done():
            future.set_exception(error)
            # Who was cancelled while waiting does not look: asyncio would complain.
            future.exception()
