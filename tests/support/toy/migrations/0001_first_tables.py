"""The first tables: chassis and toy."""

from __future__ import annotations

from alembic import op

from chassis.tables import ChassisBase
from tests.support.toy.storage.tables import Base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    ChassisBase.metadata.create_all(op.get_bind())
    Base.metadata.create_all(op.get_bind())
