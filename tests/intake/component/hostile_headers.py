"""Header blocks of NATS messages that nobody should send; the same seed gives the same ones."""

from __future__ import annotations

from random import Random

_LINES = (b"NATS/1.0",) * 9 + (b"NATS/2.0",)
"""The server takes out the status of its own version only."""
_STATUSES = ("100", "400", "404", "408", "409", "503", "200", "x", "")
_SUBJECTS = (
    "receipts.stadtkasse.v1",
    "commands.subscriptions.close_pool.v1",
    "events.intake.alert_issued.v1",
    "$JS.ACK.INTAKE_DOOR.intake-door.1.1.1.1.1",
    "$JS.API.STREAM.DELETE.INTAKE_DOOR",
    "dlq.intake-door.intake.baederamt",
    "redeliver.intake-door.intake.baederamt",
    "_INBOX_intake.x",
    "nonsense",
    "no subject .. >",
    "",
)
FIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("reply_to", _SUBJECTS),
    ("Reply-To", _SUBJECTS),
    ("Status", _STATUSES),
    ("Description", ("Idle Heartbeat", "FlowControl Request", "Consumer Deleted", "Message Size Exceeds MaxBytes")),
    ("Nats-Consumer-Stalled", _SUBJECTS),
    ("Nats-Last-Consumer", ("1", "x")),
    ("x-redelivery", ("0" * 64, "x", "\u00e9", "")),
    ("x-door-sequence", ("1", "99999999999999999999", "-1", "x")),
    ("x-dlq-kept-sequence", ("1",)),
    ("Nats-Msg-Id", ("a", "b", "kept.INTAKE_DOOR.intake-door.1", "redeliver.1")),
    ("Nats-Expected-Last-Sequence", ("0", "7", "x")),
    ("Nats-Expected-Last-Subject-Sequence", ("0", "7")),
    ("Nats-Expected-Last-Msg-Id", ("a",)),
    ("Nats-Expected-Stream", ("INTAKE_DOOR", "DLQ")),
    ("Nats-TTL", ("1", "1s", "never", "x")),
    ("Nats-Rollup", ("sub", "all", "x")),
    ("Nats-Schedule", ("@at 2020-01-01T00:00:00Z", "@every 1s")),
    ("Nats-Schedule-Target", _SUBJECTS),
    ("Nats-Incr", ("1",)),
    ("Nats-Trace-Dest", _SUBJECTS),
    ("traceparent", ("00-" + "0" * 32 + "-" + "0" * 16 + "-01", "00-" + "f" * 32 + "-" + "f" * 16 + "-ff", "x")),
    ("tracestate", ("x" * 2000,)),
    ("baggage", ("a=b," * 500,)),
    ("correlation_id", ("x", "")),
    ("message_id", ("x", "")),
    ("content-encoding", ("gzip",)),
    ("Content-Type", ("text/xml", "application/json")),
)
_INLINE = (
    *(f" {status} x".encode() for status in _STATUSES),
    b" 404",
    b" 100 Idle Heartbeat",
    b" 404 \xff\xfe",
    b" \xff\xfe\xfd x",
    b" ",
    b"junk",
)
_ODD_LINES = (
    b"no colon",
    b": no name",
    b"na me: x",
    b"\xff\xfe: x",
    b"name: \xff\xfe",
    b"name:\x00",
    b"a: b\rc: d",
    b"a: b\nStatus: 404",
    b" folded",
    b"",
)

_CUTS = (slice(-2), slice(-4), slice(8), slice(10), slice(3), slice(8, None), slice(-4, None))


def header_block(random: Random, headers: dict[str, str]) -> bytes:
    """Return the block of these headers with some that do harm among them."""
    lines = [f"{name}: {value}".encode() for name, value in headers.items()]
    for _ in range(random.randint(1, 3)):
        name, values = random.choice(FIELDS)
        lines.insert(random.randint(0, len(lines)), f"{name}: {random.choice(values)}".encode())
    if random.random() < 0.1:
        lines.insert(random.randint(0, len(lines)), random.choice(_ODD_LINES))
    if random.random() < 0.03:
        lines += [b"x-%d: " % number + b"y" * 400 for number in range(random.choice((50, 200)))]
    first = random.choice(_LINES) + (random.choice(_INLINE) if random.random() < 0.15 else b"")
    block = b"\r\n".join([first, *lines, b"", b""])
    return block[random.choice(_CUTS)] if random.random() < 0.03 else block
