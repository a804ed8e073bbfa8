"""Distances on the globe, in Python and inside both databases, by the same formula."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

EARTH_KM = 6371.0088
KM_PER_DEGREE = EARTH_KM * 3.141592653589793 / 180


@dataclass(frozen=True, slots=True)
class Position:
    """A place on the globe, in degrees."""

    lat: float
    lon: float

    def km_to(self, other: Position) -> float:
        """Distance as the crow flies."""
        km = haversine_km(self.lat, self.lon, other.lat, other.lon)
        assert km is not None
        return km


def haversine_km(
    lat: float | None, lon: float | None, other_lat: float | None, other_lon: float | None
) -> float | None:
    """Great-circle distance in kilometres; nothing if a coordinate is missing."""
    if lat is None or lon is None or other_lat is None or other_lon is None:
        return None
    between = (
        sin(radians(other_lat - lat) / 2) ** 2
        + cos(radians(lat)) * cos(radians(other_lat)) * sin(radians(other_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_KM * asin(min(1.0, sqrt(between)))


class distance_km(FunctionElement[float]):
    """SQL: kilometres between (lat, lon) and (lat, lon). SQLite gets it from `open_database`."""

    type = Float()
    inherit_cache = True
    name = "distance_km"


@compiles(distance_km, "sqlite")
def _in_sqlite(element: distance_km, compiler: Any, **options: Any) -> str:
    return f"haversine_km({compiler.process(element.clauses, **options)})"


@compiles(distance_km)
def _in_sql(element: distance_km, compiler: Any, **options: Any) -> str:
    lat, lon, other_lat, other_lon = (compiler.process(part, **options) for part in element.clauses)
    return (
        f"(2 * {EARTH_KM} * asin(least(1, sqrt(power(sin(radians({other_lat} - {lat}) / 2), 2)"
        f" + cos(radians({lat})) * cos(radians({other_lat}))"
        f" * power(sin(radians({other_lon} - {lon}) / 2), 2)))))"
    )


def degrees_around(centre: Position, km: float) -> tuple[float, float]:
    """Half height and half width, in degrees, of a box that surely holds a circle; indexes can use a box."""
    high = km / KM_PER_DEGREE * 1.01
    return high, high / max(0.01, cos(radians(min(89.0, abs(centre.lat) + high))))
