"""Opening hours, open day and registration dates of institutions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Four columns that may stay empty."""
    with op.batch_alter_table("institution") as table:
        table.add_column(sa.Column("opening_hours", sa.String(300), nullable=True))
        table.add_column(sa.Column("open_day", sa.Date(), nullable=True))
        table.add_column(sa.Column("register_from", sa.Date(), nullable=True))
        table.add_column(sa.Column("register_by", sa.Date(), nullable=True))


def downgrade() -> None:
    """Without them."""
    with op.batch_alter_table("institution") as table:
        for name in ("register_by", "register_from", "open_day", "opening_hours"):
            table.drop_column(name)
