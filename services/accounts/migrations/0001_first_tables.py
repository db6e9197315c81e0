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
        "routing",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("legal_basis", sa.String(length=120), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_routing")),
    )
    op.create_index(op.f("ix_routing_run_id"), "routing", ["run_id"], unique=False)
