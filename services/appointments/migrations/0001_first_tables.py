"""The first tables: chassis, mails, calendar, bookings, queues."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.alembic.first_tables import create_chassis_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    create_chassis_tables()
    _create_bookings()
    _create_calendar()
    _create_queues()
    _create_mails()


def _create_bookings() -> None:
    op.create_table(
        "booking",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("office", sa.String(length=64), nullable=False),
        sa.Column("resources", sa.JSON(), nullable=False),
        sa.Column("first_tick", sa.Integer(), nullable=False),
        sa.Column("ticks", sa.Integer(), nullable=False),
        sa.Column("visit_ticks", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_key", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("client_mac", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_id", sa.Uuid(), nullable=True),
        sa.Column("foreign_id", sa.String(length=255), nullable=True),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_booking")),
        sa.UniqueConstraint("foreign_id", name=op.f("uq_booking_foreign_id")),
    )
    op.create_index("ix_booking_client", "booking", ["client_mac", "created_at"], unique=False)
    op.create_index("ix_booking_day", "booking", ["office", "first_tick"], unique=False)
    op.create_index(op.f("ix_booking_email_key"), "booking", ["email_key"], unique=False)
    op.create_index(op.f("ix_booking_expires_at"), "booking", ["expires_at"], unique=False)
    op.create_index(op.f("ix_booking_number"), "booking", ["number"], unique=False)
    op.create_table(
        "booking_change",
        sa.Column("change_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_booking_change")),
    )
    op.create_index(op.f("ix_booking_change_booking_id"), "booking_change", ["booking_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("resource", sa.String(length=64), nullable=False),
        sa.Column("tick", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("resource", "tick", name=op.f("pk_claim")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_claim_booking_id"), "claim", ["booking_id"], unique=False)
    op.create_index(
        "ix_claim_changed_in", "claim", ["changed_in"], unique=False, sqlite_where=sa.text("changed_in IS NOT NULL")
    )
    op.create_table(
        "reminder",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scheduled_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_reminder")),
    )


def _create_calendar() -> None:
    op.create_table(
        "calendar",
        sa.Column("office", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("office", name=op.f("pk_calendar")),
    )
    op.create_table(
        "calendar_change",
        sa.Column("office", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("office", "version", name=op.f("pk_calendar_change")),
    )
    op.create_table(
        "exception",
        sa.Column("exception_id", sa.Uuid(), nullable=False),
        sa.Column("office", sa.String(length=64), nullable=False),
        sa.Column("resources", sa.JSON(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=True),
        sa.Column("to_time", sa.Time(), nullable=True),
        sa.Column("even_on_holidays", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("exception_id", name=op.f("pk_exception")),
    )
    op.create_index(op.f("ix_exception_office"), "exception", ["office"], unique=False)
    op.create_table(
        "series",
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("office", sa.String(length=64), nullable=False),
        sa.Column("resources", sa.JSON(), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=False),
        sa.Column("to_time", sa.Time(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("series_id", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_office"), "series", ["office"], unique=False)


def _create_queues() -> None:
    op.create_table(
        "queue_ticket",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("office", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resource", sa.String(length=64), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_queue_ticket")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_queue_ticket_booking_id")),
        sa.UniqueConstraint("office", "day", "number", name=op.f("uq_queue_ticket_office")),
    )
    op.create_index("ix_queue_ticket_waiting", "queue_ticket", ["office", "day", "state"], unique=False)
    op.create_index(
        "uq_queue_ticket_counter",
        "queue_ticket",
        ["resource", "day"],
        unique=True,
        sqlite_where=sa.text("state IN ('called', 'serving')"),
        postgresql_where=sa.text("state IN ('called', 'serving')"),
    )
    op.create_table(
        "release_ticket",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("release", sa.String(length=80), nullable=False),
        sa.Column("order_key", sa.Float(precision=53), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_mac", sa.String(length=64), nullable=True),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_release_ticket")),
    )
    op.create_index(op.f("ix_release_ticket_client_mac"), "release_ticket", ["client_mac"], unique=False)
    op.create_index("ix_release_ticket_order", "release_ticket", ["release", "order_key"], unique=False)
    op.create_table(
        "used_proof",
        sa.Column("challenge", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("challenge", name=op.f("pk_used_proof")),
    )
    op.create_index(op.f("ix_used_proof_expires_at"), "used_proof", ["expires_at"], unique=False)
    op.create_table(
        "waiting",
        sa.Column("place", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("waiting_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("offices", sa.JSON(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=True),
        sa.Column("to_time", sa.Time(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_key", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_mac", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_waiting")),
        sa.UniqueConstraint("waiting_id", name=op.f("uq_waiting_waiting_id")),
    )
    op.create_index(op.f("ix_waiting_client_mac"), "waiting", ["client_mac"], unique=False)
    op.create_index(op.f("ix_waiting_email_key"), "waiting", ["email_key"], unique=False)
    op.create_index(op.f("ix_waiting_state"), "waiting", ["state"], unique=False)


def _create_mails() -> None:
    op.create_table(
        "outgoing_mail",
        sa.Column("mail_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("uncertain", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_outgoing_mail")),
    )
    op.create_index(
        "ix_outgoing_mail_waiting",
        "outgoing_mail",
        ["next_try_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'sending')"),
        postgresql_where=sa.text("state IN ('queued', 'sending')"),
    )
