"""What the obvious library call does: all simple paths of the graph, filtered by the rules afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import networkx as nx

from pathways.compiling import CompiledGoal, compiled
from pathways.itinerary import Move, vector_of, walk
from pathways.network import Network
from pathways.routes import traveller_for
from pathways.searching import Begin, Sensible, Vector
from pathways.traveller import Traveller
from tests.bench.measures import Figure, Patience, median, seconds_of, share
from tests.bench.routing import front_of, outcomes
from tests.bench.workloads import Query, trier

TEN_CHANGES = (20, 40)
"""Edges of ten changes in the graph: two for each from stop to stop, four where a certificate lies between."""
SECONDS_PER_QUERY = 20.0
"""An enumeration that has not ended by then is stopped; the ratio told is then a floor."""
QUERIES = 5


@dataclass
class Naive:
    """What came out of one query: paths tried and seconds up to each length that ended, and the routes."""

    ended: dict[int, float] = field(default_factory=dict)
    vectors: set[Vector] = field(default_factory=set)
    paths: int = 0
    seconds: float = 0.0

    def seconds_at(self, edges: int) -> float:
        """Seconds for paths of up to so many edges; where they did not end, when they were stopped."""
        return self.ended.get(edges, self.seconds)

    @property
    def was_stopped(self) -> bool:
        """True if the enumeration at ten changes did not end in time."""
        return TEN_CHANGES[-1] not in self.ended


class _OutOfTime(Exception):
    pass


def enumerate_simple(network: Network, query: Query, seconds: float) -> Naive:
    """Longer and longer simple paths from the person's place to the goal, until the time is up."""
    traveller = traveller_for(network, query.person, query.day)
    goal = traveller.compiled.for_goal(query.goal)
    ways = {way.transition.id: way for way in traveller.compiled.ways}
    begin = Begin(query.person.at[0], _leaves(traveller), traveller.first_mask())
    targets = {one for wanted in goal.goal.reached.any_of for one in (*wanted.holds, *wanted.at, *wanted.done)}
    graph = nx.MultiDiGraph(network.graph)
    done = Naive(seconds=seconds)
    deadline = time.perf_counter() + seconds
    try:
        for edges in range(2, TEN_CHANGES[-1] + 1, 2):
            began = time.perf_counter()
            for path in _paths(graph, query.person.at[0], targets, edges, deadline):
                done.paths += 1
                moves = [Move(ways[node], False, None) for node in path if node in ways]
                _keep_if_walkable(traveller, goal, begin, moves, done)
            done.ended[edges] = time.perf_counter() - began
    except _OutOfTime:
        pass
    return done


def _leaves(traveller: Traveller) -> int:
    place = traveller.person.at[0]
    return traveller.leaves(place) if place in traveller.compiled.network.stations else traveller.start


def _paths(graph: nx.MultiDiGraph, start: str, targets: set[str], edges: int, deadline: float) -> Iterator[list[str]]:
    for path in nx.all_simple_edge_paths(graph, start, targets, cutoff=edges):
        if time.perf_counter() > deadline:
            raise _OutOfTime
        yield [end for _, end, _ in path]


def _keep_if_walkable(traveller: Traveller, goal: CompiledGoal, begin: Begin, moves: list[Move], done: Naive) -> None:
    steps = walk(traveller, goal, begin, None, moves)
    if not steps:
        return
    last = steps[-1]
    held = (last.mask | last.way.grant) & ~last.way.clear | last.way.done_bit
    if held & goal.goal_mask or last.way.station in goal.goal_enter | goal.goal_done:
        vector = vector_of(goal, begin, steps)
        limits = Sensible()
        if vector[1] <= limits.max_changes and vector[0] <= traveller.start + limits.max_months:
            done.vectors.add(vector)


def beats(one: Vector, other: Vector) -> bool:
    """True if `one` is nowhere worse."""
    return all(mine <= theirs for mine, theirs in zip(one, other, strict=True))


def front(vectors: set[Vector]) -> set[Vector]:
    """Those that no other beats."""
    return {one for one in vectors if not any(beats(other, one) for other in vectors if other != one)}


def _queries(count: int, tiny: bool) -> list[Query]:
    """Queries from easy to hard by labels settled, spread evenly over those of the sixty with two routes or more."""
    several = [
        (found.settled, query.name, query)
        for query, found in outcomes(12 if tiny else None)
        if found.complete and len({trail.vector for trail in found.trails if trail.steps}) > (0 if tiny else 1)
    ]
    ranked = [query for _, _, query in sorted(several, key=lambda one: one[:2])]
    return ranked[:: max(1, -(-len(ranked) // count))][:count]


def route_naive(tiny: bool = False) -> list[Figure]:
    """Filtered `all_simple_edge_paths` at ten changes against the exact search."""
    network = trier()
    times: list[tuple[float, float]] = []
    ours, theirs, found_too, missed, extra, stopped, paths = 0, 0, 0, 0, 0, 0, 0
    queries = _queries(1 if tiny else QUERIES, tiny)
    for query in Patience(110).while_left(queries):
        compiled(network).for_goal(query.goal)
        found = front_of(network, query)
        exact = {trail.vector for trail in found.trails if trail.steps}
        seconds = median([seconds_of(lambda query=query: front_of(network, query)) for _ in range(5)])
        naive = enumerate_simple(network, query, 0.2 if tiny else SECONDS_PER_QUERY)
        naive.vectors = {vector for vector in naive.vectors if vector[0] <= found.latest}
        best = front(naive.vectors)
        short, long = (naive.seconds_at(edges) / seconds for edges in TEN_CHANGES)
        times.append((short, long))
        stopped += naive.was_stopped
        ours, theirs, paths = ours + len(exact), theirs + len(best), paths + naive.paths
        found_too += len(exact & naive.vectors)
        missed += sum(not any(beats(mine, vector) for mine in exact) for vector in best)
        extra += sum(not any(beats(vector, mine) for vector in naive.vectors) for mine in exact)
    note = f"{len(times)} queries, {paths} paths tried, {stopped} stopped after {SECONDS_PER_QUERY:.0f} s"
    bench, edges = "route-naive", "simple paths of 40 edges / front"
    return [
        Figure(bench, f"{edges}, median, at least", median([t for _, t in times]), 500, None, True, "x", note),
        Figure(bench, f"{edges}, hardest, at least", min(t for _, t in times), unit="x"),
        Figure(bench, "simple paths of 20 edges / front, median, at least", median([t for t, _ in times]), unit="x"),
        Figure(bench, "its best routes that we miss", float(missed), reach=0, note=f"it found {theirs} vectors"),
        Figure(bench, "our routes that it has nothing as good for", float(extra), note=f"we found {ours}"),
        Figure(bench, "share of our front that it finds", share(found_too, ours)),
    ]
