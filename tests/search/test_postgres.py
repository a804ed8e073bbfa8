"""Institutions in PostgreSQL are indexed, followed through the outbox and found, as those in SQLite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from api.database import open_database, read_session, write_session
from api.institution_store import load_shipped, save_institution, stored_institutions, withdraw_institution
from api.institution_tables import Outbox
from api.migrations import migrate
from api.search import open_search, search
from api.search_following import follow_changes, repair
from api.search_question import SearchFilters
from pathways.network import Network
from pathways.tree import CONTENT
from tests.api.conftest import postgres  # noqa: F401 - a fixture

pytestmark = pytest.mark.postgres


@pytest.fixture
def database(postgres: str, network: Network) -> Iterator[Engine]:  # noqa: F811
    """A real PostgreSQL with all that is shipped."""
    engine = open_database(postgres)
    migrate(engine)
    with write_session(engine) as session:
        load_shipped(session, network, CONTENT)
    yield engine
    engine.dispose()


def test_institutions_in_postgresql_are_indexed_followed_and_found(database: Engine, network: Network) -> None:
    asked = open_search(network, CONTENT, database, folder=None)
    asked.rebuild()

    def found(query: str) -> list[str]:
        return [hit.id for hit in search(query, region=asked).hits]

    with read_session(database) as session:
        waiting = len(session.exec(select(Outbox)).all())
        (vhs,) = stored_institutions(session, ids=["vhs-trier"])
    assert database.dialect.name == "postgresql"
    assert waiting > 100, "everything shipped is in the outbox first"
    assert follow_changes(database, {network.region: asked}) == waiting
    assert "humboldt-gymnasium-trier" in found("Humbolt")
    near = SearchFilters.of({"kind": ["grundschule"]}, near="Mariahof", within_km=3)
    assert search("", region=asked, filters=near, order="distance").hits[0].km is not None

    with write_session(database) as session:
        renamed = vhs.record.model_copy(update={"name": "Quastenflosser-Akademie Trier"})
        save_institution(session, network.region, renamed, "person:test")
        withdraw_institution(session, "igs-trier", "person:test")
    assert found("Quastenflosser") == []
    assert "igs-trier" not in found("IGS Trier"), "what is gone is not shown even before the index follows"
    assert follow_changes(database, {network.region: asked}) == 2
    assert found("Quastenflosser") == ["vhs-trier"]
    assert "institution--igs-trier" not in asked.embedded.digests()
    with read_session(database) as session:
        assert session.exec(select(Outbox)).all() == []
    assert repair(asked).embedded == 0
