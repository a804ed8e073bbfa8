"""Institutions as pages and open data: profile, list, map, comparison, export; nothing unknown is told as "no"."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient

from api.app import create_app
from api.database import write_session
from api.institution_open import csv_text, linked_data, neutral
from api.institution_records import InstitutionRecord
from api.institution_store import save_institution
from api.institution_views import json_in_html
from api.language import Reader
from api.settings import Settings
from pathways.network import Network
from tests.api.page_checks import Page, faults

BASE = "/trier/de/"
API = "/api/v1/trier/institutions"
NASTY = InstitutionRecord.model_validate(
    {
        "id": "nasty-school",
        "was": ["old-nasty-school"],
        "name": "=Schule </script><b>&",
        "kind": "gymnasium",
        "carrier": "+Träger",
        "profile": "</script><script>alert(1)</script>",
        "sites": [{"street": "@Weg 1", "town": "Trier"}],
        "phone": "+49 651 1",
        "offers": [{"station": "mss-einfuehrung", "field": "#panic() *x* $1$ @ref"}],
        "confidence": "unconfirmed",
    }
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The real service with one more institution, whose texts are an attack."""
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('inst')}/data.db", reload_seconds=0))
    with TestClient(app, follow_redirects=False) as client:
        with write_session(app.state.desk.engine) as session:
            save_institution(session, "trier", NASTY, "test")
        yield client


@pytest.fixture(scope="module")
def page(client: TestClient) -> Callable[[str], Page]:
    """Fetches a page and checks it."""

    def fetch(path: str) -> Page:
        response = client.get(BASE + path, headers={"accept": "text/html"})
        assert response.status_code == 200, path
        found = Page(path, response.text)
        assert not faults(found), path
        return found

    return fetch


Fetch = Callable[[str], Page]


def test_a_profile_says_where_each_fact_comes_from_and_how_old_it_is(page: Fetch) -> None:
    found = page("institution/ambrosius-grundschule")
    for words in ("Ganztagsschule in Angebotsform", "Stand 2016", "(älter, bitte nachfragen)", "Fehler melden", "151"):
        assert words in found.html, words
    assert found.html.index("Träger") < found.html.index("Mehr über diese Einrichtung")
    assert found.href_of("Grundschule") == f"{BASE}station/grundschule"


def test_what_is_not_known_is_not_told_as_no(page: Fetch) -> None:
    found = page("institution/ambrosius-grundschule")
    accessible = re.search(r"<dt>Barrierefreiheit</dt><dd>(.*?)</dd>", found.html, re.S)
    assert accessible
    assert "keine Angabe" in accessible.group(1)
    assert "nicht barrierefrei" not in found.html


def test_every_profile_opens(client: TestClient, page: Fetch) -> None:
    ids = [one["id"] for one in client.get(API).json()["institutions"]]
    assert len(ids) >= 176
    for one in ids:
        page(f"institution/{one}")


def test_structured_data_cannot_leave_its_element(page: Fetch) -> None:
    found = page("institution/nasty-school")
    data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', found.html, re.S)
    assert len(data) == 1
    assert "<" not in data[0]
    told = json.loads(data[0])
    assert told["name"] == NASTY.name
    assert told["@type"] == "HighSchool"
    assert "accessibilityFeature" not in told
    assert "<script>alert" not in found.html


def test_a_former_id_leads_to_the_present_one(client: TestClient) -> None:
    answer = client.get(f"{BASE}institution/old-nasty-school")
    assert (answer.status_code, answer.headers["location"]) == (301, f"{BASE}institution/nasty-school")
    answer = client.get(f"{API}/old-nasty-school")
    assert (answer.status_code, answer.headers["location"]) == (301, f"{API}/nasty-school")
    assert client.get(f"{BASE}compare?id=old-nasty-school&id=vhs-trier").status_code == 200


@pytest.mark.parametrize("path", [f"{BASE}institution/vhs-tier", f"{API}/vhs-tier", f"{BASE}compare?id=vhs-tier"])
def test_an_unknown_id_names_the_nearest(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "vhs-trier" in answer.text


def test_the_list_counts_and_keeps_not_stated_apart(client: TestClient, page: Fetch) -> None:
    found = page("institutions")
    assert "keine Angabe" in found.html
    assert "Das ist keine Wertung" in found.html
    facets = client.get(API).json()["facets"]
    for facet in ("all_day", "accessible", "language", "district"):
        assert facets[facet]["unknown"] > 0, facet
    none = client.get(f"{API}?all_day=none").json()
    unknown = client.get(f"{API}?all_day=unknown").json()
    assert not {one["id"] for one in none["institutions"]} & {one["id"] for one in unknown["institutions"]}
    assert all("all_day" not in one for one in unknown["institutions"])


def test_the_pages_of_the_list_hold_everybody_once(page: Fetch) -> None:
    names: list[str] = []
    path = "institutions?kind=grundschule"
    while path:
        found = page(path)
        names += re.findall(r'name="id" value="([^"]+)"', found.html)
        following = [one.attributes["href"] for one in found.all("a") if one.attributes.get("rel") == "next"]
        path = following[0].removeprefix(BASE) if following else ""
    assert len(names) == len(set(names)) >= 69


def test_distance_orders_and_narrows(client: TestClient, page: Fetch) -> None:
    found = client.get(f"{API}?near=54290&within_km=3&order=distance").json()
    distances = [one["km"] for one in found["institutions"]]
    assert distances == sorted(distances)
    assert distances[-1] <= 3
    assert found["without_coordinates"] > 0
    assert "kennen wir die Lage nicht" in page("institutions?near=54290&within_km=3").html
    assert "Diesen Ort kennen wir nicht" in page("institutions?near=Atlantis&within_km=3").html


def test_text_finds_name_carrier_and_street(client: TestClient) -> None:
    def ids(words: str) -> set[str]:
        return {one["id"] for one in client.get(API, params={"q": words}).json()["institutions"]}

    assert "ambrosius-grundschule" in ids("ambrosius")
    assert "ambrosius-grundschule" in ids("Thyrsusstr 54292")
    assert ids("100%") == set()


def test_the_map_draws_only_known_places_and_lists_the_rest(client: TestClient, page: Fetch) -> None:
    found = page("institutions?view=map")
    features = client.get(f"{API}.geojson").json()["features"]
    assert found.html.count("<circle") == sum(one["geometry"] is not None for one in features)
    beside = {one["properties"]["id"] for one in features if one["geometry"] is None}
    for one in beside:
        assert f'<li><a href="{BASE}institution/{one}">' in found.html
    assert "style=" not in found.html


def test_a_comparison_marks_differences_in_words(page: Fetch) -> None:
    address = "compare?id=keune-grundschule&id=ambrosius-grundschule&id=nasty-school"
    found = page(address)
    assert [one for one in ("gleich", "verschieden", "nicht überall bekannt") if one in found.html]
    assert found.html.index(">Ambrosius-Grundschule Trier<") < found.html.index(">Keune-Grundschule")
    assert "keine Angabe" in found.html
    same = page("compare?id=keune-grundschule&id=ambrosius-grundschule")
    hidden = page("compare?id=keune-grundschule&id=ambrosius-grundschule&equal=hide")
    assert 'class="comparing__equal"' in same.html
    assert 'class="comparing__equal"' not in hidden.html
    assert "ausgeblendet" in hidden.html
    chosen = page("compare?id=keune-grundschule&id=ambrosius-grundschule&field=phone")
    assert chosen.html.count("<tr class=") == 1


def test_a_comparison_takes_four_at_most_and_needs_two(page: Fetch) -> None:
    five = "&".join(f"id={one}" for one in ("vhs-trier", "ihk-trier", "hwk-trier", "igs-trier", "hochschule-trier"))
    found = page(f"compare?{five}")
    assert "Sie haben mehr als vier ausgewählt" in found.html
    assert "hochschule-trier" not in found.html
    assert "Zur Liste" in page("compare").html
    assert "Zur Liste" in page("compare?id=vhs-trier").html


def test_stations_and_routes_name_the_institutions_here(client: TestClient, page: Fetch) -> None:
    assert (
        page("station/grundschule").href_of("Ambrosius-Grundschule Trier") == f"{BASE}institution/ambrosius-grundschule"
    )
    narrowed = page("institutions?station=grundschule")
    assert 'name="station" value="grundschule"' in narrowed.html
    route = page("route?from=rsplus-koop-br&to=goal-ahr&route=1")
    assert "Hier in Trier und Umgebung:" in route.html
    assert f"{BASE}institution/" in route.html
    data = client.get("/api/v1/trier/routes?from=rsplus-koop-br&to=goal-ahr").json()
    legs = [leg for one in data["routes"] for leg in one["legs"]]
    assert any("igs-trier" in leg["institutions"] for leg in legs)


@pytest.mark.parametrize("stage", ["lower-secondary", "early-childhood", "newcomers"])
def test_the_guide_is_a_page_and_a_pdf_of_the_same(client: TestClient, page: Fetch, stage: str) -> None:
    found = page(f"guide?stage={stage}")
    answer = client.get(found.href_of("Als Heft zum Drucken (PDF)"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    pdf = PdfReader(io.BytesIO(answer.content))
    assert "Wegweiser" in str(pdf.metadata.title if pdf.metadata else "")
    assert "/StructTreeRoot" in pdf.root_object
    text = " ".join(" ".join(one.extract_text() for one in pdf.pages).replace("-\n", "").split())
    for one in client.get(f"{API}?stage={stage}").json()["institutions"]:
        assert f'id="{one["id"]}"' in found.html
    assert "keine Angabe" in text
    assert "Die Einrichtungen" in text


def test_the_guide_explains_the_change_to_class_five(page: Fetch) -> None:
    found = page("guide?stage=lower-secondary")
    for words in ("Orientierungsstufe", "Anmeldung für Klasse 5", "Kurfürst-Balduin-Realschule plus", "Stand 20"):
        assert words in found.html, words
    assert "Ambrosius-Grundschule" not in found.html


def test_the_guide_offers_its_stages(client: TestClient, page: Fetch) -> None:
    assert page("guide").href_of("Schule ab Klasse 5") == f"{BASE}guide?stage=lower-secondary"
    assert client.get(f"{BASE}guide?stage=nix").status_code == 404
    assert client.get(f"{BASE}guide.pdf").status_code == 404


def test_what_an_institution_writes_is_no_markup_in_the_pdf(client: TestClient) -> None:
    answer = client.get(f"{BASE}guide.pdf?stage=upper-secondary")
    assert answer.status_code == 200


def test_the_table_holds_no_formula(client: TestClient) -> None:
    answer = client.get(f"{API}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) >= 176
    nasty = next(row for row in rows if row["id"] == "nasty-school")
    assert (nasty["name"], nasty["carrier"], nasty["street"]) == ("'" + NASTY.name, "'+Träger", "'@Weg 1")
    assert nasty["phone"] == "'+49 651 1"
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t"))]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", "＝1"])
def test_dangerous_cells_become_text(cell: str) -> None:
    assert neutral(cell) == "'" + cell


def test_numbers_and_nothing_stay_what_they_are() -> None:
    assert (neutral(-6.5), neutral(None), neutral("Grundschule")) == ("-6.5", "", "Grundschule")


def test_geojson_has_longitude_first(client: TestClient) -> None:
    data = client.get(f"{API}.geojson?kind=grundschule").json()
    placed = [one for one in data["features"] if one["geometry"]]
    assert placed
    assert all(5 < one["geometry"]["coordinates"][0] < 8 < 49 < one["geometry"]["coordinates"][1] for one in placed)


def test_exports_know_what_a_client_has(client: TestClient) -> None:
    for path in (API, f"{API}.csv", f"{API}.geojson", f"{API}/vhs-trier"):
        mark = client.get(path).headers["etag"]
        assert client.get(path, headers={"If-None-Match": mark}).status_code == 304, path


def test_records_without_anything_can_be_told(network: Network) -> None:
    bare = InstitutionRecord.model_validate({"id": "bare", "name": "Haus", "kind": "kita", "confidence": "confirmed"})
    reader = Reader(network)
    assert linked_data(bare, reader) == {"@context": "https://schema.org", "@type": "Preschool", "name": "Haus"}
    assert csv_text([bare], reader).count("\r\n") == 2
    assert json_in_html({"a": "<&>"}) == '{"a":"\\u003c\\u0026\\u003e"}'


def test_a_second_start_keeps_what_was_edited(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/deep/data.db", reload_seconds=0)
    with TestClient(create_app(settings)) as client:
        with write_session(client.app.state.desk.engine) as session:  # type: ignore[attr-defined]
            save_institution(session, "trier", NASTY, "test")
        count = client.get(API).json()["total"]
    with TestClient(create_app(settings)) as client:
        assert client.get(API).json()["total"] == count
