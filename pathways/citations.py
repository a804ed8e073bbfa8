"""Every place where a record names another one: who names it, in which field, and where it must be found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pathways.catalogue import Catalogue
from pathways.certificate_conditions import Average, Grades, Holds, Level, NotHolding
from pathways.conditions import AtLeast, Combination, Condition
from pathways.office_conditions import Ask, Permit
from pathways.person import RECOGNISED_LEVELS, SUBJECTS
from pathways.person_conditions import Fact, Status
from pathways.qualification import Qualification
from pathways.station import Alert, Station
from pathways.transition import Award, WayIn

SHARED = ("stations", "situations", "qualifications", "goals")
"""Kinds whose ids share one namespace; the small records have one each."""
ORIGINS = ("stations", "situations", "qualifications")


@dataclass(frozen=True, slots=True)
class Citation:
    """A name for another record. ``fields`` are the spellings its place can have, the most exact first."""

    by: str
    fields: tuple[str, ...]
    wanted: str
    among: tuple[str, ...]


def known_ids(catalogue: Catalogue, kind: str) -> Iterable[str]:
    """Ids of one kind: records, school subjects or recognition levels."""
    if kind == "subjects":
        return SUBJECTS
    if kind == "levels":
        return RECOGNISED_LEVELS
    records: Mapping[str, Any] = getattr(catalogue, kind)
    return records


def key_of(kind: str, record_id: str) -> str:
    """How the catalogue spells the record in `origins`, `home` and `refused`."""
    return record_id if kind in SHARED else f"{kind}:{record_id}"


def written_ways(catalogue: Catalogue) -> Iterator[tuple[str, str, WayIn | Award]]:
    """Every way and award with the record and field it is written in."""
    records: list[Station | Qualification] = [
        *catalogue.stations.values(),
        *catalogue.qualifications.values(),
    ]
    for record in records:
        for index, way in enumerate(record.ways_in):
            yield record.id, f"ways_in.{index}", way
        for index, award in enumerate(record.awards):
            yield record.id, f"awards.{index}", award


def written_conditions(catalogue: Catalogue) -> Iterator[tuple[str, str, Condition]]:
    """Every condition, also inside combinations, with the record and field it is written in."""
    for record_id, path, way in written_ways(catalogue):
        for index, condition in enumerate(way.conditions):
            for inner, part in _parts(f"{path}.conditions.{index}", condition):
                yield record_id, inner, part


def _parts(path: str, condition: Condition) -> Iterator[tuple[str, Condition]]:
    yield path, condition
    if isinstance(condition, Combination):
        inside = f"{path}.at_least.of" if isinstance(condition, AtLeast) else f"{path}.{condition.kind}"
        for index, part in enumerate(condition.of):
            yield from _parts(f"{inside}.{index}", part)


def citations(catalogue: Catalogue) -> Iterator[Citation]:
    """All of them, in no particular order."""
    for kind in ("stations", "situations", "qualifications", "goals"):
        for record in getattr(catalogue, kind).values():
            yield from _of_record(record.id, record)
    for kind in ("help", "money", "calendar", "changes", "conflicts", "questions"):
        for record in getattr(catalogue, kind).values():
            yield from _of_record(key_of(kind, record.id), record)
    for station in catalogue.stations.values():
        if station.alongside:
            yield from _listed(station.id, "alongside.hosts", station.alongside.hosts, "stations")
        for index, here in enumerate(station.here):
            yield from _listed(station.id, f"here.{index}.sources", here.sources, "sources")
    for situation in catalogue.situations.values():
        for question in situation.facts.keys() - {"compulsory_schooling"}:
            yield Citation(situation.id, (f"facts.{question}",), question, ("questions",))
    for qualification in catalogue.qualifications.values():
        yield from _listed(qualification.id, "includes", qualification.includes, "qualifications")
    for goal in catalogue.goals.values():
        for index, part in enumerate(goal.reached.any_of):
            for inside in (f"reached.any_of.{index}", "reached"):
                if inside in catalogue.origins[goal.id]:
                    break
            yield from _listed(goal.id, f"{inside}.holds", part.holds, "qualifications")
            yield from _listed(goal.id, f"{inside}.at", part.at, "stations")
            yield from _listed(goal.id, f"{inside}.done", part.done, "stations")
    for record_id, path, way in written_ways(catalogue):
        yield from _listed(record_id, f"{path}.sources", way.sources, "sources")
        if isinstance(way, WayIn):
            yield from _listed(record_id, f"{path}.from", way.origins, *ORIGINS)
        else:
            yield Citation(record_id, (f"{path}.gives",), way.gives, ("qualifications",))
    for record_id, path, condition in written_conditions(catalogue):
        yield from _of_condition(record_id, path, condition)


def _listed(by: str, field: str, wanted: Iterable[str], *among: str) -> Iterator[Citation]:
    for index, one in enumerate(wanted):
        yield Citation(by, (f"{field}.{index}", f"{field}.any.{index}", field), one, among)


def _of_record(by: str, record: Any) -> Iterator[Citation]:
    """The fields that several kinds of records have in common."""
    for field in ("help", "money", "stations", "sources"):
        wanted = getattr(record, field, None) or ()
        yield from _listed(by, field, (wanted,) if isinstance(wanted, str) else wanted, field)
    alerts: tuple[Alert, ...] = getattr(record, "alerts", ())
    for index, alert in enumerate(alerts):
        if alert.because:
            yield Citation(by, (f"alerts.{index}.because.source",), alert.because.source, ("sources",))
        yield from _listed(by, f"alerts.{index}.for_status", alert.for_status, "statuses")


def _of_condition(by: str, path: str, condition: Condition) -> Iterator[Citation]:
    inside = f"{path}.{condition.kind}"
    if condition.because:
        yield Citation(by, (f"{path}.because.source",), condition.because.source, ("sources",))
    match condition:
        case Holds():
            yield from _listed(by, inside, condition.any, "qualifications")
        case NotHolding():
            yield from _listed(by, inside, condition.none_of, "qualifications")
        case Status():
            yield from _listed(by, inside, condition.any, "statuses")
        case Average() | Grades() | Level():
            yield Citation(by, (f"{inside}.of",), condition.of, ("qualifications",))
        case Permit():
            yield Citation(by, (f"{inside}.by",), condition.by, ("help",))
        case Ask():
            yield Citation(by, (f"{inside}.who",), condition.who, ("help",))
        case Fact():
            yield Citation(by, (f"{inside}.id",), condition.id, ("questions",))
    if isinstance(condition, Grades):
        yield from _listed(by, f"{inside}.subjects", condition.subjects, "subjects")
    if isinstance(condition, Level):
        yield Citation(by, (f"{inside}.at_least",), condition.at_least, ("levels",))
