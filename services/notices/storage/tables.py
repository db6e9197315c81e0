"""Tables of notices. Money is whole cents, so that sums are exact on every database."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Float, ForeignKey, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.tables import NAMING, Identity, UtcDateTime

ERASED = "{}"
"""The body of a reported change when it is erased."""


class Base(DeclarativeBase):
    """Base of this service's tables."""

    metadata = MetaData(naming_convention=NAMING)


class RunRow(Base):
    """One levy run: a file and a statute on their way to letters."""

    __tablename__ = "run"

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(120))
    year: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    """rendering, checked, released or superseded"""
    statute: Mapped[str] = mapped_column(Text)
    imported_by: Mapped[str] = mapped_column(String(120))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rows: Mapped[int]
    unattributed_rows: Mapped[int]
    chunks: Mapped[int]
    generation: Mapped[int] = mapped_column(BigInteger)
    """Which import of these files; a part of the names of all documents, so that one import cannot touch another's."""
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When drawing last went on."""
    root_hash: Mapped[str | None] = mapped_column(String(64))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by: Mapped[str | None] = mapped_column(String(120))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    import_seconds: Mapped[float] = mapped_column(Float(53))
    assess_seconds: Mapped[float] = mapped_column(Float(53))
    release_seconds: Mapped[float | None] = mapped_column(Float(53))


class RowErrorRow(Base):
    """What is wrong in which row of a run's file."""

    __tablename__ = "row_error"

    position: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("run.run_id", ondelete="CASCADE"), index=True)
    row: Mapped[int]
    column: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(Text)


class DebtorRow(Base):
    """What became of one debtor account in a run."""

    __tablename__ = "debtor"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("run.run_id", ondelete="CASCADE"), primary_key=True)
    reference: Mapped[str] = mapped_column(String(64), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16))
    """assessed, below_minimum or held_back"""
    rows: Mapped[int]
    cents: Mapped[int] = mapped_column(BigInteger)


class NoticeRow(Base):
    """One notice (Bescheid) of a run; its id follows from town, kind, year, debtor and revision."""

    __tablename__ = "notice"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    letter_id: Mapped[UUID] = mapped_column(index=True)
    reference: Mapped[str] = mapped_column(String(64))
    chunk: Mapped[int]
    cents: Mapped[int] = mapped_column(BigInteger)
    administration_cents: Mapped[int] = mapped_column(BigInteger)
    assessment: Mapped[str] = mapped_column(Text)
    render_state: Mapped[str] = mapped_column(String(16), default="waiting")
    """waiting, rendered or failed"""
    document: Mapped[str | None] = mapped_column(String(200))
    sha256: Mapped[str | None] = mapped_column(String(64))
    pages: Mapped[int] = mapped_column(default=0)
    channel: Mapped[str | None] = mapped_column(String(16))
    submitted: Mapped[bool] = mapped_column(default=False)
    letter_state: Mapped[str] = mapped_column(String(16), default="open")
    """open, posted, failed or unclear"""
    letter_sequence: Mapped[int] = mapped_column(default=0)
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReleasedRow(Base):
    """A notice that was released. The key makes it impossible to release the same one twice."""

    __tablename__ = "released"

    notice_id: Mapped[UUID] = mapped_column(primary_key=True)
    letter_id: Mapped[UUID] = mapped_column(unique=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("run.run_id"), index=True)
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FindingRow(Base):
    """What the check of a letter found."""

    __tablename__ = "finding"

    position: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("run.run_id", ondelete="CASCADE"), index=True)
    notice_id: Mapped[UUID]
    reference: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(Text)


class ReportedChangeRow(Base):
    """What another system has reported about a person, for the clerk to take over into the levy file."""

    __tablename__ = "reported_change"

    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    """address_change, owner_change or payment"""
    body: Mapped[str] = mapped_column(Text)
    reported_by: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str | None] = mapped_column(String(120))
