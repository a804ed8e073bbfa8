"""Filters, counts, places, suggestions, the page, the JSON interface and the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from rich.console import Console
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.documents import NOT_STATED
from api.search import RegionSearch, search, suggest
from api.search_commands import run_index, run_search
from api.search_following import Searches
from api.search_question import SearchFilters
from api.search_words import WORD_LANGUAGES
from api.settings import Settings

NASTY = [
    "",
    " ",
    "a",
    "ß",
    '"',
    "'; DROP TABLE document; --",
    "*",
    "NEAR(",
    "a OR b",
    "%",
    "\x00",
    "😀",
    "x" * 5000,
    "🏫 " * 90,
]


@pytest.fixture(params=["embedded", pytest.param("meilisearch", marks=pytest.mark.meilisearch)])
def either(request: pytest.FixtureRequest) -> RegionSearch:
    """The search with each engine."""
    found: RegionSearch = request.getfixturevalue("region" if request.param == "embedded" else "with_meili")
    return found


@pytest.fixture(scope="module")
def client(region: RegionSearch) -> TestClient:
    """The real service."""
    app = create_app(Settings(regions=("trier",), reload_seconds=0))
    app.state.searches = Searches(app.state.networks, region.engine, folder=None)
    app.state.searches.get("trier").embedded = region.embedded
    return TestClient(app)


@pytest.mark.parametrize("query", NASTY)
def test_no_query_breaks_anything(query: str, either: RegionSearch) -> None:
    search(query, region=either)
    suggest(query, region=either)


def test_each_facet_counts_as_if_nothing_were_chosen_in_it(either: RegionSearch) -> None:
    free = search("Grundschule", region=either)
    chosen = search("Grundschule", region=either, filters=SearchFilters.of({"type": ["institution"]}))
    assert chosen.facets["type"] == free.facets["type"]
    assert chosen.total == free.facets["type"]["institution"] < free.total
    assert {hit.type for hit in chosen.hits} == {"institution"}


def test_filters_hold_together(either: RegionSearch) -> None:
    filters = SearchFilters.of({"kind": ["grundschule", "gymnasium"], "all_day": ["offered", "compulsory"]})
    result = search("", region=either, filters=filters, limit=100)
    assert result.total == len(result.hits) > 5
    for hit in result.hits:
        assert hit.institution is not None
        assert hit.institution.kind in ("grundschule", "gymnasium")
        assert hit.institution.all_day in ("offered", "compulsory")


def test_not_stated_is_a_value_of_its_own(either: RegionSearch) -> None:
    silent = search("", region=either, filters=SearchFilters.of({"all_day": [NOT_STATED]}), limit=100)
    assert silent.total > 0
    assert all(hit.institution and hit.institution.all_day is None for hit in silent.hits)
    none = search("", region=either, filters=SearchFilters.of({"all_day": ["none"]}), limit=100)
    assert {hit.id for hit in none.hits}.isdisjoint(hit.id for hit in silent.hits)


def test_around_a_place(either: RegionSearch) -> None:
    filters = SearchFilters.of({"kind": ["grundschule"]}, near="Mariahof", within_km=5)
    result = search("", region=either, filters=filters, order="distance", limit=50)
    distances = [hit.km for hit in result.hits]
    assert result.total > 2
    assert all(km is not None and km <= 5.05 for km in distances)
    assert distances == sorted(distances, key=lambda km: km or 0)
    far = search("Grundschule", region=either, filters=SearchFilters.of({}, near="Atlantis", within_km=5))
    assert far.unknown_place
    assert far.total > result.total


def test_pages_follow_each_other_without_gaps(either: RegionSearch) -> None:
    everything = [(hit.type, hit.id) for hit in search("Schule", region=either, limit=60).hits]
    pages = [
        (hit.type, hit.id)
        for start in (0, 20, 40)
        for hit in search("Schule", region=either, offset=start, limit=20).hits
    ]
    assert pages == everything
    assert len(set(pages)) == len(pages)


def test_an_empty_result_helps(either: RegionSearch) -> None:
    misspelt = search("Gymnasijumm", region=either, filters=SearchFilters.of({"type": ["money"]}))
    assert misspelt.total == 0
    assert misspelt.without_filters > 0
    nonsense = search("xqzvwkj", region=either)
    assert (nonsense.total, nonsense.hits) == (0, ())


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("gymn", "os-gym"),
        ("mittlere re", "goal-qsek1"),
        ("Humbo", "humboldt-gymnasium-trier"),
        ("садо", "kita-ue2"),
        ("integrat", "ik-allgemein"),
    ],
)
def test_suggestions_while_typing(typed: str, wanted: str, region: RegionSearch) -> None:
    assert wanted in [hit.id for hit in suggest(typed, region=region)]


def test_the_page_is_a_form_that_needs_no_script(client: TestClient) -> None:
    answer = client.get("/trier/de/search", params={"q": "Grundschule", "type": "institution"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert 'role="search"' in answer.text
    assert 'value="Grundschule"' in answer.text
    assert "keine Angabe" in answer.text
    assert "offset=20" in answer.text
    assert answer.text.count("<h1>") == 1
    assert "<script>" not in answer.text


def test_the_empty_page_offers_goals_and_help(client: TestClient) -> None:
    answer = client.get("/trier/de/search", params={"q": "xqzvwkj"})
    assert "Nichts gefunden" in answer.text
    assert "/trier/de/goal/goal-ahr" in answer.text
    assert "/trier/de/help#berufsberatung" in answer.text


def test_the_page_escapes_what_was_typed(client: TestClient) -> None:
    answer = client.get("/trier/de/search", params={"q": '"><script>alert(1)</script>'})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_every_result_has_a_page(client: TestClient) -> None:
    for query in ("Gymnasium", "Abi", "Berufsberatung", "neu in Deutschland"):
        for one in client.get("/api/v1/trier/search", params={"q": query}).json()["results"]:
            if one["path"] and one["type"] != "institution":
                assert client.get(f"/trier/de/{one['path']}").status_code == 200, one


def test_the_json_says_where_answers_come_from(client: TestClient) -> None:
    data = client.get("/api/v1/trier/search", params={"q": "IGS Trier", "limit": 3}).json()
    assert data["engine"] == "embedded"
    first = next(one for one in data["results"] if one["type"] == "institution")
    assert first["id"] == "igs-trier"
    assert first["source_year"]
    assert client.get("/api/v1/nowhere/search").status_code == 404
    assert client.get("/api/v1/trier/search", params={"lang": "xx"}).status_code == 404
    assert client.get("/api/v1/trier/search", params={"limit": 0}).status_code == 422


def test_suggestions_as_json(client: TestClient) -> None:
    data = client.get("/api/v1/trier/suggest", params={"q": "gymn"}).json()
    assert {"id", "type", "name", "path", "kind"} <= set(data["suggestions"][0])


@pytest.fixture
def told(tmp_path: Path) -> tuple[Settings, Console, Callable[[], str]]:
    """Settings with a database that is not there yet, and a console to read."""
    out = io.StringIO()
    settings = Settings(database_url=f"sqlite:///{tmp_path}/fresh/navi.db", regions=("trier",))
    return settings, Console(file=out, width=100), out.getvalue


def test_the_command_line_on_a_fresh_machine(
    told: tuple[Settings, Console, Callable[[], str]], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    settings, console, said = told
    assert run_search(settings, "Mittlere Reife", region="trier", lang="de", console=console) == 0
    assert "Sekundarabschluss" in said()
    assert run_search(settings, "xqzvwkj", region="trier", lang="de", console=console) == 3
    assert run_search(settings, "хумбольдт", region="trier", lang="uk", console=console, as_json=True) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["results"][0]["id"] == "humboldt-gymnasium-trier"
    assert run_index(settings, region=None, console=console) == 0
    assert (tmp_path / "fresh" / "search-trier.db").exists()


def test_the_command_line_takes_every_language_with_words_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/navi.db")
    command = ["search", "--region", "trier", "--format", "json"]
    for lang, query in (("uk", "дитячий садок"), ("ar", "روضة أطفال"), ("tr", "anaokulu")):
        done = CliRunner().invoke(app, [*command, "--lang", lang, query])
        assert done.exit_code == 0, done.output
        data = json.loads(done.stdout)
        assert data["lang"] == lang
        assert "kita-ue2" in [one["id"] for one in data["results"][:5]]


def test_the_command_line_names_the_languages_it_takes() -> None:
    done = CliRunner().invoke(app, ["search", "--region", "trier", "--lang", "tlh", "Kita"])
    assert done.exit_code == 2
    said = " ".join(done.output.split())
    assert "'tlh'" in said
    for lang in WORD_LANGUAGES:
        assert lang in said
