"""Views of the guided questions: one at a time, every answer visible and changeable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from api.answers import DONT_KNOW, Answers, pairs_of
from api.frame import Frame
from pathways.certificate_conditions import RECOGNITION, Average
from pathways.known_facts import known_facts
from pathways.network import Network
from pathways.person import CONTRACTS, GERMAN_LEVELS, NUMBERS, PER_TARGET, RECOGNISED_LEVELS, Person
from pathways.questioning import question_text
from pathways.routes import Answer

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AnswerView:
    """One answer as told, where to change it, and the same page without it."""

    label: str
    text: str
    change: str
    remove: str = ""


@dataclass(frozen=True)
class Choice:
    """One possible answer of a question, or one link to go on."""

    value: str
    text: str
    hint: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class QuestionView:
    """A question as a form. Without `choices` it is a field for a number."""

    fact: str
    text: str
    hint: str
    why: str
    name: str
    choices: tuple[Choice, ...]
    value: str
    least: int
    most: int
    is_decimal: bool
    hidden: Pairs
    action: str
    unsure: tuple[str, str]
    """Name and value of the button *I don't know*."""


# --- the address of the same answers with one changed ---


def without_fact(answers: Answers, fact: str) -> Answers:
    """The answers without this fact, *I don't know* included."""
    kind, _, target = fact.partition(".")
    person = answers.person
    if kind == "average":
        held = tuple(replace(one, average=None) if one.qualification == target else one for one in person.holds)
        person = replace(person, holds=held)
    elif kind == "contract":
        person = replace(person, contracts={name: said for name, said in person.contracts.items() if name != target})
    elif fact in Person.__dataclass_fields__:
        person = replace(person, **{fact: None})  # type: ignore[arg-type]
    else:
        person = replace(person, facts={name: said for name, said in person.facts.items() if name != fact})
    return replace(answers, person=person, unsure=tuple(one for one in answers.unsure if one != fact))


def query(answers: Answers, **more: str) -> str:
    """The query string of the answers with further parameters."""
    added = [(name, value) for name, value in more.items() if value]
    return urlencode([*answers.pairs, *added], safe=":,=")


def standing_at(answers: Answers, *places: str) -> Answers:
    """The answers with another place to start from."""
    return replace(answers, person=replace(answers.person, at=places))


def wanting(answers: Answers, goal: str) -> Answers:
    """The answers with another goal."""
    return replace(answers, goal_id=goal)


# --- what was told ---


def answers_view(frame: Frame, answers: Answers, *, page: str = "route") -> tuple[AnswerView, ...]:
    """All answers in words, each with its way to be changed; `page` is shown again when one is taken away."""
    gettext, person = frame.reader.gettext, answers.person
    told: list[AnswerView] = []
    if person.at:
        told.append(
            AnswerView(
                gettext("Hier stehen Sie"),
                frame.reader.listing([frame.short(place) for place in person.at]),
                frame.to("start", query(standing_at(answers), step="stage")),
            )
        )
    shown = [held for held in person.holds if held.qualification not in person.at or held.average is not None]
    if shown or (person.holds and person.at):
        text = [_held(frame, held.qualification, held.average, held.parameter) for held in person.holds]
        told.append(
            AnswerView(
                gettext("Diese Abschlüsse haben Sie"),
                frame.reader.listing(text),
                frame.to("start", query(answers, step="holds")),
            )
        )
    if answers.goal_id:
        told.append(
            AnswerView(
                gettext("Ihr Ziel"),
                frame.short(answers.goal_id),
                frame.to("start", query(wanting(answers, ""), step="goal")),
            )
        )
    questions = _questions(frame, answers)
    for fact, said in _facts(frame, answers).items():
        told.append(
            AnswerView(
                questions[fact],
                said,
                frame.to("start", query(answers, ask=fact)),
                frame.to(page, query(without_fact(answers, fact))),
            )
        )
    if answers.is_day_told:
        told.append(
            AnswerView(
                gettext("Gerechnet ab"),
                frame.reader.date(answers.day),
                "",
                frame.to(page, query(replace(answers, is_day_told=False))),
            )
        )
    return tuple(told)


def _held(frame: Frame, qualification: str, average: float | None, parameter: str | None) -> str:
    name = frame.short(qualification)
    details = []
    if parameter:
        details.append(level_words(frame).get(parameter, parameter))
    if average is not None:
        details.append(frame.reader.gettext("Durchschnitt %(average)s") % {"average": frame.reader.grade(average)})
    return f"{name} ({', '.join(details)})" if details else name


def level_words(frame: Frame) -> dict[str, str]:
    """What a foreign school certificate can be equal to."""
    gettext = frame.reader.gettext
    words = (
        gettext("Abschluss im Förderschwerpunkt Lernen"),
        gettext("Berufsreife"),
        gettext("qualifizierter Sekundarabschluss I"),
        gettext("Fachhochschulreife"),
        gettext("Abitur"),
    )
    return dict(zip(RECOGNISED_LEVELS, words, strict=True))


def _facts(frame: Frame, answers: Answers) -> dict[str, str]:
    """Facts beside places and certificates, with the answer in words."""
    told = {
        name.partition("=")[0]: name.partition("=")[2]
        for key, name in pairs_of(answers.person, unsure=answers.unsure)
        if key == "know"
    }
    told |= dict.fromkeys(answers.unsure, DONT_KNOW)
    return {fact: said_in_words(frame, fact, value) for fact, value in told.items()}


def said_in_words(frame: Frame, fact: str, value: str) -> str:
    """One answer as a person would say it."""
    reader = frame.reader
    if value == DONT_KNOW:
        return reader.gettext("weiß ich nicht")
    if fact == "german":
        return reader.gettext("C2 oder Muttersprache") if value == "c2" else value.upper()
    if fact == "status":
        return reader.name(f"status.{value}")
    if fact in ("age", "school_years"):
        return reader.ngettext("%(count)s Jahr", "%(count)s Jahre", int(value)) % {"count": value}
    if fact in NUMBERS:
        return reader.months(int(value))
    if fact == "compulsory_schooling":
        return reader.gettext("ja") if value == "fulfilled" else reader.gettext("nein")
    return reader.gettext("ja") if value == "true" else reader.gettext("nein")


def _questions(frame: Frame, answers: Answers) -> Mapping[str, str]:
    facts = _facts(frame, answers)
    special = [fact for fact in facts if fact.partition(".")[0] in (*PER_TARGET, "compulsory_schooling")]
    asked = {fact: question_text(fact, frame.reader) for fact in facts if fact not in special}
    if special:
        known = {one.key: one.question for one in known_facts(frame.network, frame.reader)}
        asked |= {fact: known.get(fact, frame.reader.gettext("Weitere Angabe")) for fact in special}
    return asked


# --- what is asked next ---


def question_view(frame: Frame, answers: Answers, answer: Answer, action: str = "route") -> QuestionView | None:
    """The most decisive question that was not answered yet."""
    for question in answer.questions:
        if question.fact not in answers.unsure:
            return one_question(frame, answers, question.fact, action=action, changes=question.changes)
    return None


def one_question(frame: Frame, answers: Answers, fact: str, *, action: str = "route", changes: int = 0) -> QuestionView:
    """A question about one fact, with the answer told so far."""
    gettext = frame.reader.gettext
    told = dict(_raw_facts(answers))
    kind, _, target = fact.partition(".")
    is_average = kind == "average"
    least, most = (1, 6) if is_average else NUMBERS.get(fact, (0, 0))
    held = answers.person.certificate(target) if is_average else None
    value = f"{held.average:g}".replace(".", ",") if held and held.average is not None else told.get(fact, "")
    question = frame.network.questions.get(fact)
    why = gettext(question.why) if question and question.why else _why(frame, changes)
    text = _questions(frame, replace(answers, unsure=(fact,)))[fact]
    return QuestionView(
        fact=fact,
        text=text,
        hint=_hint(frame, fact),
        why=why,
        name=f"avg_{target}" if is_average else fact,
        choices=() if is_average or fact in NUMBERS else _choices(frame, fact, value),
        value="" if value == DONT_KNOW else value,
        least=least,
        most=most,
        is_decimal=is_average,
        hidden=tuple(without_fact(answers, fact).pairs),
        action=frame.to(action),
        unsure=(f"avg_{target}" if is_average else "know", DONT_KNOW if is_average else f"{fact}={DONT_KNOW}"),
    )


def is_askable(network: Network, fact: str) -> bool:
    """True for the name of a fact that a question can be about."""
    kind, _, target = fact.partition(".")
    if kind == "average":
        return target in network.qualifications
    if kind == "contract":
        return target in CONTRACTS
    if kind in PER_TARGET:
        return not target or target in network.help or target in set(network.ids())
    return fact in NUMBERS or fact in ("german", "status", "compulsory_schooling") or fact in network.questions


def _raw_facts(answers: Answers) -> Iterable[tuple[str, str]]:
    for key, text in pairs_of(answers.person, unsure=answers.unsure):
        if key == "know":
            name, _, value = text.partition("=")
            yield name, value


def _why(frame: Frame, changes: int) -> str:
    reader = frame.reader
    if 0 < changes < 400:
        return reader.gettext("Die Antwort kann Ihren Weg um bis zu %(time)s verkürzen oder verlängern.") % {
            "time": reader.months(changes)
        }
    if changes:
        return reader.gettext("Von der Antwort hängt ab, ob ein Weg offen ist.")
    return reader.gettext("Mit der Antwort wissen Sie genauer, welche Voraussetzungen Sie schon erfüllen.")


def _hint(frame: Frame, fact: str) -> str:
    gettext = frame.reader.gettext
    kind = fact.partition(".")[0]
    hints = {
        "age": gettext("In ganzen Jahren. Manche Wege haben eine Altersgrenze."),
        "german": gettext("Es zählt ein Nachweis, zum Beispiel ein Zertifikat oder ein deutsches Zeugnis."),
        "work_months": gettext("In Monaten: zwei Jahre sind 24 Monate."),
        "relevant_months": gettext("In Monaten: zwei Jahre sind 24 Monate."),
        "school_years": gettext("Alle Schuljahre zusammen, auch die im Ausland."),
        "child_months": gettext("In Monaten: zwei Jahre sind 24 Monate."),
        "status": gettext("Diese Angabe ist freiwillig. Wir speichern sie nicht."),
        "average": gettext("Zum Beispiel 2,4. Die Zahl steht auf dem Zeugnis, oder die Schule kann sie nennen."),
    }
    return hints.get(kind, "")


def _choices(frame: Frame, fact: str, told: str) -> tuple[Choice, ...]:
    gettext = frame.reader.gettext
    if fact == "german":
        hints = (
            gettext("erste Wörter und Sätze"),
            gettext("einfache Gespräche im Alltag"),
            gettext("Sie kommen im Alltag gut zurecht"),
            gettext("Sie kommen im Beruf und in der Ausbildung zurecht"),
            gettext("fast so gut wie die Muttersprache"),
            "",
        )
        options = [
            Choice(level, said_in_words(frame, fact, level), hint)
            for level, hint in zip(GERMAN_LEVELS, hints, strict=True)
        ]
    elif fact == "status":
        options = [Choice(status, frame.reader.name(f"status.{status}")) for status in frame.network.statuses]
    elif fact == "compulsory_schooling":
        options = [Choice("fulfilled", gettext("Ja")), Choice("ongoing", gettext("Nein"))]
    else:
        options = [Choice("true", gettext("Ja")), Choice("false", gettext("Nein"))]
    options.append(Choice(DONT_KNOW, gettext("Weiß ich nicht")))
    return tuple(replace(one, chosen=one.value == told) for one in options)


# --- certificates ---


@dataclass(frozen=True)
class CertificateField:
    """A certificate to tick, with its average or level where a rule asks for it."""

    id: str
    name: str
    held: bool
    average: str | None
    levels: tuple[Choice, ...]


def asked_averages(network: Network) -> frozenset[str]:
    """Certificates whose average decides something."""
    return frozenset(part.of for _, part in network.conditions() if isinstance(part, Average))


def certificate_fields(
    frame: Frame, answers: Answers
) -> tuple[tuple[CertificateField, ...], tuple[CertificateField, ...]]:
    """The usual certificates first, then all others; entitlements follow from certificates and are not asked."""
    network, averages = frame.network, asked_averages(frame.network)
    usual: list[CertificateField] = []
    others: list[CertificateField] = []
    for record in network.qualifications.values():
        if record.kind == "entitlement":
            continue
        held = answers.person.certificate(record.id)
        average = f"{held.average:g}".replace(".", ",") if held and held.average is not None else ""
        levels = (
            tuple(
                Choice(level, words, chosen=bool(held and held.parameter == level))
                for level, words in level_words(frame).items()
            )
            if record.id == RECOGNITION
            else ()
        )
        name = frame.said(record.id, "name", record.name)
        entry = CertificateField(record.id, name, held is not None, average if record.id in averages else None, levels)
        (usual if record.door else others).append(entry)
    return tuple(_in_order(network, usual)), tuple(_in_order(network, others))


def _in_order(network: Network, entries: Iterable[CertificateField]) -> list[CertificateField]:
    """From the lowest level of the German framework to the highest, then by name."""

    def level(entry: CertificateField) -> tuple[str, str]:
        return (network.qualifications[entry.id].dqr[:1] or "9", entry.name.casefold())

    return sorted(entries, key=level)
