"""What the HTTP side reads."""

from __future__ import annotations

import json
from contextlib import aclosing
from datetime import datetime
from typing import Any, Literal

from chassis.clock import Clock
from contracts.topology import DURABLES, KEPT_AGE
from services.caretaker.domain.errors import NoSuchLetterError
from services.caretaker.domain.history import History, lag_ratio
from services.caretaker.gateways import audit, letters
from services.caretaker.gateways.bus import Bus
from services.caretaker.gateways.consumers import MAX_AGES, ConsumerState, known, state_of, states
from services.caretaker.gateways.letters import Letter, Wanted
from services.caretaker.gateways.reading import history

Fields = dict[str, Any]
Standing = Literal["waiting", "handled", "dead"]
_KEPT = (
    "Der Inhalt kam von einem anderen System und kann personenbezogen sein; er wird getrennt verwahrt, nicht gezeigt."
)
_GONE = (
    f"Der Inhalt kam von einem anderen System und war getrennt verwahrt; nach {KEPT_AGE.days} Tagen wird er gelöscht."
)
_NO_JSON = "Der Inhalt ist kein JSON; er wird nicht gezeigt."


async def list_letters(bus: Bus, wanted: Wanted) -> list[Fields]:
    """Return letters without their bodies, oldest first."""
    async with bus.open() as context, aclosing(letters.letters(context, wanted, bodies=False)) as found:
        return [fields_of(each) async for each in found]


async def show_letter(bus: Bus, number: int) -> Fields:
    """Return one letter, with its body when that is one of our own messages."""
    async with bus.open() as context:
        dead = await letters.letter(context, number)
        if dead is None:
            raise NoSuchLetterError(str(number))
        gone = await letters.original(context, dead) is None
    return fields_of(dead) | ({"body": None, "body_note": _GONE} if gone else _body(dead))


def fields_of(dead: Letter) -> Fields:
    """Return what stands on a letter."""
    return {
        "number": dead.number,
        "durable": dead.durable,
        "subject": dead.subject,
        "event_type": dead.event_type,
        "event_key": dead.event_key,
        "reason": dead.reason,
        "attempts": dead.attempts,
        "first_at": _text(dead.first_at),
        "last_at": _text(dead.last_at),
        "buried_at": dead.held.stored_at.isoformat(),
        "kept": dead.kept_sequence is not None,
        "traceparent": dead.held.headers.get("traceparent"),
    }


def _body(dead: Letter) -> Fields:
    """A body of ours holds no personal data by contract; what is no JSON was not written by us."""
    if dead.kept_sequence is not None:
        return {"body": None, "body_note": _KEPT}
    try:
        return {"body": json.loads(dead.held.body), "body_note": None}
    except (ValueError, RecursionError):
        return {"body": None, "body_note": _NO_JSON}


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None


async def list_discards(bus: Bus, *, before: int | None, most: int) -> list[Fields]:
    """Return what was given up for good, the newest first; `record` is its place for the next page."""
    async with bus.open() as context:
        found = await audit.newest(context, before=before, most=most)
    return [{"record": place, **discard.model_dump(mode="json")} for place, discard in found]


async def list_durables(bus: Bus, *, now: Clock) -> list[Fields]:
    """Return how far each consumer is, and what its stream still holds."""
    async with bus.open() as context:
        histories = {stream: await history(context, stream) for stream in {each.stream for each in DURABLES}}
        counts = await letters.counts(context)
        found = await states(context)
    return [
        _durable_fields(each, histories[each.durable.stream], now=now)
        | {"dead_letters": counts.get(each.durable.name, 0)}
        for each in found
    ]


def _durable_fields(state: ConsumerState, held: History, *, now: Clock) -> Fields:
    durable = state.durable
    return {
        "name": durable.name,
        "identity": durable.identity,
        "stream": durable.stream,
        "pending": state.pending,
        "ack_pending": state.ack_pending,
        "redelivered": state.redelivered,
        "rebuildable": durable.rebuildable,
        "replayable": durable.claims and durable.foreign is None,
        "lag": round(lag_ratio(state.oldest_unfinished_at, MAX_AGES[durable.stream], now=now()), 4),
        "stream_whole": held.whole,
        "stream_created_at": held.created_at.isoformat(),
        "stream_oldest_at": _text(held.oldest_at),
        "stream_complete_from": _text(held.complete_from),
    }


async def standing_of(bus: Bus, name: str, sequence: int, *, after: int) -> Fields:
    """Return what has become of a redelivered message; a letter that tells of its death is newer than `after`."""
    declared = known(name)
    async with bus.open() as context:
        # The consumer first: a letter is there before its message counts as handled.
        handled = (await state_of(context, declared)).has_handled(sequence)
        wanted = Wanted(durable=name, after=after)
        async with aclosing(letters.letters(context, wanted, bodies=False)) as found:
            async for dead in found:
                if dead.stream_sequence == sequence:
                    return {"state": "dead", "number": dead.number, "reason": dead.reason}
    standing: Standing = "handled" if handled else "waiting"
    return {"state": standing, "number": None, "reason": None}
