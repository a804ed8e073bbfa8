"""Questions to the institutions: who offers a station here, one profile, a filtered list with counts.

Answers are whole records. The order is neutral (by name, or by distance if asked), never a ranking.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from anyascii import anyascii
from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from api.distance import Position, degrees_around, distance_km
from api.institution_records import InstitutionRecord
from api.institution_store import known_ids, stored_institutions
from api.institution_tables import Institution, LanguageUse, Offer, Site
from pathways.errors import UnknownId
from pathways.network import Network

NOT_STATED = "unknown"
"""Facet value for institutions about which a field says nothing; never the same as no."""


@dataclass(frozen=True)
class InstitutionFilter:
    """What a list is narrowed to; within one field any value will do, the fields must all hold."""

    kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    all_day: tuple[str, ...] = ()
    accessible: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    near: str | None = None
    """A postcode, district or town."""
    within_km: float | None = None
    text: str = ""
    """Words that all occur in name, carrier or address."""


@dataclass(frozen=True)
class Listed:
    """One line of a list."""

    record: InstitutionRecord
    km: float | None = None


@dataclass(frozen=True)
class Found:
    """A page of a list, with how many there are for every value of every facet."""

    total: int
    listed: tuple[Listed, ...]
    facets: dict[str, dict[str, int]]
    centre: Position | None = None
    unplaced: int = 0
    """How many match but have no known coordinates, so that a distance says nothing about them."""


@dataclass(frozen=True)
class Place:
    """A point on the map."""

    id: str
    name: str
    position: Position
    town: str = ""


@dataclass
class _Terms:
    """The conditions of a filter, by the facet they belong to."""

    region: str
    by_facet: dict[str, ColumnElement[bool]] = field(default_factory=dict)

    def all_but(self, facet: str | None = None) -> list[ColumnElement[bool]]:
        base: list[ColumnElement[bool]] = [
            col(Institution.region) == self.region,
            col(Institution.withdrawn).is_(False),
        ]
        return base + [term for name, term in self.by_facet.items() if name != facet]


def get_institution(session: Session, institution_id: str, region: str | None = None) -> InstitutionRecord:
    """One profile. Raises `UnknownId`."""
    return get_institutions(session, [institution_id], region)[0]


def find_renamed(session: Session, old_id: str) -> str | None:
    """The present id of an institution that was once called so."""
    statement = select(Institution.id, Institution.was).where(col(Institution.withdrawn).is_(False))
    return next((present for present, was in session.exec(statement) if old_id in was), None)


def get_institutions(session: Session, ids: Sequence[str], region: str | None = None) -> list[InstitutionRecord]:
    """Several profiles in the order asked for. Raises `UnknownId` for the first that does not exist."""
    found = {one.record.id: one.record for one in stored_institutions(session, region, ids)}
    hidden = set(session.exec(select(Institution.id).where(col(Institution.withdrawn))))
    for one in ids:
        if one not in found or one in hidden:
            raise UnknownId("institution", one, known_ids(session, region))
    return [found[one] for one in ids]


def institutions_at(session: Session, station_id: str, region: str | None = None) -> list[InstitutionRecord]:
    """Everybody who offers this station, by name."""
    return institutions_at_many(session, [station_id], region)[station_id]


def institutions_at_many(
    session: Session, station_ids: Iterable[str], region: str | None = None
) -> dict[str, list[InstitutionRecord]]:
    """For each station who offers it, by name; an empty list where nobody is known."""
    by_station = institution_ids_at(session, station_ids, region)
    everybody = dict.fromkeys(one for ids in by_station.values() for one in ids)
    records = {one.record.id: one.record for one in stored_institutions(session, ids=everybody)}
    return {station: [records[one] for one in ids] for station, ids in by_station.items()}


def institution_ids_at(session: Session, station_ids: Iterable[str], region: str | None = None) -> dict[str, list[str]]:
    """The same with ids only, by one query: for the legs of a route."""
    wanted = list(dict.fromkeys(station_ids))
    statement = (
        select(Offer.station, Institution.id, Institution.name)
        .join(Institution, col(Institution.id) == col(Offer.institution_id))
        .where(col(Offer.station).in_(wanted), col(Institution.withdrawn).is_(False))
        .distinct()
    )
    if region is not None:
        statement = statement.where(Institution.region == region)
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for station, institution_id, name in session.exec(statement):
        found[str(station)].append((sort_key(name), institution_id))
    return {station: [one for _, one in sorted(found[station])] for station in wanted}


def find_centre(session: Session, place: str, region: str | None = None) -> Position | None:
    """The middle of a postcode, district or town, from the coordinates of the sites in it; nothing if none is known."""
    wanted = sort_key(place.strip())
    columns = (Site.postcode,) if wanted.isdigit() else (Site.district, Site.quarter, Site.town)
    for column in columns:
        statement = (
            select(column, Site.lat, Site.lon)
            .join(Institution, _mine(Site))
            .where(col(column).is_not(None), col(Site.lat).is_not(None), col(Institution.withdrawn).is_(False))
        )
        if region is not None:
            statement = statement.where(Institution.region == region)
        inside = [
            (lat, lon)
            for name, lat, lon in session.exec(statement)
            if lat is not None and lon is not None and wanted in _spellings(str(name))
        ]
        if inside:
            return Position(sum(lat for lat, _ in inside) / len(inside), sum(lon for _, lon in inside) / len(inside))
    return None


def _spellings(name: str) -> set[str]:
    """Trier-West/Pallien is also asked for as Trier-West or Pallien."""
    return {sort_key(part) for part in (name, *name.split("/"))}


def list_institutions(
    session: Session,
    network: Network,
    wanted: InstitutionFilter = InstitutionFilter(),
    *,
    order: Literal["name", "distance"] = "name",
    offset: int = 0,
    limit: int = 50,
) -> Found:
    """A page of the list, with counts. Each facet counts as if nothing were chosen in it."""
    centre = find_centre(session, wanted.near, network.region) if wanted.near else None
    terms = _terms(network, wanted, centre)
    ordered = _order(session, terms, centre if order == "distance" else None)
    page = ordered[offset : offset + limit]
    records = stored_institutions(session, ids=page)
    listed = tuple(Listed(one.record, one.record.km_from(centre) if centre else None) for one in records)
    unplaced = 0
    if centre is not None:
        placed = _with(Site, col(Site.lat).is_not(None))
        unplaced = _count(session, [*terms.all_but("distance"), ~placed])
    return Found(len(ordered), listed, _facets(session, network, terms), centre, unplaced)


def places_of(
    session: Session, network: Network, wanted: InstitutionFilter = InstitutionFilter()
) -> tuple[list[Place], list[tuple[str, str]]]:
    """Every site with coordinates of those that match, and (id, name) of those without any; both by name."""
    centre = find_centre(session, wanted.near, network.region) if wanted.near else None
    terms = _terms(network, wanted, centre).all_but()
    rows = session.exec(select(Institution.id, Institution.name).where(*terms)).all()
    names = dict(sorted(rows, key=lambda row: (sort_key(row[1]), row[0])))
    statement = (
        select(Site.institution_id, Site.lat, Site.lon, Site.town)
        .join(Institution, _mine(Site))
        .where(col(Site.lat).is_not(None), *terms)
    )
    points: dict[str, list[tuple[Position, str]]] = defaultdict(list)
    for one, lat, lon, town in session.exec(statement):
        if lat is not None and lon is not None:
            points[one].append((Position(lat, lon), town or ""))
    placed = [Place(one, name, *point) for one, name in names.items() for point in points.get(one, ())]
    return placed, [(one, name) for one, name in names.items() if one not in points]


def _terms(network: Network, wanted: InstitutionFilter, centre: Position | None) -> _Terms:
    terms = _Terms(network.region)
    add = terms.by_facet.__setitem__
    if wanted.kinds:
        add("kind", col(Institution.kind).in_(wanted.kinds))
    if wanted.stages:
        stations = [one.id for one in network.stations.values() if one.stage in wanted.stages]
        add("stage", _any_of(Offer, col(Offer.station), stations, NOT_STATED in wanted.stages))
    if wanted.stations:
        add("station", _with(Offer, col(Offer.station).in_(wanted.stations)))
    if wanted.topics:
        add("topic", _with(Offer, col(Offer.topic).in_(wanted.topics)))
    if wanted.towns:
        add("town", _with(Site, col(Site.town).in_(wanted.towns)))
    if wanted.districts:
        add("district", _any_of(Site, col(Site.district), wanted.districts, NOT_STATED in wanted.districts))
    if wanted.languages:
        languages = col(LanguageUse.language)
        add("language", _any_of(LanguageUse, languages, wanted.languages, NOT_STATED in wanted.languages))
    if wanted.all_day:
        add("all_day", _one_of(col(Institution.all_day), wanted.all_day))
    if wanted.text.strip():
        add("text", and_(*(_mentions(word) for word in wanted.text.split()[:8])))
    if wanted.accessible:
        add("accessible", _one_of(col(Institution.accessible), wanted.accessible))
    if centre is not None and wanted.within_km is not None:
        high, wide = degrees_around(centre, wanted.within_km)
        add(
            "distance",
            _with(
                Site,
                col(Site.lat).between(centre.lat - high, centre.lat + high),
                col(Site.lon).between(centre.lon - wide, centre.lon + wide),
                distance_km(col(Site.lat), col(Site.lon), centre.lat, centre.lon) <= wanted.within_km,
            ),
        )
    return terms


def _mentions(word: str) -> ColumnElement[bool]:
    own = [col(column).icontains(word, autoescape=True) for column in (Institution.name, Institution.carrier)]
    columns = (Site.street, Site.postcode, Site.town, Site.district, Site.quarter)
    address = or_(*(col(column).icontains(word, autoescape=True) for column in columns))
    return or_(*own, _with(Site, address))


def _any_of(
    table: type[Site] | type[Offer] | type[LanguageUse], column: Any, values: Sequence[str], or_not_stated: bool
) -> ColumnElement[bool]:
    stated = _with(table, column.in_(values))
    return or_(stated, ~_with(table, column.is_not(None))) if or_not_stated else stated


def _one_of(column: Any, values: tuple[str, ...]) -> ColumnElement[bool]:
    stated = column.in_([value for value in values if value != NOT_STATED])
    return or_(stated, column.is_(None)) if NOT_STATED in values else stated


def _with(table: type[Site] | type[Offer] | type[LanguageUse], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Institutions that have such a part. Stands alone: the query around it may use the same table."""
    return col(Institution.id).in_(select(table.institution_id).where(*conditions).correlate(None))


def _mine(table: type[Site] | type[Offer] | type[LanguageUse]) -> ColumnElement[bool]:
    return col(table.institution_id) == col(Institution.id)


def _order(session: Session, terms: _Terms, centre: Position | None) -> list[str]:
    rows = session.exec(select(Institution.id, Institution.name).where(*terms.all_but())).all()
    if centre is None:
        return [one for _, one in sorted((sort_key(name), one) for one, name in rows)]
    nearest: dict[str, float] = {}
    statement = (
        select(Site.institution_id, Site.lat, Site.lon)
        .join(Institution, _mine(Site))
        .where(col(Site.lat).is_not(None), *terms.all_but())
    )
    for one, lat, lon in session.exec(statement):
        if lat is not None and lon is not None:
            nearest[one] = min(nearest.get(one, float("inf")), centre.km_to(Position(lat, lon)))
    far = float("inf")
    return [one for _, _, one in sorted((nearest.get(one, far), sort_key(name), one) for one, name in rows)]


def _facets(session: Session, network: Network, terms: _Terms) -> dict[str, dict[str, int]]:
    many: dict[str, tuple[Any, Any]] = {
        "town": (Site, Site.town),
        "district": (Site, Site.district),
        "language": (LanguageUse, LanguageUse.language),
        "topic": (Offer, Offer.topic),
    }
    facets: dict[str, dict[str, int]] = {}
    for name, column in (
        ("kind", Institution.kind),
        ("all_day", Institution.all_day),
        ("accessible", Institution.accessible),
    ):
        counted = select(column, func.count()).where(*terms.all_but(name)).group_by(col(column))
        facets[name] = {str(value or NOT_STATED): count for value, count in session.exec(counted)}
    for name, (table, column) in many.items():
        per_value = (
            select(column, func.count(func.distinct(col(Institution.id))))
            .join(Institution, _mine(table))
            .where(column.is_not(None), *terms.all_but(name))
            .group_by(column)
        )
        facets[name] = dict(session.exec(per_value).all())
        if name in ("district", "language"):
            _add_not_stated(session, facets[name], [*terms.all_but(name), ~_with(table, column.is_not(None))])
    facets["stage"] = _stages(session, network, terms)
    _add_not_stated(session, facets["stage"], [*terms.all_but("stage"), ~_with(Offer, col(Offer.station).is_not(None))])
    return {name: dict(sorted(counts.items(), key=lambda one: sort_key(one[0]))) for name, counts in facets.items()}


def _add_not_stated(session: Session, counts: dict[str, int], conditions: list[ColumnElement[bool]]) -> None:
    count = _count(session, conditions)
    if count:
        counts[NOT_STATED] = count


def _stages(session: Session, network: Network, terms: _Terms) -> dict[str, int]:
    statement = (
        select(Offer.station, Offer.institution_id)
        .join(Institution, _mine(Offer))
        .where(and_(col(Offer.station).is_not(None), *terms.all_but("stage")))
        .distinct()
    )
    members: dict[str, set[str]] = defaultdict(set)
    for station, institution_id in session.exec(statement):
        if station is not None and station in network.stations:
            members[network.stations[station].stage].add(institution_id)
    return {stage: len(ids) for stage, ids in members.items()}


def _count(session: Session, conditions: list[ColumnElement[bool]]) -> int:
    return session.exec(select(func.count()).select_from(Institution).where(*conditions)).one()


def sort_key(name: str) -> str:
    """German order without the system's locale: Ä beside A, ß as ss."""
    return anyascii(name).casefold().replace("“", "").replace("„", "")
