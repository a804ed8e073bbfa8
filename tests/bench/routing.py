"""The route search itself: on the real network, on generated ones, and beyond what is sensible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import networkx as nx

from pathways.compiling import compiled
from pathways.network import Network
from pathways.routes import find_routes, traveller_for
from pathways.searching import Budget, Found, Sensible, find_front
from tests.bench.generated import BUND, DENSE, LAND, TINY, VERSION, Size, generate, generated_queries
from tests.bench.measures import ROUNDS, Figure, Patience, interleaved, median, percentile, share
from tests.bench.workloads import DAY, Query, sixty, story_queries, trier

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
    whole: float | None = None

    @property
    def has_route(self) -> bool:
        """True if a way was found that has at least one step."""
        return any(trail.steps for trail in self.found.trails)


def dijkstra_from(network: Network, start: str) -> Callable[[], object]:
    """The unit of all ratios: one networkx Dijkstra over the whole graph, from the person's place."""
    graph = network.graph
    return lambda: nx.single_source_dijkstra_path_length(graph, start)


def front_of(network: Network, query: Query, sensible: Sensible | None = None, budget: Budget = ONE_SEARCH) -> Found:
    """The exact front with the goal compiled and a person never seen before."""
    traveller = traveller_for(network, query.person, query.day)
    return find_front(traveller, traveller.compiled.for_goal(query.goal), sensible, budget)


@cache
def outcomes(count: int | None = None) -> list[tuple[Query, Found]]:
    """The sixty (or the first few) with what the search finds, once per run of the benches."""
    network = trier()
    return [(query, front_of(network, query)) for query in sixty(network)[:count]]


def with_route(tiny: bool) -> list[Query]:
    """Those of the sixty that have a route of at least one step."""
    found = outcomes(12 if tiny else None)
    return [query for query, front in found if any(trail.steps for trail in front.trails)]


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
    whole_every: int = 0,
) -> list[Measured]:
    """All queries one after the other, each in turns with a Dijkstra on the same graph."""
    done = []
    for number, query in enumerate(patience.while_left(queries)):
        compiled(network).for_goal(query.goal)
        found = front_of(network, query)

        def front(query: Query = query) -> Found:
            return front_of(network, query)

        ratio = interleaved(front, dijkstra_from(network, query.person.at[0]), rounds=rounds, patience=each)
        whole = None
        if whole_every and number % whole_every == 0 and any(trail.steps for trail in found.trails):

            def answer(query: Query = query) -> object:
                return find_routes(network, query.person, query.goal, query.day, budget=ONE_SEARCH)

            whole = interleaved(answer, front, rounds=3, patience=each).value
        done.append(Measured(query, found, ratio.value, ratio.rounds, ratio.seconds, whole))
    return done


def _counts(bench: str, label: str, done: Sequence[Measured]) -> list[Figure]:
    """Settled labels per label on an answer route: the figure that does not depend on the machine."""
    with_route = [one for one in done if one.has_route]
    per_answer = [one.found.settled / one.found.on_answers for one in with_route]
    settled = sum(one.found.settled for one in with_route)
    on_answers = sum(one.found.on_answers for one in with_route)
    complete = share(sum(one.found.complete for one in done), len(done))
    fronts = [len(one.found.trails) for one in with_route]
    hardest = max(done, key=lambda one: one.seconds)
    return [
        Figure(bench, f"{label}: settled per answer label, median", median(per_answer), beat=7.7, reach=5),
        Figure(bench, f"{label}: settled per answer label, sums", settled / max(1, on_answers), beat=9.9),
        Figure(bench, f"{label}: share complete", complete, reach=1.0, higher_is_better=True),
        Figure(
            bench, f"{label}: front, median and largest", f"{median(fronts):.0f} / {max(fronts, default=0)}",
            note=f"{len(done)} queries, {len(with_route)} with a route",
        ),
        Figure(
            bench, f"{label}: hardest query, labels settled", float(hardest.found.settled),
            note=f"{hardest.query.name}, {hardest.seconds * 1000:.0f} ms",
        ),
    ]  # fmt: skip


def _ratios(bench: str, label: str, done: Sequence[Measured], beat: tuple[float, float] | None) -> list[Figure]:
    with_route = [one.ratio for one in done if one.has_route]
    without = [one.ratio for one in done if not one.has_route]
    few = sum(one.rounds < ROUNDS for one in done)
    note = f"{few} of {len(done)} with fewer than {ROUNDS} rounds" if few else ""
    p50, p99 = beat or (None, None)
    goals = (5.0, 40.0) if beat else (None, None)
    return [
        Figure(bench, f"{label}: front / one Dijkstra, p50", median(with_route), p50, goals[0], False, "x", note),
        Figure(bench, f"{label}: front / one Dijkstra, p99", percentile(with_route, 0.99), p99, goals[1], unit="x"),
        Figure(bench, f"{label}: no route / one Dijkstra, p50", percentile(without, 0.5), unit="x"),
        Figure(bench, f"{label}: no route / one Dijkstra, p99", percentile(without, 0.99), unit="x"),
    ]  # fmt: skip


def route_real(tiny: bool = False) -> list[Figure]:
    """The exact front on the real network: all stories, and sixty persons with a goal."""
    network = trier()
    figures = []
    parts = [("sixty", sixty(network), 35.0, 4), ("stories", story_queries(network), 20.0, 40)]
    for label, queries, seconds, whole_every in parts:
        queries = queries[:2] if tiny else queries
        done = measure(network, queries, Patience(seconds), each=0.1 if tiny else 0.4, whole_every=whole_every)
        figures += _counts("route-real", label, done)
        figures += _ratios("route-real", label, done, (5.7, 83))
        whole = [one.whole for one in done if one.whole is not None]
        figures.append(Figure("route-real", f"{label}: whole answer / front, p50", median(whole), unit="x"))
        figures.append(Figure("route-real", f"{label}: whole answer / front, p99", percentile(whole, 0.99), unit="x"))
    return figures


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
        *_counts(bench, size.name, done),
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
    times = [percentile([one.seconds for one in done if one.has_route], 0.99) for done in (dense, sparse)]
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
