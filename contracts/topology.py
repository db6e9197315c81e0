"""The bus as data: streams, durable consumers, and who may say what.

One owner applies it (`rathaus topology apply`; the embedded run at its start). The permissions of every
service on the NATS server are generated from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from contracts.accounts import DeliveryRouted
from contracts.appointments import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMissed,
    AppointmentMoved,
    ReminderDue,
)
from contracts.base import Message
from contracts.intake import AddressChangeReported, AlertIssued, OwnerChangeReported, PaymentReported, Receipt
from contracts.mailgateway import LetterFailed, LetterPosted, LettersDispatched, LetterUnclear
from contracts.notices import ChunkRendered, NoticeGenerated, RenderChunk
from contracts.subscriptions import ClosePool, PoolClosed, PoolReopened, ReopenPool

STREAM_AGE = timedelta(days=14)
INBOX_AGE = timedelta(days=30)
DUPLICATE_WINDOW = timedelta(hours=2)
MAX_DELIVER = 20
ACK_WAIT = timedelta(seconds=30)
MAX_PAYLOAD = 512 * 1024

DEAD_LETTERS = "DLQ"
KEPT = "KEPT"
"""Bodies of dead letters that may hold personal data: the letter itself has only their place."""
KEPT_AGE = timedelta(days=30)
"""A personal body waits no longer for a person's decision; its letter stays and says that it is gone."""
AUDIT = "AUDIT"
"""Who has given up which dead letter, and why: it outlasts the rotating logs."""
AUDIT_RECORDS = 100_000
DOOR = "INTAKE_DOOR"
"""What other systems have published and intake has not yet taken in."""
DOOR_BACKLOG = 10_000
"""Events of one system that may wait at the door; the server refuses the next one to its sender."""
DOOR_MESSAGE_BYTES = 128 * 1024
DOOR_BYTES = 256 * 1024**2
DOOR_DUPLICATE_WINDOW = timedelta(milliseconds=100)
"""The least that the server allows. `Nats-Msg-Id` is one namespace for a whole stream: with a longer window the events
of two systems that count from 1 would swallow each other. Intake knows duplicates by itself."""
RECEIPTS_KEPT = 200_000
"""Receipts that one system may leave unfetched."""
RECEIPTS = "RECEIPTS"
SCHEDULES = "SCHEDULES"
"""Messages that the server itself delivers when their time has come; they may lie here for months."""
FIRED_KEPT = timedelta(days=14)
"""How long a message stays after its time has come."""
ADVISORIES = "ADVISORIES"
ADVISORY_SUBJECT = "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>"
CARETAKER = "caretaker"
"""The one identity that may shape the bus: it applies this file and looks after the dead letters."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream with limits retention; `owner` is the service whose events and commands it holds."""

    name: str
    owner: str
    subjects: tuple[str, ...]
    max_age: timedelta | None = STREAM_AGE
    duplicate_window: timedelta = DUPLICATE_WINDOW
    discard_new: bool = False
    foreign_backlog: int | None = None
    """A work queue for what others write: what is handled is gone, and so many may wait from one sender."""
    keep_per_subject: int | None = None
    """Beyond so many on one subject the oldest make room."""
    keep: int | None = None
    """Beyond so many in all the oldest make room."""
    scheduled: bool = False
    """The server holds its messages back until their time (message schedules)."""


@dataclass(frozen=True, slots=True)
class Durable:
    """One durable pull consumer; exactly one process identity fetches from it, in any number of replicas."""

    name: str
    identity: str
    stream: str
    messages: tuple[type[Message], ...]
    batch_size: int = 8
    rebuildable: bool = False
    """It feeds a projection without effects outside, which may be dropped and built again from the stream."""
    claims: bool = True
    """It claims each event in its inbox; without that a redelivery would do everything again."""
    foreign: str | None = None
    """Instead of messages of ours: a subject on which others write, whose bodies may be personal."""

    @property
    def filters(self) -> tuple[str, ...]:
        """The subjects that it is given, its own redeliveries among them."""
        subjects = (self.foreign,) if self.foreign else tuple(message.subject for message in self.messages)
        return (*subjects, f"{redelivery_prefix(self.name)}>")


def redelivery_prefix(durable_name: str) -> str:
    """Return what stands before the subject of a message that is delivered again to one consumer."""
    return f"redeliver.{durable_name}."


def _owned(owner: str) -> Stream:
    return Stream(owner.upper(), owner, (f"events.{owner}.>", f"commands.{owner}.>"))


STREAMS: tuple[Stream, ...] = (
    _owned("notices"),
    _owned("accounts"),
    _owned("mailgateway"),
    _owned("intake"),
    _owned("subscriptions"),
    _owned("appointments"),
    Stream(SCHEDULES, "appointments", ("schedules.>", "due.>"), max_age=None, scheduled=True),
    Stream(
        DOOR, "intake", ("intake.*", "intake.*.*"), duplicate_window=DOOR_DUPLICATE_WINDOW, foreign_backlog=DOOR_BACKLOG
    ),
    Stream(RECEIPTS, "intake", ("receipts.>",), keep_per_subject=RECEIPTS_KEPT),
    Stream(KEPT, CARETAKER, ("kept.>",), max_age=KEPT_AGE, discard_new=True),
    Stream(DEAD_LETTERS, CARETAKER, ("dlq.>",), max_age=None, discard_new=True),
    Stream(AUDIT, CARETAKER, ("audit.>",), max_age=None, keep=AUDIT_RECORDS),
    Stream(ADVISORIES, CARETAKER, (ADVISORY_SUBJECT,)),
)

DURABLES: tuple[Durable, ...] = (
    Durable("notices-render", "notices_render", "NOTICES", (RenderChunk,), batch_size=1, claims=False),
    Durable("notices-chunks", "notices", "NOTICES", (ChunkRendered,), batch_size=1),
    Durable("notices-routing", "notices", "ACCOUNTS", (DeliveryRouted,)),
    Durable(
        "notices-letters",
        "notices",
        "MAILGATEWAY",
        (LettersDispatched, LetterPosted, LetterFailed, LetterUnclear),
    ),
    Durable("accounts-notices", "accounts", "NOTICES", (NoticeGenerated,)),
    Durable("mailgateway-routing", "mailgateway", "ACCOUNTS", (DeliveryRouted,)),
    Durable("intake-door", "intake", DOOR, (), foreign="intake.*"),
    Durable("subscriptions-pools", "subscriptions", "SUBSCRIPTIONS", (ClosePool, ReopenPool)),
    Durable("subscriptions-alerts", "subscriptions", "INTAKE", (AlertIssued,), rebuildable=True),
    Durable("subscriptions-announcements", "subscriptions", "INTAKE", (AlertIssued,)),
    Durable("appointments-reminders", "appointments", SCHEDULES, (ReminderDue,)),
    Durable("notices-reports", "notices", "INTAKE", (AddressChangeReported, OwnerChangeReported, PaymentReported)),
)

PUBLISHERS: dict[type[Message], tuple[str, ...]] = {
    RenderChunk: ("notices",),
    ChunkRendered: ("notices_render",),
    NoticeGenerated: ("notices",),
    DeliveryRouted: ("accounts",),
    LettersDispatched: ("mailgateway",),
    LetterPosted: ("mailgateway",),
    LetterFailed: ("mailgateway",),
    LetterUnclear: ("mailgateway",),
    ClosePool: ("intake",),
    ReopenPool: ("intake",),
    PoolClosed: ("subscriptions",),
    PoolReopened: ("subscriptions",),
    AlertIssued: ("intake",),
    AddressChangeReported: ("intake",),
    OwnerChangeReported: ("intake",),
    PaymentReported: ("intake",),
    Receipt: ("intake",),
    AppointmentBooked: ("appointments",),
    AppointmentMoved: ("appointments",),
    AppointmentCancelled: ("appointments",),
    AppointmentMissed: ("appointments",),
    ReminderDue: ("appointments",),
}

HTTP_CALLERS: tuple[tuple[str, str], ...] = (
    ("rathaus", "notices"),
    ("rathaus", "accounts"),
    ("rathaus", "mailgateway"),
    ("mailgateway", "notices"),
    ("notices", "mailgateway"),
    ("rathaus", "intake"),
    ("rathaus", "subscriptions"),
    ("rathaus", "caretaker"),
    ("notices", "intake"),
    ("portal", "subscriptions"),
    ("portal", "accounts"),
    ("portal", "appointments"),
    ("rathaus", "appointments"),
)
"""Which identity may call which service over HTTP; each pair has a token of its own."""

IDENTITIES: tuple[str, ...] = (
    "notices",
    "notices_render",
    "accounts",
    "mailgateway",
    "intake",
    "subscriptions",
    "appointments",
    "portal",
)
"""Every process identity that connects to the bus, beside the caretaker."""


def durable(name: str) -> Durable:
    """Return the durable of a name; KeyError when the topology has none."""
    for each in DURABLES:
        if each.name == name:
            return each
    raise KeyError(name)


def receipts_durable(system: str) -> str:
    """Return the name of the consumer with which a system fetches its receipts; the caretaker makes it."""
    return f"receipts-{system}"


def stream_of(message: type[Message]) -> str:
    """Return the name of the stream that holds a message's subject."""
    kind, owner, *_ = message.subject.split(".")
    return {"receipts": RECEIPTS, "due": SCHEDULES}.get(kind, owner.upper())


def schedule_subject(identity: str, key: str) -> str:
    """Return the subject under which one identity keeps one schedule: the same key again replaces it."""
    return f"schedules.{identity}.{key}"


def subjects_of(stream: Stream) -> tuple[str, ...]:
    """Return the subjects that a stream holds: its own, and redeliveries to each of its consumers."""
    return (*stream.subjects, *(f"{redelivery_prefix(each.name)}>" for each in DURABLES if each.stream == stream.name))
