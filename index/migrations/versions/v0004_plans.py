"""The price ledger: each plan with its history, and how far each source's looks have been followed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; the next run fills them from the observations."""
    op.create_table(
        "plans",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("names", sa.String(), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("history", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_plans_source", "plans", ["source_id", "standing"], unique=False)
    op.create_index("ix_plans_company", "plans", ["company", "standing"], unique=False)
    op.create_index("ix_plans_moved", "plans", ["moved_at"], unique=False)
    op.create_table(
        "plan_states",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("upto", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source_id"),
    )
