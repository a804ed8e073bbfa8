"""Ways changed by one slip of the pen each: in a rule, the kind, the months, the start, the registration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, get_args

from pathways.calendar_months import MonthDay
from pathways.network import Network
from pathways.transition import Kind, Register, Transition
from pathways.way import whole
from tests.people.mutated_rules import changed_rules


@dataclass(frozen=True)
class Mutant:
    """A way with one thing changed; `name` says what."""

    name: str
    transition: Transition


def mutants(network: Network, transition: Transition) -> Iterator[Mutant]:
    """Every mutant of this way."""
    for name, rules in changed_rules(network, transition.conditions):
        yield Mutant(name, transition.model_copy(update={"conditions": rules}))
    for name, update in _changes(network, transition):
        yield Mutant(name, transition.model_copy(update=update))


def _changes(network: Network, transition: Transition) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in get_args(Kind):
        if kind != transition.kind:
            yield f"kind {kind}", {"kind": kind}
    confirmed = transition.confidence != "unconfirmed"
    yield ("unconfirmed", {"confidence": "unconfirmed"}) if confirmed else ("confirmed", {"confidence": "confirmed"})
    for name, months in _months(transition.months):
        yield f"months {name}", {"months": months}
    if transition.after_months is not None:
        for months in (transition.after_months + 1, transition.after_months - 1, None):
            yield f"after {months} months", {"after_months": months}
    if transition.parameter is not None:
        yield "as another", {"parameter": "another"}
        yield "as any", {"parameter": None}
    for name, starts in _starts(network, transition):
        yield f"starts {name}", {"starts": starts}
    if transition.registration is not None:
        yield "registration dropped", {"registration": None}
        for name, update in _registration(transition.registration):
            yield f"registration {name}", {"registration": transition.registration.model_copy(update=update)}


def _months(months: float) -> Iterator[tuple[str, float]]:
    yield "+ 1", months + 1
    if months:
        yield "- 1", months - 1
        yield "as years", months * 12
        if whole(months * 12 / 52) != months:
            yield "as weeks", months * 12 / 52


def _starts(network: Network, transition: Transition) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Other months of the start; a year that is repeated has none of its own."""
    station = network.stations.get(transition.target)
    if station is None or station.id in transition.origins:
        return
    if transition.starts is not None:
        yield "those of the station", station.starts
    starts = station.starts if transition.starts is None else transition.starts
    if starts:
        yield "any month", ()
    for place, month in enumerate(starts):
        others = starts[:place] + starts[place + 1 :]
        yield f"a month later than {month}", (*others, month % 12 + 1)
        yield f"a month earlier than {month}", (*others, (month - 2) % 12 + 1)
        if others:
            yield f"without {month}", others


def _registration(register: Register) -> Iterator[tuple[str, dict[str, Any]]]:
    for place, day in enumerate(register.by):
        others = register.by[:place] + register.by[place + 1 :]
        for name, days in (("a day later", 1), ("a day earlier", -1), ("a month later", 31), ("a month earlier", -31)):
            yield f"{name} than {day}", {"by": (*others, _moved(day, days))}
        if others:
            yield f"without {day}", {"by": others}
    if register.by:
        for late in ("closed", "left-over", "open"):
            if late != register.late:
                yield f"late {late}", {"late": late}
        for years in {0, 1} - {register.years_before}:
            yield f"{years} years before", {"years_before": years}


def _moved(day: str, days: int) -> str:
    """A day of the year some days later, in a year of 365 days."""
    known = MonthDay.parse(day)
    moved = date(2025, known.month, known.day) + timedelta(days=days)
    return f"{moved:%m-%d}"
