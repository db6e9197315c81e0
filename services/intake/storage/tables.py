"""Tables of intake."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.tables import NAMING, UtcDateTime


class Base(DeclarativeBase):
    """Base of this service's tables."""

    metadata = MetaData(naming_convention=NAMING)


class AcceptedRow(Base):
    """An event that was taken in; the hash of its content tells a repeat from another event with its id."""

    __tablename__ = "accepted"

    event_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    system: Mapped[str] = mapped_column(String(64))
    event_type: Mapped[str] = mapped_column(String(128))
    body_sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    door: Mapped[str] = mapped_column(String(8))


class QuotaRow(Base):
    """How many events a system has had accepted on a local day."""

    __tablename__ = "quota"

    system: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    used: Mapped[int]


class ReportRow(Base):
    """What was reported about a person; erased some days after it was fetched, the row remains a while."""

    __tablename__ = "report"

    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    system: Mapped[str] = mapped_column(String(64))
    body: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    event_key: Mapped[str] = mapped_column(String(64), unique=True)
