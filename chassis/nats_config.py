"""The configuration of a nats-server, with the permissions that follow from the topology.

Nothing here loads a NATS client: who only starts the server need not pay for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts.systems import ForeignSystem, Systems
from contracts.topology import (
    CARETAKER,
    DURABLES,
    IDENTITIES,
    PUBLISHERS,
    RECEIPTS,
    STREAMS,
    receipts_durable,
    redelivery_prefix,
    schedule_subject,
)


def inbox_prefix(identity: str) -> str:
    """Return the identity's own inbox prefix; its NATS permissions cover no other."""
    return f"_INBOX_{identity}"


@dataclass(frozen=True, slots=True)
class Permissions:
    """Subjects that one identity may publish and subscribe."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def permissions(identity: str) -> Permissions:
    """Return what an identity may do on the bus; nothing but its own messages and consumers."""
    if identity == CARETAKER:
        publish = ("$JS.API.>", "$JS.ACK.>", "dlq.>", "kept.>", "audit.>", f"{redelivery_prefix('*')}>")
        return Permissions(publish, subscribe=(f"{inbox_prefix(identity)}.>",))
    publish = [
        message.subject.replace("{system}", "*") for message, senders in PUBLISHERS.items() if identity in senders
    ]
    if any(each.scheduled and each.owner == identity for each in STREAMS):
        publish.append(schedule_subject(identity, ">"))
    for each in DURABLES:
        if each.identity == identity:
            path = f"{each.stream}.{each.name}"
            publish += [
                f"dlq.{each.name}.>",
                f"$JS.API.CONSUMER.INFO.{path}",
                f"$JS.API.CONSUMER.MSG.NEXT.{path}",
                f"$JS.ACK.{path}.>",
            ]
            if each.foreign is not None:
                publish.append(f"kept.{each.name}.>")
    return Permissions(publish=tuple(publish), subscribe=(f"{inbox_prefix(identity)}.>",))


def system_permissions(system: ForeignSystem) -> Permissions:
    """Return what a foreign system may do in its own account: send events in, and fetch its receipts."""
    path = f"{RECEIPTS}.{receipts_durable(system.name)}"
    return Permissions(
        publish=(f"intake.{system.name}.>", f"$JS.API.CONSUMER.MSG.NEXT.{path}", f"$JS.ACK.{path}.>"),
        subscribe=(f"receipts.{system.name}.>", "_INBOX.>"),
    )


@dataclass(frozen=True, slots=True)
class ServerPlace:
    """Where a nats-server listens and keeps its store."""

    store_dir: str
    host: str
    port: int
    monitor_port: int


def server_config(public_keys: dict[str, str], systems: Systems, place: ServerPlace) -> str:
    """Return the configuration of a single nats-server with the permissions of every identity in force."""
    users = "\n".join(_user(permissions(identity), public_keys[identity]) for identity in (CARETAKER, *IDENTITIES))
    accounts = "".join(_account(each, each.nkey) for each in systems.systems if each.nkey is not None)
    return f"""\
listen: "{place.host}:{place.port}"
http: "{place.host}:{place.monitor_port}"
server_name: rathaus
max_payload: 1MB
jetstream {{
  store_dir: "{place.store_dir}"
  # One node: an acknowledged message must survive a power cut.
  sync_interval: always
}}
accounts {{
  RATHAUS {{
    jetstream: enabled
    users: [
{users}
    ]
    # Who imports what is stated at each foreign account below; nobody else writes this file.
    exports: [
      {{ service: "intake.*.>", response_type: Singleton }}
      {{ stream: "receipts.*.>" }}
      {{ service: "$JS.API.CONSUMER.MSG.NEXT.{RECEIPTS}.*", response_type: Stream }}
      {{ service: "$JS.ACK.{RECEIPTS}.*.>" }}
    ]
  }}
{accounts}  SYS {{ users: [] }}
}}
system_account: SYS
"""


def _user(allowed: Permissions, public_key: str) -> str:
    return (
        f"      {{ nkey: {public_key}, permissions: {{\n"
        f"          publish: {{ {_only(allowed.publish)} }}\n"
        f"          subscribe: {{ {_only(allowed.subscribe)} }} }} }}"
    )


def _only(subjects: Sequence[str]) -> str:
    """Allow these; the server takes an empty list for no restriction at all."""
    return f"allow: [{_quoted(subjects)}]" if subjects else 'deny: [">"]'


def _account(system: ForeignSystem, public_key: str) -> str:
    """An account of its own: a foreign system sees no subject but those that it imports."""
    allowed = system_permissions(system)
    services = "\n".join(
        f'      {{ service: {{ account: RATHAUS, subject: "{subject}" }} }}' for subject in allowed.publish
    )
    return f"""\
  "SYSTEM_{system.name}" {{
    users: [
{_user(allowed, public_key)}
    ]
    imports: [
{services}
      {{ stream: {{ account: RATHAUS, subject: "receipts.{system.name}.>" }} }}
    ]
  }}
"""


def _quoted(subjects: Iterable[str]) -> str:
    return ", ".join(f'"{subject}"' for subject in subjects)
