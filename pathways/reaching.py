"""Reach: everything a person can get to from here, with the earliest arrival. Backwards: what leads to a goal.

A generous search gives lower bounds on all arrivals, a greedy one real ways; where both agree, and that is nearly
everywhere, the arrival is exact. Only the rest is searched one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import networkx as nx

from pathways.calendar_months import first_day
from pathways.itinerary import Route, build_route, reduce_trail
from pathways.narrowing import find_soonest
from pathways.network import Network
from pathways.person import Person
from pathways.relaxing import relax
from pathways.routes import traveller_for
from pathways.searching import Budget, Sensible, trail_of
from pathways.transition import Transition
from pathways.wandering import door_of, find_quick_ways

LABELS_PER_TARGET = 3_000
VISITS = 8
"""Visits of each place by the greedy search: nearly all it finds is then exact."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A station or qualification within reach, and the way that gets there first."""

    id: str
    kind: str
    arrival: date
    route: Route

    @property
    def open_points(self) -> int:
        """Open points on the way that arrives first."""
        return self.route.open_points


@dataclass(frozen=True, slots=True)
class Reach:
    """All destinations, earliest first. ``complete`` is False if a budget ran out for one of them."""

    day: date
    destinations: tuple[Destination, ...]
    complete: bool


def find_reach(
    network: Network, person: Person, day: date, *, sensible: Sensible | None = None, budget: Budget | None = None
) -> Reach:
    """Everything reachable within the definition of sensible, with the earliest arrival. Raises `UnknownId`."""
    sensible = sensible or Sensible()
    budget = Budget(LABELS_PER_TARGET, (budget or Budget()).milliseconds)
    traveller = traveller_for(network, person, day)
    compiled, latest = traveller.compiled, traveller.start + sensible.max_months
    relaxed = relax(traveller)
    real = find_quick_ways(traveller, sensible, latest, VISITS)
    held = network.tokens_held(person.holds, person.german) | set(person.at)
    found: list[Destination] = []
    complete = True
    for target, kind in _targets(network):
        bound = relaxed.times.get(f"enter:{target}" if kind == "station" else target)
        if target in held or bound is None or bound > latest:
            continue
        label = real.get(target)
        trail = trail_of(label) if label is not None else None
        if trail is None or trail.vector[0] > bound:
            before = latest if trail is None else min(latest, trail.vector[0] - 1)
            sooner = find_soonest(traveller, compiled.for_goal(target), sensible, budget, before, relaxed)
            complete = complete and sooner.complete
            trail = sooner.trails[0] if sooner.trails else trail
        if trail is None or trail.vector[0] > latest:
            continue
        if trail.steps:
            route = build_route(traveller, reduce_trail(traveller, door_of(compiled, target), trail))
            found.append(Destination(target, kind, first_day(trail.vector[0]), route))
    found.sort(key=lambda one: (one.arrival, one.route.changes, one.id))
    return Reach(day, tuple(found), complete)


def _targets(network: Network) -> Iterator[tuple[str, str]]:
    for station in sorted(network.stations):
        yield station, "station"
    for qualification in sorted(network.qualifications):
        yield qualification, "qualification"


def leads_to(network: Network, target: str) -> list[Transition]:
    """Ways into a station or qualification, by id. Raises `UnknownId`."""
    network.record(target)
    return sorted(network.ways_to.get(target, ()), key=lambda transition: transition.id)


def leads_on(network: Network, origin: str) -> list[Transition]:
    """Ways on from a station, situation or qualification, by id. Raises `UnknownId`."""
    network.record(origin)
    return sorted(network.ways_from.get(origin, ()), key=lambda transition: transition.id)


def starting_points(network: Network, goal_id: str) -> list[str]:
    """Backwards: stations, situations and qualifications from which some way leads to the goal, conditions aside."""
    goal = network.get_goal(goal_id)
    wanted = {one for part in goal.reached.any_of for one in (*part.holds, *part.at, *part.done)}
    found: set[str] = set()
    for one in wanted:
        if one in network.graph:
            found |= nx.ancestors(network.graph, one)
    return sorted(one for one in found - wanted if one not in network.transitions)
