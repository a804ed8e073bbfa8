"""What is asked of the real network of Trier: all stories, and sixty persons with a goal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from pathways.loading import load_network
from pathways.network import Network
from pathways.person import Person, read_person
from pathways.tree import CONTENT
from tests.people.stories import WAY_CARDS, persons

DAY = date(2026, 11, 21)
REGION = "trier"
SIXTY = 60


@dataclass(frozen=True)
class Query:
    """One question to the navigator."""

    person: Person
    goal: str
    day: date = DAY

    @property
    def name(self) -> str:
        """For the report."""
        return f"{','.join(self.person.at)} -> {self.goal}"


@cache
def trier() -> Network:
    """The real network, loaded once."""
    return load_network(CONTENT, REGION)


def _spelt(know: Mapping[str, Any] | None) -> list[str]:
    return [
        f"{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in (know or {}).items()
    ]


def card_queries(network: Network) -> list[Query]:
    """Every card: its first person, from the origin of its way to where that way leads."""
    found = []
    for card in WAY_CARDS:
        way = network.transitions.get(card["way"])
        if way is None or way.target in way.origins:
            continue
        case = card["cases"][0]
        person = read_person(
            way.origins[:1], case.get("holds") or (), _spelt(case.get("know")),
            questions=network.questions, statuses=network.statuses,
        )  # fmt: skip
        found.append(Query(person, way.target, case.get("day") or DAY))
    return found


def person_queries(network: Network) -> list[Query]:
    """The persons of the stories, each with each of their goals; empty while nobody has written them."""
    found = []
    for story in persons():
        told = story.get("person", story)
        at = told.get("at") or told.get("from") or ()
        goals = story.get("goals") or [story.get("goal") or story.get("to")]
        for goal in goals if isinstance(goals, list) else [goals]:
            wanted = goal.get("goal") if isinstance(goal, dict) else goal
            if not at or not wanted:
                continue
            places = at.split(",") if isinstance(at, str) else at
            holds = told.get("holds") or ()
            person = read_person(
                places, (holds,) if isinstance(holds, str) else holds, _spelt(told.get("know")),
                questions=network.questions, statuses=network.statuses,
            )  # fmt: skip
            found.append(Query(person, wanted, story.get("day") or DAY))
    return found


def story_queries(network: Network) -> list[Query]:
    """All stories as queries."""
    return [*card_queries(network), *person_queries(network)]


def starts(network: Network) -> list[str]:
    """Every situation, and every station of the lower secondary stage."""
    lower = [station.id for station in network.stations.values() if station.stage == "lower-secondary"]
    return [*sorted(network.situations), *sorted(lower)]


def sixty(network: Network) -> list[Query]:
    """A fixed choice from all starts and all goals: every start and every goal comes up, nothing is told about age."""
    pairs = [(start, goal) for start in starts(network) for goal in sorted(network.goals)]
    return [Query(Person(at=(start,)), goal) for start, goal in pairs[:: max(1, -(-len(pairs) // SIXTY))]]
