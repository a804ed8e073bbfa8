"""Results as plain data: the JSON contract of the command line and of the web service (design, section 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.language import Reader
from pathways.itinerary import Judged, Leg, Route
from pathways.network import Network
from pathways.person import Person
from pathways.qualification import Qualification
from pathways.questioning import question_text
from pathways.reaching import Reach, leads_on, leads_to
from pathways.routes import Answer
from pathways.searching import Sensible
from pathways.station import Months, Situation, Station
from pathways.transition import Transition

Institutions = Mapping[str, Sequence[str]]
"""Ids of local institutions by station."""


def answer_data(answer: Answer, reader: Reader, institutions: Institutions | None = None) -> dict[str, Any]:
    """One query and everything found, keys as in the contract."""
    places = institutions or {}
    return {
        "region": answer.network.region,
        "day": answer.day.isoformat(),
        "person": person_data(answer.person),
        "goal": {"id": answer.goal.id, "name": reader.pgettext(f"{answer.goal.id}.name", answer.goal.name)},
        "complete": answer.complete,
        "already_there": answer.already_there,
        "sensible": sensible_data(answer.sensible),
        "routes": [route_data(route, reader, places) for route in answer.routes],
        "shown": list(answer.shown),
        "blocked": [blocked_data(route, reader, places) for route in answer.blocked],
        "questions": [
            {
                "fact": question.fact,
                "text": question_text(question.fact, reader),
                "changes": question.changes,
                "legs": question.legs,
            }
            for question in answer.questions
        ],
        "help": help_ids(answer),
        "disclaimer": reader.gettext(
            "Das sind allgemeine Informationen. Über Ihren Fall entscheidet die zuständige Stelle."
        ),
    }


def sensible_data(sensible: Sensible) -> dict[str, Any]:
    """The definition of a sensible route, as used for this answer."""
    return {
        "max_changes": sensible.max_changes,
        "max_months": sensible.max_months,
        "window_months": sensible.window_months,
        "window_share": sensible.window_share,
    }


def person_data(person: Person) -> dict[str, Any]:
    """What was told; what is unknown is left out."""
    told: dict[str, Any] = {
        "at": list(person.at),
        "holds": [
            {
                "qualification": held.qualification,
                **({"average": held.average} if held.average is not None else {}),
                **({"grades": dict(held.grades)} if held.grades else {}),
                **({"parameter": held.parameter} if held.parameter else {}),
            }
            for held in person.holds
        ],
    }
    for name in (
        "age",
        "german",
        "work_months",
        "relevant_months",
        "school_years",
        "compulsory_schooling",
        "child_months",
        "status",
    ):
        if (value := getattr(person, name)) is not None:
            told[name] = value
    if person.contracts:
        told["contract"] = dict(person.contracts)
    if person.facts:
        told["facts"] = dict(person.facts)
    return told


def months_data(months: Months) -> dict[str, float]:
    """A duration, whole numbers where they are whole."""
    return {
        name: int(value) if value == int(value) else value
        for name, value in (("min", months.min), ("typical", months.typical), ("max", months.max))
    }


def route_data(route: Route, reader: Reader, institutions: Institutions) -> dict[str, Any]:
    """One route with its variants."""
    return {
        "legs": [leg_data(leg, reader, institutions) for leg in route.legs],
        "months": months_data(route.months),
        "arrival": route.arrival.isoformat(),
        "open_points": route.open_points,
        "changes": route.changes,
        "unpaid_months": route.unpaid_months,
        "optimal": route.optimal,
        "best_at": list(route.best_at),
        "milestones": [
            {
                "qualification": milestone.qualification,
                "name": reader.name(milestone.qualification),
                "leg": milestone.leg,
                "month": milestone.month.isoformat(),
                "certain": milestone.certain,
                "verdict": milestone.verdict.key,
            }
            for milestone in route.milestones
        ],
        "variants": [route_data(variant, reader, institutions) for variant in route.variants],
    }


def blocked_data(route: Route, reader: Reader, institutions: Institutions) -> dict[str, Any]:
    """A way that is closed, with what is missing."""
    return {
        **route_data(route, reader, institutions),
        "unmet": [
            {
                "transition": leg.transition.id,
                "text": judged.condition.sentence(reader),
                "reason": judged.condition.reason(judged.moment, reader),
                "remedy": judged.condition.remedy(reader),
            }
            for leg in route.legs
            for judged in leg.unmet
        ],
    }


def leg_data(leg: Leg, reader: Reader, institutions: Institutions) -> dict[str, Any]:
    """One leg: where it leads, when, and what it asks for."""
    transition = leg.transition
    target = {"station": transition.station} if transition.station else {"qualification": transition.qualification}
    data: dict[str, Any] = {
        "from": leg.origin,
        "transition": transition.id,
        **target,
        "name": reader.name(transition.target),
        "kind": transition.kind,
        "verdict": leg.verdict.key,
        "conditions": [condition_data(judged, leg, reader) for judged in leg.conditions],
        "start": leg.start.isoformat(),
        "end": leg.end.isoformat(),
        "wait_months": leg.wait_months,
        "months": months_data(leg.months),
        "alongside": leg.alongside,
        "late": leg.late,
        "institutions": list(institutions.get(transition.station or "", ())),
        "deadline": leg.deadline.isoformat() if leg.deadline else None,
        "note": reader.pgettext(f"{transition.id}.note", transition.note),
        "confidence": transition.confidence,
        "sources": list(transition.sources),
        "plan_b": None,
        "alerts": [
            {"text": reader.gettext(alert.text), "source": alert.because.source if alert.because else None}
            for alert in leg.alerts
        ],
    }
    if transition.registration and transition.registration.text:
        data["registration"] = reader.pgettext(f"{transition.id}.register.text", transition.registration.text)
    if leg.plan_b:
        data["plan_b"] = {
            "transitions": list(leg.plan_b.transitions),
            "stops": [{"id": stop, "name": reader.name(stop)} for stop in leg.plan_b.stops],
            "arrival": leg.plan_b.arrival.isoformat(),
            "changes": leg.plan_b.changes,
            "later_by_months": leg.plan_b.later_by_months,
        }
    return data


def condition_data(judged: Judged, leg: Leg, reader: Reader) -> dict[str, Any]:
    """One condition with its verdict, the reason, and where the rule stands."""
    condition = judged.condition
    because = condition.because
    return {
        "kind": condition.kind,
        "text": condition.sentence(reader),
        "verdict": judged.verdict.key,
        "reason": condition.reason(judged.moment, reader),
        "confidence": condition.confidence,
        "sources": [because.source] if because else list(leg.transition.sources),
        **({"at": because.at} if because and because.at else {}),
    }


def help_ids(answer: Answer) -> list[str]:
    """Counselling points for this answer: of the goal, and of the first steps; never empty."""
    network = answer.network
    found: dict[str, None] = dict.fromkeys(answer.goal.help)
    for route in (*answer.routes[:1], *answer.blocked):
        for leg in route.legs:
            for judged in leg.conditions:
                found.update(dict.fromkeys(judged.condition.offices()))
            station = network.stations.get(leg.transition.station or "")
            if station:
                found.update(dict.fromkeys(station.help))
    for place in answer.person.at:
        record = network.stations.get(place) or network.situations.get(place)
        if record:
            found.update(dict.fromkeys(record.help))
    if not found and "berufsberatung" in network.help:
        found["berufsberatung"] = None
    return list(found)[:6]


def reach_data(reach: Reach, network: Network, reader: Reader) -> dict[str, Any]:
    """Everything within reach, earliest first."""
    return {
        "region": network.region,
        "day": reach.day.isoformat(),
        "complete": reach.complete,
        "destinations": [
            {
                "id": one.id,
                "kind": one.kind,
                "name": reader.name(one.id),
                "arrival": one.arrival.isoformat(),
                "months": months_data(one.route.months),
                "changes": one.route.changes,
                "open_points": one.open_points,
                "transitions": [leg.transition.id for leg in one.route.legs],
                "stops": [leg.transition.target for leg in one.route.legs],
            }
            for one in reach.destinations
        ],
    }


def record_data(network: Network, record_id: str, reader: Reader) -> dict[str, Any]:
    """A station, situation, qualification or goal, with its connections and the sources behind it."""
    record = network.record(record_id)
    data = record.model_dump(mode="json", by_alias=True, exclude={"ways_in", "awards"})
    data["type"] = type(record).__name__.lower()
    for name in ("name", "short", "text"):
        if name in data:
            data[name] = reader.pgettext(f"{record_id}.{name}", data[name])
    if isinstance(record, Station | Situation | Qualification):
        data["ways_in"] = [transition_data(one, reader) for one in leads_to(network, record_id)]
        data["ways_on"] = [transition_data(one, reader) for one in leads_on(network, record_id)]
    return data


def transition_data(transition: Transition, reader: Reader) -> dict[str, Any]:
    """A transition with its conditions in words."""
    return {
        "id": transition.id,
        "was": list(transition.was),
        "from": list(transition.origins),
        "to": transition.target,
        "kind": transition.kind,
        "months": transition.months,
        "conditions": [
            {
                "kind": condition.kind,
                "text": condition.sentence(reader),
                "confidence": condition.confidence,
                "sources": [condition.because.source] if condition.because else list(transition.sources),
            }
            for condition in transition.conditions
        ],
        "note": reader.pgettext(f"{transition.id}.note", transition.note),
        "sources": list(transition.sources),
        "confidence": transition.confidence,
    }
