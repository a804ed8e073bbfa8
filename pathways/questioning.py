"""The next best question: the unknown fact whose answer changes the result most. Nothing else is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pathways.compiling import CompiledGoal
from pathways.errors import BadFact
from pathways.itinerary import Route
from pathways.narrowing import find_soonest
from pathways.person import Certificate, Person
from pathways.relaxing import can_reach, relax
from pathways.searching import Budget, Found, Sensible
from pathways.traveller import Traveller
from pathways.verdict import Verdict
from pathways.wording import Words

UNREACHED = 600
"""Months counted for an answer with which no route is left."""
CANDIDATES = 6
LABELS = 600
ANSWERS: dict[str, tuple[str, ...]] = {
    "age": ("15", "17", "19", "26"),
    "german": ("a1", "b1", "b2", "c1"),
    "work_months": ("0", "24", "60"),
    "relevant_months": ("0", "12", "36", "60"),
    "school_years": ("8", "9", "10", "12"),
    "child_months": ("6", "26", "50", "70"),
}


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """A fact worth asking: how many months the answers move the earliest arrival, and how many legs it decides."""

    fact: str
    changes: int
    legs: int


def next_questions(
    traveller: Traveller,
    goal: CompiledGoal,
    front: Found,
    routes: Sequence[Route],
    blocked: Sequence[Route],
    sensible: Sensible,
) -> tuple[NextQuestion, ...]:
    """Facts worth asking, the most decisive first. A fact whose answers change nothing is not in it."""
    touched = _facts_on(traveller, [*routes, *blocked])
    candidates = sorted(
        (name for name in traveller.open_facts | set(touched) if _is_askable(traveller.person, name)),
        key=lambda name: (-touched[name], name),
    )
    asked = []
    for name in candidates[:CANDIDATES]:
        changes = _difference(traveller, goal, name, sensible, front.latest if front.trails else None)
        if changes or touched[name]:
            asked.append(NextQuestion(name, changes, touched[name]))
    asked.sort(key=lambda question: (-question.changes, -question.legs, question.fact))
    return tuple(asked)


def _facts_on(traveller: Traveller, routes: Sequence[Route]) -> Counter[str]:
    touched: Counter[str] = Counter()
    for route in routes:
        for leg in route.legs:
            for judged in leg.conditions:
                if judged.verdict == Verdict.UNKNOWN:
                    for name in judged.condition.facts(leg.transition.target):
                        if not traveller.person.knows(name):
                            touched[name] += 1
    return touched


def _is_askable(person: Person, name: str) -> bool:
    """A place won, an exam passed or a permit given lies in the future: a to-do, not a question."""
    kind, _, target = name.partition(".")
    if kind in ("place", "exam", "recommendation", "permit"):
        return False
    if kind == "average":
        held = person.certificate(target)
        return held is not None and held.average is None
    return kind not in ("grades", "level") and not person.knows(name)


def possible_answers(traveller: Traveller, name: str) -> list[Person]:
    """The person with each answer that could make a difference."""
    person = traveller.person
    kind, _, target = name.partition(".")
    if kind == "average":
        return [_with_average(person, target, average) for average in (1.5, 2.5, 3.0, 3.5)]
    if name == "status":
        values: tuple[str, ...] = tuple(sorted(traveller.compiled.network.statuses))
    else:
        values = ANSWERS.get(name, ("true", "false"))
    found = []
    for value in values:
        try:
            found.append(person.with_fact(name, value))
        except BadFact:  # pragma: no cover - content with a fact that no answer fits
            continue
    return found


def _with_average(person: Person, qualification: str, average: float) -> Person:
    held = tuple(
        Certificate(one.qualification, average, one.grades, one.parameter)
        if one.qualification == qualification
        else one
        for one in person.holds
    )
    return replace(person, holds=held)


def _difference(traveller: Traveller, goal: CompiledGoal, name: str, sensible: Sensible, latest: int | None) -> int:
    arrivals = set()
    last = traveller.start + sensible.max_months if latest is None else latest
    for person in possible_answers(traveller, name):
        other = Traveller(traveller.compiled, person, traveller.day)
        relaxed = relax(other, goal.ways)
        if not can_reach(relaxed.times, goal):
            arrivals.add(UNREACHED)
            continue
        found = find_soonest(other, goal, sensible, Budget(labels=LABELS), last, relaxed)
        if not found.complete:
            continue
        arrivals.add(found.trails[0].vector[0] - traveller.start if found.trails else UNREACHED)
    return max(arrivals, default=0) - min(arrivals, default=0)


def question_text(name: str, words: Words) -> str:
    """The question as it is put to people."""
    kind, _, target = name.partition(".")
    fixed = {
        "age": words.gettext("Wie alt sind Sie?"),
        "german": words.gettext("Wie gut ist Ihr Deutsch laut Zeugnis?"),
        "work_months": words.gettext("Wie viele Monate haben Sie schon gearbeitet?"),
        "relevant_months": words.gettext("Wie viele Monate haben Sie in einem passenden Beruf gearbeitet?"),
        "school_years": words.gettext("Wie viele Jahre sind Sie schon zur Schule gegangen?"),
        "child_months": words.gettext("Wie alt ist das Kind?"),
        "status": words.gettext("Welchen Aufenthalt haben Sie?"),
        "contract.training": words.gettext("Haben Sie schon einen Ausbildungsvertrag?"),
        "contract.internship": words.gettext("Haben Sie schon einen Vertrag für das Praktikum?"),
        "contract.company": words.gettext("Haben Sie schon einen Vertrag mit einem Unternehmen?"),
    }
    if name in fixed:
        return fixed[name]
    if kind == "average":
        return words.gettext("Welchen Durchschnitt hat Ihr Zeugnis (%(name)s)?") % {"name": words.name(target)}
    return words.name(f"question.{name}.question")
