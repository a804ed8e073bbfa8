"""One immutable graph of stations, situations, qualifications and transitions.

The networkx graph holds every transition as a node of its own, so parallel ways stay distinct and several origins
are natural. It serves checks, maps and analysis; the route search walks what `searching` compiles from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import networkx as nx

# The kinds of conditions register themselves when their modules are read.
from pathways import certificate_conditions, office_conditions, person_conditions  # noqa: F401
from pathways.catalogue import Catalogue
from pathways.certificate_conditions import RECOGNITION, parameter_token, recognised_token
from pathways.conditions import Condition
from pathways.errors import UnknownId
from pathways.person import RECOGNISED_LEVELS, Certificate
from pathways.person_conditions import german_tokens
from pathways.qualification import Goal, Qualification, Reached, Wanted
from pathways.reference import CalendarEntry, Change, Conflict, Help, Layer, Money, Question, Source, StatusName
from pathways.station import Situation, Station
from pathways.transition import Transition, from_award, from_way_in


@dataclass(frozen=True, eq=False)
class Network:
    """The checked network of one region. Build with `loading.load_network` or, in tests, `build_network`."""

    region: str
    stations: Mapping[str, Station]
    situations: Mapping[str, Situation]
    qualifications: Mapping[str, Qualification]
    goals: Mapping[str, Goal]
    transitions: Mapping[str, Transition]
    layers: tuple[Layer, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    help: Mapping[str, Help] = field(default_factory=dict)
    money: Mapping[str, Money] = field(default_factory=dict)
    calendar: Mapping[str, CalendarEntry] = field(default_factory=dict)
    changes: Mapping[str, Change] = field(default_factory=dict)
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    statuses: Mapping[str, StatusName] = field(default_factory=dict)
    catalogue: Catalogue | None = None

    @cached_property
    def graph(self) -> nx.DiGraph[str]:
        """Nodes are ids of stations, situations, qualifications and transitions; edges run with the ways.

        A higher qualification has an edge to what it includes, since holding it opens those ways too.
        """
        graph: nx.DiGraph[str] = nx.DiGraph()
        for kind, records in (
            ("station", self.stations),
            ("situation", self.situations),
            ("qualification", self.qualifications),
        ):
            graph.add_nodes_from(records, kind=kind)
        for transition in self.transitions.values():
            graph.add_node(transition.id, kind="transition")
            graph.add_edges_from((origin, transition.id) for origin in transition.origins)
            graph.add_edge(transition.id, transition.target)
        for qualification in self.qualifications.values():
            graph.add_edges_from((qualification.id, lower) for lower in qualification.includes)
        return graph

    @cached_property
    def ways_from(self) -> Mapping[str, tuple[Transition, ...]]:
        """Transitions by the station, situation or qualification they leave."""
        found: dict[str, list[Transition]] = defaultdict(list)
        for transition in self.transitions.values():
            for origin in transition.origins:
                found[origin].append(transition)
        return MappingProxyType({origin: tuple(ways) for origin, ways in found.items()})

    @cached_property
    def ways_to(self) -> Mapping[str, tuple[Transition, ...]]:
        """Transitions by the station or qualification they lead to."""
        found: dict[str, list[Transition]] = defaultdict(list)
        for transition in self.transitions.values():
            found[transition.target].append(transition)
        return MappingProxyType({target: tuple(ways) for target, ways in found.items()})

    @cached_property
    def includes(self) -> Mapping[str, frozenset[str]]:
        """For each qualification all it satisfies, itself included ("or higher", read downwards)."""
        closed: dict[str, frozenset[str]] = {}

        def close(one: str, seen: tuple[str, ...]) -> frozenset[str]:
            if one in closed:
                return closed[one]
            record = self.qualifications.get(one)
            below = record.includes if record else ()
            found = {one}.union(*(close(lower, (*seen, one)) for lower in below if lower not in seen))
            closed[one] = frozenset(found)
            return closed[one]

        for qualification in self.qualifications:
            close(qualification, ())
        return MappingProxyType(closed)

    def tokens_of(self, qualification: str, parameter: str | None = None) -> frozenset[str]:
        """Tokens that holding this qualification brings: itself, all it includes, German levels, its parameter."""
        found = set(self.includes.get(qualification, {qualification}))
        for one in tuple(found):
            record = self.qualifications.get(one)
            if record is not None and record.german:
                found.update(german_tokens(record.german))
        if parameter is not None:
            found.add(parameter_token(qualification, parameter))
            if qualification == RECOGNITION and parameter in RECOGNISED_LEVELS:
                reached = RECOGNISED_LEVELS[: RECOGNISED_LEVELS.index(parameter) + 1]
                found.update(recognised_token(level) for level in reached)
        return frozenset(found)

    def tokens_held(self, certificates: Iterable[Certificate], german: str | None) -> frozenset[str]:
        """Tokens of everything a person holds; a known German level counts as the qualification of that level."""
        found: set[str] = set()
        for certificate in certificates:
            found |= self.tokens_of(certificate.qualification, certificate.parameter)
        levels = set(german_tokens(german))
        found |= levels
        for qualification in self.qualifications.values():
            if qualification.german and f"german:{qualification.german}" in levels:
                found |= self.tokens_of(qualification.id)
        return frozenset(found)

    def record(self, record_id: str) -> Station | Situation | Qualification | Goal:
        """The record with this id. Raises `UnknownId` with the nearest ids."""
        for records in (self.stations, self.situations, self.qualifications, self.goals):
            if record_id in records:
                found: Station | Situation | Qualification | Goal = records[record_id]
                return found
        raise UnknownId("record", record_id, self.ids())

    def ids(self) -> Iterator[str]:
        """Ids of all records a person can stand at, hold or want."""
        for records in (self.stations, self.situations, self.qualifications, self.goals):
            yield from records

    def get_goal(self, goal_id: str) -> Goal:
        """A goal; stations and qualifications are goals too. Raises `UnknownId`."""
        if goal_id in self.goals:
            return self.goals[goal_id]
        if goal_id in self.stations:
            station = self.stations[goal_id]
            return Goal(
                id=goal_id,
                name=station.name,
                short=station.short,
                text=station.text,
                reached=Reached(any_of=(Wanted(at=(goal_id,)),)),
                help=station.help,
            )
        if goal_id in self.qualifications:
            qualification = self.qualifications[goal_id]
            return Goal(
                id=goal_id,
                name=qualification.name,
                short=qualification.short,
                text=qualification.opens,
                reached=Reached(any_of=(Wanted(holds=(goal_id,)),)),
            )
        raise UnknownId("goal", goal_id, [*self.goals, *self.stations, *self.qualifications])

    def name(self, record_id: str) -> str:
        """German display name of a record, counselling point, status or question sentence; the id if there is none."""
        prefix, _, rest = record_id.partition(".")
        if prefix == "question":
            question_id, _, form = rest.rpartition(".")
            question = self.questions.get(question_id)
            return getattr(question, form) if question else question_id
        if prefix == "status":
            return self.statuses[rest].name if rest in self.statuses else rest
        for records in (self.stations, self.situations, self.qualifications, self.goals, self.help, self.money):
            if record_id in records:
                name: str = records[record_id].name
                return name
        return record_id

    def conditions(self) -> Iterator[tuple[Transition, Condition]]:
        """Every single condition with its transition; combinations are left out, their parts are not."""
        for transition in self.transitions.values():
            for condition in transition.conditions:
                for part in condition.parts():
                    if part.kind not in ("all_of", "any_of", "at_least"):
                        yield transition, part

    def without(self, *transition_ids: str) -> Network:
        """A copy without these transitions, for experiments and tests."""
        kept = {one: way for one, way in self.transitions.items() if one not in transition_ids}
        return Network(**{**_fields(self), "transitions": kept})

    def with_transitions(self, *transitions: Transition) -> Network:
        """A copy in which these transitions are added or replaced."""
        changed = {**self.transitions, **{transition.id: transition for transition in transitions}}
        return Network(**{**_fields(self), "transitions": changed})


def _fields(network: Network) -> dict[str, Any]:
    return {name: getattr(network, name) for name in Network.__dataclass_fields__}


def build_network(
    region: str,
    stations: Iterable[Station],
    qualifications: Iterable[Qualification] = (),
    goals: Iterable[Goal] = (),
    situations: Iterable[Situation] = (),
) -> Network:
    """A network from records alone, without files; used by tests and generated networks."""
    held_stations = {station.id: station for station in stations}
    held_qualifications = {one.id: one for one in qualifications}
    transitions = {
        transition.id: transition
        for transition in _transitions_of(held_stations.values(), held_qualifications.values())
    }
    return Network(
        region,
        MappingProxyType(held_stations),
        MappingProxyType({situation.id: situation for situation in situations}),
        MappingProxyType(held_qualifications),
        MappingProxyType({goal.id: goal for goal in goals}),
        MappingProxyType(transitions),
    )


def network_of(catalogue: Catalogue) -> Network:
    """The network of a catalogue, as far as its records could be read. Closed stations are left out of the ways."""
    transitions: dict[str, Transition] = {}
    open_stations = {one.id: one for one in catalogue.stations.values() if one.offered}
    for transition in _transitions_of(open_stations.values(), catalogue.qualifications.values()):
        if transition.target not in catalogue.stations or transition.target in open_stations:
            transitions.setdefault(transition.id, transition)
    return Network(
        region=catalogue.region,
        stations=MappingProxyType(catalogue.stations),
        situations=MappingProxyType(catalogue.situations),
        qualifications=MappingProxyType(catalogue.qualifications),
        goals=MappingProxyType(catalogue.goals),
        transitions=MappingProxyType(transitions),
        layers=catalogue.layers,
        sources=MappingProxyType(catalogue.sources),
        help=MappingProxyType(catalogue.help),
        money=MappingProxyType(catalogue.money),
        calendar=MappingProxyType(catalogue.calendar),
        changes=MappingProxyType(catalogue.changes),
        conflicts=MappingProxyType(catalogue.conflicts),
        questions=MappingProxyType(catalogue.questions),
        statuses=MappingProxyType(catalogue.statuses),
        catalogue=catalogue,
    )


def _transitions_of(stations: Iterable[Station], qualifications: Iterable[Qualification]) -> Iterator[Transition]:
    for station in stations:
        for way in station.ways_in:
            yield from_way_in(way, station.id, into_qualification=False)
        for award in station.awards:
            yield from_award(award, station.id)
    for qualification in qualifications:
        for way in qualification.ways_in:
            yield from_way_in(way, qualification.id, into_qualification=True)
        for award in qualification.awards:
            yield from_award(award, qualification.id)
