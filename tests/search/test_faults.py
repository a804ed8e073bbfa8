"""Whatever the search server does, people get a useful answer, and soon."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.meili_errors import MeiliUnusable
from api.meili_search import RESTS, SECONDS, MeiliIndex
from api.search import RegionSearch, open_search, search
from api.search_following import Searches
from api.search_question import Matches, SearchFilters
from api.settings import Settings
from pathways.tree import CONTENT
from tests.search.conftest import KEY, MeiliServer, free_port, ref, running_meili
from tests.search.faulty_server import FAULTS, faulty_server

CPU_SECONDS = 1.0
"""What a search may compute itself. With the two seconds it waits at most (`SECONDS`) nobody waits longer than three.

Both are asserted by themselves, computing in processor time and waiting on a clock of its own: a busy machine makes
neither longer.
"""
HUNG = 60.0
"""Wall time that only something that hangs takes."""
QUERIES = ["Abi", "Gesammtschule", "روضة أطفال", "дитячий садок", "hemşire", "Humboldt"]
EXPECTED = ["goal-ahr", "igs-sek1", "kita-ue2", "kita-ue2", "goal-pflegefach", "institution:humboldt-gymnasium-trier"]


def ask_all(region: RegionSearch) -> list[str]:
    """Ask everything; every answer is right and quick. Returns why Meilisearch did not answer, by query."""
    reasons = []
    for query, wanted in zip(QUERIES, EXPECTED, strict=True):
        began, worked = time.monotonic(), time.thread_time()
        result = search(query, region=region)
        assert time.thread_time() - worked < CPU_SECONDS, query
        assert time.monotonic() - began < HUNG, query
        assert wanted in [ref(hit) for hit in result.hits[:5]], query
        assert result.engine == "embedded"
        reasons.append(result.handed_over)
    return reasons


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_server_is_replaced_by_the_embedded_index(name: str, asked_of: Callable[[str], RegionSearch]) -> None:
    fault, reason = FAULTS[name]
    with faulty_server(fault) as url:
        reasons = ask_all(asked_of(url))
    assert reasons[0] == reason
    assert set(reasons[1:]) <= ({reason} if reason == "nothing-found" else {"resting"})


def test_a_server_that_is_not_there_is_left_alone(asked_of: Callable[[str], RegionSearch]) -> None:
    assert ask_all(asked_of(f"http://127.0.0.1:{free_port()}")) == ["unreachable"] + ["resting"] * 5


def test_an_address_that_is_none_does_no_harm(asked_of: Callable[[str], RegionSearch]) -> None:
    for url in ("http://", "meili", "http://[::1", "http://does-not-exist.invalid:7700"):
        ask_all(asked_of(url))


@pytest.mark.parametrize("name", ["hangs", "one byte at a time"])
def test_many_at_once_before_a_server_that_hangs(name: str, asked_of: Callable[[str], RegionSearch]) -> None:
    slow: list[float] = []
    with faulty_server(FAULTS[name][0]) as url:
        region = asked_of(url)

        def ask() -> None:
            began = time.monotonic()
            assert search("Abi", region=region).hits
            slow.append(time.monotonic() - began)

        askers = [threading.Thread(target=ask) for _ in range(12)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join(timeout=HUNG)
    assert len(slow) == 12
    assert max(slow) < HUNG


class Clock:
    """A clock that only moves when somebody waits."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


class SlowMeili(MeiliIndex):
    """A server that takes its time for every answer, on a clock of its own."""

    def __init__(self, clock: Clock, takes: float, found: Matches) -> None:
        super().__init__("http://slow.invalid", KEY, "trier")
        self._clock, self._takes, self._found = clock, takes, found
        self.answers = 0

    def _in_time(self, work: Callable[[], Any], seconds: float) -> Any:
        assert seconds > 0
        self._clock.now += min(self._takes, seconds)
        if self._takes > seconds:
            raise MeiliUnusable("unreachable", "too slow")
        self.answers += 1
        return self._found


NOTHING = Matches((), 0)
KEYLESS = Matches((), 7)
"""Many, but none on this page: asked once more for their keys."""


@pytest.mark.parametrize("found", [NOTHING, KEYLESS], ids=["nothing", "no keys"])
@pytest.mark.parametrize("takes", [0.5, 0.9, 1.1, 1.9, 2.1, 30.0])
def test_a_search_waits_two_seconds_in_all_however_often_it_asks(
    region: RegionSearch, monkeypatch: pytest.MonkeyPatch, takes: float, found: Matches
) -> None:
    clock = Clock()
    monkeypatch.setattr("api.meili_search.time.monotonic", clock.monotonic)
    meili = SlowMeili(clock, takes, found)
    filters = SearchFilters.of({"type": ["money"], "kind": ["gymnasium"]})
    began = clock.now
    result = search("Gymnasium", region=replace(region, meili=meili), filters=filters)
    assert clock.now - began <= SECONDS
    assert result.engine == "embedded"
    assert result.without_filters > 0
    assert meili.answers <= SECONDS / takes


def test_a_search_that_hangs_is_given_up_by_the_clock(region: RegionSearch, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one place that waits for a thread is told how long."""
    waited: list[float] = []

    class Never(queue.SimpleQueue[Any]):
        def get(self, block: bool = True, timeout: float | None = None) -> Any:
            assert timeout is not None
            waited.append(timeout)
            raise queue.Empty

    monkeypatch.setattr("api.meili_search.queue.SimpleQueue", Never)
    meili = MeiliIndex(f"http://127.0.0.1:{free_port()}", KEY, "trier")
    assert search("Abi", region=replace(region, meili=meili)).handed_over == "unreachable"
    assert len(waited) == 1
    assert 0 < waited[0] <= SECONDS


def test_a_server_that_comes_back_is_asked_again(
    with_meili: RegionSearch, meili_server: MeiliServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.meili_search.RESTS", (0.0,))
    assert len(RESTS) > 1
    meili = MeiliIndex(f"http://127.0.0.1:{free_port()}", KEY, "trier")
    region = replace(with_meili, meili=meili)
    assert search("Gymnasium", region=region).handed_over == "unreachable"
    meili._url = meili_server.url
    assert search("Gymnasium", region=region).engine == "meilisearch"


@pytest.mark.meilisearch
def test_the_real_server_refuses_a_wrong_key(region: RegionSearch, meili_server: MeiliServer) -> None:
    wrong = replace(region, meili=MeiliIndex(meili_server.url, "not-the-key", "trier"))
    assert ask_all(wrong)[0] == "refused"
    with pytest.raises(MeiliUnusable, match="refused"):
        wrong.rebuild(["meilisearch"])


@pytest.mark.meilisearch
def test_the_real_server_without_our_index(region: RegionSearch, meili_server: MeiliServer) -> None:
    assert ask_all(replace(region, meili=MeiliIndex(meili_server.url, KEY, "elsewhere")))[0] == "empty"


@pytest.mark.meilisearch
def test_killed_while_indexing(region: RegionSearch) -> None:
    documents = list(region.documents())
    many = [replace(one, record=f"{one.record}-{number}") for number in range(12) for one in documents]
    with running_meili() as server:
        asked = replace(region, meili=MeiliIndex(server.url, KEY, "trier"))
        meili = asked.meili
        assert meili is not None
        asked.rebuild(["meilisearch"])
        assert search("Gymnasium", region=asked).engine == "meilisearch"
        begun, faults = threading.Event(), list[Exception]()

        def rebuild() -> None:
            try:
                meili.rebuild(many, {}, lambda count: begun.set())
            except MeiliUnusable as error:
                faults.append(error)

        indexing = threading.Thread(target=rebuild)
        indexing.start()
        assert begun.wait(60)
        server.kill()
        indexing.join(timeout=60)
        assert faults, "the rebuild must say that it failed"
        ask_all(asked)
        server.start()
        meili.wake()
        assert search("Gymnasium", region=asked).hits
        meili.check()
        assert meili.digests().keys() == {one.key for one in documents}, "the old index is still whole"
        asked.rebuild(["meilisearch"])
        assert search("Gymnasium", region=asked).engine == "meilisearch"


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 500, None])
def test_a_damaged_embedded_index_is_built_again(region: RegionSearch, tmp_path: Path, damage: bytes | None) -> None:
    asked = open_search(region.network, CONTENT, region.engine, folder=tmp_path)
    asked.rebuild()
    assert search("Abi", region=asked).hits
    assert asked.embedded.path is not None
    if damage is None:
        asked.embedded.path.unlink()
    else:
        fresh = tmp_path / "damaged"
        fresh.write_bytes(damage)
        fresh.replace(asked.embedded.path)
    assert search("Abi", region=asked).hits


def test_a_folder_nobody_can_write_still_gives_answers(region: RegionSearch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    asked = open_search(region.network, CONTENT, region.engine, folder=tmp_path / "file")
    assert search("Abi", region=asked).hits


@pytest.fixture
def page_of(region: RegionSearch) -> Callable[[str], TestClient]:
    """The real service with whatever listens at an address as its search server."""
    app = create_app(Settings(regions=("trier",), reload_seconds=0))

    def open_page(url: str) -> TestClient:
        app.state.searches = Searches(app.state.networks, region.engine, folder=None, meili_url=url, meili_key=KEY)
        app.state.searches.get("trier").embedded = region.embedded
        return TestClient(app, raise_server_exceptions=False)

    return open_page


@pytest.mark.parametrize("name", ["hangs", "500", "garbage in JSON", "truncated", "401", "unknown keys"])
def test_pages_and_json_never_fail_with_the_server(name: str, page_of: Callable[[str], TestClient]) -> None:
    with faulty_server(FAULTS[name][0]) as url:
        client = page_of(url)
        client.get("/trier/de/")  # templates are compiled once
        for path in ("/trier/de/search?q=Abi", "/api/v1/trier/search?q=Abi", "/api/v1/trier/suggest?q=Abi"):
            began, worked = time.monotonic(), time.process_time()
            answer = client.get(path)
            assert time.process_time() - worked < CPU_SECONDS
            assert time.monotonic() - began < HUNG
            assert answer.status_code == 200, answer.text[:500]
            assert "Abitur" in answer.text
