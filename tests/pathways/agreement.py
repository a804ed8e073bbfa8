"""What must hold for every question, engine against brute force. A question too large to be walked is passed over."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date

from pathways.blocking import explain_blocked
from pathways.calendar_months import month_index
from pathways.compiling import CompiledGoal
from pathways.itinerary import Route
from pathways.narrowing import narrow
from pathways.network import Network
from pathways.person import Person
from pathways.qualification import Goal
from pathways.reaching import find_reach
from pathways.relaxing import can_reach, earliest
from pathways.routes import Answer, find_routes, traveller_for
from pathways.searching import Budget, Sensible, Vector, find_fastest, find_front
from pathways.traveller import Traveller
from tests.pathways.oracle import TooLarge, Walker
from tests.pathways.records import Query

ENOUGH = Budget(labels=100_000, milliseconds=None)
MOST_LACKS = 3


def unbeaten(vectors: Iterable[Vector]) -> set[Vector]:
    """Those that no other is at least as good as in everything."""
    kept = set(vectors)
    return {one for one in kept if not any(other != one and all(map(int.__le__, other, one)) for other in kept)}


def walked_front(network: Network, person: Person, day: date, goal: Goal, sensible: Sensible) -> set[Vector]:
    """What no other sensible way beats, by brute force."""
    walker = Walker(network, person, day, sensible)
    vectors = {state.vector for state in walker.arrivals(goal)}
    if not vectors:
        return set()
    first = min(vector[0] for vector in vectors)
    longer = max(sensible.window_months, int((first - walker.first) * sensible.window_share))
    return unbeaten(vector for vector in vectors if vector[0] <= first + longer)


def walked_arrivals(network: Network, person: Person, day: date, sensible: Sensible) -> dict[str, int]:
    """Month in which each stop can first be begun, and each certificate first be held, by brute force."""
    walker = Walker(network, person, day, sensible)
    found: dict[str, int] = {}
    for step in walker.everything():
        for one in [step.way.station] if step.way.station else walker.brings(step.way.target, step.way.parameter):
            if step.chance.month <= min(walker.last, found.get(one, walker.last)):
                found[one] = step.chance.month
    return found


def fewest_lacks(network: Network, person: Person, day: date, goal: Goal, sensible: Sensible) -> int | None:
    """The least number of unmet conditions on any way to the goal, by brute force; None if none has few enough."""
    for lacks in range(MOST_LACKS + 1):
        if any(True for _ in Walker(network, person, day, sensible, lacks).arrivals(goal)):
            return lacks
    return None


def check_front(query: Query) -> None:
    """The front is the brute-force one, the fastest route arrives first, and the generous view is never later."""
    network = query.network
    traveller = traveller_for(network, query.person, query.day)
    goal = traveller.compiled.for_goal(query.goal_id)
    try:
        expected = walked_front(network, traveller.person, query.day, goal.goal, query.sensible)
    except TooLarge:
        return
    found = find_front(traveller, goal, query.sensible, ENOUGH)
    assert found.complete
    assert {trail.vector for trail in found.trails} == expected
    check_narrowed(query, traveller, goal, expected)
    fastest = find_fastest(traveller, goal, query.sensible, ENOUGH)
    assert {trail.vector[0] for trail in fastest.trails} == {min(expected)[0] for _ in expected}
    if expected:
        assert can_reach(earliest(traveller), goal)


def check_narrowed(query: Query, traveller: Traveller, goal: CompiledGoal, expected: set[Vector]) -> None:
    """The goal narrowed to the person has the same front, however late one may arrive."""
    lasts = {traveller.start + query.sensible.max_months}
    if expected:
        lasts.add(query.sensible.latest(traveller.start, min(expected)[0]))
    for latest in lasts:
        narrowed = find_front(
            traveller, narrow(traveller, goal, latest, query.sensible.max_changes), query.sensible, ENOUGH
        )
        assert {trail.vector for trail in narrowed.trails} == expected


def check_reach(query: Query) -> None:
    """Everything within reach is told, with the arrival by brute force; the generous view is never later."""
    network = query.network
    traveller = traveller_for(network, query.person, query.day)
    try:
        expected = walked_arrivals(network, traveller.person, query.day, query.sensible)
    except TooLarge:
        return
    bounds = earliest(traveller)
    for one, month in expected.items():
        if one in network.stations or one in network.qualifications:
            assert bounds[f"enter:{one}" if one in network.stations else one] <= month
    held = network.tokens_held(query.person.holds, query.person.german) | set(query.person.at)
    for place in query.person.at:
        held |= network.tokens_of(place) if place in network.qualifications else set()
    ids = {*network.stations, *network.qualifications} - held
    told = find_reach(network, query.person, query.day, sensible=query.sensible, budget=ENOUGH)
    assert told.complete
    arrivals = {one.id: one.arrival.year * 12 + one.arrival.month - 1 for one in told.destinations}
    assert arrivals == {one: month for one, month in expected.items() if one in ids}
    for one in told.destinations:
        check_route(query, one.route, network.get_goal(one.id))


def check_blocked(query: Query) -> None:
    """Where there is no way, the routes explained have the fewest unmet conditions, and can be walked."""
    network = query.network
    traveller = traveller_for(network, query.person, query.day)
    goal = traveller.compiled.for_goal(query.goal_id)
    try:
        least = fewest_lacks(network, traveller.person, query.day, goal.goal, query.sensible)
    except TooLarge:
        return
    if least == 0:
        return
    explained = explain_blocked(traveller, goal, query.sensible, ENOUGH)
    counts = {route.unmet_count for route in explained}
    assert counts == {least} if least is not None else not counts or min(counts) > MOST_LACKS


def check_answer(query: Query, budget: Budget = ENOUGH) -> Answer:
    """Every route told, variants and further ways included, can be walked as told and is within the limits; the
    optimal ones are the front by brute force."""
    network = query.network
    answer = find_routes(network, query.person, query.goal_id, query.day, sensible=query.sensible, budget=budget)
    told = [one for route in answer.routes for one in (route, *route.variants)]
    for one in told:
        check_route(query, one, answer.goal)
    person = traveller_for(network, query.person, query.day).person
    try:
        expected = walked_front(network, person, query.day, answer.goal, query.sensible)
    except TooLarge:
        return answer
    if answer.complete and not answer.already_there:
        optimal = [one for one in told if one.optimal]
        assert {(month_index(one.arrival), *one.vector[1:]) for one in optimal} == expected
    return answer


def check_route(query: Query, route: Route, goal: Goal) -> None:
    """The legs can be taken one after the other as told, lead to the goal, and add up."""
    network = query.network
    person = traveller_for(network, query.person, query.day).person
    walker = Walker(network, person, query.day, query.sensible)
    end = walker.follow(route.legs, goal)
    assert end is not None, [leg.transition.id for leg in route.legs]
    arrival = route.arrival.year * 12 + route.arrival.month - 1
    assert end.vector == (arrival, route.changes, route.open_points, route.unpaid_months)
    assert arrival <= walker.last
    assert route.open_points == sum(leg.is_open for leg in route.legs)
    check_months(query, route)
    check_milestones(walker, route)


def check_milestones(walker: Walker, route: Route) -> None:
    """Every certificate said to be held on the way is gained by a leg, or can be had where the stop ends."""
    for one in route.milestones:
        if one.certain:
            assert route.legs[one.leg].transition.qualification == one.qualification
            continue
        there = walker.after(route.legs[: one.leg + 1])
        month = one.month.year * 12 + one.month.month - 1
        had = {
            step.chance.verdict
            for state in there
            if state.month == month
            for step in walker.steps(state)
            if step.way.qualification == one.qualification and step.chance.month == month
        }
        assert one.verdict in had


def check_months(query: Query, route: Route) -> None:
    """Months add up leg by leg; a course beside adds only what is longer than its stop."""
    total, host = 0.0, 0.0
    for leg in route.legs:
        assert leg.wait_months >= 0
        assert leg.start <= leg.end
        assert leg.months.min <= leg.months.typical <= leg.months.max
        total += max(0.0, leg.months.typical - host) if leg.alongside else leg.months.typical
        host = leg.months.typical if leg.transition.station and not leg.alongside else host
    assert route.months.typical == total
    first = query.day.year * 12 + query.day.month - (query.day.day == 1)
    stations = query.network.stations
    plain = all(place not in stations for place in query.person.at)
    for leg in route.legs:
        into = stations.get(leg.transition.target)
        plain = plain and not leg.alongside and not (into and (into.open_ended or leg.transition.months))
    if plain:
        passed = sum(leg.wait_months + math.ceil(leg.months.typical) for leg in route.legs)
        assert route.arrival.year * 12 + route.arrival.month - 1 == first + passed
