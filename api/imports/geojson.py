"""GeoJSON from OpenStreetMap (Overpass, osmtogeojson) or a municipal geoportal: places, addresses, accessibility.

Data from OpenStreetMap is under the ODbL; its source is named with every fact that comes from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from api.distance import Position
from api.imports.rows import (
    BadRow,
    ImportedRow,
    Rejected,
    UnusableFile,
    clean,
    clean_name,
    read_day,
    read_json,
    read_postcode,
)
from api.imports.running import ReadList
from api.imports.school_types import kind_in_name, kind_of_type
from api.institution_records import SourceRecord
from api.opening_hours import german_hours
from pathways.errors import shorten
from pathways.network import Network

_KINDS = {
    "kindergarten": "kita",
    "childcare": "kita",
    "university": "universitaet",
    "college": "bbs",
    "library": "bibliothek",
    "music_school": "musikschule",
    "language_school": "bildungstraeger",
    "training": "bildungstraeger",
}
_EDUCATION = {*_KINDS, "school"}
_WHEELCHAIR = {"yes": "full", "designated": "full", "limited": "part", "no": "none"}


def read_features(path: Path, network: Network, as_of: date | int | None) -> ReadList:
    """Read a FeatureCollection. Raises `UnusableFile` for anything else."""
    data = read_json(path)
    if (
        not isinstance(data, dict)
        or data.get("type") != "FeatureCollection"
        or not isinstance(data.get("features"), list)
    ):
        raise UnusableFile(f"{path.name} ist kein GeoJSON mit einer FeatureCollection.")
    rows: list[ImportedRow] = []
    bad: list[Rejected] = []
    outside = 0
    osm = (
        "openstreetmap" in str(data.get("copyright", "")).lower()
        or "overpass" in str(data.get("generator", "")).lower()
    )
    for number, feature in enumerate(data["features"], start=1):
        tags = _tags(feature)
        osm = osm or (_ref(feature, tags) or "").startswith("osm:")
        try:
            if not tags and not isinstance(feature, dict):
                raise BadRow("Der Eintrag ist kein Objekt.")
            row = _row(number, feature, tags, as_of)
        except BadRow as fault:
            bad.append(Rejected(number, str(fault), clean(tags.get("name")) or ""))
            continue
        if row is None:
            outside += 1
        else:
            rows.append(row)
    source = (
        SourceRecord(
            id="openstreetmap",
            text="© OpenStreetMap-Mitwirkende, Open Database License (ODbL)",
            url="https://www.openstreetmap.org/copyright",
        )
        if osm
        else SourceRecord(id="geojson", text=f"GeoJSON-Datei {path.name}")
    )
    return ReadList(rows, bad, len(data["features"]), source, outside=outside)


def _row(
    number: int, feature: Mapping[str, Any], tags: Mapping[str, Any], as_of: date | int | None
) -> ImportedRow | None:
    amenity = clean(tags.get("amenity")) or clean(tags.get("office")) or ""
    school_type = clean(tags.get("school:de")) or clean(tags.get("Schulform")) or clean(tags.get("school_type"))
    if amenity not in _EDUCATION and school_type is None:
        return None
    name = clean_name(tags.get("name") or tags.get("Bezeichnung"))
    street = " ".join(filter(None, (clean(tags.get("addr:street")), clean(tags.get("addr:housenumber")))))
    row = ImportedRow(
        line=number,
        name=name,
        kind=kind_of_type(school_type) or _KINDS.get(amenity) or kind_in_name(name),
        ref=_ref(feature, tags),
        street=street or clean(tags.get("Straße")),
        postcode=read_postcode(tags.get("addr:postcode") or tags.get("PLZ")),
        town=clean(tags.get("addr:city")) or clean(tags.get("Ort")),
        district=clean(tags.get("addr:suburb")),
        position=_position(feature.get("geometry")),
        carrier=clean(tags.get("operator")),
        accessible=_WHEELCHAIR.get(clean(tags.get("wheelchair")) or ""),
        as_of=read_day(tags.get("check_date") or tags.get("@timestamp") or tags.get("timestamp")) or as_of,
    )
    row.take("phone", tags.get("contact:phone") or tags.get("phone") or tags.get("Telefon"))
    row.take("email", tags.get("contact:email") or tags.get("email"))
    row.take("website", tags.get("contact:website") or tags.get("website") or tags.get("Homepage"))
    if hours := clean(tags.get("opening_hours")):
        row.opening_hours = german_hours(hours) or None
        if row.opening_hours is None:
            row.hints.append(f"Öffnungszeiten „{shorten(hours)}“ sind nicht eindeutig und wurden weggelassen")
    return row


def _tags(feature: Any) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return {}
    inner = properties.get("tags")
    return {**inner, **properties} if isinstance(inner, dict) else properties


def _ref(feature: Any, tags: Mapping[str, Any]) -> str | None:
    told = clean(tags.get("@id")) or (clean(feature.get("id")) if isinstance(feature, dict) else None)
    if told is None:
        return None
    return f"osm:{told}" if told.split("/")[0] in ("node", "way", "relation") else f"geojson:{told}"


def _position(geometry: Any) -> Position | None:
    """A point, or the middle of the rectangle around a shape. GeoJSON writes longitude first."""
    if geometry is None:
        return None
    points: list[tuple[float, float]] = []
    _collect(geometry.get("coordinates") if isinstance(geometry, dict) else None, points)
    if not points:
        raise BadRow("Die Geometrie hat keine lesbaren Koordinaten.")
    lons, lats = zip(*points, strict=True)
    return Position((min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2)


def _collect(part: Any, points: list[tuple[float, float]], depth: int = 0) -> None:
    if not isinstance(part, list) or depth > 4:
        return
    if len(part) >= 2 and all(isinstance(one, int | float) and not isinstance(one, bool) for one in part[:2]):
        points.append((float(part[0]), float(part[1])))
        return
    for one in part:
        _collect(one, points, depth + 1)
