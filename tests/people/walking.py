"""Walks one way alone, as a case of a card tells it: by the whole search, or straight through the rules of the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pathways.calendar_months import first_day, month_index
from pathways.conditions import Combination
from pathways.network import Network
from pathways.person import Person, read_person
from pathways.routes import find_routes, traveller_for
from pathways.searching import Sensible
from pathways.transition import Transition
from pathways.traveller import Traveller
from pathways.verdict import Verdict
from pathways.way import FREE, Way
from tests.people.stories import Card, Case

DAY = date(2026, 11, 21)


@dataclass(frozen=True, slots=True)
class Walked:
    """Verdict, month of the start, months of the way itself, last day to register, and whether that is over."""

    verdict: Verdict
    start: int | None = None
    months: int | None = None
    deadline: date | None = None
    late: bool = False


NOWHERE = Walked(Verdict.UNMET)


def day_of(case: Case) -> date:
    """The day on which the case is told."""
    told: date = case.get("day") or DAY
    return told


def person_of(network: Network, card: Card, case: Case) -> Person:
    """The person of a case: they stand where the way begins."""
    origin = network.transitions[card["way"]].origins[0]
    know = [f"{name}={_spell(value)}" for name, value in (case.get("know") or {}).items()]
    return read_person([origin], case.get("holds") or (), know, questions=network.questions, statuses=network.statuses)


def _spell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def alone(network: Network, transition: Transition) -> Network:
    """The network with this way as its only one."""
    single = replace(network, transitions={transition.id: transition})
    single.__dict__["includes"] = network.includes
    return single


def walk_by_search(single: Network, person: Person, day: date) -> Walked:
    """The only way of a network, found by the search."""
    (transition,) = single.transitions.values()
    answer = find_routes(single, person, transition.target, day, plans=False, questions=False)
    legs = [leg for route in answer.routes for one in (route, *route.variants) for leg in one.legs]
    if not legs:
        return NOWHERE
    leg = min(legs, key=lambda one: (one.start, -one.verdict))
    return Walked(leg.verdict, month_index(leg.start), leg.edge_months, leg.deadline, leg.late)


def walk(single: Network, person: Person, day: date) -> Walked:
    """The only way of a network, judged as the search judges it, without searching."""
    traveller = traveller_for(single, person, day)
    (way,) = traveller.compiled.ways
    (origin,) = way.transition.origins
    position = origin if origin in single.stations else FREE
    mask = traveller.first_mask(position)
    if way.station is None and mask & traveller.compiled.bits[way.transition.target]:
        return NOWHERE
    found = []
    for ready in _ready(traveller, way, position):
        for option in traveller.options(way, ready, mask, 0)[:1]:
            if option.start <= traveller.start + Sensible().max_months:
                deadline = _deadline(traveller, way, option.start, ready)
                found.append(Walked(option.verdict, option.start, option.edge, deadline, option.late))
    return min(found, key=lambda one: (one.start, -one.verdict), default=NOWHERE)


def _ready(traveller: Traveller, way: Way, position: str) -> list[int]:
    """Months in which the person can go: now beside the stop they are in, at its end, or now from anywhere."""
    if position == FREE:
        return [traveller.start]
    at_the_end = [] if way.only_alongside else [traveller.leaves(position)]
    return [traveller.start, *at_the_end] if position in way.hosts else at_the_end


def _deadline(traveller: Traveller, way: Way, start: int, ready: int) -> date | None:
    if way.starts or not way.by:
        return traveller.deadline(way, start) if way.starts else None
    earliest = traveller.day if ready <= traveller.start else first_day(ready)
    return min(day.next_from(earliest) for day in way.by)


def kinds_of(transition: Transition) -> list[str]:
    """The kinds of all single conditions, in order."""
    return [
        part.kind
        for condition in transition.conditions
        for part in condition.parts()
        if not isinstance(part, Combination)
    ]


def differences(card: Card, case: Case, walked: Walked) -> dict[str, Any]:
    """What is told of the case but turned out otherwise; a way takes no months of its own unless the card says so."""
    told: dict[str, Any] = {"then": case["then"]}
    found: dict[str, Any] = {"then": walked.verdict.key}
    if walked.start is not None:
        told["months"], found["months"] = case.get("months", card.get("months", 0)), walked.months
    if "start" in case:
        start = walked.start
        told["start"], found["start"] = str(case["start"])[:7], None if start is None else f"{first_day(start):%Y-%m}"
    if "deadline" in case:
        told["deadline"], found["deadline"] = case["deadline"], walked.deadline
    if "late" in case:
        told["late"], found["late"] = case["late"], walked.late
    return {name: found[name] for name in told if told[name] != found[name]}


def differences_in_head(card: Card, transition: Transition) -> dict[str, Any]:
    """What the head of the card says of the way as such, where the way is otherwise."""
    told = {
        "kinds": card["kinds"],
        "kind": card["kind"],
        "confidence": card.get("confidence", "confirmed"),
        "after_months": card.get("after_months"),
        "as": card.get("as"),
    }
    found = {
        "kinds": kinds_of(transition),
        "kind": transition.kind,
        "confidence": transition.confidence,
        "after_months": transition.after_months,
        "as": transition.parameter,
    }
    return {name: found[name] for name in told if told[name] != found[name]}
