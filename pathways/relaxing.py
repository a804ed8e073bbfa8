"""A generous view of what a person can reach: every exclusion forgotten, nothing ever lost, all gains shared.

Whatever is out of reach here is out of reach for certain, and no real way arrives earlier. One time-dependent shortest
path search (Dijkstra; waiting is allowed, so earlier is never worse), repeated while new certificates appear.
"""

from __future__ import annotations

import heapq

from pathways.compiling import FREE, CompiledGoal, Way, done_token, early_exit
from pathways.searching import Traveller

PLENTY = 600
"""Months of work assumed to be had: the generous view never lacks practice."""


def earliest(traveller: Traveller) -> dict[str, int]:
    """Lower bound on the month in which each station is entered (``enter:id``), left (``id``), or token is held."""
    compiled = traveller.compiled
    exclusions = 0
    for bit in compiled.lack_bits.values():
        exclusions |= bit
    mask = traveller.first_mask() | exclusions
    while True:
        times = _pass(traveller, mask)
        grown = mask
        for token, bit in compiled.bits.items():
            if token in times:
                grown |= bit
        if grown == mask:
            return times
        mask = grown


def _pass(traveller: Traveller, mask: int) -> dict[str, int]:
    compiled = traveller.compiled
    names = {bit: token for token, bit in compiled.bits.items()}
    queue: list[tuple[int, str]] = [(traveller.start, FREE)]
    first = traveller.first_mask()
    queue += [(traveller.start, token) for token, bit in compiled.bits.items() if first & bit]
    for place in traveller.person.at:
        if place in compiled.network.stations:
            leaves = traveller.leaves(place)
            queue += [(traveller.start, f"enter:{place}"), (leaves, place), (leaves, done_token(place))]
    heapq.heapify(queue)
    times: dict[str, int] = {}
    by_token: dict[str, list[Way]] = {}
    for way in compiled.from_tokens:
        for bit, token in names.items():
            if way.origin_mask & bit:
                by_token.setdefault(token, []).append(way)
    while queue:
        months, node = heapq.heappop(queue)
        if node in times:
            continue
        times[node] = months
        for way in (*compiled.from_position.get(node, ()), *by_token.get(node, ())):
            _take(traveller, way, months, mask, names, queue)
        if node.startswith("enter:"):
            for way in compiled.alongside_at.get(node[6:], ()):
                _take(traveller, way, months, mask, names, queue)
    return times


def _take(
    traveller: Traveller, way: Way, months: int, mask: int, names: dict[int, str], queue: list[tuple[int, str]]
) -> None:
    worked = PLENTY if way.counts_work else 0
    options = traveller.options(way, months, mask, worked)
    if not options:
        return
    start = options[0].start
    if way.station is None:
        for bit, token in names.items():
            if way.grant & bit:
                heapq.heappush(queue, (start, token))
        return
    heapq.heappush(queue, (start, f"enter:{way.station}"))
    for early in way.exits:
        position = way.station if early is None else early_exit(way.station, early)
        heapq.heappush(queue, (start + (way.stay if early is None else early), position))
    if way.done_bit:
        heapq.heappush(queue, (start + way.stay, names[way.done_bit]))


def can_reach(times: dict[str, int], goal: CompiledGoal) -> bool:
    """False if the goal is out of reach for certain."""
    if any(f"enter:{one}" in times for one in goal.goal_enter) or any(one in times for one in goal.goal_done):
        return True
    return any(goal.goal_mask & bit and token in times for token, bit in goal.compiled.bits.items())
