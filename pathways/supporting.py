"""What each transition is walked from when bounds are computed: the one thing it needs that is had last.

A real way has everything a transition needs before it takes it, so each single need may stand for all of them without
the bound ever being too high. The latest one makes it highest (the precondition-choice function of Helmert and
Domshlak, 2009).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import networkx as nx

from pathways.bounds import Steps
from pathways.person import Person
from pathways.way import Way

NEVER = 10**6

Supporters = dict[int, tuple[str, ...]]
"""Tokens to walk a way from instead of its origins, by its index."""


def choose_supporters(
    ways: Iterable[Way], person: Person, had: Mapping[str, int], from_the_start: frozenset[str]
) -> Supporters:
    """For each way the landmark that is had last, where that is later than all of its origins.

    ``had``: month in which each place is left and each token held; ``from_the_start``: tokens that are no landmark.
    """
    chosen: Supporters = {}
    for way in ways:
        latest = _first(had, (*way.starts_at, *way.hosts))
        for landmark in _landmarks(way, person):
            first = _first(had, landmark)
            if first >= latest and not landmark & from_the_start:
                latest, chosen[way.index] = first, tuple(sorted(landmark))
    return chosen


def months_from_nothing(steps: Steps) -> dict[str, int]:
    """Months after which everything can be had at the earliest by somebody who begins where nothing leads to."""
    forwards: nx.DiGraph[str] = nx.DiGraph()
    for end, starts in steps.items():
        for start, bounds in starts.items():
            forwards.add_edge(start, end, months=min(bound[0] for bound in bounds))
    beginnings = [node for node, before in forwards.in_degree() if not before]
    found = nx.multi_source_dijkstra_path_length(forwards, beginnings, weight="months") if beginnings else {}
    return {str(node): int(months) for node, months in found.items()}


def _landmarks(way: Way, person: Person) -> Iterator[frozenset[str]]:
    for condition in way.transition.conditions:
        yield from condition.landmarks(person)


def _first(had: Mapping[str, int], nodes: Iterable[str]) -> int:
    return min((had.get(node, NEVER) for node in nodes), default=NEVER)
