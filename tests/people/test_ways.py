"""Every transition is walked by a story: a card names the way, persons, and what must be decided for them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways.calendar_months import month_index
from pathways.compiling import compiled
from pathways.conditions import Combination
from pathways.itinerary import Move, walk
from pathways.network import Network
from pathways.person import Person, read_person
from pathways.routes import find_routes, traveller_for
from pathways.searching import Begin
from pathways.verdict import Verdict
from tests.people.stories import WAY_CARDS, Card, Case, all_cases

DAY = date(2026, 11, 21)


def person_of(network: Network, card: Card, case: Case) -> Person:
    origin = network.transitions[card["way"]].origins[0]
    know = [f"{name}={_spell(value)}" for name, value in (case.get("know") or {}).items()]
    return read_person([origin], case.get("holds") or (), know, questions=network.questions, statuses=network.statuses)


def _spell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def only(network: Network, way: str) -> Network:
    if set(network.transitions) == {way}:
        return network
    others = [one for one in network.transitions if one != way]
    return network.without(*others)


def decide(network: Network, card: Card, case: Case) -> tuple[Verdict, date | None, int | None]:
    """Verdict of the leg, month in which it starts, and months of the edge."""
    alone = only(network, card["way"])
    transition = network.transitions[card["way"]]
    day = case.get("day") or DAY
    person = person_of(network, card, case)
    if transition.target in transition.origins:
        return _walk_in_circle(alone, person, day)
    answer = find_routes(alone, person, transition.target, day, plans=False, questions=False)
    legs = [leg for route in (*answer.routes, *(v for r in answer.routes for v in r.variants)) for leg in route.legs]
    legs = [leg for leg in legs if leg.transition.id == card["way"]]
    if not legs:
        return Verdict.UNMET, None, None
    leg = min(legs, key=lambda one: (one.start, -one.verdict))
    return leg.verdict, leg.start, leg.edge_months


def _walk_in_circle(network: Network, person: Person, day: date) -> tuple[Verdict, date | None, int | None]:
    traveller = traveller_for(network, person, day)
    goal = compiled(network).for_goal("goal-ahr")
    way = compiled(network).ways[0]
    origin = way.transition.origins[0]
    begin = Begin(origin, traveller.leaves(origin), traveller.first_mask())
    for verdict in (Verdict.MET, Verdict.UNKNOWN):
        steps = walk(traveller, goal, begin, None, [Move(way, False, None, verdict)])
        if steps:
            return steps[0].option.verdict, None, None
    return Verdict.UNMET, None, None


@pytest.mark.parametrize(("card", "case"), all_cases())
def test_a_story_ends_as_told(network: Network, card: Card, case: Case) -> None:
    verdict, start, months = decide(network, card, case)
    assert verdict.key == case["then"], case.get("name")
    if "start" in case and start is not None:
        year, month = (int(part) for part in str(case["start"]).split("-")[:2])
        assert month_index(start) == year * 12 + month - 1
    if "months" in case and months is not None:
        assert months == case["months"]


@pytest.mark.parametrize("card", WAY_CARDS, ids=lambda card: card["way"])
def test_a_card_names_the_kinds_of_all_conditions(network: Network, card: Card) -> None:
    kinds = [
        part.kind
        for condition in network.transitions[card["way"]].conditions
        for part in condition.parts()
        if not isinstance(part, Combination)
    ]
    assert kinds == card["kinds"]


def test_every_transition_is_walked_by_a_story(network: Network) -> None:
    walked = {card["way"] for card in WAY_CARDS}
    assert sorted(set(network.transitions) - walked) == []


def test_every_card_names_a_transition_and_its_dossier_number(network: Network) -> None:
    for card in WAY_CARDS:
        assert card["was"] in network.transitions[card["way"]].was
