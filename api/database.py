"""The database: SQLite by default, PostgreSQL by URL. Engine, sessions, and the settings that keep what was written.

SQLite keeps nothing half written: `synchronous=FULL`, foreign keys on, and every write transaction starts with
`BEGIN IMMEDIATE`, because one that first reads and later writes fails under contention. Open sessions with
`read_session` and `write_session`; a reading session refuses to write.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session as AnySession
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

from api.distance import haversine_km

DEFAULT_URL = "sqlite:///data/bildungsnavi.db"
BUSY_MILLISECONDS = 5000

# Constraints need names, or no later migration could drop them. Set before any table is declared.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

log = logging.getLogger("bildungsnavi.database")


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets time zones and PostgreSQL keeps them; this gives aware values from both."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone: use datetime.now(UTC)")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ReadOnlySession(RuntimeError):
    """Somebody wrote in a `read_session`; such a write could fail under contention. Use `write_session`."""


def open_database(url: str = DEFAULT_URL) -> Engine:
    """The engine for this URL; makes the folder of an SQLite file. Call `migrate` before the first use."""
    parsed = _spelled_out(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed)
    journal = _journal_mode(sqlite3.sqlite_version_info)

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, record: object) -> None:
        # The driver's own transaction control is switched off, so that BEGIN IMMEDIATE below is the only one.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            f"journal_mode={journal}",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("haversine_km", 4, haversine_km, deterministic=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def read_session(engine: Engine) -> Iterator[Session]:
    """A session that only reads. Writing raises `ReadOnlySession`."""
    with Session(engine, expire_on_commit=False) as session:
        event.listen(session, "before_flush", _refuse_writes)
        yield session


@contextmanager
def write_session(engine: Engine) -> Iterator[Session]:
    """One write transaction: committed at the end of the block, rolled back if the block fails."""
    with Session(engine.execution_options(writes=True), expire_on_commit=False) as session, session.begin():
        yield session


def lock(session: Session, name: str) -> None:
    """Wait until no other process does the same thing, until the end of the transaction (PostgreSQL).

    SQLite needs nothing: a write transaction is alone there.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})


def has_wal_reset_fault(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can lose data when it resets its write-ahead log.

    3.7.0 to 3.51.2 have the fault, except 3.44.6 and later of the 3.44 line and 3.50.7 and later of the 3.50 line.
    """
    mended = (version[:2] == (3, 44) and version >= (3, 44, 6)) or (version[:2] == (3, 50) and version >= (3, 50, 7))
    return (3, 7, 0) <= version <= (3, 51, 2) and not mended


def _journal_mode(version: tuple[int, ...]) -> str:
    if not has_wal_reset_fault(version):
        return "WAL"
    log.warning(
        "SQLite %s has the WAL-reset fault and could lose data; using a rollback journal instead. "
        "SQLite 3.51.3 or later, or the PostgreSQL database, lifts this.",
        ".".join(str(part) for part in version),
    )
    return "DELETE"


def _spelled_out(url: str) -> URL:
    """Hosting services write `postgres://`; name the driver we ship."""
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return make_url("postgresql+psycopg://" + url.removeprefix(short))
    return make_url(url)


def _refuse_writes(session: AnySession, *_: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise ReadOnlySession("This session only reads; use write_session for changes.")
