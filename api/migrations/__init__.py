"""The steps by which the database reached its present form, and how to take them. Shipped inside the wheel.

Alembic is only read where there is a step to take: a service that starts with a current database does without.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

STEPS = Path(__file__).parent / "versions"


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the database to `revision`; does nothing if it is there. Several processes may start at once."""
    if _revision(engine) == (newest_step() if revision == "head" else revision):
        return
    from alembic import command

    _run(engine, lambda config: command.upgrade(config, revision))


def go_back(engine: Engine, revision: str) -> None:
    """Undo steps down to `revision` (`base`: all of them). Data in dropped tables is lost."""
    from alembic import command

    _run(engine, lambda config: command.downgrade(config, revision))


def drift(engine: Engine) -> str | None:
    """How the tables in code differ from the database; nothing if they agree."""
    from alembic import command
    from alembic.util import CommandError

    try:
        _run(engine, command.check)
    except CommandError as error:
        return str(error)
    return None


def write_step(engine: Engine, message: str) -> None:
    """For developers: compare code and database, and write the step between them to `versions/`."""
    from alembic import command

    _run(engine, lambda config: command.revision(config, message, autogenerate=True))


def newest_step() -> str:
    """The last revision; the files are called `<revision>_<what>.py`, numbered upwards."""
    return max(path.name.partition("_")[0] for path in STEPS.glob("[0-9]*_*.py"))


def _revision(engine: Engine) -> str | None:
    """The revision a database is at, nothing for a new one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _run(engine: Engine, do: Callable[[Config], object]) -> None:
    from alembic.config import Config

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
