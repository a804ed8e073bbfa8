"""One frozen dataclass per page: all its template may use. Routes, questions and records have modules of their own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from api.answers import Answers
from api.frame import Frame, Link
from api.told_views import AnswerView, answers_view, query, wanting
from pathways.network import Network
from pathways.person import Person
from pathways.reaching import Reach
from pathways.searching import Sensible
from pathways.station import STAGES

CHILDHOOD = frozenset({"early-childhood", "primary", "lower-secondary"})
"""Stages in which nobody holds a certificate yet, so nobody is asked for one."""


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
        finished=Link(frame.to("start", query(empty, stage="none")), frame.reader.gettext("Nichts davon passt gerade")),
        goals=goal_groups(frame, lambda goal: frame.to("start", query(wanting(empty, goal)))),
        search=frame.to("search"),
        stations=frame.to("stations"),
    )


def nothing_told(frame: Frame) -> Answers:
    """The answers of somebody who has said nothing yet."""
    return Answers(Person(), "", frame.day, Sensible(), frame.reader.language)


def stage_of_situation(network: Network, situation: str) -> str:
    """The stage to which most ways from a situation lead; newcomers' situations lead to several."""
    counted = Counter(
        network.stations[way.station].stage for way in network.ways_from.get(situation, ()) if way.station is not None
    )
    return max(counted, key=lambda stage: (counted[stage], -STAGES.index(stage))) if counted else "adult"


def by_entry(station: object) -> tuple[int, str]:
    ages = getattr(station, "entry_age", None)
    start = getattr(ages, "start", None)
    return (99 if start is None else start, getattr(station, "short", "").casefold())


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


# --- reach ---


def reach_page(frame: Frame, answers: Answers, reach: Reach) -> ReachPage:
    """Everything within reach by stage of life, earliest first."""
    reader, network = frame.reader, frame.network
    lines: dict[str, list[ReachLine]] = defaultdict(list)
    for one in reach.destinations:
        key = network.stations[one.id].stage if one.id in network.stations else "certificates"
        opens = reader.ngettext("%(count)s Schritt offen", "%(count)s Schritte offen", one.open_points) % {
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
