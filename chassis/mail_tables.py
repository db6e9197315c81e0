"""The ledger of single mails, for services that write to people; such a service makes it in a migration of its own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.tables import NAMING, UtcDateTime


class MailBase(DeclarativeBase):
    """Base of the table below."""

    metadata = MetaData(naming_convention=NAMING)


class OutgoingMail(MailBase):
    """One mail to one person, recorded in the transaction of its reason."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        Index(
            "ix_outgoing_mail_waiting",
            "next_try_at",
            sqlite_where=text("state IN ('queued', 'sending')"),
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
    )

    mail_id: Mapped[UUID] = mapped_column(primary_key=True)
    """Derived from its reason, so that the same reason makes one mail; the Message-ID is derived from it."""
    purpose: Mapped[str] = mapped_column(String(32))
    """For logs and metrics: signup, preferences_link."""
    recipient: Mapped[str] = mapped_column(String(254))
    """Emptied when the mail has ended."""
    host: Mapped[str] = mapped_column(String(253))
    """Emptied too."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """The whole message (RFC 5322); emptied when the mail has ended."""
    state: Mapped[str] = mapped_column(String(16))
    """queued, sending, sent, failed, expired"""
    attempts: Mapped[int]
    uncertain: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply: Mapped[str | None] = mapped_column(String(64))
