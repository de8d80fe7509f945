"""Which captures a brief rests on; those of the briefs already kept are read from them."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and fill it."""
    citations = op.create_table(
        "citations",
        sa.Column("brief_id", sa.String(), nullable=False),
        sa.Column("capture_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"]),
        sa.PrimaryKeyConstraint("brief_id", "capture_id"),
    )
    op.create_index("ix_citations_capture", "citations", ["capture_id"], unique=False)
    connection = op.get_bind()
    for brief_id, payload in connection.execute(sa.text("SELECT id, payload FROM briefs")).all():
        claims = [claim for section in json.loads(payload)["sections"] for claim in section["claims"]]
        cited = {
            page["capture_id"]
            for claim in claims
            for page in (*claim["evidence"], *claim.get("citations", ()))
        }
        rows = [{"brief_id": brief_id, "capture_id": capture} for capture in sorted(cited)]
        if rows:
            connection.execute(sa.insert(citations), rows)
