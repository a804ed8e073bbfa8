"""Rules changed one at a time by a slip of the pen: another limit, unit, operator or certificate, or none at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from pathways.certificate_conditions import RECOGNISED_AS, Average, Grades, Holds, Level, NotHolding
from pathways.conditions import AllOf, AtLeast, Combination, Condition
from pathways.network import Network
from pathways.office_conditions import Permit
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

Change = tuple[str, dict[str, Any]]
Rules = tuple[Condition, ...]
MONTH = timedelta(days=31)


def changed_rules(network: Network, rules: Rules, least: int = 0) -> Iterator[tuple[str, Rules]]:
    """These rules with one of them dropped or changed, and what was done to which."""
    for place, rule in enumerate(rules):
        if len(rules) > least:
            yield f"{place} {rule.kind} dropped", rules[:place] + rules[place + 1 :]
        for name, changed in _changed(network, rule):
            yield f"{place} {name}", (*rules[:place], changed, *rules[place + 1 :])


def _changed(network: Network, rule: Condition) -> Iterator[tuple[str, Condition]]:
    if isinstance(rule, Combination):
        for name, parts in changed_rules(network, rule.of, least=1):
            if not isinstance(rule, AtLeast) or len(parts) >= rule.count:
                yield f"{rule.kind} {name}", rule.model_copy(update={"of": parts})
        yield from _other_combinations(rule)
    for name, update in _changes(network, rule):
        try:
            changed = type(rule).model_validate({**dict(rule), **update})
        except ValidationError:
            continue
        if changed != rule:
            yield f"{rule.kind} {name}", changed


def _other_combinations(rule: Combination) -> Iterator[tuple[str, Condition]]:
    most = len(rule.of)
    needed = rule.count if isinstance(rule, AtLeast) else most if isinstance(rule, AllOf) else 1
    for count in {1, needed - 1, needed + 1, most} - {needed}:
        if 1 <= count <= most:
            yield f"{rule.kind} as {count} of {most}", AtLeast(of=rule.of, count=count, because=rule.because)


def _changes(network: Network, rule: Condition) -> Iterator[Change]:
    match rule:
        case Age():
            yield from _steps(rule, "at_least", "below", "at_most")
            yield from _turned(rule, "at_least", "below")
            yield from _turned(rule, "at_least", "at_most")
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
                yield f"made up {made_up}", {"made_up": made_up}
        case SchoolYears():
            yield from _steps(rule, "at_least")
        case CompulsorySchooling():
            yield "turned", {"state": "ongoing" if rule.state == "fulfilled" else "fulfilled"}
        case Average():
            yield "limit + 0.1", {"at_most": round(rule.at_most + 0.1, 1)}
            yield "limit - 0.1", {"at_most": round(rule.at_most - 0.1, 1)}
            yield "of another", {"of": _another(network, rule.of)}
        case Grades():
            yield from _grades(network, rule)
        case Level():
            yield from _levels("at_least", rule.at_least, RECOGNISED_LEVELS)
        case Holds():
            yield from _other_certificates(network, "any", rule.any)
            if not RECOGNISED_AS.keys().isdisjoint(rule.any):
                yield "recognised or not", {"or_recognised": not rule.or_recognised}
            if rule.parameter:
                yield "as another", {"as": "another"}
                yield "as any", {"as": None}
        case NotHolding():
            yield from _other_certificates(network, "none_of", rule.none_of)
        case Contract():
            for one in CONTRACTS:
                yield one, {"of": one}
        case Status():
            for one in rule.any:
                yield f"without {one}", {"any": tuple(other for other in rule.any if other != one)}
            for one in network.statuses:
                yield f"with {one}", {"any": (*rule.any, one) if one not in rule.any else rule.any}
        case Permit():
            yield "by another", {"by": next(one for one in network.help if one != rule.by)}
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
            yield "another", {"id": next(one for one in network.questions if one != rule.id)}


def _grades(network: Network, rule: Grades) -> Iterator[Change]:
    yield from _steps(rule, "at_most", "count")
    yield "of another", {"of": _another(network, rule.of)}
    if rule.count is None and len(rule.subjects) > 1:
        yield "one of them", {"count": 1}
    for place, subject in enumerate(rule.subjects):
        other = next(one for one in SUBJECTS if one not in (*rule.subjects, "englisch", "erste-fremdsprache"))
        yield f"other than {subject}", {"subjects": _put(rule.subjects, place, other)}
        yield f"without {subject}", {"subjects": rule.subjects[:place] + rule.subjects[place + 1 :]}


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
    """Months written down as years, as weeks, or as if years had been months."""
    for field in fields:
        limit = getattr(rule, field)
        if limit is not None:
            yield f"{field} as years", {field: limit * 12}
            yield f"{field} as weeks", {field: max(1, round(limit * 12 / 52))}
            yield f"{field} in years", {field: max(1, limit // 12)}


def _levels(field: str, level: str, order: tuple[str, ...]) -> Iterator[Change]:
    place = order.index(level)
    if place > 0:
        yield "a level lower", {field: order[place - 1]}
    if place + 1 < len(order):
        yield "a level higher", {field: order[place + 1]}


def _other_certificates(network: Network, field: str, wanted: tuple[str, ...]) -> Iterator[Change]:
    """Each certificate replaced by an unrelated one and by its neighbours in the order, or left out."""
    for place, one in enumerate(wanted):
        yield f"another than {one}", {field: _put(wanted, place, _another(network, *wanted))}
        for near in _neighbours(network, one):
            if near not in wanted:
                yield f"{near} for {one}", {field: _put(wanted, place, near)}
        if len(wanted) > 1:
            yield f"without {one}", {field: wanted[:place] + wanted[place + 1 :]}


def _neighbours(network: Network, wanted: str) -> Iterator[str]:
    yield from network.qualifications[wanted].includes
    yield from (one.id for one in network.qualifications.values() if wanted in one.includes)


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
