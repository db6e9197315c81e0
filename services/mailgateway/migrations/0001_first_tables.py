"""The first tables: chassis and service."""

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
    op.create_table(
        "wave",
        sa.Column("batch_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("duplex", sa.Boolean(), nullable=False),
        sa.Column("colour", sa.Boolean(), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_wave")),
    )
    op.create_table(
        "letter",
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=True),
        sa.Column("first_intent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_intent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("call_ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("batch_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("custom1_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["wave.batch_id"], name=op.f("fk_letter_batch_id")),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_letter")),
    )
    op.create_index(op.f("ix_letter_provider_id"), "letter", ["provider_id"], unique=False)
    op.create_index(op.f("ix_letter_run_id"), "letter", ["run_id"], unique=False)
    op.create_index("ix_letter_work", "letter", ["batch_id", "state", "collected_at"], unique=False)
