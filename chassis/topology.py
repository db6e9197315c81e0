"""Brings the topology to the bus, and makes the server's permissions from it."""

from __future__ import annotations

from dataclasses import dataclass

from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StreamConfig
from nats.js.errors import NotFoundError

from chassis.bus import inbox_prefix
from contracts.topology import (
    ACK_WAIT,
    ADVISORIES,
    CARETAKER,
    DURABLES,
    IDENTITIES,
    MAX_DELIVER,
    PUBLISHERS,
    STREAMS,
    Durable,
    Stream,
)

DEAD_LETTER_BYTES = 256 * 1024**2
"""What the dead letters may take. JetStream reserves it at once, so the other streams are bounded by age alone."""
CRASH_NET = "caretaker-crashes"


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


async def _apply_stream(context: JetStreamContext, config: StreamConfig) -> None:
    try:
        await context.stream_info(config.name or "")
    except NotFoundError:
        await context.add_stream(config)  # pyright: ignore[reportUnknownMemberType]
    else:
        await context.update_stream(config)  # pyright: ignore[reportUnknownMemberType]


def _stream_config(stream: Stream) -> StreamConfig:
    return StreamConfig(
        name=stream.name,
        subjects=list(stream.subjects),
        retention=RetentionPolicy.LIMITS,
        max_age=stream.max_age.total_seconds() if stream.max_age is not None else 0,
        discard=DiscardPolicy.NEW if stream.discard_new else DiscardPolicy.OLD,
        max_bytes=DEAD_LETTER_BYTES if stream.discard_new else -1,
        duplicate_window=stream.duplicate_window.total_seconds(),
    )


def _consumer_config(each: Durable) -> ConsumerConfig:
    return ConsumerConfig(
        name=each.name,
        durable_name=each.name,
        filter_subjects=[message.subject for message in each.messages],
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT.total_seconds(),
        max_deliver=MAX_DELIVER,
        max_ack_pending=200,
    )


@dataclass(frozen=True, slots=True)
class Permissions:
    """Subjects that one identity may publish and subscribe."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def permissions(identity: str) -> Permissions:
    """Return what an identity may do on the bus; nothing but its own messages and consumers."""
    if identity == CARETAKER:
        return Permissions(publish=("$JS.API.>", "$JS.ACK.>", "dlq.>"), subscribe=(f"{inbox_prefix(identity)}.>",))
    publish = [message.subject for message, senders in PUBLISHERS.items() if identity in senders]
    for each in DURABLES:
        if each.identity == identity:
            path = f"{each.stream}.{each.name}"
            publish += [
                f"dlq.{each.name}.>",
                f"$JS.API.CONSUMER.INFO.{path}",
                f"$JS.API.CONSUMER.MSG.NEXT.{path}",
                f"$JS.ACK.{path}.>",
            ]
    return Permissions(publish=tuple(publish), subscribe=(f"{inbox_prefix(identity)}.>",))


def server_config(public_keys: dict[str, str], *, store_dir: str, host: str, port: int, monitor_port: int) -> str:
    """Return the configuration of a single nats-server with the permissions of every identity in force."""
    users = "\n".join(_user(identity, public_keys[identity]) for identity in (CARETAKER, *IDENTITIES))
    return f"""\
listen: "{host}:{port}"
http: "{host}:{monitor_port}"
server_name: rathaus
max_payload: 1MB
jetstream {{
  store_dir: "{store_dir}"
  # One node: an acknowledged message must survive a power cut.
  sync_interval: always
}}
accounts {{
  RATHAUS {{
    jetstream: enabled
    users: [
{users}
    ]
  }}
  SYS {{ users: [] }}
}}
system_account: SYS
"""


def _user(identity: str, public_key: str) -> str:
    allowed = permissions(identity)
    publish = ", ".join(f'"{subject}"' for subject in allowed.publish)
    subscribe = ", ".join(f'"{subject}"' for subject in allowed.subscribe)
    return (
        f"      {{ nkey: {public_key}, permissions: {{\n"
        f"          publish: {{ allow: [{publish}] }}\n"
        f"          subscribe: {{ allow: [{subscribe}] }} }} }}"
    )
