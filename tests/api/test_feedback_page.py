"""Reporting an error: the page says what it is about, and never carries what somebody told."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.page_checks import Page, faults

BASE = "/trier/de"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service of an operator who reads mail."""
    settings = Settings(
        database_url=f"sqlite:///{tmp_path_factory.mktemp('feedback')}/data.db",
        reload_seconds=0,
        operator="Stadt Musterstadt",
        operator_address="navi@musterstadt.example.org",
        public_address="https://navi.example.org/",
    )
    with TestClient(create_app(settings)) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("institution/vhs-trier", "Volkshochschule Trier"),
        ("station/bf2", "Berufsfachschule II"),
        ("qualification/q-qsek1", "Sekundarabschluss I"),
        ("goal/goal-erzieher", "Erzieherin oder Erzieher"),
    ],
)
def test_the_link_on_a_page_leads_to_a_report_about_that_page(client: TestClient, path: str, name: str) -> None:
    page = client.get(f"{BASE}/{path}").text
    link = f"{BASE}/feedback?about={path.replace('/', '%2F')}"
    assert f'href="{link}"' in page
    address = f"https://navi.example.org{BASE}/{path}"
    found = Page(link, client.get(link).text)
    assert not faults(Page(link, found.html.replace(address, "")))  # an address may hold an id, a sentence may not
    assert name in found.html
    assert address in found.html
    assert f'href="{BASE}/{path}"' in found.html
    assert "mailto:navi@musterstadt.example.org?subject=Fehler%20melden" in unescape(found.html)


@pytest.mark.parametrize(
    "about", ["", "station/nothing", "institution/nothing", "route", "//example.org", "<script>", "station/../help"]
)
def test_anything_else_is_left_out(client: TestClient, about: str) -> None:
    answer = client.get(f"{BASE}/feedback", params={"about": about})
    assert answer.status_code == 200
    assert "Es geht um diese Seite" not in answer.text
    assert "example.org/" not in answer.text.replace("navi.example.org/", "")
    assert "<script>" not in answer.text


def test_answers_stay_out_of_the_link(client: TestClient) -> None:
    page = client.get(f"{BASE}/route?from=rsplus-koop-br&to=goal-ahr&know=age=15").text
    assert f'href="{BASE}/feedback"' in page
    assert "feedback?" not in page
