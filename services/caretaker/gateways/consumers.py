"""The consumers of the topology as the server sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo

from contracts.topology import DURABLES, STREAMS, Durable, durable
from services.caretaker.domain.errors import NoSuchDurableError
from services.caretaker.gateways.reading import find_next

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
    oldest_pending_at: datetime | None

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
    pending = info.num_pending or 0
    return ConsumerState(
        durable=declared,
        pending=pending,
        ack_pending=info.num_ack_pending or 0,
        redelivered=info.num_redelivered or 0,
        delivered_up_to=delivered,
        handled_up_to=info.ack_floor.stream_seq if info.ack_floor else 0,
        oldest_pending_at=await _oldest(context, declared, delivered + 1) if pending else None,
    )


async def _oldest(context: JetStreamContext, declared: Durable, sequence: int) -> datetime | None:
    found = [await find_next(context, declared.stream, sequence, subject) for subject in declared.filters]
    return min((each.stored_at for each in found if each is not None), default=None)


async def bytes_by_stream(context: JetStreamContext) -> dict[str, int]:
    """Return how much each stream holds."""
    return {info.config.name or "": info.state.bytes for info in await context.streams_info()}
