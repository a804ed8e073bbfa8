"""Rules changed one at a time, as a slip of the pen would: another limit, unit, operator, certificate, or none at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from pathways.certificate_conditions import Average, Grades, Holds, Level, NotHolding
from pathways.conditions import Combination, Condition
from pathways.network import Network
from pathways.person import CONTRACTS, GERMAN_LEVELS, RECOGNISED_LEVELS, SUBJECTS
from pathways.person_conditions import (
    Age,
    ChildAge,
    Cohort,
    CompulsorySchooling,
    Contract,
    Fact,
    German,
    SchoolYears,
    Status,
    Valid,
    Work,
)
from pathways.transition import Transition

Change = tuple[str, dict[str, Any]]
MONTH = timedelta(days=31)


@dataclass(frozen=True)
class Mutant:
    """A transition with one rule changed; `name` says which rule and how."""

    name: str
    transition: Transition


def mutants(network: Network, transition: Transition) -> Iterator[Mutant]:
    """Every mutant of the rules of this transition."""
    for rules, name in _changed_list(network, transition.conditions):
        yield Mutant(name, transition.model_copy(update={"conditions": rules}))


def _changed_list(
    network: Network, rules: tuple[Condition, ...], least: int = 0
) -> Iterator[tuple[tuple[Condition, ...], str]]:
    for place, rule in enumerate(rules):
        if len(rules) > least:
            yield rules[:place] + rules[place + 1 :], f"{place} {rule.kind} dropped"
        for changed, name in _changed(network, rule):
            yield (*rules[:place], changed, *rules[place + 1 :]), f"{place} {name}"


def _changed(network: Network, rule: Condition) -> Iterator[tuple[Condition, str]]:
    if isinstance(rule, Combination):
        for parts, name in _changed_list(network, rule.of, least=1):
            yield rule.model_copy(update={"of": parts}), f"{rule.kind} {name}"
    for name, update in _changes(network, rule):
        try:
            changed = type(rule).model_validate({**dict(rule), **update})
        except ValidationError:
            continue
        if changed != rule:
            yield changed, f"{rule.kind} {name}"


def _changes(network: Network, rule: Condition) -> Iterator[Change]:
    match rule:
        case Age():
            yield from _steps(rule, "at_least", "below", "at_most")
            yield from _turned(rule, "at_least", "below")
            yield from _turned(rule, "at_most", "at_least")
        case ChildAge():
            yield from _steps(rule, "at_least_months", "below_months")
            yield from _turned(rule, "at_least_months", "below_months")
            yield from _units(rule, "at_least_months", "below_months")
            yield "by dropped", {"by": None}
        case German():
            yield from _levels("level", rule.level, GERMAN_LEVELS)
        case Work():
            yield from _steps(rule, "months")
            yield from _units(rule, "months")
            yield "relevant or not", {"relevant": not rule.relevant}
            for made_up in ("no", "included", "added"):
                yield f"made up: {made_up}", {"made_up": made_up}
        case SchoolYears():
            yield from _steps(rule, "at_least")
        case CompulsorySchooling():
            yield "turned", {"state": "ongoing" if rule.state == "fulfilled" else "fulfilled"}
        case Average():
            yield "limit + 0.1", {"at_most": round(rule.at_most + 0.1, 1)}
            yield "limit - 0.1", {"at_most": round(rule.at_most - 0.1, 1)}
            yield "of another", {"of": _another(network, rule.of)}
        case Grades():
            yield from _steps(rule, "at_most", "count")
            yield "of another", {"of": _another(network, rule.of)}
            for place, subject in enumerate(rule.subjects):
                other = next(one for one in SUBJECTS if one not in (*rule.subjects, "englisch", "erste-fremdsprache"))
                yield f"other than {subject}", {"subjects": _put(rule.subjects, place, other)}
        case Level():
            yield from _levels("at_least", rule.at_least, RECOGNISED_LEVELS)
        case Holds():
            yield from _other_certificates(network, "any", rule.any)
            yield "recognised no more", {"or_recognised": False}
            if rule.parameter:
                yield "as another", {"as": "another"}
        case NotHolding():
            yield from _other_certificates(network, "none_of", rule.none_of)
        case Contract():
            yield "another", {"of": CONTRACTS[(CONTRACTS.index(rule.of) + 1) % len(CONTRACTS)]}
        case Status():
            for one in rule.any:
                yield f"without {one}", {"any": tuple(other for other in rule.any if other != one)}
        case Valid():
            yield from _days("from", rule.start)
            yield from _days("until", rule.until)
            if rule.start is None or rule.until is None:
                yield "turned", {"from": rule.until, "until": rule.start}
        case Cohort():
            yield from _days("born_from", rule.born_from)
            yield from _days("born_until", rule.born_until)
        case Fact():
            yield "turned", {"is": not rule.expected}
        case Combination():
            if hasattr(rule, "count"):
                yield from _steps(rule, "count")


def _steps(rule: Condition, *fields: str) -> Iterator[Change]:
    for field in fields:
        limit = getattr(rule, field)
        if limit is not None:
            yield f"{field} + 1", {field: limit + 1}
            yield f"{field} - 1", {field: limit - 1}


def _turned(rule: Condition, one: str, other: str) -> Iterator[Change]:
    low, high = getattr(rule, one), getattr(rule, other)
    if (low is None) != (high is None):
        yield f"{one} turned into {other}" if high is None else f"{other} turned into {one}", {one: high, other: low}


def _units(rule: Condition, *fields: str) -> Iterator[Change]:
    for field in fields:
        limit = getattr(rule, field)
        if limit is not None:
            yield f"{field} as years", {field: limit * 12}
            yield f"{field} as months", {field: max(1, limit // 12)}


def _levels(field: str, level: str, order: tuple[str, ...]) -> Iterator[Change]:
    place = order.index(level)
    if place > 0:
        yield "a level lower", {field: order[place - 1]}
    if place + 1 < len(order):
        yield "a level higher", {field: order[place + 1]}


def _other_certificates(network: Network, field: str, wanted: tuple[str, ...]) -> Iterator[Change]:
    for place, one in enumerate(wanted):
        yield f"another than {one}", {field: _put(wanted, place, _another(network, *wanted))}
        if len(wanted) > 1:
            yield f"without {one}", {field: wanted[:place] + wanted[place + 1 :]}


def _put(values: tuple[str, ...], place: int, value: str) -> tuple[str, ...]:
    return (*values[:place], value, *values[place + 1 :])


def _another(network: Network, *wanted: str) -> str:
    """A certificate that neither includes nor is included in these."""
    near = {one for each in wanted for one in network.includes.get(each, ())}
    for one in sorted(network.qualifications):
        if one not in near and near.isdisjoint(network.includes[one]):
            return one
    raise LookupError(wanted)


def _days(field: str, day: date | None) -> Iterator[Change]:
    if day is not None:
        yield f"{field} a month later", {field: day + MONTH}
        yield f"{field} a month earlier", {field: day - MONTH}
