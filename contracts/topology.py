"""The bus as data: streams, durable consumers, and who may say what.

One owner applies it (`rathaus topology apply`; the embedded run at its start). The permissions of every
service on the NATS server are generated from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from contracts.accounts import DeliveryRouted
from contracts.base import Message
from contracts.mailgateway import LetterFailed, LetterPosted, LettersDispatched, LetterUnclear
from contracts.notices import ChunkRendered, NoticeGenerated, RenderChunk

STREAM_AGE = timedelta(days=14)
INBOX_AGE = timedelta(days=30)
DUPLICATE_WINDOW = timedelta(hours=2)
MAX_DELIVER = 20
ACK_WAIT = timedelta(seconds=30)
MAX_PAYLOAD = 512 * 1024

DEAD_LETTERS = "DLQ"
ADVISORIES = "ADVISORIES"
ADVISORY_SUBJECT = "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>"
CARETAKER = "caretaker"
"""The one identity that may shape the bus: it applies this file and buries crashed messages."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream with limits retention; `owner` is the service whose events and commands it holds."""

    name: str
    owner: str
    subjects: tuple[str, ...]
    max_age: timedelta | None = STREAM_AGE
    duplicate_window: timedelta = DUPLICATE_WINDOW
    discard_new: bool = False


@dataclass(frozen=True, slots=True)
class Durable:
    """One durable pull consumer; exactly one process identity fetches from it, in any number of replicas."""

    name: str
    identity: str
    stream: str
    messages: tuple[type[Message], ...]
    batch_size: int = 8
    rebuildable: bool = False


def _owned(owner: str) -> Stream:
    return Stream(owner.upper(), owner, (f"events.{owner}.>", f"commands.{owner}.>"))


STREAMS: tuple[Stream, ...] = (
    _owned("notices"),
    _owned("accounts"),
    _owned("mailgateway"),
    Stream(DEAD_LETTERS, CARETAKER, ("dlq.>",), max_age=None, discard_new=True),
    Stream(ADVISORIES, CARETAKER, (ADVISORY_SUBJECT,)),
)

DURABLES: tuple[Durable, ...] = (
    Durable("notices-render", "notices_render", "NOTICES", (RenderChunk,), batch_size=1),
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
}

HTTP_CALLERS: tuple[tuple[str, str], ...] = (
    ("rathaus", "notices"),
    ("rathaus", "accounts"),
    ("rathaus", "mailgateway"),
    ("mailgateway", "notices"),
    ("notices", "mailgateway"),
)
"""Which identity may call which service over HTTP; each pair has a token of its own."""

IDENTITIES: tuple[str, ...] = ("notices", "notices_render", "accounts", "mailgateway")
"""Every process identity that connects to the bus, beside the caretaker."""


def durable(name: str) -> Durable:
    """Return the durable of a name; KeyError when the topology has none."""
    for each in DURABLES:
        if each.name == name:
            return each
    raise KeyError(name)


def stream_of(message: type[Message]) -> str:
    """Return the name of the stream that holds a message's subject."""
    owner = message.subject.split(".")[1]
    return owner.upper()
