"""The indexes follow the database: what changes is found, what is gone is not shown, what drifted is mended."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from api.database import read_session, write_session
from api.institution_store import save_institution, stored_institutions, withdraw_institution
from api.institution_tables import Outbox
from api.meili_search import MeiliIndex
from api.search import RegionSearch, open_search, search
from api.search_following import follow_changes, repair
from api.search_question import SearchQuestion
from pathways.network import Network
from pathways.tree import CONTENT
from tests.search.conftest import KEY, MeiliServer, free_port

NEW_NAME = "Quastenflosser-Akademie Trier"
ONE = "vhs-trier"


@pytest.fixture
def asked(network: Network, own_database: Engine) -> RegionSearch:
    """A search over a database of its own, up to date."""
    found = open_search(network, CONTENT, own_database, folder=None)
    found.rebuild()
    follow_changes(own_database, {network.region: found})
    return found


@pytest.fixture
def asked_with_meili(asked: RegionSearch, meili_server: MeiliServer) -> RegionSearch:
    """The same, with an index of its own on the real server."""
    own = replace(asked, meili=MeiliIndex(meili_server.url, KEY, "following"))
    own.rebuild(["meilisearch"])
    return own


def rename(engine: Engine, name: str) -> None:
    with write_session(engine) as session:
        (stored,) = stored_institutions(session, ids=[ONE])
        save_institution(session, stored.region, stored.record.model_copy(update={"name": name}), "person:test")


def found_ids(region: RegionSearch, query: str) -> list[str]:
    return [hit.id for hit in search(query, region=region).hits]


def test_a_change_is_followed_and_forgotten(asked: RegionSearch, own_database: Engine) -> None:
    rename(own_database, NEW_NAME)
    assert found_ids(asked, "Quastenflosser") == []
    assert follow_changes(own_database, {"trier": asked}) == 1
    assert found_ids(asked, "Quastenflosser") == [ONE]
    assert follow_changes(own_database, {"trier": asked}) == 0
    with read_session(own_database) as session:
        assert session.exec(select(Outbox)).all() == []


def test_what_is_gone_is_not_shown_even_before_the_index_follows(asked: RegionSearch, own_database: Engine) -> None:
    assert "igs-trier" in found_ids(asked, "IGS Trier")
    with write_session(own_database) as session:
        withdraw_institution(session, "igs-trier", "person:test")
    assert "igs-trier" not in found_ids(asked, "IGS Trier")
    follow_changes(own_database, {"trier": asked})
    assert "institution--igs-trier" not in asked.embedded.digests()


def test_what_is_shown_is_read_again(asked: RegionSearch, own_database: Engine) -> None:
    rename(own_database, NEW_NAME)
    shown = [hit.institution.name for hit in search("Volkshochschule", region=asked).hits if hit.institution]
    assert NEW_NAME in shown


def test_drift_is_found_and_mended(asked: RegionSearch) -> None:
    assert repair(asked).embedded == 0
    asked.embedded.change(remove=["station--bf2", "goal--goal-ahr"])
    asked.embedded.change(put=[replace(next(asked.documents()), record="was-nie-da-war")])
    assert repair(asked).embedded == 3
    assert repair(asked).embedded == 0
    assert "bf2" in found_ids(asked, "Berufsfachschule II")


@pytest.mark.meilisearch
def test_the_server_follows_and_is_mended(asked_with_meili: RegionSearch, own_database: Engine) -> None:
    asked, meili = asked_with_meili, asked_with_meili.meili
    assert meili is not None
    rename(own_database, NEW_NAME)
    follow_changes(own_database, {"trier": asked})
    result = search("Quastenflosser-Akademie", region=asked)
    assert (result.engine, [hit.id for hit in result.hits][:1]) == ("meilisearch", [ONE])
    meili.change(remove=["station--bf2"])
    meili.change(put=[replace(next(asked.documents()), record="was-nie-da-war")])
    assert repair(asked).meilisearch == 2
    assert repair(asked).meilisearch == 0


@pytest.mark.meilisearch
def test_changes_while_the_server_is_away_arrive_later(
    asked_with_meili: RegionSearch, own_database: Engine, meili_server: MeiliServer
) -> None:
    asked, meili = asked_with_meili, asked_with_meili.meili
    assert meili is not None
    meili._url = f"http://127.0.0.1:{free_port()}"
    rename(own_database, NEW_NAME)
    assert follow_changes(own_database, {"trier": asked}) == 1
    assert found_ids(asked, "Quastenflosser") == [ONE]
    assert repair(asked).meilisearch is None
    meili._url = meili_server.url
    meili.wake()
    assert repair(asked).meilisearch == 1


@pytest.mark.meilisearch
def test_an_index_of_other_settings_is_built_anew(asked_with_meili: RegionSearch) -> None:
    asked, meili = asked_with_meili, asked_with_meili.meili
    assert meili is not None
    meili.rebuild([], {})
    total = repair(asked).meilisearch
    assert total == len(list(asked.documents()))
    assert search("Gymnasium", region=asked).engine == "meilisearch"


def test_readers_never_notice_a_rebuild(asked: RegionSearch, own_database: Engine, tmp_path: Path) -> None:
    files = open_search(asked.network, CONTENT, own_database, folder=tmp_path)
    documents = list(files.documents())
    files.embedded.rebuild(documents)
    over, totals = threading.Event(), set[int]()

    def ask() -> None:
        while not over.is_set():
            totals.add(files.embedded.ask(SearchQuestion("Gymnasium")).total)

    readers = [threading.Thread(target=ask) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(3):
        files.embedded.rebuild(documents)
        files.embedded.change(put=documents[:5])
    over.set()
    for reader in readers:
        reader.join()
    assert len(totals) == 1
    assert sorted(path.name for path in tmp_path.iterdir() if "search-" in path.name and "test" not in path.name) == [
        "search-trier.db",
        "search-trier.db.lock",
    ]


def test_a_question_during_the_first_build_waits_for_it_and_does_not_build_again(
    network: Network, own_database: Engine, tmp_path: Path
) -> None:
    found = open_search(network, CONTENT, own_database, folder=tmp_path)
    asking = [threading.Thread(target=search, args=("Kolleg",), kwargs={"region": found}) for _ in range(4)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert found.embedded.built == 1
    assert search("Kolleg", region=found).hits
