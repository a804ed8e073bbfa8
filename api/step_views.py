"""Views of the guided questions: stage of life, place, certificates, goal, and then what else decides."""

from __future__ import annotations

from dataclasses import dataclass, replace

from api.answers import Answers, pairs_of
from api.frame import Frame, Link
from api.question_views import CertificateField, Pairs, QuestionView, certificate_fields
from api.told_views import AnswerView, answers_view, query, standing_at, wanting
from api.views import CHILDHOOD, Group, by_entry, goal_groups, stage_of_situation, stage_words
from pathways.network import Network
from pathways.person import Certificate
from pathways.station import STAGES

SITUATIONS_FIRST = frozenset({"early-childhood", "adult", "newcomers"})
"""Stages that people mostly come to from outside: what describes them stands before the stations."""


@dataclass(frozen=True)
class ChoicePage:
    """One step of the guided questions that is answered by a link."""

    title: str
    hint: str
    answers: tuple[AnswerView, ...]
    groups: tuple[Group, ...]
    back: str
    aside: tuple[Link, ...] = ()


@dataclass(frozen=True)
class HoldsPage:
    """What do you hold: certificates to tick."""

    title: str
    answers: tuple[AnswerView, ...]
    usual: tuple[CertificateField, ...]
    others: tuple[CertificateField, ...]
    hidden: Pairs
    action: str
    skip: str
    back: str


@dataclass(frozen=True)
class AskPage:
    """One further question; without one there is nothing left to ask."""

    title: str
    answers: tuple[AnswerView, ...]
    question: QuestionView | None
    results: str


def stage_page(frame: Frame, answers: Answers) -> ChoicePage:
    """Where in life somebody stands."""
    words = stage_words(frame)
    used = {station.stage for station in frame.network.stations.values()}
    links = tuple(
        Link(frame.to("start", query(answers, stage=stage)), *words[stage]) for stage in STAGES if stage in used
    )
    return ChoicePage(
        title=frame.reader.gettext("Wo stehen Sie?"),
        hint=frame.reader.gettext("Sie oder Ihr Kind: Wählen Sie, was am besten passt."),
        answers=answers_view(frame, answers, page="start"),
        groups=(Group("zonen", "", "", links),),
        back=frame.to(""),
        aside=(_none_of_these(frame, answers), _unsure(frame)),
    )


def _none_of_these(frame: Frame, answers: Answers) -> Link:
    return Link(frame.to("start", query(answers, stage="none")), frame.reader.gettext("Nichts davon passt gerade"))


def _unsure(frame: Frame) -> Link:
    """For somebody who does not know the answer: people who ask back."""
    return Link(frame.to("help"), frame.reader.gettext("Ich weiß es nicht. Wer hilft mir?"))


def _place_words(frame: Frame, stage: str) -> dict[str, str]:
    """Headings of the places in a stage: small children are spoken of, all others are spoken to."""
    gettext = frame.reader.gettext
    if stage in ("early-childhood", "primary"):
        return {
            "lage": gettext("Das beschreibt uns"),
            "hier": gettext("Mein Kind ist gerade hier"),
            "kurse": gettext("Wir nutzen gerade dieses Angebot"),
        }
    return {
        "lage": gettext("Das beschreibt mich"),
        "hier": gettext("Ich bin gerade hier"),
        "kurse": gettext("Ich bin in einem Kurs oder Verfahren"),
    }


def place_page(frame: Frame, answers: Answers, stage: str) -> ChoicePage:
    """Which station or situation fits, within one stage of life."""
    reader, network, words = frame.reader, frame.network, _place_words(frame, stage)
    stations = sorted((one for one in network.stations.values() if one.stage == stage and one.offered), key=by_entry)
    kinds = (
        ("hier", words["hier"], ("programme",)),
        ("kurse", words["kurse"], ("course", "procedure", "exam", "support")),
    )
    groups: list[Group] = []
    situations = [one for one in network.situations.values() if stage_of_situation(network, one.id) == stage]
    if situations:
        links = tuple(_place_link(frame, answers, one.id) for one in situations)
        groups.append(Group("lage", words["lage"], "", links))
    for key, name, among in kinds:
        links = tuple(_place_link(frame, answers, one.id) for one in stations if one.kind in among)
        if links:
            groups.append(Group(key, name, "", links))
        gained = _certificates_of(network, stage) if key == "hier" else []
        if gained:
            links = tuple(_holding_link(frame, answers, one) for one in gained)
            groups.append(Group("fertig", reader.gettext("Ich bin damit fertig und habe"), "", links))
    if situations and stage not in SITUATIONS_FIRST:
        groups.append(groups.pop(0))
    return ChoicePage(
        title=stage_words(frame)[stage][0] + ": " + reader.gettext("Was passt?"),
        hint=reader.gettext("Es muss nicht ganz genau passen. Sie können es später ändern."),
        answers=answers_view(frame, answers, page="start"),
        groups=tuple(groups),
        back=frame.to("start", query(answers, step="stage")),
        aside=(_none_of_these(frame, answers), _unsure(frame)),
    )


def outside_page(frame: Frame, answers: Answers) -> ChoicePage:
    """For somebody in no station at all: by certificate or by situation."""
    reader, network = frame.reader, frame.network
    doors = [one.id for one in network.qualifications.values() if one.door]
    doors.sort(key=lambda one: (network.qualifications[one].dqr[:1] or "9", frame.short(one)))
    return ChoicePage(
        title=reader.gettext("Was haben Sie bisher erreicht?"),
        hint=reader.gettext("Wählen Sie den höchsten Abschluss, den Sie haben."),
        answers=answers_view(frame, answers, page="start"),
        groups=(
            Group(
                "abschluss",
                reader.gettext("Ich habe diesen Abschluss"),
                "",
                tuple(_holding_link(frame, answers, one) for one in doors),
            ),
            Group(
                "lage",
                reader.gettext("Oder das beschreibt mich"),
                "",
                tuple(_place_link(frame, answers, one) for one in network.situations),
            ),
        ),
        back=frame.to("start", query(answers, step="stage")),
        aside=(_unsure(frame),),
    )


def _place_link(frame: Frame, answers: Answers, place: str) -> Link:
    record = frame.network.record(place)
    name = "" if record.name == record.short else frame.said(place, "name", record.name)
    return Link(_onward(frame, standing_at(answers, place)), frame.short(place), name)


def _holding_link(frame: Frame, answers: Answers, qualification: str) -> Link:
    held = answers.person.certificate(qualification) or Certificate(qualification)
    others = tuple(one for one in answers.person.holds if one.qualification != qualification)
    after = standing_at(answers, qualification)
    after = replace(after, person=replace(after.person, holds=(*others, held)))
    return Link(_onward(frame, after), frame.short(qualification))


def _onward(frame: Frame, answers: Answers) -> str:
    """The next page once a place is chosen: straight to the results if a goal is known and nothing must be asked."""
    if answers.goal_id and not asks_for_certificates(frame.network, answers):
        return frame.to("route", answers.query)
    return frame.to("start", answers.query)


def asks_for_certificates(network: Network, answers: Answers) -> bool:
    """True if somebody at this place may well hold something, and did not say yet."""
    if answers.person.holds or any(place in network.qualifications for place in answers.person.at):
        return False
    for place in answers.person.at:
        station = network.stations.get(place)
        if station is not None and station.stage not in CHILDHOOD:
            return True
        situation = network.situations.get(place)
        if situation is not None and stage_of_situation(network, place) in ("adult", "vocational", "higher"):
            return not situation.facts.get("no-certificate", False)
    return False


def _certificates_of(network: Network, stage: str) -> list[str]:
    """Usable certificates given in a stage, the lowest first."""
    gained = {
        award.gives
        for station in network.stations.values()
        if station.stage == stage
        for award in station.awards
        if network.qualifications[award.gives].door
    }
    return sorted(gained, key=lambda one: (network.qualifications[one].dqr[:1] or "9", one))


def holds_page(frame: Frame, answers: Answers) -> HoldsPage:
    """What somebody holds."""
    usual, others = certificate_fields(frame, answers)
    person = replace(answers.person, holds=())
    bare = replace(answers, person=person)
    hidden = pairs_of(person, answers.goal_id, answers.day if answers.is_day_told else None, unsure=answers.unsure)
    onward = "route" if answers.goal_id and person.at else "start"
    if onward == "start":
        hidden.append(("step", "goal"))
    return HoldsPage(
        title=frame.reader.gettext("Welche Abschlüsse haben Sie schon?"),
        answers=answers_view(frame, answers, page="start"),
        usual=usual,
        others=others,
        hidden=tuple(hidden),
        action=frame.to(onward),
        skip=frame.to(onward, query(bare, step="" if onward == "route" else "goal")),
        back=frame.to("start", query(standing_at(answers), step="stage")),
    )


def goal_page_of_start(frame: Frame, answers: Answers) -> ChoicePage:
    """Where somebody wants to go."""
    reader = frame.reader

    def onward(goal: str) -> str:
        return frame.to("route" if answers.person.at else "start", wanting(answers, goal).query)

    aside = [Link(frame.to("start", query(answers, step="holds")), reader.gettext("Ich habe schon einen Abschluss"))]
    unsure = wanting(answers, "")
    aside.append(
        Link(
            frame.to("reach", unsure.query) if answers.person.at else frame.to("start", query(unsure, step="stage")),
            reader.gettext("Ich weiß es noch nicht. Was ist alles möglich?"),
        )
    )
    return ChoicePage(
        title=reader.gettext("Wohin wollen Sie?"),
        hint=reader.gettext("Wählen Sie ein Ziel. Sie können es jederzeit ändern."),
        answers=answers_view(frame, answers, page="start"),
        groups=goal_groups(frame, onward),
        back=frame.to("start", query(standing_at(answers), step="stage")),
        aside=tuple(aside),
    )


def ask_page(frame: Frame, answers: Answers, question: QuestionView | None) -> AskPage:
    """A question on a page of its own."""
    nothing = frame.reader.gettext("Mehr müssen wir nicht fragen")
    return AskPage(
        title=question.text if question else nothing,
        answers=answers_view(frame, answers, page="start"),
        question=question,
        results=frame.to("route", answers.query),
    )
