"""What notices and the mail gateway answer to the command."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Progress(_Answer):
    """How many notices of a run have come how far."""

    notices: int
    rendered: int
    render_failed: int
    routed: int
    submitted: int
    posted: int
    failed: int
    unclear: int


class Finding(_Answer):
    """Why a notice could not be drawn."""

    reference: str
    code: str
    message: str


class Forecast(_Answer):
    """What the letters of a run will cost, net."""

    letters: int
    pages: int
    sheets: int
    net: Decimal


class Run(_Answer):
    """A run of the levy."""

    run_id: UUID
    state: Literal["rendering", "checked", "released", "superseded"]
    kind: str
    year: int
    imported_by: str
    approved_by: str | None
    released_at: datetime | None
    root_hash: str | None
    progress: Progress
    findings: tuple[Finding, ...]
    forecast: Forecast
    sum: Decimal


class RowError(_Answer):
    """What is wrong in one row of the levy file."""

    row: int
    column: str
    code: str
    message: str


class Seconds(_Answer):
    """How long each part took; None for what has not happened yet."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    import_: float | None = Field(alias="import")
    assess: float | None
    render: float | None
    release: float | None
    submit: float | None


class Counts(_Answer):
    """The count chain of a run with its money."""

    run_id: UUID
    kind: str
    year: int
    state: str
    rows: int
    debtors: int
    assessed: int
    below_minimum: int
    held_back: int
    unattributed_rows: int
    row_errors: tuple[RowError, ...]
    rendered: int
    render_failed: int
    routed_paper: int
    routed_mailbox: int
    unrouted: int
    submitted: int
    posted: int
    failed: int
    unclear: int
    open: int
    amount_assessed: Decimal
    amount_below_minimum: Decimal
    amount_held_back: Decimal
    amount_posted: Decimal
    administration_charged: Decimal
    administration_actual: Decimal
    pages: int
    sheets: int
    postage_net: Decimal
    chain_closed: bool
    differences: tuple[str, ...]


class Reconciliation(Counts):
    """The count chain as notices keeps it."""

    seconds: Seconds


class Document(_Answer):
    """A drawn notice and the hash of exactly its document."""

    notice_id: UUID
    reference: str
    sha256: str | None


class Sample(Document):
    """A letter that somebody should look at, and why."""

    why: str


class Notice(Document):
    """One notice of a run."""

    total: Decimal
    state: str


class Provider(_Answer):
    """The postal provider behind the mail gateway."""

    provider: str
    mode: Literal["simulator", "test", "production"]
    test_mode: bool = False
    reachable: bool
    detail: str | None = None

    @property
    def posts(self) -> bool:
        """Say whether letters come as far as the post while we watch: only a simulator is that quick."""
        return self.mode == "simulator" and not self.test_mode


Decision = Literal["send_again", "posted", "withdraw"]
"""What a clerk may decide about a letter that failed or is unclear."""


class Trouble(_Answer):
    """A letter that the provider refused, of which nobody knows whether it has it, or whose document is missing."""

    letter_id: UUID
    reference: str
    state: Literal["failed", "unclear", "waiting"]
    code: str | None
    title: str
    action: str
