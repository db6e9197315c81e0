"""What `rathaus dlq` and `rathaus replay` do, once the town hall stands."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus
from time import monotonic

from rathaus.bus.client import PAGE, Caretaker, Durable, Letter, Redelivered, caretaker_of
from rathaus.embedded.hall import TownHall
from rathaus.levy.client import RefusedError
from rathaus.levy.tables import Terminal, cell, plain_table
from rathaus.words import TOWN_TIME

DONE, BLOCKED, REFUSED = range(3)
PATIENCE_SECONDS = 5.0
_POLL_SECONDS = 0.2
_SHOWN = 100
_EARLIEST = datetime(2000, 1, 1, tzinfo=TOWN_TIME)
_REASONS = ("crashed", "invalid", "unknown_subject", "type_and_subject_differ")


class BusCommands:
    """The commands on one town hall; each returns an exit status."""

    def __init__(self, terminal: Terminal, caretaker: Caretaker, *, patience: float = PATIENCE_SECONDS) -> None:
        """Do nothing yet; `patience` is how long to wait for what becomes of a redelivery."""
        self._terminal = terminal
        self._say = terminal.say
        self._caretaker = caretaker
        self._patience = patience

    async def list_letters(self, durable: str | None, reason: str | None, *, after: int = 0) -> int:
        """List the next dead letters after a number, the newest last, and say how many more there are."""
        found = await self._caretaker.letters(durable, reason, after=after, limit=_SHOWN)
        if not found:
            self._say("dlq_empty_after" if after else "dlq_empty", after=after)
            return DONE
        word = self._terminal.words.say
        keys = ("number", "durable", "subject", "reason", "attempts", "buried_at")
        table = plain_table(word("dlq_title"), *(word(f"dlq_{key}") for key in keys))
        for each in found:
            cells = (
                str(each.number),
                each.durable,
                each.subject,
                self._reason(each.reason),
                str(each.attempts),
                instant(each.buried_at),
            )
            table.add_row(*(cell(text) for text in cells))
        self._terminal.console.print(table)
        more = await self._count(durable, reason, after=found[-1].number) if len(found) == _SHOWN else 0
        if more:
            self._say("dlq_more", count=self._terminal.words.number(more), after=found[-1].number)
        return DONE

    async def _count(self, durable: str | None, reason: str | None, *, after: int) -> int:
        count = 0
        while page := await self._caretaker.letters(durable, reason, after=after, limit=PAGE):
            count += len(page)
            after = page[-1].number
            if len(page) < PAGE:
                break
        return count

    async def show(self, number: int) -> int:
        """Show one dead letter with what is in it."""
        letter = await self._caretaker.letter(number)
        table = plain_table(f"{self._terminal.words.say('dlq_number')} {number}", "", "")
        for key, value in self._details(letter):
            if value:
                table.add_row(self._terminal.words.say(f"dlq_{key}"), cell(value))
        self._terminal.console.print(table)
        if letter.body_note is not None:
            self._terminal.line(letter.body_note)
        else:
            self._say("dlq_body")
            self._terminal.line(json.dumps(letter.body, indent=2, ensure_ascii=False))
        return DONE

    def _details(self, letter: Letter) -> tuple[tuple[str, str], ...]:
        return (
            ("durable", letter.durable),
            ("subject", letter.subject),
            ("event_type", letter.event_type or ""),
            ("event_key", letter.event_key),
            ("reason", self._reason(letter.reason)),
            ("attempts", str(letter.attempts)),
            ("first_at", instant(letter.first_at)),
            ("last_at", instant(letter.last_at)),
            ("buried_at", instant(letter.buried_at)),
            ("traceparent", letter.traceparent or ""),
        )

    async def redeliver(self, number: int) -> int:
        """Send one letter again and tell what has become of it."""
        letter = await self._caretaker.letter(number)
        try:
            sent = await self._caretaker.redeliver(number)
        except RefusedError as error:
            return self._taken(letter, error)
        self._say("dlq_sent", number=number, durable=sent.durable)
        return await self._follow(sent, after=number)

    async def redeliver_all(self, durable: str, reason: str | None) -> int:
        """Send all letters of a consumer again."""
        sent = await self._caretaker.redeliver_all(durable, reason)
        self._say("dlq_all_sent", count=self._terminal.words.number(sent.redelivered), durable=durable)
        if sent.bodies_gone:
            self._say("dlq_bodies_gone", numbers=", ".join(str(each) for each in sent.bodies_gone))
        settled = await self._settle(durable, sent.last_number)
        return BLOCKED if sent.bodies_gone else settled

    async def discard(self, number: int, *, by: str, reason: str) -> int:
        """Give one letter up for good."""
        letter = await self._caretaker.letter(number)
        try:
            await self._caretaker.discard(number, by=by, reason=reason)
        except RefusedError as error:
            return self._taken(letter, error)
        self._say("dlq_discarded", number=number)
        return DONE

    async def replay(self, durable: str, since: datetime | None) -> int:
        """Send the past to a consumer, which skips what it has handled."""
        sent = await self._caretaker.replay(durable, since)
        self._say("replay_sent", count=self._terminal.words.number(sent.published), durable=durable)
        if since is None and not sent.stream_whole:
            self._say("replay_partial", oldest=instant(sent.stream_oldest_at))
        return await self._settle(durable, sent.last_number)

    async def rebuild(self, name: str) -> int:
        """Empty a projection and build it again, if the stream still holds all of it."""
        durables = {each.name: each for each in await self._caretaker.durables()}
        durable = durables.get(name)
        if durable is None:
            self._say("no_such_durable", name=name, known=", ".join(durables))
            return REFUSED
        if not durable.rebuildable:
            known = ", ".join(each.name for each in durables.values() if each.rebuildable)
            self._say("not_rebuildable", name=name, known=known)
            return REFUSED
        if not durable.stream_whole:
            oldest = instant(durable.stream_oldest_at) or self._terminal.words.say("rebuild_nothing")
            self._say("rebuild_gone", name=name, oldest=oldest)
            return REFUSED
        await self._caretaker.drop(durable)
        self._say("rebuild_dropped", name=name)
        return await self.replay(name, None)

    def _taken(self, letter: Letter, error: RefusedError) -> int:
        """A letter that was there a moment ago: somebody else, or our own call whose answer was lost."""
        if error.status != HTTPStatus.NOT_FOUND:
            raise error
        self._say("dlq_taken", number=letter.number)
        return DONE

    async def _follow(self, sent: Redelivered, *, after: int) -> int:
        deadline = monotonic() + self._patience
        while True:
            standing = await self._caretaker.standing(sent, after=after)
            if standing.state != "waiting" or monotonic() > deadline:
                break
            await asyncio.sleep(_POLL_SECONDS)
        if standing.state == "dead":
            self._say("dlq_dead_again", number=standing.number, reason=self._reason(standing.reason or ""))
            return BLOCKED
        self._say(f"dlq_{standing.state}")
        return DONE

    async def _settle(self, name: str, last_number: int) -> int:
        """Wait a little for a consumer, and say what it has not done."""
        durable = await self._idle(name)
        number = self._terminal.words.number
        dead = await self._caretaker.letters(name, after=last_number, limit=PAGE)
        if not durable.idle:
            self._say("dlq_all_waiting", count=number(durable.pending + durable.ack_pending))
        elif not dead:
            self._say("dlq_all_handled")
        if not dead:
            return DONE
        self._say("dlq_dead_again_count", count=number(len(dead)) + ("+" if len(dead) == PAGE else ""))
        return BLOCKED

    async def _idle(self, name: str) -> Durable:
        """Return how far a consumer is when it has nothing left to do, or when patience ends."""
        deadline = monotonic() + self._patience
        while True:
            durable = await self._durable(name)
            if durable.idle or monotonic() > deadline:
                return durable
            await asyncio.sleep(_POLL_SECONDS)

    async def _durable(self, name: str) -> Durable:
        return next(each for each in await self._caretaker.durables() if each.name == name)

    def _reason(self, reason: str) -> str:
        """Put a known code into words; the class name of an error stays as it is."""
        code, _, detail = reason.partition(": ")
        return self._terminal.words.say(f"reason_{code}", detail=detail) if code in _REASONS else reason


def instant(value: datetime | None) -> str:
    """Write an instant in the town's time; empty when there is none."""
    return f"{value.astimezone(TOWN_TIME):%d.%m.%Y %H:%M:%S}" if value is not None else ""


def since_of(text: str) -> datetime:
    """Read an instant as people type it, in the town's time unless it has a zone; ValueError when it is none."""
    read = datetime.fromisoformat(text)
    try:
        return (read if read.tzinfo is not None else read.replace(tzinfo=TOWN_TIME)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error


def why_not_since(since: datetime, *, now: datetime) -> str | None:
    """Return the word for why nothing can be repeated from there on, or None."""
    if since > now:
        return "since_in_future"
    return "since_too_early" if since < _EARLIEST else None


Work = Callable[[BusCommands], Awaitable[int]]


async def with_caretaker(hall: TownHall, terminal: Terminal, work: Work, *, patience: float = PATIENCE_SECONDS) -> int:
    """Do some work on the bus; what the caretaker refuses is shown in its own words."""
    async with caretaker_of(hall) as caretaker:
        try:
            return await work(BusCommands(terminal, caretaker, patience=patience))
        except RefusedError as error:
            terminal.say("refused", title=error.title)
            if error.detail:
                terminal.line(error.detail)
            return REFUSED
