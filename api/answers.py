"""Answers in the query string to a person, a goal and a day, and back again.

Names are those of the command line (``from``, ``to``, ``holds``, ``know``, ``day``). Forms may spell them in a
friendlier way besides: a fact by its own name (``age=16``, ``german=b1``, ``place.hbf=true``), a certificate as
``q_<id>=1``, its average as ``avg_<id>=2.4`` or ``avg.<id>``, a mark as ``grade_<subject>_<id>=2``, a level as
``level_<id>=fhr``. What is unanswered, ``unknown`` or ``weiss-nicht`` stays unknown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from api.language import LANGUAGES, SOURCE
from pathways.errors import BadFact, ContradictoryFacts, UnknownId, nearest, shorten
from pathways.network import Network
from pathways.person import CONTRACTS, NO, NUMBERS, PER_TARGET, SUBJECTS, UNSURE, YES, Certificate, Person, read_person
from pathways.routes import check_places
from pathways.searching import Sensible
from pathways.wording import Remedy

MOST_PARAMETERS = 200
LONGEST_VALUE = 2_000
MOST_PLACES = 20
DAYS = (date(2000, 1, 1), date(2100, 12, 31))
CHANGES = (1, 20)
MONTHS = (12, 360)
UNSURE_WORDS = UNSURE | {"weiß-nicht", "weiss nicht", "weiß nicht", "weissnicht", "keine-angabe"}
DONT_KNOW = "unknown"
"""How "I don't know" is written down."""
PLAIN = ("from", "to", "holds", "know", "day", "lang", "max_changes", "max_months")
SINGLE_FACTS = (*NUMBERS, "german", "status", "status_months", "compulsory_schooling", "contract")
DETAILS = {"avg": "avg", "average": "avg", "level": "as"}
FROM_ELSEWHERE = re.compile(r"(utm_|mtm_|pk_)\w+|fbclid|gclid|msclkid", re.ASCII)
"""What messengers and mailing tools hang onto a shared link; it says nothing about a person."""

Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Answers:
    """Everything a query string says. ``goal_id`` is empty while there is no goal yet."""

    person: Person
    goal_id: str
    day: date
    sensible: Sensible
    lang: str
    is_day_told: bool = False
    """False: the day is today's, and links should not carry it."""
    unsure: tuple[str, ...] = ()
    """Facts answered with "I don't know", spelt like the ``fact`` of a question: not to be asked again."""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """All answers as parameters, for the hidden fields of a form."""
        return pairs_of(
            self.person,
            self.goal_id,
            self.day if self.is_day_told else None,
            sensible=self.sensible,
            unsure=self.unsure,
        )

    @property
    def query(self) -> str:
        """All answers as a query string, without the question mark; empty if there are none."""
        return urlencode(self.pairs, safe=":,=")


def read_answers(
    query: Pairs, network: Network, *, today: date, lang: str | None = None, strict: bool = False
) -> Answers:
    """A query string to checked answers; `lang`, if the address names one, wins over the query.

    Raises `BadFact`, `UnknownId` or `ContradictoryFacts`. With `strict` a parameter that means nothing is refused too;
    without, a page may have parameters of its own.
    """
    heard = _Heard(network)
    for name, value in readable(query):
        heard.hear(name, value, strict)
    heard.check()
    person = read_person(
        heard.places,
        [heard.certificate(one) for one in heard.held],
        [f"{name}={value}" for name, value in heard.facts.items()],
        questions=network.questions,
        statuses=network.statuses,
    )
    check_places(network, person)
    goal_id = heard.single.get("to", "")
    if goal_id:
        network.get_goal(goal_id)
    told = heard.single.get("day")
    return Answers(
        person=person,
        goal_id=goal_id,
        day=_day(told) if told else today,
        sensible=Sensible(
            max_changes=_whole("max_changes", heard.single.get("max_changes"), CHANGES, Sensible().max_changes),
            max_months=_whole("max_months", heard.single.get("max_months"), MONTHS, Sensible().max_months),
        ),
        lang=lang or known_language(heard.single.get("lang", SOURCE)),
        is_day_told=bool(told),
        unsure=tuple(heard.unsure),
    )


class _Heard:
    """Parameters as they come in, sorted by what they are about."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.places: list[str] = []
        self.held: dict[str, dict[str, str]] = {}
        """Certificates with their details: ``avg``, a subject, or ``as``."""
        self.declined: set[str] = set()
        self.facts: dict[str, str] = {}
        self.single: dict[str, str] = {}
        self.unsure: dict[str, None] = {}

    def hear(self, name: str, value: str, strict: bool) -> None:
        value = value.strip()
        prefix, _, rest = re.sub(r"^(avg|average|level)\.", r"\1_", name).partition("_")
        if name == "from":
            for place in _parts(value):
                if place not in self.places:
                    self.places.append(place)
        elif name == "holds":
            for text in split_certificates(value):
                self._hold(text)
        elif name == "know":
            self._know(value)
        elif name in PLAIN:
            if value.lower() not in UNSURE_WORDS:
                self._say_once(self.single, name, value)
        elif _is_fact(name, self.network):
            self._learn(name, value)
        elif prefix == "q" and rest:
            self._tick(rest, value)
        elif prefix in DETAILS and rest:
            self._detail(rest, DETAILS[prefix], value)
        elif prefix == "grade" and rest.partition("_")[0] in SUBJECTS:
            subject, _, qualification = rest.partition("_")
            self._detail(qualification, subject, value)
        elif strict and not FROM_ELSEWHERE.fullmatch(name):
            self._refuse_name(name, value)

    def certificate(self, qualification: str) -> str:
        """One certificate, spelt as for the command line."""
        details = [f"{name}={value}" for name, value in self.held[qualification].items()]
        return ":".join((qualification, ",".join(details))) if details else qualification

    def check(self) -> None:
        """What one parameter alone cannot show."""
        if len(self.places) > MOST_PLACES:
            raise BadFact(
                "from", f"{len(self.places)}", Remedy("Bitte höchstens %(count)s Orte nennen.", count=MOST_PLACES)
            )
        for qualification in self.declined & self.held.keys():
            raise ContradictoryFacts(
                ("holds", f"q_{qualification}"),
                "Ein Abschluss ist zugleich als vorhanden und als nicht vorhanden angegeben. Welche Angabe stimmt?",
            )

    def _hold(self, text: str) -> None:
        name, *details = re.split(r"[:,]", text)
        name = self._qualification(name.strip())
        if name.lower() in UNSURE_WORDS:
            return
        known = self.held.setdefault(name, {})
        for detail in filter(None, (one.strip() for one in details)):
            key, sign, value = (part.strip() for part in detail.partition("="))
            if not sign:
                key, value = "as", key
            if value.lower() not in UNSURE_WORDS:
                key = {"average": "avg", "schnitt": "avg", "level": "as"}.get(key, key)
                self._say_once(known, key, value, f"{name}:{key}")

    def _tick(self, qualification: str, value: str) -> None:
        qualification = self._qualification(qualification)
        answer = value.lower()
        if answer in YES:
            self.held.setdefault(qualification, {})
        elif answer in NO:
            self.declined.add(qualification)
        elif answer not in UNSURE_WORDS:
            raise BadFact(f"q_{qualification}", value, "Bitte true oder false; was offen ist, lassen Sie weg.")

    def _detail(self, qualification: str, key: str, value: str) -> None:
        qualification = self._qualification(qualification)
        if value.lower() in UNSURE_WORDS:
            if value and key == "avg":
                self.unsure[f"average.{qualification}"] = None
            return
        clean = value.replace(",", ".")
        if re.search(r"[:,=\s]", clean):
            raise BadFact(f"{key}_{qualification}", value, "Bitte nur eine Zahl oder ein Wort.")
        self._say_once(self.held.setdefault(qualification, {}), key, clean, f"{key}_{qualification}")

    def _qualification(self, name: str) -> str:
        """The id of a qualification, which forms may give without its ``q-``."""
        return (
            f"q-{name}"
            if name not in self.network.qualifications and f"q-{name}" in self.network.qualifications
            else name
        )

    def _know(self, entry: str) -> None:
        if not entry:
            return
        name, sign, value = entry.partition("=")
        if not sign:
            raise BadFact(entry, "", "Schreiben Sie Name=Wert, zum Beispiel age=16.")
        name = name.strip()
        if not _is_fact(name, self.network):
            self._refuse_name(name, value)
        self._learn(name, value.strip())

    def _learn(self, name: str, value: str) -> None:
        name = name.replace("contract_", "contract.", 1)
        if value.lower() in UNSURE_WORDS:
            if value:
                self.unsure[name] = None
            return
        if name == "contract":
            for part in _parts(value):
                of, sign, answer = part.lower().partition(":")
                if of in CONTRACTS:
                    self._say_once(self.facts, f"contract.{of}", _truth(answer) if sign else "true")
                else:
                    self._say_once(self.facts, "contract.training", _truth(part))
            return
        check_target(name, self.network)
        self._say_once(self.facts, name, value if name in SINGLE_FACTS else _truth(value))

    def _say_once(self, told: dict[str, str], name: str, value: str, spelt: str = "") -> None:
        if told.setdefault(name, value).lower() != value.lower():
            raise ContradictoryFacts((spelt or name,), "Hier stehen zwei verschiedene Antworten. Welche stimmt?")

    def _refuse_name(self, name: str, value: str) -> None:
        likely = nearest(name, [*PLAIN, *SINGLE_FACTS, *self.network.questions])
        if not likely:
            raise BadFact(shorten(name), value, "Diese Angabe kennen wir nicht.")
        remedy = Remedy("Diese Angabe kennen wir nicht. Meinten Sie: %(names)s?", names=", ".join(likely))
        raise BadFact(shorten(name), value, remedy)


def check_target(name: str, network: Network) -> None:
    """Raise `UnknownId` for a fact about one stop or office (``place.hbf``, ``permit.ihk``) that is not there."""
    kind, _, target = name.partition(".")
    if kind not in PER_TARGET or not target:
        return
    known = [*network.help] if kind == "permit" else [*network.stations, *network.qualifications]
    if target not in known:
        raise UnknownId(kind, target, known)


def readable(query: Pairs) -> list[tuple[str, str]]:
    """The pairs, refused with `BadFact` where nothing we ask for can look like that."""
    pairs = list(query)
    if len(pairs) > MOST_PARAMETERS:
        raise BadFact(
            "?", f"{len(pairs)}", Remedy("Bitte höchstens %(count)s Angaben auf einmal.", count=MOST_PARAMETERS)
        )
    for name, value in pairs:
        if len(name) > LONGEST_VALUE or len(value) > LONGEST_VALUE:
            remedy = Remedy("Das ist zu lang. Höchstens %(count)s Zeichen.", count=LONGEST_VALUE)
            raise BadFact(shorten(name), value, remedy)
        if not (_is_text(name) and _is_text(value)):
            raise BadFact(shorten(name), value, "Darin stehen Zeichen, die niemand sehen kann. Bitte neu eintippen.")
    return pairs


def _is_text(text: str) -> bool:
    """No control characters, no half characters, and nothing that was no UTF-8."""
    return "\ufffd" not in text and not any(unicodedata.category(one) in ("Cc", "Cs") for one in text)


def _is_fact(name: str, network: Network) -> bool:
    kind, _, target = name.replace("contract_", "contract.", 1).partition(".")
    if kind in PER_TARGET or name in network.questions or name in SINGLE_FACTS:
        return True
    return kind == "contract" and target in CONTRACTS


def _parts(value: str) -> list[str]:
    parts = (part.strip() for part in value.split(","))
    return [part for part in parts if part.lower() not in UNSURE_WORDS]


def split_certificates(text: str) -> list[str]:
    """Certificates from one comma-separated text; ``q-a:avg=2,4,deutsch=2,q-b`` are two."""
    found: list[str] = []
    for piece in filter(None, (part.strip() for part in text.split(","))):
        if found and piece.isdigit() and re.search(r"=\d$", found[-1]):
            found[-1] += f".{piece}"  # a German decimal comma
        elif found and "=" in piece.partition(":")[0]:
            found[-1] += f",{piece}"
        else:
            found.append(piece)
    return found


def _truth(value: str) -> str:
    answer = value.lower()
    return "true" if answer in YES else "false" if answer in NO else answer


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadFact("day", text, "Schreiben Sie JJJJ-MM-TT, zum Beispiel 2026-11-21.") from None
    if not DAYS[0] <= day <= DAYS[1]:
        remedy = Remedy("Der Tag muss zwischen %(first)s und %(last)s liegen.", first=DAYS[0].year, last=DAYS[1].year)
        raise BadFact("day", text, remedy)
    return day


def _whole(name: str, text: str | None, limits: tuple[int, int], default: int) -> int:
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,3}", text) or not limits[0] <= int(text) <= limits[1]:
        remedy = Remedy("Bitte eine ganze Zahl von %(low)s bis %(high)s.", low=limits[0], high=limits[1])
        raise BadFact(name, text, remedy)
    return int(text)


def known_language(language: str) -> str:
    """The language, if it is offered. Raises `BadFact`."""
    if language not in LANGUAGES:
        remedy = Remedy("Diese Sprache gibt es hier nicht. Möglich sind: %(names)s.", names=", ".join(LANGUAGES))
        raise BadFact("lang", language, remedy)
    return language


def pairs_of(
    person: Person,
    goal_id: str = "",
    day: date | None = None,
    *,
    sensible: Sensible | None = None,
    unsure: Sequence[str] = (),
) -> list[tuple[str, str]]:
    """The parameters that `read_answers` reads back to the same answers, in one order for all."""
    pairs: list[tuple[str, str]] = []
    if person.at:
        pairs.append(("from", ",".join(person.at)))
    if goal_id:
        pairs.append(("to", goal_id))
    pairs += [("holds", _spell(held)) for held in person.holds]
    pairs += [("know", f"{name}={value}") for name, value in _facts_of(person).items()]
    for fact in unsure:
        pairs.append((fact, DONT_KNOW) if fact.startswith("average.") else ("know", f"{fact}={DONT_KNOW}"))
    if day is not None:
        pairs.append(("day", day.isoformat()))
    usual = Sensible()
    for name in ("max_changes", "max_months"):
        if sensible is not None and getattr(sensible, name) != getattr(usual, name):
            pairs.append((name, str(getattr(sensible, name))))
    return pairs


def query_of(person: Person, goal_id: str = "", day: date | None = None, *, sensible: Sensible | None = None) -> str:
    """The canonical query string of these answers, without the question mark. Without `day` it means any today."""
    return urlencode(pairs_of(person, goal_id, day, sensible=sensible), safe=":,=")


def _spell(held: Certificate) -> str:
    details = [f"avg={held.average:g}"] if held.average is not None else []
    details += [f"{subject}={mark}" for subject, mark in sorted(held.grades.items())]
    details += [f"as={held.parameter}"] if held.parameter else []
    return f"{held.qualification}:{','.join(details)}" if details else held.qualification


def _facts_of(person: Person) -> dict[str, str]:
    facts = {name: str(value) for name in NUMBERS if (value := getattr(person, name)) is not None}
    facts |= {name: value for name in ("german", "status") if (value := getattr(person, name)) is not None}
    if person.compulsory_schooling is not None:
        facts["compulsory_schooling"] = "fulfilled" if person.compulsory_schooling else "ongoing"
    facts |= {f"contract.{kind}": _spell_truth(value) for kind, value in sorted(person.contracts.items())}
    facts |= {name: _spell_truth(value) for name, value in sorted(person.facts.items())}
    return facts


def _spell_truth(value: bool) -> str:
    return "true" if value else "false"
