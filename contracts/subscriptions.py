"""What subscriptions obeys and says: the state of the pools, which it owns."""

from __future__ import annotations

from typing import ClassVar

from contracts.base import Message, UtcTime
from contracts.foreign import PoolClosure, Slug


class ClosePool(Message):
    """Close a pool before its time."""

    subject: ClassVar[str] = "commands.subscriptions.close_pool.v1"
    german: ClassVar[str] = "Auftrag: ein Bad außerplanmäßig schließen."

    pool: Slug
    reason: PoolClosure
    closed_at: UtcTime
    until: UtcTime | None = None
    reported_by: Slug


class ReopenPool(Message):
    """Open a closed pool again."""

    subject: ClassVar[str] = "commands.subscriptions.reopen_pool.v1"
    german: ClassVar[str] = "Auftrag: ein geschlossenes Bad wieder öffnen."

    pool: Slug
    reopened_at: UtcTime
    mistaken: bool = False
    """The pool had been reported closed by mistake."""
    reported_by: Slug


class PoolClosed(Message):
    """A pool is closed; told again when reason or end have changed."""

    subject: ClassVar[str] = "events.subscriptions.pool_closed.v1"
    german: ClassVar[str] = "Ein Bad ist geschlossen, oder Grund oder Ende der Schließung haben sich geändert."

    pool: Slug
    reason: PoolClosure
    closed_at: UtcTime
    until: UtcTime | None = None
    reported_by: Slug


class PoolReopened(Message):
    """A pool that was closed is open again."""

    subject: ClassVar[str] = "events.subscriptions.pool_reopened.v1"
    german: ClassVar[str] = "Ein geschlossenes Bad ist wieder offen."

    pool: Slug
    reopened_at: UtcTime
    mistaken: bool = False
    """The pool had been reported closed by mistake."""
    reported_by: Slug
