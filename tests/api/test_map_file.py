"""The operator's own map file: checked at the start, served in pieces, and not mentioned where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.map_file import ADDRESS, BEGINNING
from api.settings import Settings, read_settings

BODY = BEGINNING + bytes(range(256)) * 40
MAP = "/trier/de/institutions?view=map"


@pytest.fixture(scope="module")
def with_map(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service with a map file of its own."""
    folder = tmp_path_factory.mktemp("map")
    path = folder / "town.pmtiles"
    path.write_bytes(BODY)
    settings = Settings(map_file=path, database_url=f"sqlite:///{folder}/data.db", reload_seconds=0)
    with TestClient(create_app(settings)) as client:
        yield client


@pytest.fixture(scope="module")
def without_map(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service as it is without settings."""
    url = f"sqlite:///{tmp_path_factory.mktemp('plain')}/data.db"
    with TestClient(create_app(Settings(database_url=url, reload_seconds=0))) as client:
        yield client


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-126", 0, 126), ("bytes=1000-1999", 1000, 1999), ("bytes=-10", len(BODY) - 10, len(BODY) - 1)],
)
def test_a_range_is_answered_with_just_that_range(with_map: TestClient, asked: str, first: int, last: int) -> None:
    answer = with_map.get(ADDRESS, headers={"range": asked, "accept-encoding": "br, gzip"})
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(BODY)}"
    assert "content-encoding" not in answer.headers
    assert answer.content == BODY[first : last + 1]


def test_a_range_beyond_the_end_is_refused(with_map: TestClient) -> None:
    answer = with_map.get(ADDRESS, headers={"range": f"bytes={len(BODY)}-"})
    assert answer.status_code == 416


def test_the_page_names_the_file_only_where_there_is_one(with_map: TestClient, without_map: TestClient) -> None:
    assert ADDRESS in with_map.get(MAP).text
    page = without_map.get(MAP).text
    assert "protomaps" not in page
    assert "leaflet" in page
    assert without_map.get(ADDRESS).status_code == 404


def test_leaflet_is_named_on_the_map_page_only(without_map: TestClient) -> None:
    for path in ("institutions", "institution/vhs-trier", "compare", "", "stations"):
        page = without_map.get(f"/trier/de/{path}").text
        assert "leaflet" not in page, path
        assert "map.js" not in page, path


def test_the_map_says_who_knows_the_places(without_map: TestClient) -> None:
    page = without_map.get(MAP).text
    assert "Quelle der Lage" in page
    assert "Datenschule/schulscraper-data" in page


def test_the_setting_is_checked_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "town.pmtiles"
    path.write_bytes(BODY)
    assert read_settings({"BILDUNGSNAVI_MAP_FILE": str(path)}).map_file == path
    assert read_settings({}).map_file is None
    with pytest.raises(ValueError, match=r"BILDUNGSNAVI_MAP_FILE.*cannot be read"):
        read_settings({"BILDUNGSNAVI_MAP_FILE": str(tmp_path / "nothing.pmtiles")})
    path.write_bytes(b"SQLite format 3\0")
    with pytest.raises(ValueError, match="is no PMTiles file"):
        read_settings({"BILDUNGSNAVI_MAP_FILE": str(path)})
