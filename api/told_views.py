"""What was told, in words, and the addresses of the same answers with one of them changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from api.answers import DONT_KNOW, Answers, pairs_of
from api.frame import Frame
from pathways.known_facts import known_facts
from pathways.person import NUMBERS, PER_TARGET, RECOGNISED_LEVELS, Person
from pathways.questioning import question_text


@dataclass(frozen=True)
class AnswerView:
    """One answer as told, where to change it, and the same page without it."""

    label: str
    text: str
    change: str
    remove: str = ""


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
    questions = questions_of(frame, answers)
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


def questions_of(frame: Frame, answers: Answers) -> Mapping[str, str]:
    """The question behind every fact that was told."""
    facts = _facts(frame, answers)
    special = [fact for fact in facts if fact.partition(".")[0] in (*PER_TARGET, "compulsory_schooling")]
    asked = {fact: question_text(fact, frame.reader) for fact in facts if fact not in special}
    if special:
        known = {one.key: one.question for one in known_facts(frame.network, frame.reader)}
        asked |= {fact: known.get(fact, frame.reader.gettext("Weitere Angabe")) for fact in special}
    return asked
