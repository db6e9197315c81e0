"""Tables of the mail gateway. The letter's row is the promise; the bus and the provider only hurry it along."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.tables import NAMING, UtcDateTime


class Base(DeclarativeBase):
    """Base of this service's tables."""

    metadata = MetaData(naming_convention=NAMING)


class WaveRow(Base):
    """Letters of one levy and year with the same options; its number is computed, never counted."""

    __tablename__ = "wave"

    batch_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(120))
    year: Mapped[int]
    duplex: Mapped[bool]
    colour: Mapped[bool]
    test: Mapped[bool]
    sequence: Mapped[int] = mapped_column(default=0)
    """Order of the wave's events."""


class LetterRow(Base):
    """One letter and what is known of it."""

    __tablename__ = "letter"

    letter_id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("wave.batch_id"))
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    collected_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Since when it may be sent; later than now for a letter that notices did not hand out and that is put off."""
    attempt: Mapped[int] = mapped_column(default=1)
    alone: Mapped[bool] = mapped_column(default=False)
    """Sent in a request of its own, after the provider refused an array without naming the guilty letter."""
    provider_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    first_intent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_intent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    call_ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    batch_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    custom1_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(32))
    """The provider's code of a failure, or why a letter is unclear or waits."""
    decided_by: Mapped[str | None] = mapped_column(String(120))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Who decided last about a letter that had failed or was unclear, and when."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Order of the letter's events."""

    __table_args__ = (Index("ix_letter_work", "batch_id", "state", "collected_at"),)
