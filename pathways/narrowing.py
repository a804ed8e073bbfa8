"""A goal compiled once more for one person: only what can still matter to them, and sharper bounds on what it costs.

Worth its price where the search is hard. The generous view (`relaxing`) tells which transitions the person can ever
take, how early, and how well their rules turn out at best. What is left out leads to no result for certain, so the
search stays exact; what is held already need not be gained, and bits that no longer matter are projected away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import networkx as nx

from pathways.compiling import CompiledGoal, compile_ways
from pathways.relaxing import Relaxed, best_options, relax
from pathways.searching import Budget, Found, Sensible, find_fastest, find_front
from pathways.traveller import Traveller
from pathways.verdict import Verdict
from pathways.way import Way, done_token, early_exit

EASY = 150
"""Labels after which a search is not easy, and narrowing the goal costs less than it saves."""

EASY_FASTEST = 50
"""The same where only the fastest route is wanted."""


def narrow(traveller: Traveller, goal: CompiledGoal, latest: int, relaxed: Relaxed | None = None) -> CompiledGoal:
    """The goal for this person only, with routes that arrive by ``latest`` (month index)."""
    compiled = traveller.compiled
    relaxed = relaxed or relax(traveller)
    taken = [way for way in compiled.ways if way.index in goal.ways and way.index in relaxed.starts]
    still = _still_to_come(goal, taken)
    ways: list[Way] = []
    least_opens: dict[int, int] = {}
    for way in taken:
        if relaxed.starts[way.index] + still.get(_node_of(way), latest + 1) > latest:
            continue
        ways.append(way)
        if way.selective or _at_best(traveller, way, relaxed) == Verdict.UNKNOWN:
            least_opens[way.index] = 1
    first = traveller.first_mask()
    held = [token for token, bit in compiled.bits.items() if first & bit]
    return compile_ways(compiled, goal.goal, ways, least_opens, held)


def find_sensible(
    traveller: Traveller, goal: CompiledGoal, sensible: Sensible, budget: Budget, relaxed: Relaxed | None = None
) -> Found:
    """The Pareto set (`find_front`), with the goal narrowed to the person where the search turns out not to be easy."""
    if budget.labels <= EASY:
        return find_front(traveller, goal, sensible, budget)
    easy = find_front(traveller, goal, sensible, replace(budget, labels=EASY))
    if easy.complete:
        return easy
    found = find_front(traveller, narrow(traveller, goal, easy.latest, relaxed), sensible, budget)
    return replace(found, settled=easy.settled + found.settled, generated=easy.generated + found.generated)


def find_soonest(
    traveller: Traveller, goal: CompiledGoal, sensible: Sensible, budget: Budget, latest: int, relaxed: Relaxed
) -> Found:
    """A route that arrives first (`find_fastest`), with the goal narrowed where the search turns out not to be easy."""
    few = replace(budget, labels=min(EASY_FASTEST, budget.labels))
    easy = find_fastest(traveller, goal, sensible, few, latest=latest)
    if easy.complete or budget.labels <= EASY_FASTEST:
        return easy
    return find_fastest(traveller, narrow(traveller, goal, latest, relaxed), sensible, budget, latest=latest)


def _at_best(traveller: Traveller, way: Way, relaxed: Relaxed) -> Verdict:
    ready = min(relaxed.times[node] for node in _sources(way) if node in relaxed.times)
    return best_options(traveller, way, ready, relaxed.mask)[-1].verdict


def _sources(way: Way) -> Iterator[str]:
    yield from way.leaves
    yield from (f"enter:{host}" for host in way.hosts)


def _node_of(way: Way) -> str:
    return f"way:{way.index}"


def _still_to_come(goal: CompiledGoal, ways: list[Way]) -> dict[str, int]:
    """Least months from the start of each way to the goal, whether it leads on or gives what a rule asks for."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    practice = [one.id for one in goal.compiled.network.stations.values() if one.practice]

    def step(start: str, end: str, months: int) -> None:
        """An edge against the direction of travel."""
        if not graph.has_edge(end, start) or graph.edges[end, start]["months"] > months:
            graph.add_edge(end, start, months=months)

    for way in ways:
        node = _node_of(way)
        if way.station is None:
            for token in way.gives:
                step(node, token, 0)
        else:
            beside = bool(way.hosts)
            step(node, f"enter:{way.station}", 0)
            for early in (None, *way.early):
                stay = way.stay if early is None else min(early, way.stay)
                position = way.station if early is None else early_exit(way.station, early)
                step(node, position, 0 if beside else stay)
            step(way.station, done_token(way.station), 0)
        for source in (*way.leaves, *(token for token, _ in way.tokens), *(practice if way.counts_work else ())):
            step(source, node, 0)
        for host in way.hosts:
            step(f"enter:{host}", node, 0)
            step(host, node, 0)
    for place in goal.goal_enter:
        step(f"enter:{place}", "goal", 0)
    for place in goal.goal_done:
        step(place, "goal", 0)
    for token, bit in goal.compiled.bits.items():
        if bit & goal.goal_mask:
            step(token, "goal", 0)
    if "goal" not in graph:
        return {}
    return {
        str(node): int(months)
        for node, months in nx.single_source_dijkstra_path_length(graph, "goal", weight="months").items()
    }
