"""What Alembic runs. `api.migrations` hands over the connection; every module with tables is read here."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

from api import institution_tables  # noqa: F401 - declares its tables
from api.database import UTCDateTime


def _spell(kind: str, item: Any, _: object) -> str | Literal[False]:
    """A step once written must not change with our classes."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    render_item=_spell,
)
with context.begin_transaction():
    context.run_migrations()
