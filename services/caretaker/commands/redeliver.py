"""Give dead letters back to the one consumer that had given them up."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass

import structlog

from services.caretaker.domain.errors import BodyGoneError, NoSuchLetterError
from services.caretaker.gateways import letters
from services.caretaker.gateways.bus import Bus
from services.caretaker.gateways.consumers import known
from services.caretaker.gateways.letters import Letter, Wanted
from services.caretaker.gateways.redelivery import redeliver

log = structlog.stdlib.get_logger()

_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Redelivered:
    """A letter that is on its way again; `sequence` is its place in the consumer's stream."""

    letter: Letter
    sequence: int


@dataclass(frozen=True, slots=True)
class Redeliveries:
    """What has become of many letters."""

    redelivered: int
    bodies_gone: tuple[int, ...]
    """Numbers of the letters whose kept body is not there any more; they stay."""
    last_number: int
    """No letter was older than this when it began; what died again has a higher number."""


async def redeliver_one(bus: Bus, number: int) -> Redelivered:
    """Send one letter again; asked twice, or killed in between, it still has its effect once."""
    async with bus.open() as context:
        dead = await letters.letter(context, number)
        if dead is None:
            raise NoSuchLetterError(str(number))
        known(dead.durable)
        original = await letters.original(context, dead)
        if original is None:
            raise BodyGoneError
        sequence = await redeliver(context, dead, original)
        await letters.remove(context, dead)
    log.info("dead_letter.redelivered", number=number, durable=dead.durable, event_key=dead.event_key)
    return Redelivered(dead, sequence)


async def redeliver_all(bus: Bus, name: str, reason: str | None) -> Redeliveries:
    """Send all letters of a consumer again that are there now."""
    known(name)
    async with bus.open() as context:
        last = await letters.last_number(context)
        wanted = Wanted(durable=name, reason=reason, up_to=last)
        async with aclosing(letters.letters(context, wanted, bodies=False)) as found:
            numbers = [each.number async for each in found]
    gone: list[int] = []
    done = 0
    for start in range(0, len(numbers), _AT_ONCE):
        chunk = numbers[start : start + _AT_ONCE]
        outcomes = await asyncio.gather(*(_try(bus, number) for number in chunk))
        done += outcomes.count(True)
        gone += [number for number, outcome in zip(chunk, outcomes, strict=True) if outcome is False]
    return Redeliveries(done, tuple(gone), last)


async def _try(bus: Bus, number: int) -> bool | None:
    """False: its body is gone; None: somebody else has just dealt with it."""
    try:
        await redeliver_one(bus, number)
    except BodyGoneError:
        return False
    except NoSuchLetterError:
        return None
    return True
