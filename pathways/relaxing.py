"""A generous view of what a person can reach: every exclusion forgotten, nothing ever lost, all gains shared.

Whatever is out of reach here is out of reach for certain, and no real way arrives earlier. One pass in order of time
(a time-dependent shortest path search, Dijkstra; waiting is allowed, so earlier is never worse): each rule is judged
with all that anybody could have gained by then, and again whenever something it looks at is gained.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field

from pathways.compiling import CompiledGoal, CompiledNetwork
from pathways.traveller import Option, Traveller
from pathways.way import FREE, Way, done_token, early_exit

PLENTY = 600
"""Months of work assumed to be had: the generous view never lacks practice."""


@dataclass(slots=True)
class Relaxed:
    """What a person can reach at best. Months are month indexes."""

    times: dict[str, int] = field(default_factory=dict)
    """Month in which each station is entered (``enter:id``) or left (``id``), or each token is held; and in which a
    stay of so many months begins beside which courses may run (``beside:id:months``)."""
    starts: dict[int, int] = field(default_factory=dict)
    """Month in which each transition, by its index, is taken."""
    mask: int = 0
    """All that is ever held, with nothing shut out."""


def relax(traveller: Traveller, among: frozenset[int] | None = None) -> Relaxed:
    """Lower bounds for one person on when everything can be reached; ``among``: by these ways only (indexes)."""
    compiled = traveller.compiled
    among = compiled.all_ways if among is None else among
    found = Relaxed(mask=traveller.first_mask() | compiled.nothing_lacked)
    queue = list(_beginnings(traveller))
    heapq.heapify(queue)
    ready: set[int] = set()
    lasting: dict[str, int] = {}
    while queue:
        months, node = heapq.heappop(queue)
        if node in found.times:
            continue
        found.times[node] = months
        if node.startswith("beside:"):
            _, host, stay = node.split(":")
            lasting[host] = min(int(stay), lasting.get(host, int(stay)))
            touched = compiled.alongside_at[host]
        else:
            touched = compiled.from_position.get(node, ()) + compiled.from_token.get(node, ())
        ready.update(way.index for way in touched)
        if not found.mask & compiled.bits.get(node, 0):
            found.mask |= compiled.bits.get(node, 0)
            touched += tuple(way for way in compiled.looked_at_by.get(node, ()) if way.index in ready)
        for way in touched:
            if way.index not in among:
                continue
            if not way.only_alongside and any(one in found.times for one in way.leaves):
                _take(traveller, way, months, found, queue, None)
            stays = [lasting[host] for host in way.hosts if host in lasting and _may_begin(way, host, found)]
            if stays:
                _take(traveller, way, months, found, queue, months + min(stays))
    return found


def _may_begin(way: Way, host: str, found: Relaxed) -> bool:
    return host in way.transition.origins or bool(found.mask & way.origin_mask)


def _stations_at(traveller: Traveller) -> Iterator[str]:
    return (place for place in traveller.person.at if place in traveller.compiled.network.stations)


def earliest(traveller: Traveller) -> dict[str, int]:
    """Lower bound on the month in which each station is entered (``enter:id``), left (``id``), or token is held."""
    return relax(traveller).times


def _beginnings(traveller: Traveller) -> Iterator[tuple[int, str]]:
    compiled, start = traveller.compiled, traveller.start
    yield start, FREE
    first = traveller.first_mask()
    yield from ((start, token) for token, bit in compiled.bits.items() if first & bit)
    for place in _stations_at(traveller):
        leaves = traveller.leaves(place)
        yield from ((start, f"enter:{place}"), (leaves, place), (leaves, done_token(place)))
        if place in compiled.alongside_at:
            yield start, f"beside:{place}:{leaves - start}"


def best_options(traveller: Traveller, way: Way, months: int, mask: int) -> tuple[Option, ...]:
    """Ways to take a transition where practice is never lacking."""
    return traveller.options(way, months, mask, PLENTY if way.counts_work else 0)


def _take(
    traveller: Traveller, way: Way, months: int, found: Relaxed, queue: list[tuple[int, str]], host_ends: int | None
) -> None:
    """Take a transition when ready in month `months`; with ``host_ends``, beside a stop that ends then at best."""
    options = best_options(traveller, way, months, found.mask)
    if not options:
        return
    start = options[0].start
    found.starts[way.index] = min(start, found.starts.get(way.index, start))
    for reached in _reached(traveller.compiled, way, start, host_ends):
        if reached[1] not in found.times:
            heapq.heappush(queue, reached)


def _reached(compiled: CompiledNetwork, way: Way, start: int, host_ends: int | None) -> Iterator[tuple[int, str]]:
    if way.station is None:
        yield from ((start, token) for token in way.gives)
        return
    yield start, f"enter:{way.station}"
    if host_ends is not None:
        yield max(start + way.stay, host_ends), done_token(way.station)
        return
    if way.station in compiled.alongside_at:
        yield start, f"beside:{way.station}:{way.stay}"
    for early in way.exits:
        yield (start + way.stay, way.station) if early is None else (start + early, early_exit(way.station, early))
    if way.done_bit:
        yield start + way.stay, done_token(way.station)


def can_reach(times: dict[str, int], goal: CompiledGoal) -> bool:
    """False if the goal is out of reach for certain."""
    if any(f"enter:{one}" in times for one in goal.goal_enter) or any(one in times for one in goal.goal_done):
        return True
    return any(goal.goal_mask & bit and token in times for token, bit in goal.compiled.bits.items())
