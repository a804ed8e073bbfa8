"""The real content: complete against the dossier, free of errors, and written as content/README.md asks."""

import re
from collections import Counter
from datetime import date

import pytest

from pathways.catalogue import Catalogue, load_catalogue, regions
from pathways.checking import check_catalogue, explain_origins
from pathways.citations import written_ways
from pathways.known_facts import known_facts
from pathways.network import Network, network_of
from pathways.person import read_person
from pathways.sentences import count_sentences
from pathways.tree import CONTENT

WRITTEN = date(2026, 11, 1)
"""A day after the last `checked`, so that no test depends on the calendar."""
GENDER_MARKS = re.compile(r"[a-zäöüß][*:_·](in|innen|r|n|e)\b|[a-zäöüß]/-?innen\b|[a-zäöüß]Innen\b")


@pytest.fixture(scope="module")
def trier() -> Catalogue:
    return load_catalogue(CONTENT, "trier")


@pytest.fixture(scope="module")
def network(trier: Catalogue) -> Network:
    return network_of(trier)


@pytest.mark.parametrize("region", regions(CONTENT))
def test_no_region_has_an_error(region: str) -> None:
    catalogue = load_catalogue(CONTENT, region)
    found = check_catalogue(catalogue, network_of(catalogue), today=WRITTEN)
    errors = [str(finding) for finding in found if finding.severity == "error"]
    assert errors == []


def test_no_way_goes_round_in_an_idle_circle(trier: Catalogue, network: Network) -> None:
    codes = Counter(finding.code for finding in check_catalogue(trier, network, today=WRITTEN))
    assert codes["idle-cycle"] == codes["unreachable"] == codes["long-text"] == codes["check-overdue"] == 0


def test_every_record_of_the_dossier_is_there(trier: Catalogue, network: Network) -> None:
    assert len(trier.stations) + len(trier.situations) == 161
    assert len(trier.qualifications) == 47
    assert len(trier.goals) == 19
    assert len(network.transitions) == 451


def test_every_transition_of_the_dossier_is_there_once(trier: Catalogue) -> None:
    written = Counter(number for _, _, way in written_ways(trier) for number in way.was)
    assert written == {f"T{number:03}": 1 for number in range(1, 452)}


def test_three_quarters_of_the_conditions_are_typed(network: Network) -> None:
    kinds = Counter(condition.kind for _, condition in network.conditions())
    assert (kinds.total() - kinds["ask"]) / kinds.total() >= 0.75


def test_web_addresses_are_complete(trier: Catalogue) -> None:
    urls = {source.id: source.url for source in trier.sources.values() if source.url}
    assert urls
    assert [one for one, url in urls.items() if re.search(r"…|\.\.\.|\s", url)] == []


def test_texts_have_two_to_five_sentences(trier: Catalogue) -> None:
    texts = {one.id: one.text for one in (*trier.stations.values(), *trier.situations.values())}
    counts = {one: count_sentences(text) for one, text in texts.items()}
    assert {one: count for one, count in counts.items() if not 2 <= count <= 5} == {}


def test_texts_use_no_gender_marks(trier: Catalogue) -> None:
    texts = {one.id: f"{one.text} {one.entry}" for one in (*trier.stations.values(), *trier.situations.values())}
    texts |= {way.id: way.note for _, _, way in written_ways(trier)}
    assert {one: text for one, text in texts.items() if GENDER_MARKS.search(text)} == {}


def test_texts_hold_no_markup(trier: Catalogue) -> None:
    texts = {one.id: one.text for one in (*trier.stations.values(), *trier.situations.values())}
    texts |= {way.id: way.note for _, _, way in written_ways(trier)}
    assert [one for one, text in texts.items() if re.search(r"[<>]|\*\*|\]\(|  ", text)] == []


def test_every_field_named_as_unconfirmed_exists(trier: Catalogue) -> None:
    wrong = []
    for kind in (trier.stations, trier.situations, trier.qualifications, trier.goals):
        for record in kind.values():
            wrong += [(record.id, one) for one in record.unconfirmed if one not in type(record).model_fields]
    for _, _, way in written_ways(trier):
        names = {info.alias or name for name, info in type(way).model_fields.items()}
        wrong += [(way.id, one) for one in way.unconfirmed if one not in names]
    assert wrong == []


def test_every_listed_fact_can_be_told(network: Network) -> None:
    facts = known_facts(network)
    assert {"age", "german", "work_months", "contract.training", "school_years", "child_months", "status"} <= {
        fact.key for fact in facts
    }
    for fact in facts:
        assert fact.question.endswith("?"), fact.key
        assert fact.used_by, fact.key
        answer = fact.answers.replace("–", " ").split()[0]
        read_person((), know=[f"{fact.key}={answer}"], questions=network.questions, statuses=network.statuses)


def test_the_origin_of_every_field_of_every_record_is_known(trier: Catalogue) -> None:
    for record_id in (*trier.stations, *trier.situations, *trier.qualifications, *trier.goals):
        fields = {field.partition(".")[0] for field, _, _ in explain_origins(trier, record_id)}
        record = next(
            kind[record_id]
            for kind in (trier.stations, trier.situations, trier.qualifications, trier.goals)
            if record_id in kind
        )
        told = {type(record).model_fields[name].alias or name for name in record.model_fields_set}
        assert fields == told, record_id
