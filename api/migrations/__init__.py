"""The steps by which the database reached its present form, and how to take them. Shipped inside the wheel."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the database to `revision`; does nothing if it is there. Several processes may start at once."""
    _run(engine, lambda config: command.upgrade(config, revision))


def go_back(engine: Engine, revision: str) -> None:
    """Undo steps down to `revision` (`base`: all of them). Data in dropped tables is lost."""
    _run(engine, lambda config: command.downgrade(config, revision))


def drift(engine: Engine) -> str | None:
    """How the tables in code differ from the database; nothing if they agree."""
    try:
        _run(engine, command.check)
    except CommandError as error:
        return str(error)
    return None


def write_step(engine: Engine, message: str) -> None:
    """For developers: compare code and database, and write the step between them to `versions/`."""
    _run(engine, lambda config: command.revision(config, message, autogenerate=True))


def _run(engine: Engine, do: object) -> None:
    assert callable(do)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    with engine.execution_options(writes=True).connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.dbapi_connection
        assert raw is not None
        if sqlite:  # rebuilding a table must not empty those that refer to it; cannot change inside a transaction
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('migrate'))"))
                config.attributes["connection"] = connection
                do(config)
                _check_references(connection)
        finally:
            if sqlite:
                raw.execute("PRAGMA foreign_keys=ON")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
        raise RuntimeError(f"the migration left {len(broken)} rows that refer to nothing; it was undone")
