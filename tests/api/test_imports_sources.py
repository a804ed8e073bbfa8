"""Every source with the traps of its real files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from api.database import read_session, write_session
from api.imports import ImportReport, UnusableFile, import_file, import_integreat
from api.imports.spreadsheet import COLUMNS, template
from api.institution_store import load_shipped
from api.institutions import get_institution
from pathways.tree import ROOT
from tests.api.town import town_network, write_town

TOWN = town_network()


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    write_town(folder)
    return folder


@pytest.fixture
def town(sqlite_engine: Engine, content: Path) -> Engine:
    with write_session(sqlite_engine) as session:
        load_shipped(session, TOWN, content)
    return sqlite_engine


@pytest.fixture
def bring_in(town: Engine, content: Path, tmp_path: Path) -> Callable[..., ImportReport]:
    def run(source: str, data: bytes | str | object, **more: Any) -> ImportReport:
        raw = data if isinstance(data, bytes) else data.encode() if isinstance(data, str) else json.dumps(data).encode()
        path = tmp_path / ("list.csv" if isinstance(data, bytes | str) else "list.json")
        path.write_bytes(raw)
        more.setdefault("dry_run", False)
        with write_session(town) as session:
            return import_file(source, path, session, TOWN, content=content, **more)

    return run


# --- the office's own template ---


def sheet(*rows: dict[str, str], delimiter: str = ";", end: str = "\r\n", bom: bool = True) -> bytes:
    """A filled-in template as spreadsheets save it."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    quote = lambda cell: '"' + cell.replace('"', '""') + '"' if re.search(r'[;,"\n]', cell) else cell  # noqa: E731
    lines = [delimiter.join(names), *(delimiter.join(quote(row.get(name, "")) for name in names) for row in rows)]
    return (b"\xef\xbb\xbf" if bom else b"") + (end.join(lines) + end).encode()


HILL = {
    "Name": 'Schule „Am Hügel"',
    "Art": "Grundschule",
    "Straße": "Hügelweg 3",
    "PLZ": "54000",
    "Ort": "Musterstadt",
    "Breitengrad": "49,75",
    "Längengrad": "6,64",
    "Telefon": "0651 123",
    "E-Mail": "post@huegel.example.org",
    "Webseite": "www.huegel.example.org",
    "Ganztag": "Angebotsform",
    "Barrierefrei": "teilweise",
    "Unterrichtssprachen": "Deutsch, Französisch",
    "Beratungssprachen": "Ukrainisch, ar",
    "Angebote": "primary | all-day: Ganztag bis 16 Uhr",
    "Beschreibung": "Erster Satz; zweiter Satz,\nneue Zeile.",
    "Sicherheit": "bestätigt",
    "Stand": "31.07.2026",
}


@pytest.mark.parametrize("bom", [True, False])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_template_comes_in_however_the_spreadsheet_saved_it(
    town: Engine, bring_in: Callable[..., ImportReport], bom: bool, delimiter: str, end: str
) -> None:
    report = bring_in("csv", sheet(HILL, delimiter=delimiter, end=end, bom=bom))
    assert ([one.id for one in report.added], report.bad) == (["schule-am-huegel"], [])
    with read_session(town) as session:
        school = get_institution(session, "schule-am-huegel")
    assert (school.website, school.all_day, school.accessible) == ("http://www.huegel.example.org", "offered", "part")
    assert school.profile == "Erster Satz; zweiter Satz, neue Zeile."
    assert [(one.station, one.field) for one in school.offers] == [("primary", None), ("all-day", "Ganztag bis 16 Uhr")]
    assert [(one.language, one.use) for one in school.languages] == [
        ("de", "lessons"),
        ("fr", "lessons"),
        ("uk", "advice"),
        ("ar", "advice"),
    ]
    assert str(school.facts_about("phone")[0].day) == "2026-07-31"
    assert bring_in("csv", sheet(HILL)).changed == []


def test_windows_own_encoding_is_read(bring_in: Callable[..., ImportReport]) -> None:
    assert bring_in("csv", "Name;Art;PLZ\nMühlenschule;Förderschule;54000\n".encode("cp1252")).added[0].name == (
        "Mühlenschule"
    )


def test_the_office_is_right_about_its_institutions(town: Engine, bring_in: Callable[..., ImportReport]) -> None:
    row = {"Kennung": "brueckenschule", "Name": "Neue Brückenschule", "Art": "Grundschule", "Telefon": "0651 1"}
    (entry,) = bring_in("csv", sheet(row)).changed
    assert [str(change) for change in entry.changes] == [
        "Name: Brückenschule Musterstadt → Neue Brückenschule",
        "Telefon: (0651) 1234 → 0651 1",
    ]


def test_empty_cells_change_nothing_and_a_word_empties_a_field(
    town: Engine, bring_in: Callable[..., ImportReport]
) -> None:
    row = {
        "Kennung": "brueckenschule",
        "Name": "Brückenschule Musterstadt",
        "Art": "Grundschule",
        "Telefon": "löschen",
        "Ganztag": "",
    }
    bring_in("csv", sheet(row))
    with read_session(town) as session:
        school = get_institution(session, "brueckenschule")
    assert (school.phone, school.all_day, len(school.offers)) == (None, "offered", 2)


def test_offers_keep_what_is_known_about_them(town: Engine, bring_in: Callable[..., ImportReport]) -> None:
    row = {
        "Kennung": "brueckenschule",
        "Name": "Brückenschule Musterstadt",
        "Art": "Grundschule",
        "Angebote": "all-day",
    }
    bring_in("csv", sheet(row))
    with read_session(town) as session:
        (offer,) = get_institution(session, "brueckenschule").offers
    assert (offer.station, offer.field, offer.year) == ("all-day", "Ganztagsschule in Angebotsform", 2016)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Name": ""}, "Der Name fehlt."),
        ({"Art": "Grundschle"}, "Die Art „Grundschle“ gibt es nicht. Gemeint ist vielleicht „Grundschule“."),
        ({"PLZ": "540"}, "Die Postleitzahl „540“ hat nicht fünf Ziffern."),
        ({"Längengrad": ""}, "Breiten- und Längengrad müssen beide Zahlen sein, zum Beispiel 49,7557 und 6,6394."),
        ({"Ganztag": "vielleicht"}, "Ganztag „vielleicht“: erlaubt sind nein, angebotsform, offen, verpflichtend."),
        (
            {"Beratungssprachen": "Ukrainsch"},
            "Die Sprache „Ukrainsch“ ist nicht bekannt. Gemeint ist vielleicht Ukrainisch.",
        ),
        (
            {"Angebote": "primry"},
            "Das Angebot „primry“ gibt es nicht. Gemeint ist vielleicht primary. Mehrere Angebote trennt ein |.",
        ),
        ({"E-Mail": "post"}, "E-Mail „post“ ist unvollständig."),
        ({"Stand": "gestern"}, "„gestern“ ist kein Datum; schreiben Sie zum Beispiel 31.07.2026."),
        ({"Kennung": "huegel"}, "Die Kennung „huegel“ gibt es nicht. Lassen Sie das Feld leer, wenn sie neu ist."),
    ],
)
def test_a_bad_row_says_why_and_does_not_stop_the_others(
    bring_in: Callable[..., ImportReport], change: dict[str, str], reason: str
) -> None:
    other = {**HILL, "Name": "Talschule", "Straße": "Talweg 1", "Beschreibung": ""}
    report = bring_in("csv", sheet({**HILL, **change}, other), dry_run=True)
    assert [(one.line, one.reason) for one in report.bad] == [(2, reason)]
    assert [one.name for one in report.added] == ["Talschule"]


def test_the_office_says_that_a_like_name_is_new(bring_in: Callable[..., ImportReport]) -> None:
    twin = {"Name": "Brückenschule Musterstadt", "Art": "Grundschule", "Straße": "Neugasse 1", "PLZ": "54000"}
    assert len(bring_in("csv", sheet(twin)).doubtful) == 1
    assert len(bring_in("csv", sheet({"Kennung": "neu", **twin})).added) == 1


def test_lines_are_counted_across_line_breaks_inside_cells(bring_in: Callable[..., ImportReport]) -> None:
    report = bring_in("csv", sheet(HILL, {**HILL, "Name": ""}), dry_run=True)
    assert [one.line for one in report.bad] == [4]


def test_a_row_with_too_many_cells_is_bad(bring_in: Callable[..., ImportReport]) -> None:
    report = bring_in("csv", b"Name;Art\nA;Kita;zu viel\nB;Kita\n", dry_run=True)
    assert "3 Spalten, mehr als die Kopfzeile" in report.bad[0].reason
    assert [one.name for one in report.added] == ["B"]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Titel;Art", "Die Spalte Name fehlt"),
        ("Name;Art;Telephon", "kennt die Vorlage nicht. Gemeint ist vielleicht „Telefon“"),
    ],
)
def test_a_wrong_header_is_refused_with_a_hint(bring_in: Callable[..., ImportReport], header: str, reason: str) -> None:
    with pytest.raises(UnusableFile, match=re.escape(reason)):
        bring_in("csv", f"{header}\na;b\n")


def test_the_template_and_its_guide_agree_with_the_program() -> None:
    docs = ROOT / "docs"
    assert (docs / "einrichtungen-vorlage.csv").read_bytes() == b"\xef\xbb\xbf" + template().encode()
    guide = (docs / "einrichtungen-import.md").read_text(encoding="utf-8")
    assert [name for name in COLUMNS if f"| {name} |" not in guide] == []


# --- school lists ---

QUOTED = (
    "id,name,official_id,address,phone,lat,lon,school_type,state\n"
    'RP-20001,"Schule ""Am Tor""","20001","Torweg, 54000 Musterstadt  Stadt","(0651)\n12",49.75,6.64,Grundschule,RP\n'
    'RP-20002,"Alten- pflege-\tSchule",20002,"Am Bach 3, 54001 Musterstadt",,49.76,6.65,Grundschule,RP\n'
    'RP-20003,"Grund- und Hauptschule Au",20003,"Au 1, 54001 Musterstadt",k.A.,,,Hauptschule,RP\n'
)


def test_quotes_line_breaks_and_tabs_in_cells(town: Engine, bring_in: Callable[..., ImportReport]) -> None:
    report = bring_in("jedeschule", QUOTED)
    assert [(one.name, one.line) for one in report.added] == [
        ('Schule "Am Tor"', 2),
        ("Altenpflege- Schule", 4),
        ("Grund- und Hauptschule Au", 5),
    ]
    assert report.added[2].hints == ("Telefon „k.A.“ ist unvollständig und wurde weggelassen",)
    with read_session(town) as session:
        school = get_institution(session, "schule-am-tor")
    assert (school.sites[0].street, school.sites[0].town, school.phone) == ("Torweg", "Musterstadt", "(0651) 12")


def test_the_json_shape_says_the_same(bring_in: Callable[..., ImportReport]) -> None:
    data = [
        {"id": "RP-10001", "name": "Brückenschule", "official_id": "10001", "state": "RP", "lat": 49.75, "lon": 6.64,
         "address": "Brückenstr. 5a, 54000 Musterstadt", "phone": "(0651)1234", "full_time_school": True,
         "school_type": "Grundschule", "fax": None},
        {"id": "RP-2", "name": None, "address": "Weg 1, 54000 Musterstadt", "state": "RP", "lat": 49, "lon": 7},
        "kein Eintrag",
    ]  # fmt: skip
    report = bring_in("jedeschule", data)
    assert [one.id for one in report.unchanged] == ["brueckenschule"]
    assert [(one.line, one.reason) for one in report.bad] == [(2, "Der Name fehlt."), (3, "Der Name fehlt.")]


LAND = (
    "Schulart,Kreis,Ort,Schul-Nr.,Name,Straße,Plz,Ort2,Tel-Nr.,Internetadresse,Rechtsstatus,Ganztagsschule in,"
    "Schüler_insgesamt,Ausländer\n"
    "Realschule Plus und Fachoberschule,X,Musterstadt,40001,Realschule plus,Feld 1,54000,Musterstadt Stadt,"
    "(0651)9,www.feld.example.org/,private Schule,verpflichtender Form,1.039,47\n"
)


def test_the_list_of_the_land_with_numbers_of_pupils(town: Engine, bring_in: Callable[..., ImportReport]) -> None:
    bring_in("jedeschule", LAND, as_of=2016)
    with read_session(town) as session:
        school = get_institution(session, "realschule-plus")
    assert (school.kind, school.carrier, school.all_day) == ("realschule-plus", "privat", "compulsory")
    assert (school.website, school.sites[0].town) == ("http://www.feld.example.org", "Musterstadt")
    assert [(fact.field, fact.value, fact.year) for fact in school.facts if fact.value is not None] == [
        ("pupils", 1039, 2016),
        ("pupils_foreign", 47, 2016),
    ]


def test_numbers_without_a_year_are_not_taken(town: Engine, bring_in: Callable[..., ImportReport]) -> None:
    bring_in("jedeschule", LAND)
    with read_session(town) as session:
        assert get_institution(session, "realschule-plus").facts_about("pupils") == ()


def test_a_list_that_contradicts_a_number_of_the_same_year_is_told(bring_in: Callable[..., ImportReport]) -> None:
    text = LAND.replace("40001", "10001").replace("1.039,47", "160,-").replace("Realschule plus,", "Brückenschule,")
    report = bring_in("jedeschule", text, as_of=2016, dry_run=True)
    (entry,) = report.unchanged
    assert "Schülerinnen und Schüler 2016: in der Liste 160, bei uns 151" in entry.hints


SAAR = (
    "Gemeindenummer,Schulkenziffer,Trägerschaft,PLZ,Stadt/Gemeinde,Strasse,Bezeichnung der Schule,Telefon,Internet,"
    "Klassen,Schüler/innen_insges,Ganztagsschule_gebunden,Ganztagsschule_freiwillig,Ganztagsschule_keine,Schultyp\n"
    "1,9001,öffentlich,54000,Musterstadt,Bergweg 1,Gemeinschaftsschule Berg,0651-1,,9,202,,X,,Gemeinschaftsschule\n"
)


def test_the_list_of_the_saarland(town: Engine, bring_in: Callable[..., ImportReport]) -> None:
    bring_in("jedeschule", SAAR, as_of=2016)
    with read_session(town) as session:
        school = get_institution(session, "gemeinschaftsschule-berg")
    assert (school.kind, school.all_day, school.official_number) == ("gemeinschaftsschule", "offered", None)
    assert school.facts_about("classes")[0].value == 9


def test_a_list_without_kinds_takes_them_from_names_or_refuses(bring_in: Callable[..., ImportReport]) -> None:
    report = bring_in("jedeschule", "name,address,zip\nGrundschule Au,Au 1,54000\nHaus Au,Au 2,54000\n", dry_run=True)
    assert [one.name for one in report.added] == ["Grundschule Au"]
    assert [one.reason for one in report.bad] == ["Die Art der Einrichtung ist nicht zu erkennen."]


# --- GeoJSON ---


def feature(identity: str, geometry: Any, **tags: Any) -> dict[str, Any]:
    return {"type": "Feature", "id": identity, "properties": {"@id": identity, **tags}, "geometry": geometry}


def point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


KITA = feature(
    "node/1", point(6.641, 49.751), amenity="kindergarten", name="Kindertagesstätte Regenbogen", wheelchair="limited",
    **{"addr:street": "Bogen", "addr:housenumber": "7", "addr:postcode": "54000", "addr:city": "Musterstadt",
       "contact:phone": "+49 651 77; +49 651 78"},
)  # fmt: skip


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "generator": "overpass-ide", "features": list(features)}


def test_openstreetmap_fills_what_is_missing(town: Engine, bring_in: Callable[..., ImportReport]) -> None:
    bring_in("geojson", collection(KITA))
    with read_session(town) as session:
        kita = get_institution(session, "kita-regenbogen")
    site = kita.sites[0]
    assert (site.street, site.postcode, site.lat, site.lon) == ("Bogen 7", "54000", 49.751, 6.641)
    assert (kita.accessible, kita.phone, kita.refs) == ("part", "+49 651 77", ("osm:node/1",))
    source = kita.source(kita.facts_about("position")[0].source or "")
    assert source is not None
    assert "ODbL" in source.text
    assert bring_in("geojson", collection(KITA)).changed == []


def test_a_shape_stands_in_the_middle_of_its_box(town: Engine, bring_in: Callable[..., ImportReport]) -> None:
    ring = [[6.60, 49.70], [6.62, 49.70], [6.62, 49.74], [6.60, 49.74], [6.60, 49.70]]
    shape = feature("way/2", {"type": "Polygon", "coordinates": [ring]}, amenity="library", name="Bücherei Tal")
    bring_in("geojson", collection(shape))
    with read_session(town) as session:
        site = get_institution(session, "buecherei-tal").sites[0]
    assert (round(site.lat or 0, 4), round(site.lon or 0, 4)) == (49.72, 6.61)


def test_what_is_no_education_or_lies_elsewhere_is_left_out(bring_in: Callable[..., ImportReport]) -> None:
    report = bring_in(
        "geojson",
        collection(
            feature("node/3", point(6.64, 49.75), amenity="bench", name="Bank"),
            feature("node/4", point(13.4, 52.5), amenity="kindergarten", name="Kita Berlin"),
            feature("node/5", point(49.75, 6.64), amenity="kindergarten", name="Kita Vertauscht"),
            feature("node/6", point(6.64, 49.75), amenity="kindergarten"),
            feature(
                "node/7", {"type": "Point", "coordinates": ["6", None]}, amenity="kindergarten", name="Kita Kaputt"
            ),
            feature("node/8", None, amenity="school", name="Haus am See"),
            None,
        ),
        dry_run=True,
    )
    assert report.outside == 2
    assert [(one.line, one.reason) for one in report.bad] == [
        (3, "Die Koordinaten 6.64, 49.75 liegen nicht in Deutschland. Länge und Breite sind wohl vertauscht."),
        (4, "Der Name fehlt."),
        (5, "Die Geometrie hat keine lesbaren Koordinaten."),
        (6, "Die Art der Einrichtung ist nicht zu erkennen."),
        (7, "Der Eintrag ist kein Objekt."),
    ]


# --- Integreat ---


def place(number: int, title: str, **more: Any) -> dict[str, Any]:
    where = {"id": number, "name": title, "address": "Ankunft 1", "town": "Musterstadt", "postcode": "54000",
             "latitude": 49.75, "longitude": 6.64}  # fmt: skip
    return {"id": 1000 + number, "title": title, "location": where, "last_updated": "2026-05-04T10:00:00+02:00", **more}


def event(number: int, location: dict[str, Any] | None, day: str, title: str = "Sprachcafé") -> dict[str, Any]:
    times = {"id": number, "start": f"{day}T16:00:00+02:00", "end": f"{day}T18:00:00+02:00", "all_day": False}
    return {"id": 2000 + number, "title": title, "location": location, "event": times, "url": "https://i.example.org/e"}


OFFICE = place(5, "Jobcenter Musterstadt", website="https://job.example.org", barrier_free=True, phone_number="0651 5")


def interface(answers: dict[str, Any]) -> httpx.Client:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path.startswith("/api/v3/musterstadt/de/")
        return httpx.Response(200, json=answers[request.url.path.split("/")[-2]])

    return httpx.Client(transport=httpx.MockTransport(answer))


def from_interface(town: Engine, content: Path, answers: dict[str, Any]) -> ImportReport:
    with write_session(town) as session, interface(answers) as client:
        return import_integreat(
            "https://cms.example.org", "musterstadt", session, TOWN, dry_run=False, client=client, content=content
        )


def test_offices_and_their_events_come_from_the_interface(town: Engine, content: Path) -> None:
    answers = {"locations": [OFFICE], "events": [event(1, OFFICE["location"], "2026-12-01")]}
    first, second = (from_interface(town, content, answers) for _ in range(2))
    assert ([one.id for one in first.added], second.changed) == (["jobcenter-musterstadt"], [])
    with read_session(town) as session:
        office = get_institution(session, "jobcenter-musterstadt")
    (offer,) = office.offers
    assert (office.kind, office.accessible, str(office.facts_about("phone")[0].day)) == (
        "beratungsstelle",
        "full",
        "2026-05-04",
    )
    assert (offer.topic, offer.field, str(offer.starts), offer.times) == (
        "veranstaltung",
        "Sprachcafé",
        "2026-12-01",
        "16:00 bis 18:00 Uhr",
    )


def test_events_that_are_over_go(town: Engine, content: Path) -> None:
    from_interface(town, content, {"locations": [OFFICE], "events": [event(1, OFFICE["location"], "2026-12-01")]})
    report = from_interface(town, content, {"locations": [], "events": []})
    assert [str(one) for one in report.changed[0].changes] == [
        "Veranstaltungen: veranstaltung: Sprachcafé (01.12.2026) → keine Angabe"
    ]
    with read_session(town) as session:
        assert get_institution(session, "jobcenter-musterstadt").offers == ()


def test_events_without_a_known_place_are_told(town: Engine, content: Path) -> None:
    park = {"id": 9, "name": "Stadtpark", "address": "Park", "postcode": "54000", "town": "Musterstadt"}
    answers = {"locations": [], "events": [event(1, None, "2026-12-01"), event(2, park, "2026-12-02")]}
    report = from_interface(town, content, answers)
    assert (report.added, len(report.bad)) == ([], 2)
    assert "keinen Ort" in report.bad[0].reason


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (httpx.Response(404), "antwortet mit 404. Stimmt der Name der Region"),
        (httpx.Response(302, headers={"location": "https://evil.example.org"}), "antwortet mit 302"),
        (httpx.Response(200, text="<html>"), "kein JSON"),
        (httpx.ConnectTimeout("slow"), "nicht erreichbar"),
        (httpx.ReadError("cut"), "nicht erreichbar"),
    ],
)
def test_a_silent_interface_touches_nothing(
    town: Engine, content: Path, reply: httpx.Response | Exception, reason: str
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if isinstance(reply, Exception):
            raise reply
        return reply

    client = httpx.Client(transport=httpx.MockTransport(answer))
    with client, write_session(town) as session, pytest.raises(UnusableFile, match=reason):
        import_integreat("https://cms.example.org", "x", session, TOWN, dry_run=False, client=client, content=content)


def test_a_saved_answer_says_the_same(bring_in: Callable[..., ImportReport]) -> None:
    report = bring_in("integreat", [OFFICE, {"title": "Ohne Ort"}, place(6, "")])
    assert [one.id for one in report.added] == ["jobcenter-musterstadt"]
    assert [(one.line, one.reason) for one in report.bad] == [
        (2, "Der Eintrag hat keinen Ort."),
        (3, "Der Name fehlt."),
    ]
