"""Lower bounds on what is still to come: one backward shortest path for each criterion, conditions ignored.

They guide the search (NAMOA*, Mandow and Pérez de la Cruz, 2010): whatever rules and dates say, no real way takes less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import networkx as nx

from pathways.network import Network
from pathways.qualification import Goal
from pathways.transition import Transition
from pathways.way import Way, done_token, early_exit, goal_tokens, positions_of

UNREACHABLE = 10**6
Bound = tuple[int, int, int, int]
"""Lower bounds on months, changes, open points and unpaid months still to come."""
NOWHERE: Bound = (UNREACHABLE, UNREACHABLE, UNREACHABLE, UNREACHABLE)


def least(one: Bound, other: Bound) -> Bound:
    """The lesser of each criterion."""
    return (min(one[0], other[0]), min(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3]))


def _graph(
    network: Network, ways: Sequence[Way], goal: Goal, bits: Mapping[str, int], least_opens: Mapping[int, int]
) -> nx.DiGraph[str]:
    """Who can lead to whom, with the least of each criterion on every step, conditions ignored."""
    graph: nx.DiGraph[str] = nx.DiGraph()

    def step(start: str, end: str, months: int, changes: int, opens: int, unpaid: int) -> None:
        old = graph.edges[start, end] if graph.has_edge(start, end) else None
        graph.add_edge(
            start,
            end,
            months=min(months, old["months"]) if old else months,
            changes=min(changes, old["changes"]) if old else changes,
            opens=min(opens, old["opens"]) if old else opens,
            unpaid=min(unpaid, old["unpaid"]) if old else unpaid,
        )

    graph.add_node("goal")
    entered = {one for wanted in goal.reached.any_of for one in wanted.at}
    for wanted in goal.reached.any_of:
        for one in wanted.at:
            step(f"enter:{one}", "goal", 0, 0, 0, 0)
        for one in wanted.done:
            step(one, "goal", 0, 0, 0, 0)
    for token in goal_tokens(goal):
        step(token, "goal", 0, 0, 0, 0)
    for way in ways:
        transition = way.transition
        opens = least_opens.get(way.index, 0)
        beside = bool(way.hosts)
        for origin in transition.origins:
            for start in _nodes_of(network, origin, transition):
                if way.station is None:
                    for token in way.gives:
                        step(start, token, way.least_delay, 0, opens, 0)
                else:
                    months = 0 if beside else way.least_delay
                    step(start, f"enter:{way.station}", months, 0 if beside else way.changes, opens, 0)
        for host in way.hosts:
            step(host, f"enter:{way.station}", 0, 0, opens, 0)
            if way.station in entered:
                step(f"enter:{host}", f"enter:{way.station}", 0, 0, opens, 0)
        if way.station is not None:
            stay = 0 if beside else way.stay
            unpaid = stay if way.unpaid else 0
            step(f"enter:{way.station}", way.station, stay, 0, 0, unpaid)
            for months in way.early:
                step(
                    f"enter:{way.station}",
                    early_exit(way.station, months),
                    min(stay, months),
                    0,
                    0,
                    min(unpaid, months),
                )
            if done_token(way.station) in bits:
                step(way.station, done_token(way.station), 0, 0, 0, 0)
    return graph


def _nodes_of(network: Network, origin: str, transition: Transition) -> Iterator[str]:
    if origin in network.stations:
        yield from positions_of(network, origin, transition)
        yield done_token(origin)
    else:
        yield origin


def lower_bounds(
    network: Network, ways: Sequence[Way], goal: Goal, bits: Mapping[str, int], least_opens: Mapping[int, int]
) -> dict[str, Bound]:
    """Bounds from every place (``id``, or ``enter:id`` for its door) and token from which these ways can lead there.

    ``least_opens``: open points a way costs at least, by its index.
    """
    backwards = _graph(network, ways, goal, bits, least_opens).reverse(copy=False)
    per_criterion = [
        nx.single_source_dijkstra_path_length(backwards, "goal", weight=criterion)
        for criterion in ("months", "changes", "opens", "unpaid")
    ]
    return {
        str(node): (
            int(per_criterion[0][node]),
            int(per_criterion[1][node]),
            int(per_criterion[2][node]),
            int(per_criterion[3][node]),
        )
        for node in per_criterion[0]
    }
