"""The toy service's one table: a row for each effect."""

from __future__ import annotations

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.tables import NAMING, Identity


class Base(DeclarativeBase):
    """Base of the toy's tables."""

    metadata = MetaData(naming_convention=NAMING)


class Effect(Base):
    """One effect of one event; nothing here forbids a second one."""

    __tablename__ = "effect"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    event_key: Mapped[str] = mapped_column(String(64))
