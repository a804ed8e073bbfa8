"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op
${imports if imports else ""}
revision: str = ${repr(up_revision)}
down_revision: str | None = ${repr(down_revision)}
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """One step on."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """The same step back."""
    ${downgrades if downgrades else "pass"}
