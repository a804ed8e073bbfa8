"""The stories are tested: every way of the real content, changed by a slip of the pen, must make one of them fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
import yaml

from pathways.certificate_conditions import RECOGNITION
from pathways.network import Network
from pathways.person import RECOGNISED_LEVELS, Certificate, Person
from tests.people.mutants import mutants
from tests.people.stories import HERE, WAY_CARDS, Card
from tests.people.walking import alone, day_of, differences, differences_in_head, person_of, walk

TRIES = 60
Named = tuple[str, str]
"""Id of a way, and what was changed in it."""


def _equivalent() -> Iterator[Named]:
    for group in yaml.safe_load((HERE / "equivalent_mutants.yaml").read_text(encoding="utf-8")):
        for way in group["ways"]:
            for change in group["changes"]:
                yield way, change


EQUIVALENT = list(_equivalent())


def _outcomes(network: Network, card: Card) -> Iterator[tuple[Named, str]]:
    """Each mutant of the way of a card, and what notices it: a case, the head of the card, or nothing."""
    cases = [(person_of(network, card, case), day_of(case), case) for case in card["cases"]]
    for mutant in mutants(network, network.transitions[card["way"]]):
        single = alone(network, mutant.transition)
        if any(differences(card, case, walk(single, person, day)) for person, day, case in cases):
            noticed = "case"
        else:
            noticed = "head" if differences_in_head(card, mutant.transition) else ""
        yield (card["way"], mutant.name), noticed


@pytest.fixture(scope="module")
def outcomes(network: Network) -> dict[Named, str]:
    """What notices each mutant of each way of the real content."""
    found = [outcome for card in WAY_CARDS for outcome in _outcomes(network, card)]
    assert len(found) == len(dict(found)), "two mutants of a way have the same name"
    return dict(found)


def test_every_slip_of_the_pen_is_noticed(outcomes: dict[Named, str]) -> None:
    by = Counter(outcomes.values())
    missed = sorted(one for one, noticed in outcomes.items() if not noticed and one not in set(EQUIVALENT))
    counts = f"{by.total()} mutants: {by['case']} noticed by a case, {by['head']} by the head of the card alone"
    print(f"{counts}, {len(EQUIVALENT)} equivalent")
    assert missed == [], f"{counts}, {len(EQUIVALENT)} equivalent, {len(missed)} missed"


def test_what_is_listed_as_equivalent_changes_nothing(outcomes: dict[Named, str]) -> None:
    assert sorted(one for one in EQUIVALENT if one not in outcomes) == [], "no such mutant: take it off the list"
    assert sorted(one for one in EQUIVALENT if outcomes[one]) == [], "a card notices it: take it off the list"
    assert [one for one, times in Counter(EQUIVALENT).items() if times > 1] == []


def test_what_is_listed_as_equivalent_changes_nothing_for_others_either(network: Network) -> None:
    chance = Random(2026)
    listed: dict[str, set[str]] = {way: {change for one, change in EQUIVALENT if one == way} for way, _ in EQUIVALENT}
    for card in (one for one in WAY_CARDS if one["way"] in listed):
        way = network.transitions[card["way"]]
        told = [mutant for mutant in mutants(network, way) if mutant.name in listed[way.id]]
        right, wrong = alone(network, way), {mutant.name: alone(network, mutant.transition) for mutant in told}
        for _ in range(TRIES):
            person = somebody(chance, network, person_of(network, card, chance.choice(card["cases"])))
            day = date(2026, 1, 1) + timedelta(days=chance.randrange(800))
            walked = walk(right, person, day)
            others = {name for name, single in wrong.items() if walk(single, person, day) != walked}
            assert others == set(), f"{person} on {day}"


def somebody(chance: Random, network: Network, person: Person) -> Person:
    """Somebody like this person, with other certificates, months of work and a child of another age."""
    levels = [Certificate(RECOGNITION, parameter=level) for level in RECOGNISED_LEVELS]
    more = chance.sample([*map(Certificate, network.qualifications), *levels], chance.randint(0, 3))
    return replace(
        person,
        holds=(*person.holds, *more),
        child_months=None if person.child_months is None else chance.randint(0, 84),
        relevant_months=chance.choice((person.relevant_months, 0, 12, 24, 36, 54, 60)),
    )


def test_no_way_and_no_kind_of_slip_is_left_out(network: Network, outcomes: dict[Named, str]) -> None:
    assert {way for way, _ in outcomes} == set(network.transitions)
    changes = " | ".join(change for _, change in outcomes)
    for slip in (
        *("+ 1", "- 1", "+ 0.1", "- 0.1", "a level higher", "a level lower", "as years", "as weeks", "in years"),
        *("turned", "turned into", "another than", " for q-", "recognised or not", "dropped", "all_of as 1 of"),
        *("any_of as 2 of", "kind selective", "months + 1", "starts a month later", "registration a day later"),
        *("registration late", "contract internship", "status with ", "fact another", "permit by another"),
    ):
        assert slip in changes
