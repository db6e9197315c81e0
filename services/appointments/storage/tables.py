"""Tables of appointments."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Float, Index, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.tables import NAMING, UtcDateTime
from services.appointments.storage.transactions import ThisTransaction


class Base(DeclarativeBase):
    """Base of this service's tables."""

    metadata = MetaData(naming_convention=NAMING)


class ClaimRow(Base):
    """One resource for five minutes. The primary key is what makes double booking impossible."""

    __tablename__ = "claim"
    __table_args__: Any = (
        # Empty on SQLite, and so without cost.
        Index("ix_claim_changed_in", "changed_in", sqlite_where=text("changed_in IS NOT NULL")),
        {"sqlite_with_rowid": False},
    )

    resource: Mapped[str] = mapped_column(String(64), primary_key=True)
    tick: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(12))
    """hold, booked, or quarantine (freed, and kept from traders for a while)."""
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From then on anybody may take it; None: never."""
    changed_in: Mapped[int | None] = mapped_column(
        BigInteger, default=ThisTransaction(), onupdate=ThisTransaction(), nullable=True
    )
    """The transaction that wrote it last: by this other replicas find what is new to them. None on SQLite."""


class BookingRow(Base):
    """One visit, from its hold to its end."""

    __tablename__ = "booking"
    __table_args__: Any = (
        Index("ix_booking_day", "office", "first_tick"),
        Index("ix_booking_client", "client_mac", "created_at"),
    )

    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    """As `domain.booking.State`."""
    office: Mapped[str] = mapped_column(String(64))
    resources: Mapped[list[str]] = mapped_column(JSON)
    first_tick: Mapped[int]
    ticks: Mapped[int]
    visit_ticks: Mapped[int]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """[{"service": code, "count": n}]"""
    channel: Mapped[str] = mapped_column(String(16))
    number: Mapped[str] = mapped_column(String(12), index=True)
    name: Mapped[str | None] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254), index=True)
    """The same in lower case, for limits and the personal feed."""
    phone: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(Text)
    client_mac: Mapped[str | None] = mapped_column(String(64))
    """Keyed hash of the client's address, emptied after a day."""
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """Of a hold or an unconfirmed booking."""
    waiting_id: Mapped[UUID | None]
    """The entry of the waiting list to which this is an offer."""
    foreign_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    """UID of an imported booking."""
    proven: Mapped[bool]
    """Else only the link in a mail confirms it."""


class BookingChangeRow(Base):
    """The history of a booking (Änderungsverlauf); no personal data."""

    __tablename__ = "booking_change"

    change_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    booking_id: Mapped[UUID] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(64))
    """citizen, or the name of a staff device, or the service itself."""
    what: Mapped[str] = mapped_column(String(16))
    """booked, moved, cancelled, restored, arrived, done, missed, undone, offered, confirm, imported"""
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Old and new times and resources."""


class SeriesRow(Base):
    """Opening hours that come again (Serie)."""

    __tablename__ = "series"

    series_id: Mapped[UUID] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(String(64), index=True)
    resources: Mapped[list[str]] = mapped_column(JSON)
    audience: Mapped[str] = mapped_column(String(8))
    """public: for everybody; internal: for staff only."""
    weekdays: Mapped[list[int]] = mapped_column(JSON)
    """0 is Monday."""
    every_weeks: Mapped[int]
    """1: each week; 2: every other, counted from the week of `first_day`."""
    from_time: Mapped[time]
    to_time: Mapped[time]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(200))


class ExceptionRow(Base):
    """What differs from the series on some days (Ausnahme): a closure, or special hours."""

    __tablename__ = "exception"

    exception_id: Mapped[UUID] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(String(64), index=True)
    resources: Mapped[list[str] | None] = mapped_column(JSON)
    """None: all of the office."""
    kind: Mapped[str] = mapped_column(String(8))
    """closed or open"""
    audience: Mapped[str] = mapped_column(String(8))
    """Of special hours: public or internal."""
    first_day: Mapped[date]
    last_day: Mapped[date]
    from_time: Mapped[time | None]
    to_time: Mapped[time | None]
    """None: the whole day."""
    even_on_holidays: Mapped[bool]
    """Special hours only, and only when a person has said so."""
    reason: Mapped[str] = mapped_column(String(200))


class CalendarRow(Base):
    """How often the opening hours of an office were changed."""

    __tablename__ = "calendar"

    office: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int]


class CalendarChangeRow(Base):
    """The history of opening hours: who changed what, as it was and as it became."""

    __tablename__ = "calendar_change"

    office: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(64))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)


class ReminderRow(Base):
    """What the bus is to remind us of; `scheduled_version` follows `version` once the bus has it."""

    __tablename__ = "reminder"

    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None: no longer."""
    scheduled_version: Mapped[int]
    """0: not yet."""


class WaitingRow(Base):
    """Somebody who wants an earlier time (Warteliste)."""

    __tablename__ = "waiting"

    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    waiting_id: Mapped[UUID] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(String(12), index=True)
    """unconfirmed (the link in the mail is not opened yet), waiting, offered, taken, ended (by themselves), expired"""
    offices: Mapped[list[str]] = mapped_column(JSON)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    first_day: Mapped[date]
    last_day: Mapped[date]
    from_time: Mapped[time | None]
    to_time: Mapped[time | None]
    name: Mapped[str | None] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    booking_id: Mapped[UUID | None]
    """The appointment that they have already and would give up, if any."""
    offer_id: Mapped[UUID | None]
    """The booking that is held for them now."""
    offers: Mapped[int]
    refused: Mapped[list[Any]] = mapped_column(JSON)
    """Times (ticks) that they let pass or refused: not offered again."""
    unanswered: Mapped[int] = mapped_column(default=0)
    """Offers in a row that nobody has answered."""
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until then nothing is offered to somebody who did not answer."""
    client_mac: Mapped[str | None] = mapped_column(String(64), index=True)
    """Keyed hash of the client's address, emptied after a day."""


class ReleaseTicketRow(Base):
    """A place in the waiting room of one release (virtueller Warteraum)."""

    __tablename__ = "release_ticket"
    __table_args__: Any = (Index("ix_release_ticket_order", "release", "order_key"),)

    ticket_id: Mapped[UUID] = mapped_column(primary_key=True)
    release: Mapped[str] = mapped_column(String(80))
    """`<office>:<day>` of the release."""
    order_key: Mapped[float] = mapped_column(Float(53))
    """Below 1 by lot for who came before the release; later ones behind them, in order of their coming."""
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    client_mac: Mapped[str | None] = mapped_column(String(64), index=True)
    passes: Mapped[int]
    """Times held with it."""


class UsedProofRow(Base):
    """A proof of work that was used: once only."""

    __tablename__ = "used_proof"

    challenge: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class QueueTicketRow(Base):
    """Somebody who is there and waits for being called (Wartenummer)."""

    __tablename__ = "queue_ticket"
    __table_args__: Any = (
        UniqueConstraint("office", "day", "number"),
        Index("ix_queue_ticket_waiting", "office", "day", "state"),
        # A counter has called one person at a time: also when a tap arrives twice at once.
        Index(
            "uq_queue_ticket_counter",
            *("resource", "day"),
            unique=True,
            sqlite_where=text("state IN ('called', 'serving')"),
            postgresql_where=text("state IN ('called', 'serving')"),
        ),
    )

    ticket_id: Mapped[UUID] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]
    number: Mapped[int]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    booking_id: Mapped[UUID | None] = mapped_column(unique=True)
    """Of somebody with an appointment who has checked in."""
    state: Mapped[str] = mapped_column(String(12))
    """waiting, called, serving, parked, done, missed"""
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The start of the appointment."""
    resource: Mapped[str | None] = mapped_column(String(64))
    """Where they are called to."""
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    calls: Mapped[int]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
