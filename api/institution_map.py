"""The map of institutions: a drawing of nothing but known coordinates, and what Leaflet needs to take it over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import cos, radians
from statistics import fmean

from sqlmodel import Session, col, select

from api.distance import KM_PER_DEGREE, Position
from api.frame import Frame, Link
from api.institution_records import SourceRecord
from api.institution_tables import Fact, Institution
from api.institutions import Place
from api.map_file import ADDRESS

WIDE = 720
EDGE = 24
LETTER = 10.5
"""Usual width of a letter on the drawing, in its units."""
LINE = 26
"""Height of a line of text there."""


@dataclass(frozen=True)
class Dot:
    """An institution on the map: in units of the drawing, and in degrees."""

    link: Link
    x: float
    y: float
    position: Position


@dataclass(frozen=True)
class Town:
    """The name of a town, written in the middle of its institutions."""

    name: str
    x: float
    y: float
    position: Position
    is_main: bool = False
    """Room for it even where it is written twice as large, on a phone."""


@dataclass(frozen=True)
class MapView:
    """A drawing of the known coordinates, north at the top."""

    wide: int
    high: int
    dots: tuple[Dot, ...]
    towns: tuple[Town, ...]
    scale: float
    """Length of the bar below, in units of the drawing."""
    scale_text: str
    sources: tuple[Link, ...]
    """Who says where the places are."""
    tiles: str
    """Address of the operator's own map file; empty without one."""


@dataclass(frozen=True)
class _Scale:
    """From degrees to units of the drawing."""

    north: float
    west: float
    narrow: float
    per_degree: float
    left: float

    def drawn(self, at: Position) -> tuple[float, float]:
        x = self.left + (at.lon - self.west) * self.narrow * self.per_degree
        return round(x, 1), round(EDGE + (self.north - at.lat) * self.per_degree, 1)


def map_view(frame: Frame, places: Sequence[Place], sources: Sequence[SourceRecord] = ()) -> MapView | None:
    """Places as dots, true to scale; nothing if there is none."""
    if not places:
        return None
    south = min(one.position.lat for one in places)
    north = max(one.position.lat for one in places)
    west = min(one.position.lon for one in places)
    east = max(one.position.lon for one in places)
    narrow = cos(radians((south + north) / 2))
    across = max((east - west) * narrow, 0.01)
    per_degree = (WIDE - 2 * EDGE) / max(across, (north - south) * 0.8, 0.01)
    scale = _Scale(north, west, narrow, per_degree, (WIDE - (east - west) * narrow * per_degree) / 2)
    km = next((one for one in (20, 10, 5, 2, 1) if one / KM_PER_DEGREE * per_degree <= WIDE / 3), 1)
    return MapView(
        wide=WIDE,
        high=round(2 * EDGE + (north - south) * per_degree) + EDGE,
        dots=tuple(
            Dot(Link(frame.to(f"institution/{one.id}"), one.name), *scale.drawn(one.position), one.position)
            for one in places
        ),
        towns=_towns(places, scale),
        scale=round(km / KM_PER_DEGREE * per_degree, 1),
        scale_text=f"{frame.reader.number(km)} km",
        sources=tuple(Link(one.url or "", one.text) for one in sources),
        tiles=ADDRESS if frame.settings.map_file else "",
    )


def position_sources(session: Session, places: Sequence[Place]) -> list[SourceRecord]:
    """The sources of these coordinates, each once, by their text."""
    ids = {one.id for one in places}
    statement = (
        select(Institution.id, Institution.sources, Fact.source)
        .join(Fact, col(Fact.institution_id) == col(Institution.id))
        .where(Fact.field == "position", col(Fact.source).is_not(None))
    )
    found: dict[str, SourceRecord] = {}
    for institution_id, sources, named in session.exec(statement):
        for source in sources if institution_id in ids else ():
            if source["id"] == named:
                record = SourceRecord.model_validate(source)
                found[record.text] = record
    return [found[text] for text in sorted(found)]


def _towns(places: Sequence[Place], scale: _Scale) -> tuple[Town, ...]:
    """Names of towns, those with most places first, as far as they do not cover each other."""
    by_town: dict[str, list[Position]] = defaultdict(list)
    for one in places:
        if one.town:
            by_town[one.town].append(one.position)
    kept: list[Town] = []
    for name, positions in sorted(by_town.items(), key=lambda item: (-len(item[1]), item[0])):
        middle = Position(fmean(one.lat for one in positions), fmean(one.lon for one in positions))
        x, y = scale.drawn(middle)
        half = len(name) * LETTER / 2
        town = Town(name, min(max(x, half), WIDE - half), max(y - 12, LINE), middle)
        fits_large = 2 * half <= min(x, WIDE - x) and y > 2 * LINE
        is_main = fits_large and all(_apart(town, other, 2) for other in kept if other.is_main)
        if all(_apart(town, other) for other in kept):
            kept.append(replace(town, is_main=is_main))
    return tuple(kept)


def _apart(one: Town, other: Town, larger: int = 1) -> bool:
    wide = (len(one.name) + len(other.name)) * LETTER / 2
    return abs(one.x - other.x) > wide * larger or abs(one.y - other.y) > LINE * larger
