"""The consumers of the topology as the server sees them."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo

from contracts.topology import DURABLES, STREAMS, Durable, durable
from services.caretaker.domain.errors import NoSuchDurableError
from services.caretaker.gateways.letters import Wanted, letters
from services.caretaker.gateways.reading import Held, find_next

_LETTERS_LOOKED_AT = 500
"""One answer of the server, so that looking stays cheap however many letters wait."""
MAX_AGES = {stream.name: stream.max_age for stream in STREAMS}


@dataclass(frozen=True, slots=True)
class ConsumerState:
    """How far a consumer is."""

    durable: Durable
    pending: int
    """Not yet delivered."""
    ack_pending: int
    """Delivered and under way, waiting for their next attempt included."""
    redelivered: int
    delivered_up_to: int
    handled_up_to: int
    """Places in the stream; between the two lies what is under way."""
    oldest_unfinished_at: datetime | None
    """Of what waits, is under way or will be tried again; a letter ends its message."""

    def has_handled(self, sequence: int) -> bool:
        """Whether a message was brought to its outcome; one that crashed for ever may hold the floor back."""
        if self.delivered_up_to < sequence:
            return False
        return self.handled_up_to >= sequence or not self.ack_pending


def known(name: str) -> Durable:
    """Return the consumer of a name; NoSuchDurableError when the topology has none."""
    try:
        return durable(name)
    except KeyError:
        raise NoSuchDurableError(name) from None


async def state_of(context: JetStreamContext, declared: Durable) -> ConsumerState:
    """Return how far one consumer is."""
    return await _state(context, declared, await context.consumer_info(declared.stream, declared.name))


async def states(context: JetStreamContext) -> list[ConsumerState]:
    """Return how far each consumer is, in the order of the topology."""
    infos: dict[str, ConsumerInfo] = {}
    for stream in dict.fromkeys(each.stream for each in DURABLES):
        infos |= {info.name: info for info in await context.consumers_info(stream)}
    return [await _state(context, each, infos[each.name]) for each in DURABLES if each.name in infos]


async def _state(context: JetStreamContext, declared: Durable, info: ConsumerInfo) -> ConsumerState:
    delivered = info.delivered.stream_seq if info.delivered else 0
    handled = info.ack_floor.stream_seq if info.ack_floor else 0
    under_way = info.num_ack_pending or 0
    pending = info.num_pending or 0
    oldest = await _oldest_under_way(context, declared, handled) if under_way else None
    if oldest is None and pending:
        oldest = await _oldest(context, declared, delivered)
    return ConsumerState(
        durable=declared,
        pending=pending,
        ack_pending=under_way,
        redelivered=info.num_redelivered or 0,
        delivered_up_to=delivered,
        handled_up_to=handled,
        oldest_unfinished_at=oldest.stored_at if oldest else None,
    )


async def _oldest(context: JetStreamContext, declared: Durable, after: int) -> Held | None:
    found = [await find_next(context, declared.stream, after + 1, subject) for subject in declared.filters]
    return min((each for each in found if each is not None), key=lambda each: each.sequence, default=None)


async def _oldest_under_way(context: JetStreamContext, declared: Durable, handled: int) -> Held | None:
    """What has crashed for ever holds the floor back without being under way; its letter tells."""
    wanted = Wanted(durable=declared.name, most=_LETTERS_LOOKED_AT)
    oldest = await _oldest(context, declared, handled)
    async with aclosing(letters(context, wanted, bodies=False)) as found:
        buried = {each.stream_sequence async for each in found}
    while oldest is not None and oldest.sequence in buried:
        oldest = await _oldest(context, declared, oldest.sequence)
    return oldest


async def bytes_by_stream(context: JetStreamContext) -> dict[str, int]:
    """Return how much each stream holds."""
    return {info.config.name or "": info.state.bytes for info in await context.streams_info()}
