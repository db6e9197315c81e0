"""Subjects that an identity or a foreign system has no business with, generated from the topology.

Generated from ownership, not from the permissions: a permission that is too wide must be found.
"""

from __future__ import annotations

from contracts.topology import (
    CARETAKER,
    DURABLES,
    IDENTITIES,
    PUBLISHERS,
    RECEIPTS,
    STREAMS,
    Durable,
    receipts_durable,
)
from tests.support.foreign import OFFICES

_OF_STREAM = (
    "STREAM.CREATE.{0}",
    "STREAM.UPDATE.{0}",
    "STREAM.INFO.{0}",
    "STREAM.DELETE.{0}",
    "STREAM.PURGE.{0}",
    "STREAM.MSG.GET.{0}",
    "STREAM.MSG.DELETE.{0}",
    "DIRECT.GET.{0}",
    "CONSUMER.CREATE.{0}.mine",
    "CONSUMER.DURABLE.CREATE.{0}.mine",
    "CONSUMER.NAMES.{0}",
    "CONSUMER.LIST.{0}",
)
_OF_CONSUMER = ("CONSUMER.INFO.{0}", "CONSUMER.MSG.NEXT.{0}", "CONSUMER.DELETE.{0}", "CONSUMER.PAUSE.{0}")
_ELSEWHERE = (
    "$JS.API.INFO",
    "$JS.API.STREAM.NAMES",
    "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.NOTICES.accounts-notices",
    "$SYS.REQ.SERVER.PING",
    "anything.else",
)


def to_publish(identity: str) -> list[str]:
    """What one of our own processes may not say."""
    subjects = [
        message.subject.replace("{system}", "baederamt")
        for message, senders in PUBLISHERS.items()
        if identity not in senders
    ]
    for each in DURABLES:
        subjects += _of_durable(each, mine=each.identity == identity)
    doors = [f"intake.{each.name}.events" for each in OFFICES.systems]
    return _distinct(subjects, _shaping(), doors, [f"{_inbox(other)}.x" for other in _others(identity)], _ELSEWHERE)


def to_hear(identity: str) -> list[str]:
    """What one of our own processes may not listen to; it is given its messages by its consumers."""
    held = [subject for stream in STREAMS for subject in stream.subjects]
    sent = [message.subject.replace("{system}", "*") for message in PUBLISHERS]
    consumed = [subject for each in DURABLES for subject in each.filters]
    answers = [f"$JS.ACK.{each.stream}.{each.name}.>" for each in DURABLES]
    buried = [f"{room}.{each.name}.>" for each in DURABLES for room in ("dlq", "kept")]
    inboxes = ["_INBOX.>", *(f"{_inbox(other)}.>" for other in _others(identity))]
    return _distinct(held, sent, consumed, answers, buried, inboxes, _shaping(), (">", "*.>", "$SYS.>", "$JS.>"))


def to_publish_from_outside(system: str) -> list[str]:
    """What a foreign system may not say."""
    others = [each.name for each in OFFICES.systems if each.name != system]
    durables = [subject for each in DURABLES for subject in _of_durable(each, mine=False)]
    sent = [message.subject.replace("{system}", name) for message in PUBLISHERS for name in (system, *others)]
    doors = [f"intake.{name}.{room}" for name in others for room in ("events", "x", "events.x")]
    receipts = [
        subject
        for name in others
        for subject in (
            f"$JS.API.CONSUMER.MSG.NEXT.{RECEIPTS}.{receipts_durable(name)}",
            f"$JS.ACK.{RECEIPTS}.{receipts_durable(name)}.1.1.1.1.0",
        )
    ]
    inboxes = [f"{_inbox(each)}.x" for each in (CARETAKER, *IDENTITIES)]
    return _distinct(doors, receipts, sent, durables, _shaping(), inboxes, _ELSEWHERE, ["intake", "intake.events"])


def to_hear_from_outside(system: str) -> list[str]:
    """What a foreign system may not listen to."""
    others = [each.name for each in OFFICES.systems if each.name != system]
    ours = [each for each in to_hear("") if each != "_INBOX.>"]
    doors = [f"{kind}.{name}.>" for kind in ("intake", "receipts") for name in others]
    return _distinct(doors, ours, ["receipts.*.v1", f"intake.{system}.>"])


def _of_durable(each: Durable, *, mine: bool) -> list[str]:
    """Nobody but the caretaker shapes a consumer or delivers again; fetching is for its own process."""
    subject = each.foreign or each.messages[0].subject
    again = [f"redeliver.{each.name}.{subject.replace('>', 'x')}"]
    kept = [f"kept.{each.name}.x"] if not mine or each.foreign is None else []
    if mine:
        return [*again, *kept, f"$JS.API.CONSUMER.DELETE.{each.stream}.{each.name}"]
    path = f"{each.stream}.{each.name}"
    return [
        *again,
        *kept,
        f"dlq.{each.name}.x",
        f"$JS.ACK.{path}.1.1.1.1.0",
        *(f"$JS.API.{form.format(path)}" for form in _OF_CONSUMER),
    ]


def _shaping() -> list[str]:
    return [f"$JS.API.{form.format(stream.name)}" for stream in STREAMS for form in _OF_STREAM]


def _others(identity: str) -> list[str]:
    return [each for each in (CARETAKER, *IDENTITIES) if each != identity]


def _inbox(identity: str) -> str:
    return f"_INBOX_{identity}"


def _distinct(*groups: list[str] | tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(subject for group in groups for subject in group))
