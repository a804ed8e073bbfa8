"""The route search itself: on the real network, on generated ones, and beyond what is sensible."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import networkx as nx

from pathways.compiling import compiled
from pathways.narrowing import find_sensible
from pathways.network import Network
from pathways.routes import find_routes, traveller_for
from pathways.searching import Budget, Found, Sensible
from tests.bench.generated import BUND, DENSE, LAND, TINY, VERSION, Size, generate, generated_queries
from tests.bench.measures import ROUNDS, Figure, Patience, interleaved, median, percentile, seconds_of, share
from tests.bench.workloads import DAY, Query, sixty, story_queries, trier

COUNTED = Budget(labels=10_000, milliseconds=None)
"""For counts that come out the same on every machine."""
ONE_SEARCH = Budget(labels=200_000, milliseconds=4_000)
"""The product's own budget; a search that runs out of it is counted as not complete."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One query: the counts of the search, and its time over that of one Dijkstra."""

    query: Query
    found: Found
    ratio: float
    rounds: int
    seconds: float


def has_route(found: Found) -> bool:
    """True if a way was found that has at least one step."""
    return any(trail.steps for trail in found.trails)


def dijkstra_from(network: Network, start: str) -> Callable[[], object]:
    """The unit of all ratios: one networkx Dijkstra over the whole graph, from the person's place."""
    graph = network.graph
    return lambda: nx.single_source_dijkstra_path_length(graph, start)


def front_of(network: Network, query: Query, sensible: Sensible | None = None, budget: Budget = ONE_SEARCH) -> Found:
    """The exact front as the product searches for it, with the goal compiled and a person never seen before."""
    traveller = traveller_for(network, query.person, query.day)
    return find_sensible(traveller, traveller.compiled.for_goal(query.goal), sensible or Sensible(), budget)


@cache
def outcomes(count: int | None = None) -> list[tuple[Query, Found]]:
    """The sixty (or the first few) with what the search finds, once per run of the benches."""
    network = trier()
    return [(query, front_of(network, query, None, COUNTED)) for query in sixty(network)[:count]]


def with_route(tiny: bool) -> list[Query]:
    """Those of the sixty that have a route of at least one step."""
    found = outcomes(12 if tiny else None)
    return [query for query, front in found if has_route(front)]


def without_route(tiny: bool) -> list[Query]:
    """Those of the sixty for which the search ended without any route."""
    found = outcomes(12 if tiny else None)
    return [query for query, front in found if not front.trails and front.complete]


def measure(
    network: Network,
    queries: Sequence[Query],
    patience: Patience,
    *,
    rounds: int = ROUNDS,
    each: float = 0.5,
) -> list[Measured]:
    """All queries one after the other, each in turns with a Dijkstra on the same graph."""
    done = []
    for query in patience.while_left(shuffled(queries)):
        compiled(network).for_goal(query.goal)
        found = front_of(network, query)

        def front(query: Query = query) -> Found:
            return front_of(network, query)

        ratio = interleaved(front, dijkstra_from(network, query.person.at[0]), rounds=rounds, patience=each)
        done.append(Measured(query, found, ratio.value, ratio.rounds, ratio.seconds))
    return done


def _counts(bench: str, label: str, done: Sequence[tuple[Query, Found]]) -> list[Figure]:
    """Settled labels per label on an answer route: the figure that does not depend on the machine."""
    found = [front for _, front in done if has_route(front)]
    per_answer = [front.settled / front.on_answers for front in found]
    settled = sum(front.settled for front in found)
    on_answers = sum(front.on_answers for front in found)
    complete = share(sum(front.complete for _, front in done), len(done))
    fronts = [len(front.trails) for front in found]
    query, hardest = max(done, key=lambda pair: pair[1].settled)
    return [
        Figure(bench, f"{label}: settled per answer label, median", median(per_answer), beat=7.7, reach=5),
        Figure(bench, f"{label}: settled per answer label, sums", settled / max(1, on_answers), beat=9.9),
        Figure(bench, f"{label}: share complete", complete, reach=1.0, higher_is_better=True),
        Figure(
            bench, f"{label}: front, median and largest", f"{median(fronts):.0f} / {max(fronts, default=0)}",
            note=f"{len(done)} queries, {len(found)} with a route",
        ),
        Figure(bench, f"{label}: hardest query, labels settled", float(hardest.settled), note=query.name),
    ]  # fmt: skip


def _ratios(bench: str, label: str, done: Sequence[Measured], beat: tuple[float, float] | None) -> list[Figure]:
    found = [one.ratio for one in done if has_route(one.found)]
    without = [one.ratio for one in done if not has_route(one.found)]
    few = sum(one.rounds < ROUNDS for one in done)
    note = f"{len(done)} timed, {len(found)} with a route" + (f", {few} with fewer than {ROUNDS} rounds" if few else "")
    p50, p99 = beat or (None, None)
    goals = (5.0, 40.0) if beat else (None, None)
    return [
        Figure(bench, f"{label}: front / one Dijkstra, p50", median(found), p50, goals[0], False, "x", note),
        Figure(bench, f"{label}: front / one Dijkstra, p99", percentile(found, 0.99), p99, goals[1], unit="x"),
        Figure(bench, f"{label}: no route / one Dijkstra, p50", percentile(without, 0.5), unit="x"),
        Figure(bench, f"{label}: no route / one Dijkstra, p99", percentile(without, 0.99), unit="x"),
    ]  # fmt: skip


def route_real(tiny: bool = False) -> list[Figure]:
    """The exact front on the real network: all stories, and sixty persons with a goal."""
    network, each = trier(), 0.1 if tiny else 0.4
    stories = story_queries(network)[: 2 if tiny else None]
    for query in stories:
        compiled(network).for_goal(query.goal)
    counted = outcomes(12 if tiny else None)
    told = [(query, front_of(network, query, None, COUNTED)) for query in stories]
    asked = [query for query, _ in counted[-2 if tiny else None :]]
    bench = "route-real"
    figures = [*_counts(bench, "sixty", counted)]
    figures += _ratios(bench, "sixty", measure(network, asked, Patience(30), each=each), (5.7, 83))
    figures += _whole(bench, network, with_route(tiny)[: 1 if tiny else None])
    figures += _counts(bench, "stories", told)
    return figures + _ratios(bench, "stories", measure(network, stories, Patience(12), each=each), (5.7, 83))


def _whole(bench: str, network: Network, queries: Sequence[Query]) -> list[Figure]:
    """The whole answer, with its alternatives, plans and questions, over the front alone."""
    ratios = []
    for query in Patience(15).while_left(shuffled(queries)):
        answer = seconds_of(lambda q=query: find_routes(network, q.person, q.goal, q.day, budget=ONE_SEARCH))
        ratios.append(answer / seconds_of(lambda q=query: front_of(network, q)))
    note = f"{len(ratios)} queries"
    return [
        Figure(bench, "sixty: whole answer / front, p50", median(ratios), unit="x", note=note),
        Figure(bench, "sixty: whole answer / front, most", max(ratios), unit="x"),
    ]


def shuffled(queries: Sequence[Query]) -> list[Query]:
    """The same order every time, mixed, so that those that fit into the time stand for all."""
    return random.Random(VERSION).sample(queries, k=len(queries))


_MEASURED: dict[str, tuple[Network, list[Measured]]] = {}


def measure_generated(size: Size, count: int, seconds: float) -> tuple[Network, list[Measured]]:
    """A generated network and its queries, measured once per run of the benches."""
    if size.name not in _MEASURED:
        network = generate(size)
        queries = [Query(person, goal, DAY) for person, goal in generated_queries(size, count)]
        _MEASURED[size.name] = (network, measure(network, queries, Patience(seconds), rounds=3, each=0.4))
    return _MEASURED[size.name]


def _generated(bench: str, size: Size, count: int, seconds: float, tiny: bool) -> list[Figure]:
    if tiny:
        size, count, seconds = TINY, 2, 1
    network, done = measure_generated(size, count, seconds)
    what = f"{len(network.stations)} stations, {len(network.transitions)} transitions, generator {VERSION}"
    return [
        Figure(bench, "network", what),
        *_counts(bench, size.name, [(one.query, one.found) for one in done]),
        *_ratios(bench, size.name, done, None),
    ]


def route_land(tiny: bool = False) -> list[Figure]:
    """One generated Land, about as large as the real network."""
    return _generated("route-land", LAND, 60, 18, tiny)


def route_bund(tiny: bool = False) -> list[Figure]:
    """Sixteen generated Länder with four hundred municipalities."""
    return _generated("route-bund", BUND, 40, 30, tiny)


def route_dense(tiny: bool = False) -> list[Figure]:
    """One Land with twice the ways per station: what more choice costs."""
    figures = _generated("route-dense", DENSE, 60, 18, tiny)
    _, sparse = measure_generated(TINY if tiny else LAND, 60, 18)
    _, dense = measure_generated(TINY if tiny else DENSE, 60, 18)
    times = [percentile([one.seconds for one in done if has_route(one.found)], 0.99) for done in (dense, sparse)]
    figures.append(Figure("route-dense", "p99 time / that of route-land", times[0] / times[1], reach=20, unit="x"))
    return figures


def budget(tiny: bool = False) -> list[Figure]:
    """Sixteen changes and twenty-five years: how much of that the product's budget still covers."""
    network = trier()
    wide = Sensible(max_changes=16, max_months=300)
    done = [
        front_of(network, query, wide, Budget(ONE_SEARCH.labels, 100 if tiny else ONE_SEARCH.milliseconds))
        for query in Patience(18).while_left(sixty(network)[: 2 if tiny else None : 2])
    ]
    complete = share(sum(found.complete for found in done), len(done))
    return [
        Figure("budget", "K 16, H 300: share complete", complete, reach=1.0, higher_is_better=True),
        Figure("budget", "K 16, H 300: most labels settled", float(max(found.settled for found in done))),
        Figure("budget", "K 16, H 300: queries", float(len(done))),
    ]
