"""Content records written down in one line, and a question about a network of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import yaml

from pathways.network import Network, build_network
from pathways.person import Person
from pathways.qualification import Goal, Qualification
from pathways.searching import Sensible
from pathways.station import Situation, Station

Record = dict[str, Any]
SIGNED = {"sources": ["S1"], "confidence": "confirmed"}
CHECKED = {**SIGNED, "checked": "2026-03-01"}


@dataclass(frozen=True)
class Query:
    """A person in a network, with a goal, a day, and what counts as sensible. Records as content files have them."""

    stations: tuple[Record, ...]
    qualifications: tuple[Record, ...]
    goals: tuple[Record, ...]
    situations: tuple[Record, ...]
    person: Person
    goal_id: str
    day: date
    sensible: Sensible

    @property
    def network(self) -> Network:
        """Built anew each time, so that nothing is remembered from one search to the next."""
        return build_network(
            "random",
            [Station.model_validate(record) for record in self.stations],
            [Qualification.model_validate(record) for record in self.qualifications],
            [Goal.model_validate(record) for record in self.goals],
            [Situation.model_validate(record) for record in self.situations],
        )

    def with_person(self, **changes: Any) -> Query:
        """The same question for a changed person."""
        return replace(self, person=replace(self.person, **changes))

    def __repr__(self) -> str:
        told = {name: value for name in Person.__slots__ if (value := getattr(self.person, name)) not in (None, (), {})}
        records = [_in_short(one) for one in (*self.stations, *self.qualifications, *self.goals, *self.situations)]
        plain = json.loads(json.dumps(records, default=str))
        text = yaml.safe_dump(plain, sort_keys=False, default_flow_style=None, width=140)
        return f"{text}{told}\nto {self.goal_id} on {self.day}, {self.sensible}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(f"\n{self!r}")


_FILLING = {"name", "short", "text", "stage", "sources", "checked"}


def _in_short(record: Any) -> Any:
    if isinstance(record, dict):
        told = {key: _in_short(value) for key, value in record.items() if key not in _FILLING}
        return {key: value for key, value in told.items() if value not in (None, [], {}, 0, False, "confirmed")}
    return [_in_short(one) for one in record] if isinstance(record, list | tuple) else record


def station(station_id: str, months: float = 12, **more: Any) -> Record:
    """A station record with what every station needs."""
    length = {"min": min(months, more.pop("least", months)), "typical": months, "max": max(months, 24)}
    named = {"id": station_id, "name": station_id, "short": station_id, "text": "", "stage": "adult"}
    return {**named, "months": length, **CHECKED, **more}


def qualification(qualification_id: str, **more: Any) -> Record:
    """A qualification record with what every one needs."""
    names = {"id": qualification_id, "name": qualification_id, "short": qualification_id}
    return {**names, "door": True, **CHECKED, **more}


def situation(situation_id: str, **more: Any) -> Record:
    """A situation record with what every one needs."""
    return {"id": situation_id, "name": situation_id, "short": situation_id, "text": "", **CHECKED, **more}


def goal(goal_id: str, *reached: Record) -> Record:
    """A goal record: any of these parts."""
    return {"id": goal_id, "name": goal_id, "short": goal_id, "reached": {"any_of": list(reached)}}


def way(way_id: str, *origins: str, kind: str = "entitled", **more: Any) -> Record:
    """A way into the record it stands in."""
    return {"id": way_id, "from": list(origins), "kind": kind, **SIGNED, **more}


def award(award_id: str, gives: str, kind: str = "automatic", **more: Any) -> Record:
    """A certificate given by the record it stands in."""
    return {"id": award_id, "gives": gives, "kind": kind, **SIGNED, **more}


def ask(
    stations: list[Record],
    qualifications: list[Record],
    person: Person,
    to: str,
    *,
    goals: tuple[Record, ...] = (),
    day: date = date(2026, 8, 1),
    sensible: Sensible | None = None,
) -> Query:
    """A question about a network written down by hand; everybody may stand in the situation `home`."""
    made = (tuple(stations), tuple(qualifications), goals, (situation("home"),))
    return Query(*made, person, to, day, sensible or Sensible())
