"""Views of the guided questions: one at a time, every answer visible and changeable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from api.answers import DONT_KNOW, Answers, pairs_of
from api.frame import Frame
from api.told_views import level_words, questions_of, said_in_words, without_fact
from pathways.certificate_conditions import RECOGNITION, Average
from pathways.network import Network
from pathways.person import CONTRACTS, GERMAN_LEVELS, NUMBERS, PER_TARGET
from pathways.routes import Answer

Pairs = tuple[tuple[str, str], ...]


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
    text = questions_of(frame, replace(answers, unsure=(fact,)))[fact]
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
