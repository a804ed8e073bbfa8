"""One frozen dataclass per page: all its template may use. Routes, questions and records have modules of their own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from api.answers import Answers, pairs_of
from api.frame import Frame, Link
from api.question_views import (
    AnswerView,
    CertificateField,
    Pairs,
    QuestionView,
    answers_view,
    certificate_fields,
    query,
    standing_at,
    wanting,
)
from api.rule_views import SourceView, doubts, source_view
from pathways.network import Network
from pathways.person import Certificate, Person
from pathways.reaching import Reach
from pathways.searching import Sensible
from pathways.station import STAGES

CHILDHOOD = frozenset({"early-childhood", "primary", "lower-secondary"})
"""Stages in which nobody holds a certificate yet, so nobody is asked for one."""

SITUATIONS_FIRST = frozenset({"early-childhood", "adult", "newcomers"})
"""Stages that people mostly come to from outside: what describes them stands before the stations."""


@dataclass(frozen=True)
class Group:
    """Links under a heading."""

    id: str
    name: str
    hint: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class DoorPage:
    """Choice of region and language."""

    title: str
    regions: tuple[Group, ...]


@dataclass(frozen=True)
class StartPage:
    """Where do you stand, where do you want to go."""

    title: str
    stages: tuple[Link, ...]
    finished: Link
    goals: tuple[Group, ...]
    search: str
    stations: str


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


@dataclass(frozen=True)
class ReachGroup:
    """Destinations of one stage of life."""

    id: str
    name: str
    places: tuple[ReachLine, ...]


@dataclass(frozen=True)
class ReachLine:
    """A destination with its earliest arrival."""

    link: Link
    route: str
    arrival: str
    opens: str


@dataclass(frozen=True)
class ReachPage:
    """Everything within reach."""

    title: str
    answers: tuple[AnswerView, ...]
    complete: bool
    count: str
    groups: tuple[ReachGroup, ...]


@dataclass(frozen=True)
class StationsPage:
    """All stops, certificates and goals by name."""

    title: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class HelpEntry:
    """A counselling point."""

    id: str
    name: str
    who: str
    what: str
    topics: tuple[str, ...]
    doubts: tuple[str, ...]
    confidence: str
    sources: tuple[SourceView, ...]


@dataclass(frozen=True)
class HelpPage:
    """Counselling points by topic."""

    title: str
    topics: tuple[Group, ...]
    entries: tuple[HelpEntry, ...]


@dataclass(frozen=True)
class SourcesPage:
    """All sources; an incomplete address is text."""

    title: str
    count: str
    sources: tuple[SourceView, ...]


@dataclass(frozen=True)
class TextPage:
    """A page of plain text."""

    title: str
    operator: str
    address: str


def stage_words(frame: Frame) -> dict[str, tuple[str, str]]:
    """Name and explanation of each stage of life."""
    gettext = frame.reader.gettext
    return {
        "early-childhood": (gettext("Kita und Familie"), gettext("Kinder bis zum Schulanfang")),
        "primary": (gettext("Grundschule"), gettext("Klasse 1 bis 4")),
        "lower-secondary": (gettext("Schule ab Klasse 5"), gettext("Klasse 5 bis 10, zum Beispiel Realschule plus")),
        "upper-secondary": (gettext("Oberstufe"), gettext("Klasse 11 bis 13, bis zum Abitur")),
        "vocational": (
            gettext("Ausbildung und Berufsschulen"),
            gettext("Ausbildung, Berufsfachschule, Fachoberschule"),
        ),
        "transition": (
            gettext("Zwischen Schule und Beruf"),
            gettext("Freiwilliges Jahr, Praktikum, Berufsvorbereitung"),
        ),
        "higher": (gettext("Studium"), gettext("Universität und Hochschule")),
        "adult": (gettext("Lernen als Erwachsene"), gettext("Abschluss nachholen, weiterbilden, Meister werden")),
        "newcomers": (gettext("Neu in Deutschland"), gettext("Deutsch lernen, Zeugnisse anerkennen lassen")),
        "rehabilitation": (gettext("Lernen mit Behinderung"), gettext("Förderschule, Reha, Werkstatt")),
    }


# --- start and guided questions ---


def start_page(frame: Frame) -> StartPage:
    """The start page of a region."""
    words = stage_words(frame)
    used = {station.stage for station in frame.network.stations.values()}
    empty = nothing_told(frame)
    return StartPage(
        title=frame.reader.gettext("Wege durch die Bildung in %(region)s") % {"region": frame.region_name},
        stages=tuple(
            Link(frame.to("start", query(empty, stage=stage)), *words[stage]) for stage in STAGES if stage in used
        ),
        finished=Link(
            frame.to("start", query(empty, stage="none")), frame.reader.gettext("Ich bin gerade in nichts davon")
        ),
        goals=goal_groups(frame, lambda goal: frame.to("start", query(wanting(empty, goal)))),
        search=frame.to("search"),
        stations=frame.to("stations"),
    )


def nothing_told(frame: Frame) -> Answers:
    """The answers of somebody who has said nothing yet."""
    return Answers(Person(), "", frame.day, Sensible(), frame.reader.language)


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
        aside=(_none_of_these(frame, answers),),
    )


def _none_of_these(frame: Frame, answers: Answers) -> Link:
    return Link(frame.to("start", query(answers, stage="none")), frame.reader.gettext("Ich bin gerade in nichts davon"))


def place_page(frame: Frame, answers: Answers, stage: str) -> ChoicePage:
    """Which station or situation fits, within one stage of life."""
    reader, network = frame.reader, frame.network
    stations = sorted((one for one in network.stations.values() if one.stage == stage and one.offered), key=_by_entry)
    kinds = (
        ("hier", reader.gettext("Ich bin gerade hier"), ("programme",)),
        ("kurse", reader.gettext("Ich bin in einem Kurs oder Verfahren"), ("course", "procedure", "exam", "support")),
    )
    groups: list[Group] = []
    situations = [one for one in network.situations.values() if stage_of_situation(network, one.id) == stage]
    if situations:
        links = tuple(_place_link(frame, answers, one.id) for one in situations)
        groups.append(Group("lage", reader.gettext("Das beschreibt mich"), "", links))
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


def stage_of_situation(network: Network, situation: str) -> str:
    """The stage to which most ways from a situation lead; newcomers' situations lead to several."""
    counted = Counter(
        network.stations[way.station].stage for way in network.ways_from.get(situation, ()) if way.station is not None
    )
    return max(counted, key=lambda stage: (counted[stage], -STAGES.index(stage))) if counted else "adult"


def _by_entry(station: object) -> tuple[int, str]:
    ages = getattr(station, "entry_age", None)
    start = getattr(ages, "start", None)
    return (99 if start is None else start, getattr(station, "short", "").casefold())


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
    if answers.person.at:
        aside.append(
            Link(
                frame.to("reach", wanting(answers, "").query),
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


def goal_groups(frame: Frame, href: Callable[[str], str]) -> tuple[Group, ...]:
    """All goals in a few groups a reader knows."""
    gettext, network = frame.reader.gettext, frame.network
    names = {
        "school": gettext("Kita und Schule"),
        "work": gettext("Ausbildung und Beruf"),
        "higher": gettext("Studium"),
        "language": gettext("Deutsch und Grundlagen"),
    }
    members: dict[str, list[Link]] = defaultdict(list)
    for goal in network.goals.values():
        key = _kind_of_goal(network, goal.id)
        members[key].append(Link(href(goal.id), frame.said(goal.id, "short", goal.short)))
    return tuple(Group(key, name, "", tuple(members[key])) for key, name in names.items() if members[key])


def _kind_of_goal(network: Network, goal_id: str) -> str:
    """By what reaches it first: a language, a school certificate, a study, or an occupation."""
    parts = network.goals[goal_id].reached.any_of
    wanted = [one for part in parts for one in (*part.holds, *part.at, *part.done)]
    first = wanted[0]
    if first in network.qualifications:
        if network.qualifications[first].kind == "language":
            return "language"
        given = {one.stage for one in network.stations.values() for award in one.awards if award.gives == first}
        if given & {"lower-secondary", "upper-secondary"} or first.startswith("q-fhr"):
            return "school"
        return "higher" if given and given <= {"higher"} else "work"
    stage = network.stations[first].stage
    if stage in CHILDHOOD:
        return "school"
    return {"higher": "higher", "adult": "language", "newcomers": "language"}.get(stage, "work")


def ask_page(frame: Frame, answers: Answers, question: QuestionView | None) -> AskPage:
    """A question on a page of its own."""
    nothing = frame.reader.gettext("Mehr müssen wir nicht fragen")
    return AskPage(
        title=question.text if question else nothing,
        answers=answers_view(frame, answers, page="start"),
        question=question,
        results=frame.to("route", answers.query),
    )


# --- reach ---


def reach_page(frame: Frame, answers: Answers, reach: Reach) -> ReachPage:
    """Everything within reach by stage of life, earliest first."""
    reader, network = frame.reader, frame.network
    lines: dict[str, list[ReachLine]] = defaultdict(list)
    for one in reach.destinations:
        key = network.stations[one.id].stage if one.id in network.stations else "certificates"
        opens = reader.ngettext("%(count)s offener Punkt", "%(count)s offene Punkte", one.open_points) % {
            "count": one.open_points
        }
        lines[key].append(
            ReachLine(
                link=frame.link_to(one.id),
                route=frame.to("route", wanting(answers, one.id).query),
                arrival=reader.month(one.arrival),
                opens=opens if one.open_points else reader.gettext("nichts offen"),
            )
        )
    names = {"certificates": reader.gettext("Abschlüsse")}
    names |= {stage: words[0] for stage, words in stage_words(frame).items()}
    count = len(reach.destinations)
    return ReachPage(
        title=reader.gettext("Was von hier aus möglich ist"),
        answers=answers_view(frame, answers, page="reach"),
        complete=reach.complete,
        count=reader.ngettext(
            "Von hier aus führt ein Weg zu %(count)s Halt oder Abschluss.",
            "Von hier aus führen Wege zu %(count)s Halten und Abschlüssen.",
            count,
        )
        % {"count": count},
        groups=tuple(ReachGroup(key, name, tuple(lines[key])) for key, name in names.items() if lines[key]),
    )


# --- lists ---


def stations_page(frame: Frame) -> StationsPage:
    """Everything there is, by name."""
    reader, network = frame.reader, frame.network
    groups = []
    for stage, (name, hint) in stage_words(frame).items():
        stations = sorted((one for one in network.stations.values() if one.stage == stage), key=_by_entry)
        links = tuple(replace(frame.link_to(one.id), note=frame.said(one.id, "entry", one.entry)) for one in stations)
        if links:
            groups.append(Group(stage, name, hint, links))
    kinds: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("situations", reader.gettext("Ausgangslagen"), network.situations),
        ("qualifications", reader.gettext("Abschlüsse"), network.qualifications),
        ("goals", reader.gettext("Ziele"), network.goals),
    )
    for key, name, ids in kinds:
        links = tuple(sorted((frame.link_to(one) for one in ids), key=lambda link: link.text.casefold()))
        groups.append(Group(key, name, "", links))
    return StationsPage(reader.gettext("Alle Halte, Abschlüsse und Ziele"), tuple(groups))


def help_page(frame: Frame) -> HelpPage:
    """All counselling points, with a list of topics leading to them."""
    reader = frame.reader
    topics: dict[str, list[Link]] = defaultdict(list)
    entries = []
    for one in sorted(frame.network.help.values(), key=lambda one: one.name.casefold()):
        name = frame.said(one.id, "name", one.name)
        said = tuple(frame.said(one.id, "topics", topic) for topic in one.topics)
        for topic in said:
            topics[topic].append(Link(f"#{one.id}", name))
        entries.append(
            HelpEntry(
                id=one.id,
                name=name,
                who=frame.said(one.id, "who", one.who),
                what=frame.said(one.id, "what", one.what),
                topics=said,
                doubts=doubts(frame, one.unconfirmed),
                confidence=one.confidence,
                sources=tuple(source_view(frame, source) for source in one.sources),
            )
        )
    return HelpPage(
        title=reader.gettext("Wer Ihnen hilft"),
        topics=tuple(Group("", topic, "", tuple(links)) for topic, links in sorted(topics.items(), key=_folded)),
        entries=tuple(entries),
    )


def _folded(item: tuple[str, object]) -> str:
    return item[0].casefold()


def sources_page(frame: Frame) -> SourcesPage:
    """All sources by id."""
    sources = tuple(source_view(frame, one) for one in sorted(frame.network.sources))
    count = frame.reader.ngettext("%(count)s Quelle", "%(count)s Quellen", len(sources)) % {"count": len(sources)}
    return SourcesPage(frame.reader.gettext("Quellen"), count, sources)


def text_page(frame: Frame, title: str) -> TextPage:
    """A page of text; who runs the service comes from the settings."""
    return TextPage(
        title=title,
        operator=getattr(frame.settings, "operator", ""),
        address=getattr(frame.settings, "operator_address", ""),
    )
