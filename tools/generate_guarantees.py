"""`python tools/generate_guarantees.py [--check]`: the numbers in `docs/delivery-guarantees.md`, from the code.

With `--check` nothing is written; the status is 1 when the page states other numbers.
"""

from __future__ import annotations

import re
import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from chassis.consumer import RETRY_AFTER_SECONDS
from chassis.outbox import KEEP_SENT
from chassis.topology import DEAD_LETTER_BYTES
from contracts.topology import (
    ACK_WAIT,
    DOOR_BACKLOG,
    DOOR_MESSAGE_BYTES,
    DUPLICATE_WINDOW,
    INBOX_AGE,
    KEPT_AGE,
    MAX_DELIVER,
    MAX_PAYLOAD,
    RECEIPTS_KEPT,
    STREAM_AGE,
)

PAGE = Path(__file__).parents[1] / "docs" / "delivery-guarantees.md"
SECTION = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
UNITS = (("day", 86_400), ("hour", 3_600), ("min", 60), ("s", 1))


def in_words(time: timedelta) -> str:
    """Return a time in the two units that say it, as `12 min 36 s`."""
    left = round(time.total_seconds())
    parts: list[str] = []
    for unit, seconds in UNITS:
        count, left = divmod(left, seconds)
        if count:
            parts.append(f"{count} {unit}{'s' if unit in {'day', 'hour'} and count > 1 else ''}")
    return " ".join(parts) or "at once"


def retries() -> str:
    """Return what follows each failure and when, counted from the first delivery."""
    rows: list[tuple[str, str, str]] = []
    elapsed = timedelta()
    for number, seconds in enumerate(RETRY_AFTER_SECONDS, start=1):
        delay = timedelta(seconds=seconds)
        rows.append((str(number), in_words(elapsed), f"tried again after {in_words(delay)}"))
        elapsed += delay
    rows.append((str(len(rows) + 1), in_words(elapsed), "dead letter"))
    return _table(("failure", "at the earliest after", "then"), rows)


def ages() -> str:
    """Return the limits of the bus and of the memory of its clients."""
    return _table(
        ("what", "how long or how much"),
        [
            ("a stream holds a message", in_words(STREAM_AGE)),
            ("an inbox remembers what it has claimed, and intake the ids that it has accepted", in_words(INBOX_AGE)),
            (
                "the bus itself drops a repeat with the same `Nats-Msg-Id`; that only saves work",
                in_words(DUPLICATE_WINDOW),
            ),
            ("an outbox keeps what it has sent", in_words(KEEP_SENT)),
            (
                "dead letters, and the bodies that are kept for them",
                f"letters no age, bodies {in_words(KEPT_AGE)}; {DEAD_LETTER_BYTES // 1024**2} MiB each",
            ),
            ("a delivery without answer or heartbeat is repeated after", in_words(ACK_WAIT)),
            ("deliveries of one message, after which it counts as crashed", f"{MAX_DELIVER}, {_crash_loop()}"),
            ("events of one system that may wait at the door", f"{DOOR_BACKLOG:,}"),
            ("a message at the NATS door may have", f"{DOOR_MESSAGE_BYTES // 1024} KiB"),
            ("receipts that one system may leave unfetched", f"{RECEIPTS_KEPT:,}"),
            ("the size of a message of ours", f"{MAX_PAYLOAD // 1024} KiB"),
        ],
    )


def _crash_loop() -> str:
    return f"so at least {in_words(ACK_WAIT * MAX_DELIVER)} of crashing"


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def filled(page: str) -> str:
    """Return the page with every generated section as it should be."""
    sections = {"retries": retries(), "ages": ages()}
    return SECTION.sub(lambda found: f"{found[1]}{sections[found[2]]}{found[3]}", page)


def main(arguments: list[str]) -> int:
    """Write, or with `--check` only compare."""
    page = PAGE.read_text("utf-8")
    if "--check" in arguments:
        return int(filled(page) != page)
    PAGE.write_text(filled(page), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
