"""The database keeps what was written, on both engines, and its migrations run both ways."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlmodel import select

from api.database import ReadOnlySession, has_wal_reset_fault, open_database, read_session, write_session
from api.institution_tables import Outbox, Site
from api.migrations import STEPS, drift, go_back, migrate, newest_step


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 44, 9), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_the_fault_of_the_write_ahead_log_is_known_by_version(version: tuple[int, int, int], faulty: bool) -> None:
    assert has_wal_reset_fault(version) is faulty


@pytest.mark.parametrize(("version", "journal"), [((3, 51, 2), "delete"), ((3, 51, 3), "wal")])
def test_a_faulty_sqlite_is_named_and_gets_a_rollback_journal(
    version: tuple[int, int, int],
    journal: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    engine = open_database(f"sqlite:///{tmp_path}/deep/er/test.db")
    with engine.connect() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert settings == {"journal_mode": journal, "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    assert ("3.51.2 has the WAL-reset fault" in caplog.text) is (journal == "delete")


@pytest.mark.parametrize("short", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_postgresql_is_reached_by_the_driver_we_ship(short: str) -> None:
    engine = open_database(f"{short}user:secret@localhost/navi")
    assert (engine.dialect.name, engine.dialect.driver) == ("postgresql", "psycopg")
    assert "secret" not in str(engine.url)


def test_what_was_written_before_a_failure_is_gone(engine: Engine) -> None:
    def write_and_fail() -> None:
        with write_session(engine) as session:
            session.add(Outbox(region="x", institution_id="one", change="put"))
            session.flush()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_fail()
    with read_session(engine) as session:
        assert session.exec(select(Outbox)).all() == []


def test_a_reading_session_refuses_to_write(engine: Engine) -> None:
    with read_session(engine) as session:
        session.add(Outbox(region="x", institution_id="one", change="put"))
        with pytest.raises(ReadOnlySession, match="write_session"):
            session.flush()


def test_no_update_is_lost_when_writers_meet(sqlite_engine: Engine) -> None:
    """A deferred transaction that reads first would fail with "database is locked"."""
    failures: list[Exception] = []

    def count_up() -> None:
        for _ in range(10):
            try:
                with write_session(sqlite_engine) as session:
                    row = session.exec(select(Outbox)).one()
                    row.change = str(int(row.change) + 1)
            except Exception as failure:
                failures.append(failure)

    with write_session(sqlite_engine) as session:
        session.add(Outbox(region="x", institution_id="one", change="0"))
    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with read_session(sqlite_engine) as session:
        assert (failures, session.exec(select(Outbox.change)).one()) == ([], "40")


def test_moments_come_back_with_their_time_zone(engine: Engine) -> None:
    noon_in_trier = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    with write_session(engine) as session:
        session.add(Outbox(region="x", institution_id="one", change="put", created=noon_in_trier))
    with read_session(engine) as session:
        found = session.exec(select(Outbox)).one().created
    assert (found, found.tzinfo) == (datetime(2026, 7, 1, 10, 0, tzinfo=UTC), UTC)


def test_a_moment_without_time_zone_is_refused(engine: Engine) -> None:
    def write() -> None:
        with write_session(engine) as session:
            naive = datetime(2026, 7, 1, 12, 0)  # noqa: DTZ001
            session.add(Outbox(region="x", institution_id="one", change="put", created=naive))

    with pytest.raises(Exception, match="time zone"):
        write()


def test_parts_need_their_institution(engine: Engine) -> None:
    def write() -> None:
        with write_session(engine) as session:
            session.add(Site(institution_id="nobody", position=0, town="Trier"))

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        write()


def test_migrations_run_up_and_down_and_agree_with_the_code(empty_engine: Engine) -> None:
    migrate(empty_engine)
    tables = set(inspect(empty_engine).get_table_names())
    assert {"institution", "site", "offer", "fact", "language_use", "outbox", "revision"} <= tables
    assert drift(empty_engine) is None
    migrate(empty_engine)
    go_back(empty_engine, "base")
    assert set(inspect(empty_engine).get_table_names()) == {"alembic_version"}
    assert drift(empty_engine) == "Target database is not up to date."
    migrate(empty_engine)
    assert drift(empty_engine) is None


def test_a_current_database_is_left_alone(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.migrations._run", lambda *_: pytest.fail("there is no step to take"))
    migrate(engine)


def test_the_newest_step_is_told_by_its_file_name() -> None:
    config = Config()
    config.set_main_option("script_location", str(STEPS.parent))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == newest_step()


def test_a_change_nobody_wrote_a_step_for_is_noticed(engine: Engine) -> None:
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("ALTER TABLE outbox ADD COLUMN forgotten INTEGER"))
    assert "forgotten" in str(drift(engine))


def test_every_constraint_has_a_name(engine: Engine) -> None:
    found = inspect(engine)
    for table in found.get_table_names():
        if table != "alembic_version":
            assert found.get_pk_constraint(table)["name"] == f"pk_{table}"
            assert all(str(key["name"]).startswith(f"fk_{table}_") for key in found.get_foreign_keys(table))


def test_several_processes_may_start_at_once(database_url: str) -> None:
    engines = [open_database(database_url) for _ in range(3)]
    failures: list[Exception] = []

    def start(engine: Engine) -> None:
        try:
            migrate(engine)
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=start, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert drift(engines[0]) is None
    for engine in engines:
        engine.dispose()
