"""A station that nobody offers here names the known places outside of the town, or says that none is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings

NOBODY = "noch keine Einrichtung hier"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The real service."""
    url = f"sqlite:///{tmp_path_factory.mktemp('elsewhere')}/data.db"
    with TestClient(create_app(Settings(database_url=url, reload_seconds=0))) as client:
        yield client


def _here(client: TestClient, station: str) -> str:
    """What the page of a station says about places, as plain text."""
    page = client.get(f"/trier/de/station/{station}").text
    part = page.split('id="hier"', 1)[1].split("</section>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", part)).split())


def test_the_nearest_place_is_named_with_its_source(client: TestClient) -> None:
    said = _here(client, "kolleg")
    assert NOBODY in said
    assert "Nächster bekannter Ort außerhalb: Neuerburg (Staatliches Eifel-Kolleg)" in said
    assert "Quelle: Ministerium für Bildung: Kollegs und Abendgymnasien" in said
    assert re.search(r"Weitere: Koblenz .*Mainz .*Speyer", said)


def test_the_only_known_place_is_the_nearest_known(client: TestClient) -> None:
    assert "Nächster bekannter Ort außerhalb: Bitburg" in _here(client, "bbw")


def test_of_two_places_none_is_called_nearer_where_no_source_says_so(client: TestClient) -> None:
    said = _here(client, "studienkolleg")
    assert "Bekannte Orte außerhalb: Kaiserslautern" in said
    assert "Mainz" in said
    assert "Nächster" not in said


def test_where_none_is_known_the_page_says_whom_to_ask(client: TestClient) -> None:
    said = _here(client, "dreijaehrige-bfs")
    assert f"{NOBODY}. Auch außerhalb kennen wir noch keine. Bitte fragen Sie:" in said


def test_a_doubtful_place_is_marked(client: TestClient) -> None:
    assert "zum Teil bestätigt" in _here(client, "abendgymnasium")


def test_nothing_of_it_where_somebody_offers_it_here(client: TestClient) -> None:
    said = _here(client, "bf2")
    assert NOBODY not in said
    assert "außerhalb" not in said


def test_a_leg_of_a_route_names_the_place_too(client: TestClient) -> None:
    page = client.get("/trier/de/route?from=q-qsek1&to=goal-ahr&know=age=30&know=work_months=60").text
    assert "Nächster bekannter Ort außerhalb:" in page


def test_the_guide_names_the_place_too(client: TestClient) -> None:
    assert "Nächster bekannter Ort außerhalb: <strong>Neuerburg" in client.get("/trier/de/guide?stage=adult").text


def test_an_offer_that_sources_disagree_about_is_marked_and_explained(client: TestClient) -> None:
    said = _here(client, "bos2")
    assert "(BBS GuT) " in said + " "
    assert "(BBS GuT) (nicht bestätigt)" not in said
    assert "(BBS EHS) (nicht bestätigt)" in said
    assert "(BBSW) (nicht bestätigt)" in said
    assert "zweimal verschieden gelesen" in client.get("/trier/de/station/bos2").text
    assert "widersprechen sich" in client.get("/trier/de/institution/bbs-ehs-trier").text
