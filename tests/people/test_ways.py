"""Every transition is walked by a story: a card names the way, persons, and what must be decided for them."""

from __future__ import annotations

import pytest

from pathways.calendar_months import month_index
from pathways.conditions import Moment
from pathways.network import Network
from pathways.verdict import Verdict
from tests.people.stories import WAY_CARDS, Card, Case, all_cases
from tests.people.walking import alone, day_of, differences, differences_in_head, person_of, walk, walk_by_search


@pytest.mark.parametrize(("card", "case"), all_cases())
def test_a_story_ends_as_told(network: Network, card: Card, case: Case) -> None:
    way = network.transitions[card["way"]]
    single, person = alone(network, way), person_of(network, card, case)
    walked = walk(single, person, day_of(case))
    assert differences(card, case, walked) == {}, case.get("name")
    if way.target not in way.origins:
        assert walk_by_search(single, person, day_of(case)) == walked


@pytest.mark.parametrize("card", WAY_CARDS, ids=lambda card: card["way"])
def test_the_head_of_a_card_says_what_the_dossier_says(network: Network, card: Card) -> None:
    assert differences_in_head(card, network.transitions[card["way"]]) == {}


@pytest.mark.parametrize("card", WAY_CARDS, ids=lambda card: card["way"])
def test_without_a_landmark_a_rule_is_never_met(network: Network, card: Card) -> None:
    """The bounds of the search rest on this: who holds none of what a rule names is refused, whoever it is."""
    way = network.transitions[card["way"]]
    everything = frozenset(token for rule in way.conditions for token in rule.tokens())
    for case in card["cases"]:
        person, day = person_of(network, card, case), day_of(case)
        for rule in way.conditions:
            months = {month_index(day), *rule.turns(person, day)}
            for landmark in rule.landmarks(person):
                assert landmark
                assert landmark <= set(rule.tokens())
                for month in months:
                    moment = Moment(person, day, month, held=everything - landmark, worked=600, target=way.target)
                    assert rule.judge(moment) == Verdict.UNMET


def test_every_transition_is_walked_by_a_story(network: Network) -> None:
    walked = {card["way"] for card in WAY_CARDS}
    assert sorted(set(network.transitions) - walked) == []


def test_every_card_names_a_transition_and_its_dossier_number(network: Network) -> None:
    for card in WAY_CARDS:
        assert card["was"] in network.transitions[card["way"]].was
