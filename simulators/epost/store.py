"""What the provider remembers: one SQLite file, written through before any answer leaves."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from simulators.epost.letters import LetterRow, NewLetter, letter_row

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

_FIRST_LETTER_ID = 70_000_001
_SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS tokens (digest TEXT PRIMARY KEY, expires_at REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS faults (
    position INTEGER PRIMARY KEY, rule TEXT NOT NULL, skipped INTEGER NOT NULL, fired INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS letters (
    letter_id INTEGER PRIMARY KEY, batch_id INTEGER NOT NULL, custom1 TEXT NOT NULL,
    fingerprint TEXT NOT NULL, sha256 TEXT NOT NULL, failsafe INTEGER NOT NULL, test INTEGER NOT NULL,
    fields TEXT NOT NULL, created_at REAL NOT NULL, visible_from REAL NOT NULL,
    rejection TEXT, problems TEXT NOT NULL, pages INTEGER NOT NULL, submissions INTEGER NOT NULL,
    processed_at REAL, print_upload_at REAL, feedback_at REAL, failed_at REAL
) STRICT;
CREATE INDEX IF NOT EXISTS letters_by_batch ON letters (batch_id);
CREATE INDEX IF NOT EXISTS letters_by_custom1 ON letters (custom1);
CREATE INDEX IF NOT EXISTS letters_by_fingerprint ON letters (fingerprint, created_at);
CREATE INDEX IF NOT EXISTS letters_unprocessed ON letters (letter_id)
    WHERE processed_at IS NULL AND failed_at IS NULL;
"""
_INSERT = """
INSERT INTO letters (letter_id, batch_id, custom1, fingerprint, sha256, failsafe, test, fields, created_at,
    visible_from, rejection, problems, pages, submissions, failed_at)
VALUES (:letter_id, :batch_id, :custom1, :fingerprint, :sha256, :failsafe, :test, :fields, :created_at,
    :visible_from, :rejection, :problems, 0, 1, :failed_at)
"""


class Store:
    """State and received files under one folder; every method may be called from any thread."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.RLock()
        self._letters = folder / "letters"
        self._letters.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / "state.db", check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Group writes; they are on the disk when the outermost block ends."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def write(self, sql: str, parameters: Sequence[object] | dict[str, Any] = ()) -> int:
        """Run one statement; the number of rows it changed."""
        with self._lock:
            return self._db.execute(sql, parameters).rowcount

    def read(self, sql: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Rows of one query."""
        with self._lock:
            return self._db.execute(sql, parameters).fetchall()

    def setting(self, name: str) -> str | None:
        """Return a durable single value."""
        rows = self.read("SELECT value FROM settings WHERE name = ?", (name,))
        return rows[0]["value"] if rows else None

    def set_setting(self, name: str, value: str) -> None:
        """Replace a durable single value."""
        self.write("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", (name, value))

    def count(self, name: str, by: int = 1) -> None:
        """Add to a durable counter."""
        with self._lock:
            self.set_setting(name, str(int(self.setting(name) or 0) + by))

    def replace_faults(self, rows: Sequence[tuple[str, int, int]]) -> None:
        """Replace the ordered faults and their counts as a whole."""
        with self.transaction():
            self.write("DELETE FROM faults")
            for row in rows:
                self.write("INSERT INTO faults (rule, skipped, fired) VALUES (?, ?, ?)", row)

    def next_letter_id(self) -> int:
        """First free number; call it inside the transaction that uses it."""
        return self.read("SELECT coalesce(max(letter_id) + 1, ?) AS id FROM letters", (_FIRST_LETTER_ID,))[0]["id"]

    def add(self, new: Sequence[NewLetter]) -> None:
        """Files first, rows second, inside the caller's transaction: a killed process leaves no row without file."""
        for letter in new:
            self._write_file(letter.letter_id, letter.pdf)
        folder = os.open(self._letters, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        for letter in new:
            self.write(_INSERT, letter.columns())

    def show_all(self) -> None:
        """Let look-ups find what was to be hidden from them."""
        self.write("UPDATE letters SET visible_from = 0 WHERE visible_from > 0")

    def pdf(self, letter_id: int) -> bytes:
        """Bytes of a received document; FileNotFoundError without one."""
        return (self._letters / f"{letter_id}.pdf").read_bytes()

    def letters(self, condition: str = "1", parameters: Sequence[object] = (), *, limit: int = -1) -> list[LetterRow]:
        """Letters in the order of their numbers; the condition is ours, values go into the parameters."""
        sql = f"SELECT * FROM letters WHERE {condition} ORDER BY letter_id LIMIT ?"  # noqa: S608
        return [letter_row(row) for row in self.read(sql, (*parameters, limit))]

    def _write_file(self, letter_id: int, content: bytes) -> None:
        part = self._letters / f"{letter_id}.part"
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._letters / f"{letter_id}.pdf")
