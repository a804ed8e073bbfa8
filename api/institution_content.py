"""Institutions shipped with a layer: `content/<layer>/institutions/<id>.yaml`, and the area they lie in."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError, model_validator

from api.distance import Position
from api.institution_records import (
    FactRecord,
    InstitutionRecord,
    LanguageRecord,
    OfferRecord,
    SiteRecord,
    SourceRecord,
)
from pathways import findings
from pathways.conditions import Record
from pathways.content_file import ContentFile, read_content_file, spell_path
from pathways.errors import nearest
from pathways.findings import Finding

Model = TypeVar("Model", bound=BaseModel)
_PARTS: dict[str, type[BaseModel]] = {
    "sites": SiteRecord,
    "languages": LanguageRecord,
    "offers": OfferRecord,
    "facts": FactRecord,
    "sources": SourceRecord,
}


class Box(Record):
    """A rectangle that holds the area with some room; what lies outside is a slip of the pen."""

    south: float = Field(ge=-90, le=90)
    north: float = Field(ge=-90, le=90)
    west: float = Field(ge=-180, le=180)
    east: float = Field(ge=-180, le=180)

    @model_validator(mode="after")
    def _in_order(self) -> Box:
        if not (self.south < self.north and self.west < self.east):
            raise ValueError("a box reaches from south to north and from west to east")
        return self

    def holds(self, place: Position) -> bool:
        """Whether the place lies inside."""
        return self.south <= place.lat <= self.north and self.west <= place.lon <= self.east


GERMANY = Box(south=47.2, north=55.1, west=5.8, east=15.1)


class Area(Record):
    """Where the institutions of a layer lie. Without postcodes, every row of a list belongs to it."""

    town: str | None = None
    box: Box = GERMANY
    postcodes: tuple[str, ...] = ()

    def has_postcode(self, postcode: str | None) -> bool:
        """Whether an address with this postcode belongs to the area."""
        return not self.postcodes or postcode in self.postcodes


@dataclass
class ShippedInstitutions:
    """The institutions of one layer as far as they could be read, and what is wrong with the rest."""

    layer: str
    area: Area
    records: dict[str, InstitutionRecord] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)


def load_area(content: Path, layer: str) -> Area:
    """The area of a layer; the whole country if none is written down or it cannot be read."""
    return read_institutions(content, layer, only_area=True).area


def read_institutions(content: Path, layer: str, *, only_area: bool = False) -> ShippedInstitutions:
    """Read all institutions of a layer. Never raises for bad content: see `found`."""
    result = ShippedInstitutions(layer, Area())
    path = content / layer / "area.yaml"
    if path.exists():
        area = _read(path, content, Area, result.found)
        result.area = area or result.area
    for path in [] if only_area else sorted((content / layer / "institutions").glob("*.yaml")):
        record = _read(path, content, InstitutionRecord, result.found)
        if record is not None:
            result.records[record.id] = record
    return result


def check_institutions(content: Path, layers: Iterable[str], stations: Container[str]) -> list[Finding]:
    """All that is wrong with the institutions of these layers: files, stations, coordinates, numbers told twice."""
    found: list[Finding] = []
    for layer in layers:
        shipped = read_institutions(content, layer)
        found.extend(shipped.found)
        numbers: dict[str, str] = {}
        former = {old: record.id for record in shipped.records.values() for old in record.was}
        for record in shipped.records.values():
            path = content / layer / "institutions" / f"{record.id}.yaml"
            file = read_content_file(path, _name(path, content))
            found.extend(_faults(record, file, shipped.area, stations))
            if record.id in former:
                found.append(
                    findings.ReusedId(
                        file.name,
                        file.line(("id",)),
                        "id",
                        f"{former[record.id]!r} was once called so.",
                        "Take a new id.",
                    )
                )
            if record.official_number:
                other = numbers.setdefault(record.official_number, record.id)
                if other != record.id:
                    found.append(
                        findings.DuplicateId(
                            file.name,
                            file.line(("official_number",)),
                            "official_number",
                            f"{other!r} has the same number.",
                            "Merge the two, or correct one.",
                        )
                    )
    return sorted(found, key=lambda one: (one.file, one.line, one.code))


def _faults(record: InstitutionRecord, file: ContentFile, area: Area, stations: Container[str]) -> list[Finding]:
    found: list[Finding] = []
    known = list(stations) if isinstance(stations, Iterable) else []
    for index, offer in enumerate(record.offers):
        if offer.station is not None and offer.station not in stations:
            near = nearest(offer.station, known)
            hint = f"Did you mean {near[0]!r}?" if near else "Write `topic:` where no station exists."
            where = ("offers", index, "station")
            found.append(
                findings.UnknownReference(
                    file.name, file.line(where), spell_path(where), f"There is no station {offer.station!r}.", hint
                )
            )
    for index, site in enumerate(record.sites):
        if site.position is not None and not area.box.holds(site.position):
            where = ("sites", index, "lat")
            found.append(
                findings.WrongValue(
                    file.name,
                    file.line(where),
                    spell_path(where[:2]),
                    f"{site.lat}, {site.lon} lies outside the area of this layer.",
                    "Correct the coordinates, or leave them out; the box stands in area.yaml.",
                )
            )
    if record.confidence != "unconfirmed" and not record.sources:
        found.append(
            findings.MissingSource(
                file.name, file.line(("confidence",)), "sources", "No source backs this.", "Name one."
            )
        )
    return found


def _read(path: Path, content: Path, model: type[Model], found: list[Finding]) -> Model | None:
    file = read_content_file(path, _name(path, content))
    found.extend(file.found)
    if file.found and file.data is None:
        return None
    if not isinstance(file.data, dict):
        found.append(
            findings.WrongValue(file.name, 1, "", "The file holds no record.", "Start with `id:` and its fields.")
        )
        return None
    if "id" in model.model_fields and file.data.get("id") != path.stem:
        found.append(
            findings.MisplacedId(
                file.name,
                file.line(("id",)),
                "id",
                f"The id is {file.data.get('id')!r}, the file {path.stem!r}.",
                "Make them equal.",
            )
        )
        return None
    try:
        return model.model_validate(file.data)
    except ValidationError as error:
        found.extend(_finding_of(fault, model, file) for fault in error.errors())
        return None


def _finding_of(fault: Any, model: type[BaseModel], file: ContentFile) -> Finding:
    path: tuple[str | int, ...] = tuple(fault["loc"])
    line, where, name = file.line(path), spell_path(path), str(path[-1]) if path else ""
    if fault["type"] == "extra_forbidden":
        inner = _PARTS.get(str(path[0]), model) if len(path) > 2 else model
        near = nearest(name, inner.model_fields)
        hint = f"Did you mean `{near[0]}`?" if near else "Remove it, or see content/README.md."
        return findings.UnknownKey(file.name, line, where, f"`{name}` is not known here.", hint)
    if fault["type"] == "missing":
        return findings.MissingKey(file.name, line, where, f"`{name}` is missing.", "Add it; see content/README.md.")
    message = str(fault["msg"]).removeprefix("Value error, ")
    given = fault.get("input")
    shown = f" (here: {given!r})" if isinstance(given, str | int | float | bool) else ""
    return findings.WrongValue(file.name, line, where, f"{message}{shown}.", "See content/README.md for the field.")


def _name(path: Path, content: Path) -> str:
    return str(Path(content.name) / path.relative_to(content))
