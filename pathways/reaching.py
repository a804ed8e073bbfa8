"""Reach: everything a person can get to from here, with the earliest arrival. Backwards: what leads to a goal.

A generous search gives lower bounds on all arrivals, a greedy one real ways; where both agree, and that is nearly
everywhere, the arrival is exact. Only the rest is searched one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import networkx as nx

from pathways.calendar_months import first_day
from pathways.compiling import CompiledGoal, CompiledNetwork
from pathways.itinerary import Route, build_route, reduce_trail
from pathways.network import Network
from pathways.person import Person
from pathways.qualification import Goal, Reached, Wanted
from pathways.relaxing import earliest
from pathways.routes import traveller_for
from pathways.searching import Budget, Label, Search, Sensible, Traveller, find_fastest, trail_of
from pathways.transition import Transition

LABELS_PER_TARGET = 1_500
SEEN = 3
"""Visits of one position in the greedy search."""


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
    traveller = traveller_for(network, person, day)
    latest = traveller.start + sensible.max_months
    bounds = earliest(traveller)
    real = _greedy(traveller, sensible, latest)
    held = traveller.compiled.network.tokens_held(person.holds, person.german) | set(person.at)
    found: list[Destination] = []
    complete, milliseconds = True, (budget or Budget()).milliseconds
    for target, kind in _targets(network):
        if target in held:
            continue
        bound = bounds.get(f"enter:{target}" if kind == "station" else target)
        if bound is None or bound > latest:
            continue
        label = real.get(target)
        goal = traveller.compiled.for_goal(target)
        trail = trail_of(label) if label is not None else None
        if trail is None or trail.vector[0] > bound:
            before = latest if trail is None else min(latest, trail.vector[0] - 1)
            one = find_fastest(traveller, goal, sensible, Budget(LABELS_PER_TARGET, milliseconds), latest=before)
            complete = complete and one.complete
            if one.trails:
                trail = one.trails[0]
        if trail is None or trail.vector[0] > latest:
            continue
        if trail.steps:
            route = build_route(traveller, reduce_trail(traveller, goal, trail))
            found.append(Destination(target, kind, first_day(trail.vector[0]), route))
    found.sort(key=lambda one: (one.arrival, one.route.changes, one.id))
    return Reach(day, tuple(found), complete)


def _targets(network: Network) -> Iterator[tuple[str, str]]:
    for station in sorted(network.stations):
        yield station, "station"
    for qualification in sorted(network.qualifications):
        yield qualification, "qualification"


class _Everywhere(CompiledGoal):
    """No goal in particular: every way may matter, nothing is known to be far."""

    def bound(self, position: str, mask: int) -> tuple[int, int, int, int]:
        return (0, 0, 0, 0)


def everywhere(compiled: CompiledNetwork) -> CompiledGoal:
    """A goal that is never reached, so that a search visits everything."""
    relevant = 0
    for bit in (*compiled.bits.values(), *compiled.lack_bits.values()):
        relevant |= bit
    return _Everywhere(
        compiled=compiled,
        goal=Goal(id="everywhere", name="", short="", reached=Reached(any_of=(Wanted(),))),
        ways=frozenset(way.index for way in compiled.ways),
        relevant=relevant,
        goal_mask=0,
        goal_enter=frozenset(),
        goal_done=frozenset(),
        enter_beside=frozenset(),
        bounds={},
        token_bounds=(),
    )


class _Greedy(Search):
    """Visits every position a few times, earliest first, with whatever was gathered on that way."""

    def _is_dominated(self, label: Label) -> bool:
        settled = self.settled_at.get(label.spot, [])
        return len(settled) >= SEEN or any(other.mask & label.mask == label.mask for other in settled)

    def _is_dominated_free(self, label: Label) -> bool:
        return False


def _greedy(traveller: Traveller, sensible: Sensible, latest: int) -> dict[str, Label]:
    search = _Greedy(traveller, everywhere(traveller.compiled), sensible, Budget(), latest, fastest=True)
    search.begin_at_home()
    search.run()
    found: dict[str, Label] = {}
    bits = traveller.compiled.bits
    names = {bit: token for token, bit in bits.items()}
    for labels in search.settled_at.values():
        for label in labels:
            step = label.step
            if step is None:
                continue
            if step.way.station is not None and label.parent is not None:
                entered = replace(step, end=step.option.start, early=None)
                arrived = Label(
                    step.option.start, label.changes, label.opens, label.parent.unpaid, label.position, label.mask,
                    label.parent.worked, None, label.parent, entered, True,
                )  # fmt: skip
                _keep(found, step.way.station, arrived)
            gained = label.mask & ~step.mask
            while gained:
                bit = gained & -gained
                gained ^= bit
                if bit in names:
                    _keep(found, names[bit], label)
    return found


def _keep(found: dict[str, Label], target: str, label: Label) -> None:
    known = found.get(target)
    if known is None or label.months < known.months:
        found[target] = label


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
