"""What somebody told us about themselves. Every fact may be unknown, and unknown stays unknown.

Coarse on purpose: age in years and never a birth date, no names, and nothing here is ever stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from pathways.errors import BadFact, ContradictoryFacts
from pathways.wording import Remedy

GERMAN_LEVELS = ("a1", "a2", "b1", "b2", "c1", "c2")
RECOGNISED_LEVELS = ("foerder-l", "berufsreife", "qsek1", "fhr", "ahr")
"""Parameter of a recognised foreign school certificate, in rising order."""
CONTRACTS = ("training", "internship", "company")
SUBJECTS = ("deutsch", "mathematik", "englisch", "erste-fremdsprache", "praxismodule")
YES = frozenset({"true", "yes", "ja", "1", "on"})
NO = frozenset({"false", "no", "nein", "0", "off"})
UNSURE = frozenset({"", "unknown", "weiss-nicht", "weißnicht", "unsure"})
NUMBERS = {
    "age": (0, 110),
    "work_months": (0, 720),
    "relevant_months": (0, 720),
    "school_years": (0, 25),
    "child_months": (0, 240),
}
PER_TARGET = ("place", "exam", "recommendation", "permit")
"""Facts about one station or office: ``place.hbf=true``; without a suffix they hold for all."""
FIRST_YEAR_OF_WORK = 13
"""Children's work is not counted: below this age no month of work is believed (JArbSchG § 5)."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A qualification held: its average (1.0 best to 6.0), single grades, and parameter where it has one."""

    qualification: str
    average: float | None = None
    grades: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    parameter: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Facts about one person. ``None`` and absent keys mean *not known*.

    Attributes: ``at`` stations, situations or qualifications where they stand; ``holds`` certificates; ``age`` in
    completed years; ``oldest`` an upper limit assumed from the usual age at their station where no age is told;
    ``german`` a CEFR level in lower case (native speakers count as ``c2``); ``contracts`` by kind;
    ``compulsory_schooling`` True once fulfilled; ``facts`` yes/no answers by question id, and ``place.<station>``,
    ``exam.<station>``, ``recommendation.<station>``, ``permit.<office>``.
    """

    at: tuple[str, ...] = ()
    holds: tuple[Certificate, ...] = ()
    age: int | None = None
    oldest: int | None = None
    german: str | None = None
    work_months: int | None = None
    relevant_months: int | None = None
    contracts: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    school_years: int | None = None
    compulsory_schooling: bool | None = None
    child_months: int | None = None
    status: str | None = None
    facts: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))

    def certificate(self, qualification: str) -> Certificate | None:
        """The certificate held under exactly this id, if any."""
        return next((held for held in self.holds if held.qualification == qualification), None)

    def fact(self, name: str, target: str = "") -> bool | None:
        """A yes/no answer; the one for `target` wins over the general one."""
        if target and (answer := self.facts.get(f"{name}.{target}")) is not None:
            return answer
        return self.facts.get(name)

    def knows(self, name: str) -> bool:
        """True if the fact with this name, as `Condition.facts` spells it, has been answered."""
        kind, _, target = name.partition(".")
        if kind == "contract":
            return target in self.contracts
        if kind in ("average", "grades", "level"):
            return True
        if kind in PER_TARGET:
            return self.fact(kind, target) is not None
        if name in Person.__dataclass_fields__:
            return getattr(self, name) is not None
        return name in self.facts

    def with_fact(self, name: str, value: str) -> Person:
        """A copy that also knows `name` = `value`, spelt as in ``--know``."""
        return _learn(self, name, value)


def read_person(
    at: Iterable[str],
    holds: Iterable[str] = (),
    know: Iterable[str] = (),
    *,
    questions: Iterable[str] = (),
    statuses: Iterable[str] = (),
) -> Person:
    """Facts as the command line and the query string spell them, to a checked `Person`.

    `holds` entries look like ``q-x`` or ``q-x:avg=2.4,deutsch=2``; `know` entries like ``age=16``. `questions` and
    `statuses` are the ids the content knows. Raises `BadFact` naming the remedy, and `ContradictoryFacts`.
    """
    person = Person(at=tuple(at), holds=tuple(_read_certificate(text) for text in holds))
    allowed = frozenset(questions)
    known_statuses = frozenset(statuses)
    for entry in know:
        name, sign, value = entry.partition("=")
        if not sign:
            raise BadFact(entry, "", "Schreiben Sie Name=Wert, zum Beispiel age=16.")
        name = name.strip()
        if known_statuses and name == "status":
            value = _coarse_status(value, known_statuses)
        if not _is_known_name(name, allowed):
            raise BadFact(name, value, "Diese Angabe kennen wir nicht.")
        person = _learn(person, name, value.strip())
    _refuse_contradictions(person)
    return person


def _read_certificate(text: str) -> Certificate:
    name, _, details = text.strip().partition(":")
    average: float | None = None
    parameter: str | None = None
    grades: dict[str, int] = {}
    for detail in filter(None, re.split(r"[,:]", details)):
        key, sign, value = (part.strip() for part in detail.partition("="))
        if not sign:
            parameter = key
        elif key in ("avg", "average", "schnitt"):
            average = _grade(name, value)
        elif key in ("as", "level"):
            parameter = value
        elif key in SUBJECTS:
            grade = _grade(name, value)
            if grade != int(grade):
                raise BadFact(f"{name}:{key}", value, "Eine Zeugnisnote ist eine ganze Zahl von 1 bis 6.")
            grades[key] = int(grade)
        else:
            raise BadFact(f"{name}:{key}", value, "Möglich sind avg, level, as und einzelne Fächer.")
    return Certificate(name, average, MappingProxyType(grades), parameter)


def _grade(name: str, value: str) -> float:
    try:
        grade = float(value.replace(",", "."))
    except ValueError:
        grade = 0.0
    if not 1.0 <= grade <= 6.0:
        raise BadFact(name, value, "Noten gehen von 1,0 bis 6,0.")
    return grade


def _is_known_name(name: str, questions: frozenset[str]) -> bool:
    kind, _, target = name.partition(".")
    if kind in PER_TARGET or name in questions:
        return True
    if kind == "contract" or name.startswith("contract_"):
        return not target or target in CONTRACTS
    return name in NUMBERS or name in ("german", "status", "compulsory_schooling", "status_months")


def _coarse_status(value: str, known: frozenset[str]) -> str:
    status = re.split(r"[^a-z0-9-]", value.strip().lower())[0]
    if status not in known and status not in UNSURE:
        raise BadFact("status", value, Remedy("Möglich sind: %(statuses)s.", statuses=", ".join(sorted(known))))
    return status


def _learn(person: Person, name: str, value: str) -> Person:
    value = value.lower()
    if value in UNSURE:
        return person
    if name in NUMBERS:
        return _with_number(person, name, _number(name, value))
    if name == "german":
        level = "c2" if value in ("native", "muttersprache") else value
        if level not in GERMAN_LEVELS:
            raise BadFact(name, value, "Möglich sind a1, a2, b1, b2, c1, c2 und native.")
        return replace(person, german=level)
    if name == "status":
        return replace(person, status=value)
    if name == "status_months":
        months = _number(name, value, (0, 720))
        return replace(person, facts=MappingProxyType({**person.facts, "tolerated-three-months": months >= 3}))
    if name == "compulsory_schooling":
        fulfilled = {"fulfilled": True, "erfuellt": True, "ongoing": False, "laufend": False}.get(value)
        return replace(person, compulsory_schooling=_yes_no(name, value) if fulfilled is None else fulfilled)
    kind, _, target = name.replace("contract_", "contract.", 1).partition(".")
    if kind == "contract":
        return replace(person, contracts=MappingProxyType({**person.contracts, **_contracts(target, value)}))
    return replace(person, facts=MappingProxyType({**person.facts, name: _yes_no(name, value)}))


def _with_number(person: Person, name: str, number: int) -> Person:
    match name:
        case "age":
            return replace(person, age=number)
        case "work_months":
            return replace(person, work_months=number)
        case "relevant_months":
            return replace(person, relevant_months=number)
        case "school_years":
            return replace(person, school_years=number)
        case _:
            return replace(person, child_months=number)


def _number(name: str, value: str, limits: tuple[int, int] | None = None) -> int:
    low, high = limits or NUMBERS[name]
    try:
        number = int(value)
    except ValueError:
        number = -1
    if len(value) > 4 or not low <= number <= high:
        raise BadFact(name, value, Remedy("Bitte eine ganze Zahl von %(low)s bis %(high)s.", low=low, high=high))
    return number


def _yes_no(name: str, value: str) -> bool:
    if value in YES:
        return True
    if value in NO:
        return False
    raise BadFact(name, value, "Bitte true oder false; was offen ist, lassen Sie weg.")


def _contracts(target: str, value: str) -> dict[str, bool]:
    if target:
        return {target: _yes_no(f"contract.{target}", value)}
    kind, _, answer = value.partition(":")
    if kind in CONTRACTS:
        return {kind: _yes_no("contract", answer or "true")}
    return {"training": _yes_no("contract", value)}


def _refuse_contradictions(person: Person) -> None:
    age = person.age
    if age is not None:
        for name in ("work_months", "relevant_months"):
            months = getattr(person, name)
            if months is not None and months > max(0, age + 1 - FIRST_YEAR_OF_WORK) * 12:
                raise ContradictoryFacts(
                    ("age", name), "Das Alter und die Monate im Beruf passen nicht zusammen. Welche Angabe stimmt?"
                )
        if person.school_years is not None and person.school_years > max(0, age - 3):
            raise ContradictoryFacts(
                ("age", "school_years"), "Das Alter und die Schuljahre passen nicht zusammen. Welche Angabe stimmt?"
            )
        if person.child_months is not None and person.child_months > max(0, age - 10) * 12:
            raise ContradictoryFacts(
                ("age", "child_months"), "Ihr Alter und das Alter des Kindes passen nicht zusammen. Welches stimmt?"
            )
    if (
        person.work_months is not None
        and person.relevant_months is not None
        and person.relevant_months > person.work_months
    ):
        raise ContradictoryFacts(
            ("work_months", "relevant_months"),
            "Es sind mehr Monate im passenden Beruf angegeben als Monate im Beruf insgesamt. Welche Angabe stimmt?",
        )
    if person.school_years is not None and person.compulsory_schooling is False and person.school_years >= 12:
        raise ContradictoryFacts(
            ("school_years", "compulsory_schooling"),
            "Zwölf Schuljahre und eine laufende Schulpflicht passen nicht zusammen. Welche Angabe stimmt?",
        )
