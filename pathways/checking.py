"""Checks over all records of a region: what no single file can show. The loader has found the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain

import networkx as nx

from pathways import findings
from pathways.calendar_months import MonthDay
from pathways.catalogue import FOLDERS, LISTS, Catalogue
from pathways.citations import (
    SHARED,
    Citation,
    citations,
    key_of,
    known_ids,
    written_conditions,
    written_ways,
)
from pathways.errors import UnknownId, nearest, shorten
from pathways.findings import Finding
from pathways.network import Network
from pathways.person_conditions import Cohort, Valid
from pathways.sentences import count_sentences
from pathways.station import Situation, Station
from pathways.way import stay_months

LONGEST_UNCHECKED = timedelta(days=365)
LEAST_TYPED = 0.75
SENTENCES = range(2, 6)


def check_catalogue(
    catalogue: Catalogue,
    network: Network,
    *,
    today: date | None = None,
    stories: frozenset[str] | None = None,
) -> list[Finding]:
    """Everything wrong with the content of a region, by file and line.

    Without `today` nothing is overdue or in the future. `stories` are the ids of the transitions that some
    story walks; without it none is missing one.
    """
    found = list(catalogue.found)
    found.extend(_references(catalogue))
    found.extend(_identities(catalogue))
    found.extend(_former_ids(catalogue))
    found.extend(_sources(catalogue))
    found.extend(_periods(catalogue))
    if today is not None:
        found.extend(_checked_days(catalogue, today))
    found.extend(_texts(catalogue))
    found.extend(_typed(catalogue))
    found.extend(_idle_cycles(catalogue, network))
    found.extend(_unreachable(catalogue, network))
    found.extend(_dead_ends(catalogue, network))
    if stories is not None:
        found.extend(_without_story(catalogue, network, stories))
    return sorted(dict.fromkeys(found), key=lambda one: (one.file, one.line, one.code, one.message))


def explain_origins(catalogue: Catalogue, record_id: str) -> list[tuple[str, str, str]]:
    """Every field of a record with the layer, file and line that wrote it. Raises `UnknownId`.

    Small records are named like ``help:schule``, or by their id alone where only one has it.
    """
    keys = [key_of(kind, record_id) for kind in (*SHARED, *LISTS)]
    key = next((one for one in keys if one in catalogue.origins), None)
    if key is None:
        raise UnknownId("record", record_id, catalogue.origins)
    origins = catalogue.origins[key]
    around = {path.rpartition(".")[0] for path in origins}
    leaves = [(path, origin) for path, origin in origins.items() if path not in around]
    return [(path, origin.layer, f"{origin.file}:{origin.line}") for path, origin in leaves]


def _at(catalogue: Catalogue, kind: type[Finding], key: str, field: str, message: str, remedy: str) -> Finding:
    origin = catalogue.origin(key, field)
    return kind(origin.file, origin.line, field, message, remedy)


def _references(catalogue: Catalogue) -> Iterator[Finding]:
    rank = {layer.id: place for place, layer in enumerate(catalogue.layers)}
    leaks: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for citation in chain(citations(catalogue), _elsewhere(catalogue)):
        written = catalogue.origins[citation.by]
        field = next((one for one in citation.fields if one in written), citation.fields[-1])
        holders = [kind for kind in citation.among if citation.wanted in known_ids(catalogue, kind)]
        if not holders:
            if all(key_of(kind, citation.wanted) not in catalogue.refused for kind in citation.among):
                yield _dangling(catalogue, citation, field)
            continue
        home = catalogue.home.get(key_of(holders[0], citation.wanted))
        layer = catalogue.origin(citation.by, field).layer
        if home and rank[home] > rank[layer] and citation.by not in catalogue.goals:
            leaks[layer, home, citation.wanted].append((citation.by, field))
    for (layer, home, wanted), places in leaks.items():
        key, field = min(places, key=lambda place: _position(catalogue, *place))
        others = f" in {len(places)} fields, the first of them here" if len(places) > 1 else ""
        message = f"{wanted!r} lives in the layer {home!r}, but {layer!r} names it{others}."
        remedy = f"Write such a field in an overlay in {home!r}, or move {wanted!r} up to {layer!r}."
        yield _at(catalogue, findings.LayerLeak, key, field, message, remedy)


def _position(catalogue: Catalogue, key: str, field: str) -> tuple[str, int]:
    origin = catalogue.origin(key, field)
    return origin.file, origin.line


def _elsewhere(catalogue: Catalogue) -> Iterator[Citation]:
    for station in catalogue.stations.values():
        for index, one in enumerate(station.elsewhere):
            for number, source in enumerate(one.sources):
                field = f"elsewhere.{index}.sources"
                yield Citation(station.id, (f"{field}.{number}", field), source, ("sources",))


def _dangling(catalogue: Catalogue, citation: Citation, field: str) -> Finding:
    kinds = " or ".join(citation.among)
    near = nearest(citation.wanted, [one for kind in citation.among for one in known_ids(catalogue, kind)])
    message = f"There is no {shorten(citation.wanted)!r} among the {kinds}."
    remedy = f"Did you mean {near[0]!r}?" if near else f"Name an id of the {kinds}, or add the record."
    return _at(catalogue, findings.UnknownReference, citation.by, field, message, remedy)


def _identities(catalogue: Catalogue) -> Iterator[Finding]:
    holder: dict[str, str] = {}
    for kind in FOLDERS:
        for record_id in getattr(catalogue, kind):
            if record_id in holder:
                message = f"{record_id!r} stands among the {holder[record_id]} and the {kind}."
                remedy = "Give one of them another id."
                yield _at(catalogue, findings.DuplicateId, record_id, "id", message, remedy)
            holder[record_id] = kind
    for record_id, path, way in written_ways(catalogue):
        if way.id in holder:
            message = f"The id {way.id!r} is also used in {holder[way.id]!r}."
            remedy = "Give this transition another id."
            yield _at(catalogue, findings.DuplicateId, record_id, f"{path}.id", message, remedy)
        holder.setdefault(way.id, record_id)


def _former_ids(catalogue: Catalogue) -> Iterator[Finding]:
    records = [(record.id, "was", record) for kind in FOLDERS for record in getattr(catalogue, kind).values()]
    ways = [(record_id, f"{path}.was", way) for record_id, path, way in written_ways(catalogue)]
    for named in (records, ways):
        taken = {one.id: one.id for _, _, one in named}
        for key, path, one in named:
            for index, former in enumerate(one.was):
                if former in taken:
                    message = f"The former id {former!r} of {one.id!r} also belongs to {taken[former]!r}."
                    remedy = "Ids are never used again: correct one of the two."
                    yield _at(catalogue, findings.ReusedId, key, f"{path}.{index}", message, remedy)
                taken.setdefault(former, one.id)


def _sources(catalogue: Catalogue) -> Iterator[Finding]:
    kinds = ("stations", "situations", "qualifications", "help", "money", "calendar", "changes")
    claims = [(key_of(kind, one.id), "", one) for kind in kinds for one in getattr(catalogue, kind).values()]
    claims += [(record_id, f"{path}.", way) for record_id, path, way in written_ways(catalogue)]
    for key, path, one in claims:
        if one.sources or one.confidence not in ("confirmed", "part"):
            continue
        said = "confidence" in one.model_fields_set
        message = f"{one.id!r} says `confidence: {one.confidence}`" if said else f"{one.id!r} claims nothing"
        remedy = "Name its sources, or write `confidence: unconfirmed`."
        kind = findings.MissingSource if said else findings.NoSource
        yield _at(catalogue, kind, key, f"{path}confidence", f"{message} and names no source.", remedy)


def _periods(catalogue: Catalogue) -> Iterator[Finding]:
    periods: list[tuple[str, str, date | None, date | None]] = []
    for record_id, path, condition in written_conditions(catalogue):
        if isinstance(condition, Valid):
            periods.append((record_id, f"{path}.valid.until", condition.start, condition.until))
        if isinstance(condition, Cohort):
            end = f"{path}.cohort.born_until"
            periods.append((record_id, end, condition.born_from, condition.born_until))
    for kind in ("stations", "situations", "qualifications"):
        for record in getattr(catalogue, kind).values():
            for index, alert in enumerate(record.alerts):
                periods.append((record.id, f"alerts.{index}.until", alert.valid_from, alert.until))
    for entry in catalogue.calendar.values():
        key = key_of("calendar", entry.id)
        periods.append((key, "until", entry.start, entry.until))
        for day in (entry.yearly,) if isinstance(entry.yearly, str) else entry.yearly or ():
            try:
                MonthDay.parse(day)
            except ValueError:
                message = f"There is no day {shorten(day)!r} in a year."
                remedy = 'Write month and day, such as "03-01".'
                yield _at(catalogue, findings.ImpossibleDate, key, "yearly", message, remedy)
    for key, field, start, until in periods:
        if start and until and until < start:
            message = f"It ends on {until}, before it begins on {start}."
            yield _at(catalogue, findings.ImpossibleDate, key, field, message, "Swap or correct the days.")


def _checked_days(catalogue: Catalogue, today: date) -> Iterator[Finding]:
    for kind in ("stations", "situations", "qualifications"):
        for record in getattr(catalogue, kind).values():
            if record.checked > today:
                message = f"`checked` is {record.checked}, after today ({today})."
                remedy = "Write the day on which it was compared with its sources."
                yield _at(catalogue, findings.ImpossibleDate, record.id, "checked", message, remedy)
            elif today - record.checked > LONGEST_UNCHECKED:
                message = f"Last compared with its sources on {record.checked}."
                remedy = "Compare it again, mend what has changed, and set `checked`."
                yield _at(catalogue, findings.CheckOverdue, record.id, "checked", message, remedy)


def _texts(catalogue: Catalogue) -> Iterator[Finding]:
    records: list[Station | Situation] = [*catalogue.stations.values(), *catalogue.situations.values()]
    for record in records:
        count = count_sentences(record.text)
        if count not in SENTENCES:
            message = f"The text of {record.id!r} has {count} sentences."
            remedy = "Write two to five: what it is, for whom, what it costs, who helps."
            yield _at(catalogue, findings.LongText, record.id, "text", message, remedy)


def _typed(catalogue: Catalogue) -> Iterator[Finding]:
    count = 0
    asked: dict[str, list[str]] = defaultdict(list)
    for record_id, path, condition in written_conditions(catalogue):
        if condition.kind not in ("all_of", "any_of", "at_least"):
            count += 1
            if condition.kind == "ask":
                asked[record_id].append(path)
    open_rules = sum(len(paths) for paths in asked.values())
    if count and (count - open_rules) / count < LEAST_TYPED:
        worst = max(asked, key=lambda record_id: len(asked[record_id]))
        message = f"{open_rules} of {count} conditions are `ask`, most of them in {worst!r}."
        remedy = "Say them with another kind where content/README.md has one."
        yield _at(catalogue, findings.FewTyped, worst, f"{asked[worst][0]}.ask", message, remedy)


def _idle_cycles(catalogue: Catalogue, network: Network) -> Iterator[Finding]:
    """Only what nothing slows: automatic ways that take no month, into stations where nobody stays."""
    places = {way.id: (record_id, path) for record_id, path, way in written_ways(catalogue)}
    idle: nx.DiGraph[str] = nx.DiGraph()
    for way in network.transitions.values():
        station = network.stations.get(way.target)
        if station and way.kind == "automatic" and way.months == stay_months(station, way) == 0:
            idle.add_edges_from((one, station.id, {"way": way.id}) for one in way.origins)
    for circle in _circles(idle):
        record_id, path = places[idle.edges[circle[0], circle[1]]["way"]]
        message = f"This automatic way is part of a circle that takes no time: {' → '.join(circle)}."
        remedy = "Give a station on it its months, or remove one of the ways."
        yield _at(catalogue, findings.IdleCycle, record_id, f"{path}.from", message, remedy)
    order: nx.DiGraph[str] = nx.DiGraph()
    for qualification in network.qualifications.values():
        order.add_edges_from((qualification.id, lower) for lower in qualification.includes)
    for circle in _circles(order):
        message = f"These qualifications include each other: {' → '.join(circle)}."
        remedy = "Only the higher one includes the lower one."
        yield _at(catalogue, findings.IdleCycle, circle[0], "includes", message, remedy)


def _circles(graph: nx.DiGraph[str]) -> Iterator[list[str]]:
    """One circle of each knot, from its first id round to that id again."""
    for knot in nx.strongly_connected_components(graph):
        start = min(knot)
        if len(knot) > 1 or graph.has_edge(start, start):
            inside = graph.subgraph(knot)
            after = min(one for one in inside.successors(start))
            yield [start, *nx.shortest_path(inside, after, start)]


def _unreachable(catalogue: Catalogue, network: Network) -> Iterator[Finding]:
    """Somebody may come with any situation, or with a qualification that nothing here gives."""
    stations = [station for station in network.stations.values() if station.offered]
    begin = [*network.situations]
    begin += [one for one in (*network.qualifications, *network.stations) if not network.ways_to.get(one)]
    reached = set(begin)
    for one in begin:
        reached |= nx.descendants(network.graph, one)
    for station in stations:
        if not network.ways_to.get(station.id):
            message = f"No way leads into {station.id!r}."
        elif station.id not in reached:
            message = f"Only stations that nobody can get to lead to {station.id!r}."
        else:
            continue
        remedy = "Add a way in from a situation, a station or a qualification."
        yield _at(catalogue, findings.Unreachable, station.id, "ways_in", message, remedy)


def _dead_ends(catalogue: Catalogue, network: Network) -> Iterator[Finding]:
    wanted = {one for goal in network.goals.values() for part in goal.reached.any_of for one in part.at}
    wanted |= {one for goal in network.goals.values() for part in goal.reached.any_of for one in part.done}
    for station in network.stations.values():
        goes_on = network.ways_from.get(station.id) or station.id in wanted
        participation = station.kind == "course" and station.certificates != ""
        beside = station.kind == "support" or station.alongside is not None or participation
        if station.offered and not goes_on and not beside:
            message = f"Nothing follows {station.id!r}: no way on, no certificate, and it is no goal."
            remedy = "Add a way on or an award, or say with `alongside` or `kind: support` that it runs beside."
            yield _at(catalogue, findings.DeadEnd, station.id, "", message, remedy)


def _without_story(catalogue: Catalogue, network: Network, stories: frozenset[str]) -> Iterator[Finding]:
    for record_id, path, way in written_ways(catalogue):
        if way.id in network.transitions and way.id not in stories:
            message = f"No story walks {way.id!r}."
            remedy = "Add one in tests/people/ways."
            yield _at(catalogue, findings.NoStory, record_id, f"{path}.id", message, remedy)
