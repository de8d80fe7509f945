"""The companies that tags were made with, and beside corrected prices what their pages say."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the columns; the next run fills them."""
    op.create_table(
        "tagged_companies",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("offers", sa.Column("uncorrected", sa.Text(), nullable=True))
    op.add_column("plans", sa.Column("uncorrected", sa.Text(), nullable=True))
    corrected = sa.text("uncorrected IS NOT NULL")
    for table, column in (("tagged", "article_id"), ("offers", "source_id"), ("plans", "source_id")):
        op.create_index(
            f"ix_{table}_corrected",
            table,
            [column],
            unique=False,
            sqlite_where=corrected,
            postgresql_where=corrected,
        )
