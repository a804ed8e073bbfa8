"""Lower bounds on what is still to come: backward shortest paths over who can lead to whom, most rules ignored.

They guide the search (NAMOA*, Mandow and Pérez de la Cruz, 2010): whatever rules and dates say, no real way takes less.
Two ideas make them sharp. A transition is walked from one thing it needs only, and any will do: its origin, or a
landmark, something one of its rules asks for (Hoffmann, Porteous and Sebastia, 2004); what is had last is chosen, as
in the cost-sharing heuristics of planning (Helmert and Domshlak, 2009). And where the criteria pull apart, a set of
bounds says more than the least of each (bound sets, Ehrgott and Gandibleux, 2007).
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import networkx as nx

from pathways.network import Network
from pathways.qualification import Goal
from pathways.station import Station
from pathways.way import Way, done_token, early_exit, early_exits, goal_tokens

UNREACHABLE = 10**6
Bound = tuple[int, int, int, int]
"""Lower bounds on months, changes, open points and unpaid months still to come."""
NOWHERE: Bound = (UNREACHABLE, UNREACHABLE, UNREACHABLE, UNREACHABLE)
NOTHING: Bound = (0, 0, 0, 0)
BoundSet = tuple[Bound, ...]
"""No real way takes less than each of these: whatever is still to come is at least as much as one of them."""
Steps = dict[str, dict[str, list[Bound]]]
"""What every step takes at least, by where it leads to, then by where it starts."""


def least(one: Bound, other: Bound) -> Bound:
    """The lesser of each criterion."""
    return (min(one[0], other[0]), min(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3]))


def unbeaten(bounds: Iterable[Bound]) -> BoundSet:
    """Those that no other is at least as good as in everything, each once, in order."""
    kept: list[Bound] = []
    for bound in sorted(bounds):
        _, changes, opens, unpaid = bound
        if not any(one[1] <= changes and one[2] <= opens and one[3] <= unpaid for one in kept):
            kept.append(bound)
    return tuple(kept)


def steps_to(
    ways: Sequence[Way],
    goal: Goal,
    bits: Mapping[str, int],
    least_opens: Mapping[int, int],
    supporters: Mapping[int, Sequence[str]],
) -> Steps:
    """Who can lead to whom, with what each step takes at least.

    ``least_opens``: open points a way costs at least, by its index; ``supporters``: tokens to walk a way from instead
    of its origins, by its index.
    """
    steps: Steps = defaultdict(dict)

    def step(start: str, end: str, bound: Bound) -> None:
        steps[end].setdefault(start, []).append(bound)

    for wanted in goal.reached.any_of:
        for one in wanted.at:
            step(f"enter:{one}", "goal", NOTHING)
        for one in wanted.done:
            step(one, "goal", NOTHING)
    for token in goal_tokens(goal):
        step(token, "goal", NOTHING)
    entered = {one for wanted in goal.reached.any_of for one in wanted.at}
    least_stays: dict[str, tuple[int, int]] = {}
    for way in ways:
        if way.station is not None:
            months, unpaid = least_stays.get(way.station, (way.stay, way.stay))
            least_stays[way.station] = (min(months, way.stay), min(unpaid, way.stay if way.unpaid else 0))
    for way in ways:
        opens = least_opens.get(way.index, 0)
        supporter = supporters.get(way.index)
        starts = supporter if supporter is not None else way.starts_at
        if way.station is None:
            for start in starts:
                for token in way.gives:
                    step(start, token, (way.least_delay, 0, opens, 0))
            continue
        door, beside = f"enter:{way.station}", bool(way.hosts)
        for start in starts:
            step(start, door, (0, 0, opens, 0) if beside else (way.least_delay, way.changes, opens, 0))
        for host in way.hosts:
            if way.station in entered:
                step(f"enter:{host}", door, (0, 0, opens, 0))
            if supporter is None and host in least_stays:
                months, unpaid = least_stays[host]
                step(f"enter:{host}", done_token(way.station), (max(months, way.stay), 0, opens, unpaid))
        unpaid = way.stay if way.unpaid and not beside else 0
        step(door, way.station, (way.stay, 0, 0, unpaid))
        for months in way.early:
            step(door, early_exit(way.station, months), (min(way.stay, months), 0, 0, min(unpaid, months)))
        if done_token(way.station) in bits:
            step(way.station, done_token(way.station), NOTHING)
    return steps


def lower_bounds(steps: Steps) -> dict[str, Bound]:
    """The least of each criterion from every place (``id``, or ``enter:id`` for its door) and token to the goal."""
    backwards: nx.DiGraph[str] = nx.DiGraph()
    backwards.add_node("goal")
    for end, starts in steps.items():
        for start, bounds in starts.items():
            months, changes, opens, unpaid = (min(criterion) for criterion in zip(*bounds, strict=True))
            backwards.add_edge(end, start, months=months, changes=changes, opens=opens, unpaid=unpaid)
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


def bound_sets(steps: Steps, most_months: int, most_changes: int) -> dict[str, BoundSet]:
    """All unbeaten combinations of the criteria from every place and token to the goal, within these limits.

    Multicriteria label-setting (Martins, 1984): labels come in order of months, so later ones need not compare them.
    """
    found: dict[str, list[Bound]] = {}
    inwards = {
        end: [(start, bound) for start, bounds in starts.items() for bound in unbeaten(bounds)]
        for end, starts in steps.items()
    }
    queue: list[tuple[Bound, str]] = [(NOTHING, "goal")]
    while queue:
        bound, node = heapq.heappop(queue)
        months, changes, opens, unpaid = bound
        known = found.setdefault(node, [])
        if any(one[1] <= changes and one[2] <= opens and one[3] <= unpaid for one in known):
            continue
        known.append(bound)
        for start, (more, changing, opening, unpaying) in inwards.get(node, ()):
            further = (months + more, changes + changing, opens + opening, unpaid + unpaying)
            if further[0] <= most_months and further[1] <= most_changes:
                heapq.heappush(queue, (further, start))
    return {node: tuple(bounds) for node, bounds in found.items()}


def way_node(index: int) -> str:
    """Node of a way itself in `months_to_go`."""
    return f"way:{index}"


def months_to_go(network: Network, ways: Iterable[Way], reached: Iterable[str]) -> dict[str, int]:
    """Least months to the goal from every place, token and way, whether it leads on or gives what a rule asks for.

    ``reached``: places and tokens that reach the goal. Nothing that helps a route in any manner takes less.
    """
    backwards: nx.DiGraph[str] = nx.DiGraph()
    practice = [one for station in network.stations.values() if station.practice for one in _ends(station)]

    def step(start: str, end: str, months: int) -> None:
        if not backwards.has_edge(end, start) or backwards.edges[end, start]["months"] > months:
            backwards.add_edge(end, start, months=months)

    for way in ways:
        node = way_node(way.index)
        if way.station is None:
            for token in way.gives:
                step(node, token, 0)
        else:
            beside = bool(way.hosts)
            step(node, f"enter:{way.station}", 0)
            step(node, way.station, 0 if beside else way.stay)
            for early in way.early:
                step(node, early_exit(way.station, early), 0 if beside else min(early, way.stay))
            step(way.station, done_token(way.station), 0)
        for source in (*way.leaves, *(token for token, _ in way.tokens), *(practice if way.counts_work else ())):
            step(source, node, 0)
        for host in way.hosts:
            step(f"enter:{host}", node, 0)
            step(host, node, 0)
    for place in reached:
        step(place, "goal", 0)
    if "goal" not in backwards:
        return {}
    found = nx.single_source_dijkstra_path_length(backwards, "goal", weight="months")
    return {str(node): int(months) for node, months in found.items()}


def _ends(station: Station) -> Iterator[str]:
    """Places where a stay in a station may end."""
    yield station.id
    for months in early_exits(station):
        yield early_exit(station.id, months)
