"""Every sensible way from where a person stands to where they want to go.

The answer holds the exact Pareto set over arrival, changes, open points and unpaid months, and beside it the best way
through every further stop that is needed on some way: what a numerical optimum hides (the other school, the second
kind of training) is often the way that works out. Ways with the same stops are one route with variants.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pathways.alternatives import Alternatives, Key, key_of
from pathways.blocking import explain_blocked
from pathways.calendar_months import month_index
from pathways.compiling import compiled
from pathways.errors import UnknownId
from pathways.itinerary import Route, build_route, reduce_trail, with_plan_b
from pathways.narrowing import find_sensible, narrow
from pathways.network import Network
from pathways.person import Person
from pathways.qualification import Goal
from pathways.questioning import NextQuestion, next_questions
from pathways.relaxing import relax
from pathways.searching import Budget, Sensible, Trail
from pathways.traveller import Traveller

SHOWN = 6
"""Routes shown first; they are picked so that they really differ."""
OPEN_POINT = 0.15
"""Share of common stops that one more open point weighs as much as, when picking what is shown first."""
PLANS_FOR = 12
"""Routes whose risky legs get a plan B; the others can be opened on their own."""


@dataclass(frozen=True)
class Answer:
    """Everything there is to say about one query."""

    network: Network
    person: Person
    goal: Goal
    day: date
    sensible: Sensible
    complete: bool
    routes: tuple[Route, ...]
    shown: tuple[int, ...]
    """Indexes into `routes`, in the order in which they should be shown first."""
    blocked: tuple[Route, ...]
    questions: tuple[NextQuestion, ...]
    already_there: bool
    settled: int

    @property
    def is_found(self) -> bool:
        """True if there is a feasible or open route, or the goal is reached already."""
        return bool(self.routes) or self.already_there


def check_places(network: Network, person: Person) -> None:
    """Raise `UnknownId` for a place or certificate that the network does not have."""
    for place in person.at:
        if place not in network.stations and place not in network.situations and place not in network.qualifications:
            raise UnknownId("start", place, [*network.stations, *network.situations, *network.qualifications])
    for certificate in person.holds:
        if certificate.qualification not in network.qualifications:
            raise UnknownId("qualification", certificate.qualification, network.qualifications)


def assume_usual_age(network: Network, person: Person) -> Person:
    """Where no age is told, nobody is taken to be older than is usual at their school station."""
    if person.age is not None:
        return person
    ages = [network.stations[place].entry_age.to for place in person.at if place in network.stations]
    known = [age for age in ages if age is not None]
    return replace(person, oldest=max(known)) if known and len(known) == len(ages) else person


def with_situation_facts(network: Network, person: Person) -> Person:
    """Facts that a situation itself says, unless the person said otherwise."""
    facts = dict(person.facts)
    for place in person.at:
        if place in network.situations:
            for name, value in network.situations[place].facts.items():
                facts.setdefault(name, value)
    schooling = person.compulsory_schooling
    if schooling is None and "compulsory_schooling" in facts:
        schooling = facts.pop("compulsory_schooling")
    facts.pop("compulsory_schooling", None)
    return replace(person, facts=facts, compulsory_schooling=schooling)


def traveller_for(network: Network, person: Person, day: date) -> Traveller:
    """A checked person in a compiled network. Raises `UnknownId`."""
    check_places(network, person)
    person = assume_usual_age(network, with_situation_facts(network, person))
    return Traveller(compiled(network), person, day)


def find_routes(
    network: Network,
    person: Person,
    goal_id: str,
    day: date,
    *,
    sensible: Sensible | None = None,
    budget: Budget | None = None,
    plans: bool = True,
    questions: bool = True,
) -> Answer:
    """All sensible routes of `person` to a goal (a station or qualification id is a goal too) as of `day`.

    If there is none, `blocked` has the ways with the fewest unmet conditions. Raises `UnknownId`.
    """
    sensible = sensible or Sensible()
    budget = budget or Budget()
    traveller = traveller_for(network, person, day)
    goal = traveller.compiled.for_goal(goal_id)
    relaxed = relax(traveller)
    front = find_sensible(traveller, goal, sensible, budget, relaxed)
    already = any(not trail.steps for trail in front.trails)
    trails = _unlike(reduce_trail(traveller, goal, trail) for trail in front.trails if trail.steps)
    routes: list[Route] = []
    blocked: tuple[Route, ...] = ()
    settled = front.settled
    if trails and not already:
        own = narrow(traveller, goal, traveller.start + sensible.max_months, sensible.max_changes, relaxed)
        others = Alternatives(traveller, own, sensible, front.latest, budget.milliseconds, relaxed)
        routes = _tell(others, trails, plans)
        settled += others.settled
    elif not already:
        blocked = explain_blocked(traveller, goal, sensible, budget)
    asked = next_questions(traveller, goal, front, routes, blocked, sensible) if questions and not already else ()
    return Answer(
        network=network,
        person=person,
        goal=goal.goal,
        day=day,
        sensible=sensible,
        complete=front.complete,
        routes=tuple(routes),
        shown=tuple(pick_different(routes, SHOWN)),
        blocked=blocked,
        questions=asked,
        already_there=already,
        settled=settled,
    )


def _tell(others: Alternatives, optimal: list[Trail], plans: bool) -> list[Route]:
    """The optimal routes and their alternatives, alike ones together, with what each is best at."""
    trails = [*optimal, *others.collect(optimal)]
    best = {key_of(trail) for trail in optimal}
    told = (replace(build_route(others.traveller, trail), optimal=key_of(trail) in best) for trail in trails)
    routes = _name_strengths(_group(told))
    return _add_plans(others, routes, {key_of(trail): trail for trail in trails}) if plans else routes


def _key_of_route(route: Route) -> Key:
    return tuple((leg.transition.id, month_index(leg.start)) for leg in route.legs)


def _unlike(trails: Iterable[Trail]) -> list[Trail]:
    return list({key_of(trail): trail for trail in trails}.values())


def _group(routes: Iterable[Route]) -> list[Route]:
    """Routes with the same stops become one, the best of them first, the others its variants."""
    groups: dict[tuple[object, ...], list[Route]] = {}
    for route in routes:
        key = (*route.stations, *((route.legs[-1].transition.target,) if route.legs else ()))
        groups.setdefault(key, []).append(route)
    grouped = []
    for members in groups.values():
        members.sort(key=_order)
        grouped.append(replace(members[0], variants=tuple(members[1:])))
    return sorted(grouped, key=_order)


def _order(route: Route) -> tuple[object, ...]:
    return (not route.optimal, route.vector, tuple(leg.transition.id for leg in route.legs))


def _add_plans(alternatives: Alternatives, routes: list[Route], trails: dict[Key, Trail]) -> list[Route]:
    """Plan B for the risky legs of the routes shown first, and of the next ones in order."""
    planned = list(routes)
    for index in list(dict.fromkeys((*pick_different(routes, SHOWN), *range(len(routes)))))[:PLANS_FOR]:
        route = routes[index]
        trail = trails[_key_of_route(route)]
        legs = [
            with_plan_b(leg, alternatives.plan_b(trail, place)) if leg.is_open else leg
            for place, leg in enumerate(route.legs)
        ]
        planned[index] = replace(route, legs=tuple(legs))
    return planned


def _name_strengths(routes: list[Route]) -> list[Route]:
    """Say of each route in what it is best of all; ties are shared."""
    if not routes:
        return routes
    best = {
        "fastest": min(route.arrival for route in routes),
        "fewest-changes": min(route.changes for route in routes),
        "fewest-open-points": min(route.open_points for route in routes),
        "least-unpaid": min(route.unpaid_months for route in routes),
        "most-certificates": max(len(route.certificates) for route in routes),
    }
    named = []
    for route in routes:
        own = {
            "fastest": route.arrival,
            "fewest-changes": route.changes,
            "fewest-open-points": route.open_points,
            "least-unpaid": route.unpaid_months,
            "most-certificates": len(route.certificates),
        }
        strengths = tuple(name for name, value in own.items() if value == best[name])
        if all(leg.transition.kind != "selective" for leg in route.legs):
            strengths += ("no-selection",)
        named.append(replace(route, best_at=strengths))
    return named


def pick_different(routes: Sequence[Route], count: int) -> list[int]:
    """Indexes of routes that really differ: the fastest, the best at each criterion, then those furthest from them.

    Distance is one minus the share of common stops (Jaccard), so a detour alone does not make an alternative; each
    open point more than need be brings a route `OPEN_POINT` nearer, so that what is likely to work is chosen. The
    fastest comes first, then those with the fewest open points.
    """
    if not routes:
        return []
    picked = [0]
    for strength in ("fewest-open-points", "fewest-changes", "least-unpaid"):
        if len(picked) < count and not any(strength in routes[index].best_at for index in picked):
            picked += [index for index, route in enumerate(routes) if strength in route.best_at][:1]
    stops = [frozenset(route.stations) | {route.legs[0].transition.id if route.legs else ""} for route in routes]
    least = min(route.open_points for route in routes)

    def apart(index: int) -> float:
        nearest = min(_distance(stops[index], stops[chosen]) for chosen in picked)
        return nearest - OPEN_POINT * (routes[index].open_points - least)

    while len(picked) < min(count, len(routes)):
        rest = [index for index in range(len(routes)) if index not in picked]
        picked.append(max(rest, key=lambda index: (apart(index), -index)))
    return [picked[0], *sorted(picked[1:], key=lambda index: (routes[index].open_points, routes[index].vector))]


def _distance(one: frozenset[str], other: frozenset[str]) -> float:
    union = one | other
    return 1 - len(one & other) / len(union) if union else 0.0


def least_distance(routes: Sequence[Route], picked: Sequence[int]) -> float:
    """Smallest distance between any two of the picked routes; 1 if there is only one."""
    stops = [frozenset(routes[index].stations) for index in picked]
    pairs = [_distance(one, other) for place, one in enumerate(stops) for other in stops[:place]]
    return min(pairs, default=1.0)
