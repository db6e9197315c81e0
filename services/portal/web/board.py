"""What every page shows on top: read once for all visitors, renewed at every change."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from pydantic import ValidationError

from chassis.errors import DependencyDown
from services.portal.domain.banner import ClosedPool, Notice, standing
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.models import Incident, Pool, places_of
from services.portal.gateways.subscriptions import Subscriptions

log = structlog.stdlib.get_logger()
_T = TypeVar("_T")
_WAIT_SECONDS = 25
_OLD = timedelta(seconds=60)
"""Twice a long poll without an answer: we no longer know."""
_PAUSE = timedelta(seconds=3)
"""So that pages do not all wait for a service that is away."""
_BREATH_SECONDS = 0.1
"""A service that answers at once does not spin us."""
_NEWEST = 20


@dataclass(frozen=True, slots=True)
class Board:
    """The state of the town as one change left it; None where it could not be read."""

    change: int
    read_at: datetime
    pools: tuple[Pool, ...] | None
    news: tuple[Incident, ...] | None
    places: Mapping[str, str] = field(default_factory=dict[str, str])
    """Names by code; one that could not be read stands with its code."""

    def closed(self) -> list[ClosedPool]:
        """Return the pools that are closed."""
        return [
            ClosedPool(each.pool, each.name, each.reason, each.since, each.until)
            for each in self.pools or ()
            if each.state == "closed"
        ]

    def notices(self, now: datetime) -> list[Notice]:
        """Return the messages that hold now."""
        told = (_notice(each, self.places) for each in self.news or () if each.announcements)
        return standing(told, now=now)


class Boards:
    """Keeps the newest board and wakes whoever waits for the next."""

    def __init__(self, subscriptions: Subscriptions, now: Callable[[], datetime]) -> None:
        """Know nothing yet."""
        self._subscriptions = subscriptions
        self._now = now
        self._changed = asyncio.Condition()
        self._reading = asyncio.Lock()
        self._seen_at: datetime | None = None
        self._tried_at: datetime | None = None
        self.newest: Board | None = None
        self.released = False

    async def release(self) -> None:
        """Let go of all who wait: the process ends."""
        async with self._changed:
            self.released = True
            self._changed.notify_all()

    async def current(self) -> Board | None:
        """Return the newest board; read it when the loop has not yet; None when nobody answers."""
        async with self._reading:
            if self._is_old() and not self._was_tried():
                await self._read(change=0)
        return self.newest

    def _is_old(self) -> bool:
        return self.newest is None or self._seen_at is None or self._now() - self._seen_at > _OLD

    def _was_tried(self) -> bool:
        return self._tried_at is not None and self._now() - self._tried_at < _PAUSE

    async def follow(self) -> None:
        """Read again after every change, for ever; also without one: pools open and close by the clock."""
        change, wait = -1, 0
        while True:
            try:
                seen = await self._subscriptions.change(after=change, wait=wait)
            except (Missing, Refused):
                raise DependencyDown("subscriptions") from None
            if seen == change:
                await asyncio.sleep(_BREATH_SECONDS)
            await self._read(change=seen)
            change, wait = seen, _WAIT_SECONDS if self._is_whole() else _PAUSE.seconds

    async def after(self, board: Board | None, *, seconds: float) -> Board | None:
        """Wait for another board than this; return the newest when the time is over."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: self.released or self.newest is not board)
        except TimeoutError:
            pass
        return self.newest

    def _is_whole(self) -> bool:
        return self.newest is not None and None not in (self.newest.pools, self.newest.news)

    async def _read(self, *, change: int) -> None:
        async with asyncio.TaskGroup() as group:
            pools = group.create_task(_or_none(self._subscriptions.pools()))
            news = group.create_task(_or_none(self._subscriptions.news(limit=_NEWEST, in_force=True)))
            topics = group.create_task(_or_none(self._subscriptions.topics()))
        self._tried_at = self._now()
        if pools.result() is None and news.result() is None:
            self.newest = None
            return
        self._seen_at = self._now()
        async with self._changed:
            places = places_of(topics.result() or ())
            self.newest = Board(change, self._seen_at, pools.result(), news.result(), places)
            self._changed.notify_all()


async def _or_none(asked: Awaitable[Sequence[_T]]) -> tuple[_T, ...] | None:
    """Return what was asked for; None when it cannot be had, so that the rest of a page still stands."""
    try:
        return tuple(await asked)
    except (DependencyDown, Missing, Refused):
        return None
    except ValidationError:
        log.warning("portal.unreadable_answer")
        return None


def _notice(incident: Incident, places: Mapping[str, str]) -> Notice:
    newest = max(incident.announcements, key=lambda each: each.number)
    return Notice(
        incident=str(incident.incident),
        subject=incident.subject,
        kind=newest.kind,
        headlines={language: words.headline for language, words in newest.texts.items()},
        made_at=newest.made_at,
        expires_at=newest.expires_at,
        ended=incident.ended_at is not None,
        event=incident.event,
        places=incident.where(places),
        valid_from=incident.valid_from,
        valid_until=incident.valid_until or newest.expires_at,
    )
