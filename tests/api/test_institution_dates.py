"""Opening hours and dates: on profiles, in the list an office fills in, as schema.org, and in the guide."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject
from starlette.testclient import TestClient

import api.frame
from api.app import create_app
from api.database import write_session
from api.guide_pdf import _set
from api.imports.rows import CLEAR, BadRow, ImportedRow
from api.imports.spreadsheet import COLUMNS, _row
from api.institution_records import InstitutionRecord
from api.institution_store import save_institution
from api.opening_hours import german_hours, read_hours
from api.settings import Settings
from tests.api.town import town_network

BASE = "/trier/de"
TODAY = date(2026, 11, 21)
SCHOOL: dict[str, object] = {
    "id": "dated-school",
    "name": "Schule mit Tagen",
    "kind": "realschule-plus",
    "opening_hours": "Mo–Fr 7:30–12 Uhr; Do 14:00–16:00",
    "open_day": "2026-11-28",
    "register_from": "2027-02-08",
    "register_by": "2027-02-12",
    "offers": [
        {"station": "os-rsplus"},
        {"station": "rsplus-10", "starts": "2027-08-09", "register_by": "2027-03-01", "places": 24},
    ],
    "facts": [{"field": "register_by", "source": "site", "day": "2026-10-01"}],
    "sources": [{"id": "site", "text": "Seite der Schule", "year": 2026}],
    "confidence": "confirmed",
}
PAST = {**SCHOOL, "id": "past-school", "open_day": "2026-11-20", "register_from": None, "register_by": "2026-02-28"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The real service on a known day, with two more schools."""
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('dates')}/data.db", reload_seconds=0))
    with pytest.MonkeyPatch.context() as patch, TestClient(app) as client:
        patch.setattr(api.frame, "today", lambda: TODAY)
        with write_session(app.state.desk.engine) as session:
            for school in (SCHOOL, PAST):
                save_institution(session, "trier", InstitutionRecord.model_validate(school), "test")
        yield client


def _said(client: TestClient, institution: str, label: str) -> str:
    page = client.get(f"{BASE}/institution/{institution}").text
    found = re.search(rf"<dt>{label}</dt><dd>(.*?)</dd>", page, re.S)
    assert found, label
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split())


def test_a_profile_shows_hours_and_days_with_their_source(client: TestClient) -> None:
    assert _said(client, "dated-school", "Öffnungszeiten").startswith("Mo–Fr 7:30–12 Uhr; Do 14:00–16:00")
    assert _said(client, "dated-school", "Tag der offenen Tür").startswith("28. November 2026")
    said = _said(client, "dated-school", "Anmeldung")
    assert said.startswith("8. Februar 2027 bis 12. Februar 2027 Quelle: Seite der Schule, Stand 1. Oktober 2026")


def test_a_day_that_is_over_says_so(client: TestClient) -> None:
    assert _said(client, "past-school", "Anmeldung").startswith("war bis 28. Februar 2026")
    assert _said(client, "past-school", "Tag der offenen Tür").startswith("war am 20. November 2026")


def test_what_is_not_known_is_not_stated(client: TestClient) -> None:
    for label in ("Öffnungszeiten", "Anmeldung", "Tag der offenen Tür"):
        assert _said(client, "keune-grundschule", label) == "keine Angabe"
    assert "<dt>Tag der offenen Tür" not in client.get(f"{BASE}/institution/jobcenter-trier-stadt").text


def test_an_offer_names_the_days_of_the_land_where_it_has_none_of_its_own(client: TestClient) -> None:
    page = client.get(f"{BASE}/institution/dated-school").text
    assert "Anmeldung (Regel im ganzen Land): 15. Februar 2027 bis 28. Februar 2027" in page
    assert "Anmelden bis: 1. März 2027" in page


def test_structured_data_says_the_same(client: TestClient) -> None:
    page = client.get(f"{BASE}/institution/dated-school").text
    told = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[0])
    assert told["openingHours"] == ["Mo-Fr 07:30-12:00", "Th 14:00-16:00"]
    assert told["event"]["startDate"] == "2026-11-28"
    first, second = (one["itemOffered"] for one in told["makesOffer"])
    assert (first["applicationStartDate"], first["applicationDeadline"]) == ("2027-02-08", "2027-02-12")
    assert (second["applicationDeadline"], second["startDate"]) == ("2027-03-01", "2027-08-09")
    assert "applicationStartDate" not in second
    plain = client.get(f"{BASE}/institution/keune-grundschule").text
    told = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', plain, re.S)[0])
    assert not told.keys() & {"openingHours", "event"}
    assert all(one["itemOffered"].keys() <= {"@type", "name"} for one in told["makesOffer"])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Mo–Fr 8–12 Uhr", ["Mo-Fr 08:00-12:00"]),
        ("Mo, Mi 9.00–11.30 Uhr und 14–16 Uhr", ["Mo,We 09:00-11:30", "Mo,We 14:00-16:00"]),
        ("Tu-Th 08:00-12:00; So 10:00-24:00", ["Tu-Th 08:00-12:00", "Su 10:00-24:00"]),
        ("nach Vereinbarung", []),
        ("Mo–Fr 8–12 Uhr; sonst nach Vereinbarung", []),
        ("Mo 25:00–26:00", []),
        ("PH off", []),
        ("", []),
    ],
)
def test_only_clear_hours_are_read_by_machine(text: str, read: list[str]) -> None:
    assert list(read_hours(text)) == read


def test_hours_of_a_foreign_list_become_german() -> None:
    assert german_hours("Tu-Th 08:00-12:00; Su 10:00-11:00") == "Di–Do 08:00–12:00; So 10:00–11:00"
    assert german_hours("sunrise-sunset") == ""


def _filled(**cells: str) -> ImportedRow:
    values = {**dict.fromkeys(COLUMNS, ""), "Name": "Schule", "Art": "Grundschule", **cells}
    return _row(2, values, town_network(), None)


def test_the_template_takes_hours_and_days() -> None:
    days = {"Tag der offenen Tür": "28.11.2026", "Anmeldung ab": "08.02.2027", "Anmeldung bis": "12.02.2027"}
    row = _filled(Öffnungszeiten="Mo–Fr 8–12 Uhr", **days)
    assert (row.opening_hours, row.open_day) == ("Mo–Fr 8–12 Uhr", date(2026, 11, 28))
    assert (row.register_from, row.register_by) == (date(2027, 2, 8), date(2027, 2, 12))
    assert _filled(**{"Anmeldung bis": "löschen"}).register_by == CLEAR
    for cells, reason in (
        ({"Anmeldung bis": "2027"}, "ganzer Tag"),
        ({"Anmeldung ab": "12.02.2027", "Anmeldung bis": "08.02.2027"}, "liegt vor"),
    ):
        with pytest.raises(BadRow, match=reason):
            _filled(**cells)


@pytest.mark.parametrize("stage", ["primary", "lower-secondary"])
def test_the_guide_names_the_registration_for_each_kind_of_school(client: TestClient, stage: str) -> None:
    page = client.get(f"{BASE}/guide?stage={stage}").text
    dates = " ".join(unescape(re.sub(r"<[^>]+>", " ", page.split('id="termine"')[1].split("</section>")[0])).split())
    pdf = PdfReader(io.BytesIO(client.get(f"{BASE}/guide.pdf?stage={stage}").content))
    printed = " ".join(" ".join(one.extract_text() for one in pdf.pages).split())
    for text in (dates, printed):
        text = text.replace(" :", ":")
        for words in (
            "Klasse 5–6 am Gymnasium: 15. Februar 2027 bis 28. Februar 2027 (danach nur noch freie Plätze)",
            "Klasse 5–6 an der Realschule plus: 15. Februar 2027 bis 28. Februar 2027",
            "Freie Waldorfschule: keine Angabe",
            "Gesamtschule IGS, Klasse 5–9: keine Angabe",
        ):
            assert words in text, words


def test_the_guide_holds_the_profile_of_a_school(client: TestClient) -> None:
    page = client.get(f"{BASE}/guide?stage=lower-secondary").text
    part = page.split('id="dated-school"')[1].split("</article>")[0]
    for words in ("Öffnungszeiten", "Mo–Fr 7:30–12 Uhr", "28. November 2026", "8. Februar 2027 bis 12. Februar 2027"):
        assert words in part, words


def test_a_guide_in_arabic_is_set_in_a_font_that_has_it() -> None:
    words = "day general not_stated contents ways on here nobody dates into onward more_dates from schools order offers"
    title = "دليل المدارس"
    data = {
        "language": "ar",
        "title": title,
        "hint": "",
        "words": dict.fromkeys([*words.split(), "unconfirmed"], title),
        "ways": [],
        "into": [],
        "onward": [],
        "dates": [],
        "schools": [],
    }
    pdf = PdfReader(io.BytesIO(_set(json.dumps(data))))
    fonts = {str(font["/BaseFont"]) for page in pdf.pages for font in _fonts(page)}
    assert any("Vazirmatn" in font for font in fonts)
    assert not any("Mono" in font for font in fonts)
    assert set(title.split()) <= set(pdf.pages[0].extract_text().split())


def _fonts(page: PageObject) -> list[DictionaryObject]:
    resources = page["/Resources"]
    assert isinstance(resources, DictionaryObject)
    fonts = resources["/Font"]
    assert isinstance(fonts, DictionaryObject)
    return [one.get_object() for one in fonts.values()]
