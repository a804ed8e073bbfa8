"""Whole stories of persons, as a counsellor tells them: what must be found for them, and what never."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pathways.itinerary import Route
from pathways.network import Network
from pathways.person import read_person
from pathways.routes import Answer, find_routes
from pathways.searching import Budget
from tests.people.stories import Card, persons

STORIES = persons()
WORDS = {"name", "day", "person", "goal", "expect", "shortest_at_most"} | {
    *("never", "never_first", "never_directly"),
}


def answer(network: Network, story: Card) -> Answer:
    told = story["person"]
    know = [f"{name}={_spell(value)}" for name, value in told.get("know", {}).items()]
    person = read_person(
        told["at"], told.get("holds", ()), know, questions=network.questions, statuses=network.statuses
    )
    budget = Budget(milliseconds=None)
    return find_routes(network, person, story["goal"], story["day"], budget=budget, plans=False, questions=False)


def _spell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def all_routes(found: Answer) -> Iterator[Route]:
    for route in found.routes:
        yield route
        yield from route.variants


def nodes(story: Card, route: Route) -> list[str]:
    """Where the person stands and what they hold, then stops and certificates in order."""
    return [*_outset(story), *(node for leg in route.legs for node in (leg.origin, leg.transition.target))]


def _outset(story: Card) -> list[str]:
    return [*story["person"]["at"], *(held.partition(":")[0] for held in story["person"].get("holds", ()))]


def passes(passed: list[str], chain: list[str]) -> bool:
    left = iter(passed)
    return all(one in left for one in chain)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["name"])
def test_a_person_is_told_what_is_expected(network: Network, story: Card) -> None:
    found = answer(network, story)
    assert found.complete
    check_expected(story, found)
    check_length(story, found)
    check_nothing_wrong(story, found)


def check_expected(story: Card, found: Answer) -> None:
    passed = [nodes(story, route) for route in all_routes(found)]
    assert [chain for chain in story.get("expect", ()) if not any(passes(one, chain) for one in passed)] == []


def check_length(story: Card, found: Answer) -> None:
    if "shortest_at_most" in story:
        assert min(route.months.typical for route in all_routes(found)) <= story["shortest_at_most"]


def check_nothing_wrong(story: Card, found: Answer) -> None:
    offered = {node for route in all_routes(found) for node in nodes(story, route)[len(_outset(story)) :]}
    assert offered & set(story.get("never", ())) == set()
    first = {node for index in found.shown[:1] for node in nodes(story, found.routes[index])}
    assert first & set(story.get("never_first", ())) == set()
    legs = [leg for route in all_routes(found) for leg in route.legs if not leg.edge_months]
    direct = {(origin, leg.transition.target) for leg in legs for origin in leg.transition.origins}
    assert direct & {(origin, target) for origin, target in story.get("never_directly", ())} == set()


def test_stories_use_the_words_they_explain(network: Network) -> None:
    for story in STORIES:
        assert set(story) <= WORDS
        pairs = [node for pair in story.get("never_directly", ()) for node in pair]
        chains = [node for chain in story.get("expect", ()) for node in chain]
        named = {*story.get("never", ()), *story.get("never_first", ()), *pairs, *chains, *story["person"]["at"]}
        assert named <= set(network.ids()), story["name"]
