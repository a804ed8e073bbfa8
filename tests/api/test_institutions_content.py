"""What institution files may say, and that the shipped ones say it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.institution_content import check_institutions, load_area, read_institutions
from api.institution_records import FactRecord, InstitutionRecord, OfferRecord, SiteRecord
from api.institution_words import KINDS
from pathways.network import Network
from pathways.tree import CONTENT
from tests.api.town import SCHOOL, town_network, write_town


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return write_town(tmp_path / "content")


def faults(town: Path, change: tuple[str, str]) -> list[tuple[str, str, int]]:
    """Codes, files and lines found when the school's file is changed."""
    assert change[0] in SCHOOL
    (town / "brueckenschule.yaml").write_text(SCHOOL.replace(*change), encoding="utf-8")
    found = check_institutions(town.parent.parent, ["musterstadt"], town_network().stations)
    return [(one.code, Path(one.file).stem, one.line) for one in found]


def test_sound_files_have_no_findings(town: Path) -> None:
    assert check_institutions(town.parent.parent, ["musterstadt"], town_network().stations) == []


@pytest.mark.parametrize(
    ("before", "after", "code", "line"),
    [
        ("station: primary", "station: primry", "unknown-reference", 11),
        ("carrier:", "carier:", "unknown-key", 4),
        ("all_day: offered", "all_day: sometimes", "wrong-value", 9),
        ("kind: grundschule", "kind: schloss", "wrong-value", 3),
        ("lat: 49.75, lon: 6.64", "lat: 50.86, lon: 12.8", "wrong-value", 7),
        ("lat: 49.75, lon: 6.64", "lat: 49.75", "wrong-value", 7),
        ('"54000"', "54000", "wrong-value", 7),
        ('"54000"', '"5400"', "wrong-value", 7),
        ('phone: "(0651) 1234"', 'phone: "anrufen"', "wrong-value", 8),
        ('phone: "(0651) 1234"', 'website: "www.schule.de"', "wrong-value", 8),
        ('phone: "(0651) 1234"', 'website: "https://schule.de/…"', "wrong-value", 8),
        ('phone: "(0651) 1234"', 'email: "sekretariat"', "wrong-value", 8),
        ("source: list-2017, year: 2016}\nsources", "source: list-2018, year: 2016}\nsources", "wrong-value", 1),
        ("field: pupils, value: 151", "field: pupils", "wrong-value", 19),
        ("field: pupils, value: 151", "field: beauty, value: 10", "wrong-value", 19),
        ("confidence: part", "confidence: high", "wrong-value", 23),
        ("id: brueckenschule", "id: brueckenschul", "misplaced-id", 1),
        ("kind: grundschule\n", "", "missing-key", 1),
        ("all_day: offered", "all_day: offered\nall_day: none", "duplicate-key", 10),
        ('official_number: "10001"', 'official_number: "50001"', "duplicate-id", 4),
    ],
)
def test_every_fault_is_named_with_its_line(town: Path, before: str, after: str, code: str, line: int) -> None:
    where = "gymnasium-am-fluss" if code == "duplicate-id" else "brueckenschule"
    assert faults(town, (before, after)) == [(code, where, line)]


def test_swapped_coordinates_are_two_faults(town: Path) -> None:
    found = faults(town, ("lat: 49.75, lon: 6.64", "lat: 6.64, lon: 49.75"))
    assert found == [("wrong-value", "brueckenschule", 7)] * 2


def test_a_misspelt_station_gets_a_hint(town: Path) -> None:
    (town / "brueckenschule.yaml").write_text(SCHOOL.replace("station: primary", "station: primry"), encoding="utf-8")
    (found,) = check_institutions(town.parent.parent, ["musterstadt"], town_network().stations)
    assert (found.line, found.field, found.remedy) == (11, "offers.0.station", "Did you mean 'primary'?")


def test_one_broken_file_does_not_hide_the_others(town: Path) -> None:
    (town / "brueckenschule.yaml").write_text("id: [", encoding="utf-8")
    shipped = read_institutions(town.parent.parent, "musterstadt")
    assert len(shipped.records) == 3
    assert [one.code for one in shipped.found] == ["broken-yaml"]


def test_an_offer_names_a_station_or_a_topic() -> None:
    for wrong in ({}, {"station": "a", "topic": "b"}):
        with pytest.raises(ValidationError, match=r"either a `station` or a `topic`"):
            OfferRecord.model_validate(wrong)


def test_an_empty_site_is_refused() -> None:
    with pytest.raises(ValidationError, match="says nothing"):
        SiteRecord()


def test_a_fact_about_a_field_of_the_record_has_no_value_of_its_own() -> None:
    with pytest.raises(ValidationError, match="without `value`"):
        FactRecord(field="phone", value="0651")


# --- the shipped institutions of Trier ---


@pytest.fixture(scope="module")
def trier() -> dict[str, InstitutionRecord]:
    return read_institutions(CONTENT, "trier").records


def test_the_shipped_institutions_have_no_findings(network: Network) -> None:
    layers = [layer.id for layer in network.layers]
    assert [str(one) for one in check_institutions(CONTENT, layers, network.stations)] == []


def test_all_institutions_of_the_facts_are_there(trier: dict[str, InstitutionRecord]) -> None:
    assert len(trier) == 175
    assert sum(any(site.town == "Trier" for site in one.sites) for one in trier.values()) == 107
    confidence = [one.confidence for one in trier.values()]
    assert [confidence.count(kind) for kind in ("confirmed", "part", "unconfirmed")] == [20, 78, 77]
    assert all(one.source_year and one.sources and one.profile for one in trier.values())


def test_most_offers_lead_to_a_station(trier: dict[str, InstitutionRecord]) -> None:
    offers = [offer for one in trier.values() for offer in one.offers]
    assert sum(offer.station is not None for offer in offers) / len(offers) > 0.8
    silent = [one.id for one in trier.values() if not one.offers]
    assert silent == ["bbs-salesianer-don-boscos", "kaufmaennische-privatschule-eberhard"]


def test_numbers_and_all_day_say_their_year(trier: dict[str, InstitutionRecord]) -> None:
    undated_measures = ("founded", "occupations")
    for one in trier.values():
        for fact in one.facts:
            if fact.value is not None and fact.field not in undated_measures:
                assert fact.as_of or fact.period, (one.id, fact.field)
        if one.all_day is not None:
            assert one.facts_about("all_day")[0].as_of, one.id


def test_profiles_are_german_sentences_without_markup_or_notes_to_ourselves(
    trier: dict[str, InstitutionRecord],
) -> None:
    for one in trier.values():
        assert re.match(r"^[A-ZÄÖÜ0-9]", one.profile), one.id
        assert one.profile.endswith("."), one.id
        assert not re.search(r"[<>*_|]|unconfirmed|nicht gesehen|innen:|:in\b|\s{2}|\.\.", one.profile), one.id


def test_a_number_of_pupils_in_a_profile_is_also_a_fact(trier: dict[str, InstitutionRecord]) -> None:
    for one in trier.values():
        match = re.match(r"2016 besuchten (\d+) ", one.profile)
        if match:
            assert any(f.value == int(match[1]) and f.year == 2016 for f in one.facts_about("pupils")), one.id


def test_kinds_have_german_names(trier: dict[str, InstitutionRecord]) -> None:
    assert {one.kind for one in trier.values()} <= set(KINDS)


def test_the_area_holds_all_postcodes(trier: dict[str, InstitutionRecord]) -> None:
    area = load_area(CONTENT, "trier")
    assert all(area.has_postcode(s.postcode) for one in trier.values() for s in one.sites if s.postcode)
    assert not area.has_postcode("66424")
