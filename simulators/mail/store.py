"""The mails that have arrived, on the disk; the newest are kept, all are counted."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32
from pathlib import Path

KEPT = 5_000
_PRUNE_EVERY = 500
_TABLES = """
CREATE TABLE IF NOT EXISTS mail (
    mail_id INTEGER PRIMARY KEY AUTOINCREMENT, received_at REAL NOT NULL, sender TEXT NOT NULL,
    recipient TEXT NOT NULL COLLATE NOCASE, message_id TEXT NOT NULL, subject TEXT NOT NULL, content BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS mail_recipient ON mail (recipient, mail_id);
CREATE TABLE IF NOT EXISTS seen (message_id TEXT PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS host (host TEXT PRIMARY KEY, mails INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bounce (
    bounce_id INTEGER PRIMARY KEY AUTOINCREMENT, made_at REAL NOT NULL, recipient TEXT NOT NULL, content BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """One mail to one recipient, as it came."""

    mail_id: int
    received_at: float
    sender: str
    """The envelope's; a bounce goes there."""
    recipient: str
    message_id: str
    subject: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report of non-delivery (RFC 3464)."""

    bounce_id: int
    made_at: float
    recipient: str
    """The envelope sender of the mail that bounced."""
    content: bytes


class Store:
    """One SQLite file; used by one thread. A kill of the process loses nothing, a power cut may."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(folder / "mails.db", isolation_level=None)
        self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;" + _TABLES)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def add(self, sender: str, recipient: str, content: bytes) -> None:
        """Keep one mail; the oldest goes when there are too many."""
        head = message_from_bytes(content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", policy=compat32)
        message_id = str(head["Message-ID"] or "")
        run = self._database.execute
        run("BEGIN")
        row = run(
            "INSERT INTO mail (received_at, sender, recipient, message_id, subject, content) VALUES (?, ?, ?, ?, ?, ?)",
            (time.time(), sender, recipient, message_id, _readable(head["Subject"]), content),
        )
        run("INSERT INTO seen VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1", (message_id,))
        host = recipient.rpartition("@")[2].lower()
        run("INSERT INTO host VALUES (?, 1) ON CONFLICT DO UPDATE SET mails = mails + 1", (host,))
        if (row.lastrowid or 0) % _PRUNE_EVERY == 0:
            run("DELETE FROM mail WHERE mail_id <= ?", ((row.lastrowid or 0) - KEPT,))
        run("COMMIT")

    def mails(self, *, to: str = "", since: int = 0, before: int | None = None, limit: int = 100) -> list[Stored]:
        """Return mails, newest first: to an address, after and before a number."""
        rows = self._database.execute(
            "SELECT mail_id, received_at, sender, recipient, message_id, subject, content FROM mail"
            " WHERE (? = '' OR recipient = ?) AND mail_id > ? AND (? IS NULL OR mail_id < ?)"
            " ORDER BY mail_id DESC LIMIT ?",
            (to, to, since, before, before, limit),
        )
        return [Stored(*row) for row in rows]

    def mail(self, mail_id: int) -> Stored | None:
        """Return one mail."""
        found = self.mails(since=mail_id - 1, before=mail_id + 1)
        return found[0] if found else None

    def add_bounce(self, recipient: str, content: bytes) -> None:
        """Keep a report."""
        self._database.execute(
            "INSERT INTO bounce (made_at, recipient, content) VALUES (?, ?, ?)", (time.time(), recipient, content)
        )

    def bounces(self, *, limit: int = 100) -> list[Bounce]:
        """Return reports, newest first."""
        rows = self._database.execute(
            "SELECT bounce_id, made_at, recipient, content FROM bounce ORDER BY bounce_id DESC LIMIT ?", (limit,)
        )
        return [Bounce(*row) for row in rows]

    def summary(self) -> dict[str, object]:
        """Return counts of everything that ever came, also of what is no longer kept."""
        run = self._database.execute
        received, distinct = run("SELECT coalesce(sum(times), 0), count(*) FROM seen").fetchone()
        return {
            "received": received,
            "distinct_message_ids": distinct,
            "repeated": run("SELECT count(*) FROM seen WHERE times > 1").fetchone()[0],
            "hosts": dict(run("SELECT host, mails FROM host ORDER BY host").fetchall()),
            "bounces": run("SELECT count(*) FROM bounce").fetchone()[0],
        }

    def clear(self) -> None:
        """Forget all mails, counts and reports."""
        self._database.executescript("DELETE FROM mail; DELETE FROM seen; DELETE FROM host; DELETE FROM bounce;")


def _readable(subject: object) -> str:
    try:
        return str(make_header(decode_header(str(subject or ""))))
    except (ValueError, LookupError):
        return str(subject)
