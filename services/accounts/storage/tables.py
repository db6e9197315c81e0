"""Tables of accounts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.tables import NAMING, UtcDateTime


class Base(DeclarativeBase):
    """Base of this service's tables."""

    metadata = MetaData(naming_convention=NAMING)


class RoutingRow(Base):
    """The delivery decision of one notice; made once."""

    __tablename__ = "routing"

    notice_id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(index=True)
    channel: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(64))
    legal_basis: Mapped[str] = mapped_column(String(120))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
