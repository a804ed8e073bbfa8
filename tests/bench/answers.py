"""Answers built on the search: reach, the useful "no", bounds and compiled goals, alternatives that differ."""

from __future__ import annotations

import networkx as nx

from pathways.blocking import explain_blocked
from pathways.compiling import compile_network, compiled
from pathways.network import Network
from pathways.reaching import Reach, find_reach
from pathways.routes import find_routes, least_distance, traveller_for
from pathways.searching import Budget, Found, Sensible, find_front
from tests.bench.measures import Figure, Patience, interleaved, median, percentile, seconds_of, share
from tests.bench.routing import ONE_SEARCH, dijkstra_from, front_of, shuffled, with_route, without_route
from tests.bench.workloads import Query, sixty, trier

EXPLAINING = Budget(labels=2_000, milliseconds=2_000)
"""A "no" must be explained within this; otherwise it counts as not explained."""


def reach(tiny: bool = False) -> list[Figure]:
    """Everything reachable from here against one route query of the same person."""
    network = trier()
    chosen = with_route(tiny)
    per_query, per_front, per_route, counts, complete = [], [], [], [], 0
    queries = chosen[:1] if tiny else chosen[::4]
    patience = Patience(25)
    for query in patience.while_left(shuffled(queries)):

        def everything(query: Query = query) -> Reach:
            return find_reach(network, query.person, query.day)

        def one(query: Query = query) -> object:
            return find_routes(network, query.person, query.goal, query.day, budget=ONE_SEARCH)

        answer = everything()  # compiles its goals, which are kept
        counts.append(len(answer.destinations))
        complete += answer.complete
        per_query.append(seconds_of(everything))
        per_route.append(seconds_of(one))
        per_front.append(seconds_of(lambda q=query: front_of(network, q)))
    return [
        Figure("reach", "all / route query, medians", median(per_query) / median(per_route), reach=20, unit="x"),
        Figure("reach", "all / front alone, medians", median(per_query) / median(per_front), unit="x"),
        Figure("reach", "all / route query, sums", sum(per_query) / sum(per_route), reach=20, unit="x"),
        Figure("reach", "destinations, median", median(counts), note=f"{len(counts)} persons"),
        Figure("reach", "share complete", share(complete, len(counts)), reach=1.0, higher_is_better=True),
    ]  # fmt: skip


def whynot(tiny: bool = False) -> list[Figure]:
    """A "no" with its reasons against the search that failed."""
    network = trier()
    ratios, connected_ones, explained, tried, ours, failed = [], [], 0, 0, 0.0, 0.0
    queries = without_route(tiny)
    allowed = Budget(labels=100) if tiny else EXPLAINING
    for query in Patience(15).while_left(queries[:1] if tiny else queries):
        goal = compiled(network).for_goal(query.goal)

        def explain(query: Query = query) -> tuple[object, ...]:
            traveller = traveller_for(network, query.person, query.day)
            return explain_blocked(traveller, compiled(network).for_goal(query.goal), Sensible(), allowed)

        def fail(query: Query = query) -> Found:
            traveller = traveller_for(network, query.person, query.day)
            return find_front(traveller, compiled(network).for_goal(query.goal), None, ONE_SEARCH)

        tried += 1
        connected = any(place in network.graph and _leads_to(network, place, goal.goal.id) for place in query.person.at)
        explained += bool(explain()) or not connected
        ratios.append(interleaved(explain, fail, patience=0.3).value)
        if connected:
            connected_ones.append(ratios[-1])
        ours += seconds_of(explain)
        failed += seconds_of(fail)
    sums = ours / failed if failed else float("nan")
    return [
        Figure("whynot", "explained / the failed search, median", median(ratios), reach=3, unit="x"),
        Figure("whynot", "the same where some way is in the data", median(connected_ones), reach=3, unit="x"),
        Figure("whynot", "explained / the failed search, p99", percentile(ratios, 0.99), unit="x"),
        Figure("whynot", "explained / the failed search, sums", sums, reach=3, unit="x"),
        Figure(
            "whynot", "share explained", share(explained, tried), reach=1.0, higher_is_better=True,
            note=f"{tried} queries without a route; no way in the data counts as explained",
        ),
    ]  # fmt: skip


def _leads_to(network: Network, place: str, goal_id: str) -> bool:
    goal = network.get_goal(goal_id)
    wanted = {one for part in goal.reached.any_of for one in (*part.holds, *part.at, *part.done)}
    return bool(wanted & nx.descendants(network.graph, place))


def bounds(tiny: bool = False) -> list[Figure]:
    """Compiling: the network once, a goal once per network."""
    network = trier()
    backwards = network.graph.reverse()
    per_goal, per_front = [], []
    goals = sorted(network.goals)[: 2 if tiny else None]
    for goal_id in goals:
        wanted = network.goals[goal_id].reached.any_of[0]
        target = (*wanted.holds, *wanted.at, *wanted.done)[0]

        def compile_cold(goal_id: str = goal_id) -> object:
            compiled(network).goals.clear()
            return compiled(network).for_goal(goal_id)

        def dijkstra(target: str = target) -> object:
            return nx.single_source_dijkstra_path_length(backwards, target)

        per_goal.append(interleaved(compile_cold, dijkstra, patience=0.3).value)
    start = sorted(network.situations)[0]
    whole = interleaved(lambda: compile_network(network), dijkstra_from(network, start), patience=0.5)
    for query in sixty(network)[: 2 if tiny else 20]:
        compiled(network).for_goal(query.goal)
        own = interleaved(
            lambda q=query: front_of(network, q),
            lambda: nx.single_source_dijkstra_path_length(backwards, target),
            patience=0.2,
        )
        per_front.append(own.value)
    return [
        Figure("bounds", "compile a goal, cold / one backward Dijkstra, p50", median(per_goal), unit="x"),
        Figure("bounds", "compile a goal, cold / one backward Dijkstra, most", max(per_goal), unit="x"),
        Figure("bounds", "compile the network / one Dijkstra", whole.value, unit="x"),
        Figure("bounds", "front / one backward Dijkstra, p50", median(per_front), unit="x"),
    ]


def diverse(tiny: bool = False) -> list[Figure]:
    """The six routes shown first against the six fastest: how far the two most alike are apart."""
    network = trier()
    shown, fastest = [], []
    for query in Patience(18).while_left(with_route(tiny)[: 2 if tiny else None]):
        answer = find_routes(
            network, query.person, query.goal, query.day, budget=ONE_SEARCH, plans=False, questions=False
        )
        if len(answer.routes) <= len(answer.shown):
            continue
        quickest = sorted(range(len(answer.routes)), key=lambda index: answer.routes[index].vector)
        shown.append(least_distance(answer.routes, answer.shown))
        fastest.append(least_distance(answer.routes, quickest[: len(answer.shown)]))
    better = sum(one >= other for one, other in zip(shown, fastest, strict=True))
    return [
        Figure("diverse", "least distance of the six shown, median", median(shown), higher_is_better=True),
        Figure("diverse", "least distance of the six fastest, median", median(fastest)),
        Figure("diverse", "share at least as different", share(better, len(shown)), reach=0.95, higher_is_better=True),
        Figure("diverse", "answers with more than six routes", float(len(shown))),
    ]
