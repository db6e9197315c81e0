"""Brings the topology to the bus."""

from __future__ import annotations

from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StreamConfig, SubjectTransform
from nats.js.errors import NotFoundError

from contracts.intake import Receipt
from contracts.systems import Systems
from contracts.topology import (
    ACK_WAIT,
    ADVISORIES,
    DOOR_BYTES,
    DOOR_MESSAGE_BYTES,
    DURABLES,
    MAX_DELIVER,
    RECEIPTS,
    STREAMS,
    Durable,
    Stream,
    receipts_durable,
    subjects_of,
)

DEAD_LETTER_BYTES = 256 * 1024**2
"""What the dead letters may take. JetStream reserves it at once, so the other streams are bounded by age alone."""
CRASH_NET = "caretaker-crashes"
MAX_ACK_PENDING = 10_000
"""What waits for its next try counts here: with few allowed, some messages that fail would stop all others."""


async def apply(context: JetStreamContext) -> None:
    """Create or update every stream and durable; what stands already is left as it is stated here."""
    for stream in STREAMS:
        await _apply_stream(context, _stream_config(stream))
    for each in DURABLES:
        await context.add_consumer(each.stream, config=_consumer_config(each))  # pyright: ignore[reportUnknownMemberType]
    await context.add_consumer(  # pyright: ignore[reportUnknownMemberType]
        ADVISORIES,
        config=ConsumerConfig(durable_name=CRASH_NET, name=CRASH_NET, ack_policy=AckPolicy.EXPLICIT, ack_wait=30),
    )


async def apply_systems(context: JetStreamContext, systems: Systems) -> None:
    """Give each foreign system on the bus a consumer of its own for its receipts."""
    for system in systems.systems:
        if system.nkey is not None:
            name = receipts_durable(system.name)
            await context.add_consumer(  # pyright: ignore[reportUnknownMemberType] - nats-py leaves it untyped
                RECEIPTS,
                config=ConsumerConfig(
                    durable_name=name,
                    name=name,
                    filter_subject=Receipt.subject.format(system=system.name),
                    ack_policy=AckPolicy.EXPLICIT,
                    ack_wait=30,
                ),
            )


async def forget_systems(context: JetStreamContext, systems: Systems) -> None:
    """Drop consumers and receipts of all other systems: a later one of the same name would read them.

    Receipts go first: whoever is killed in between finds the consumer again and goes on.
    """
    prefix = receipts_durable("")
    consumers = {info.name for info in await context.consumers_info(RECEIPTS) if info.name.startswith(prefix)}
    subjects = (await context.stream_info(RECEIPTS, subjects_filter="receipts.>")).state.subjects or {}
    found = {name.removeprefix(prefix) for name in consumers} | {subject.split(".")[1] for subject in subjects}
    for system in sorted(found - {each.name for each in systems.systems}):
        await context.purge_stream(RECEIPTS, subject=f"receipts.{system}.>")
        if receipts_durable(system) in consumers:
            await context.delete_consumer(RECEIPTS, receipts_durable(system))


async def _apply_stream(context: JetStreamContext, config: StreamConfig) -> None:
    try:
        await context.stream_info(config.name or "")
    except NotFoundError:
        await context.add_stream(config)  # pyright: ignore[reportUnknownMemberType]
    else:
        await context.update_stream(config)  # pyright: ignore[reportUnknownMemberType]


def _stream_config(stream: Stream) -> StreamConfig:
    if stream.foreign_backlog is not None:
        return _door_config(stream, stream.foreign_backlog)
    return StreamConfig(
        name=stream.name,
        subjects=list(subjects_of(stream)),
        retention=RetentionPolicy.LIMITS,
        max_age=stream.max_age.total_seconds() if stream.max_age is not None else 0,
        discard=DiscardPolicy.NEW if stream.discard_new else DiscardPolicy.OLD,
        max_msgs_per_subject=stream.keep_per_subject or -1,
        max_msgs=stream.keep or -1,
        max_bytes=DEAD_LETTER_BYTES if stream.discard_new else -1,
        duplicate_window=stream.duplicate_window.total_seconds(),
        allow_msg_schedules=stream.scheduled,
        allow_msg_ttl=stream.scheduled,
        allow_rollup_hdrs=stream.scheduled,
    )


def _door_config(stream: Stream, backlog: int) -> StreamConfig:
    """A work queue with limits for each sender; whatever follows the system in the subject is not even stored."""
    return StreamConfig(
        name=stream.name,
        subjects=list(subjects_of(stream)),
        subject_transform=SubjectTransform(src="intake.*.*", dest="intake.{{wildcard(1)}}"),
        retention=RetentionPolicy.WORK_QUEUE,
        max_age=stream.max_age.total_seconds() if stream.max_age is not None else 0,
        discard=DiscardPolicy.NEW,
        max_msgs_per_subject=backlog,
        discard_new_per_subject=True,
        max_msg_size=DOOR_MESSAGE_BYTES,
        max_bytes=DOOR_BYTES,
        duplicate_window=stream.duplicate_window.total_seconds(),
    )


def _consumer_config(each: Durable) -> ConsumerConfig:
    return ConsumerConfig(
        name=each.name,
        durable_name=each.name,
        filter_subjects=list(each.filters),
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT.total_seconds(),
        max_deliver=MAX_DELIVER,
        max_ack_pending=MAX_ACK_PENDING,
    )
