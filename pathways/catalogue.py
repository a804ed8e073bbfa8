"""Content files to checked records, all findings at once.

A region is a municipal layer with its parents. Each record starts in one layer; a file with the same id
further down is an overlay: `ways_in` and `awards` are merged by id, all other fields are replaced. The origin
of every field is kept, so that a finding names the file and line that wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pathways import findings
from pathways.content_file import ContentFile, read_content_file, spell_path
from pathways.errors import UnknownId
from pathways.findings import Finding
from pathways.qualification import Goal, Qualification
from pathways.reference import (
    CalendarEntry,
    Change,
    Conflict,
    Help,
    Layer,
    Money,
    Question,
    Source,
    StatusName,
)
from pathways.refused_values import faults_in, finding_of
from pathways.station import Situation, Station

Model = TypeVar("Model", bound=BaseModel)
FOLDERS: dict[str, type[BaseModel]] = {
    "stations": Station,
    "situations": Situation,
    "qualifications": Qualification,
    "goals": Goal,
}
LISTS: dict[str, type[BaseModel]] = {
    "sources": Source,
    "help": Help,
    "money": Money,
    "calendar": CalendarEntry,
    "changes": Change,
    "conflicts": Conflict,
    "questions": Question,
    "statuses": StatusName,
}
MERGED = ("ways_in", "awards")
APPENDED = ("here", "alerts")


@dataclass(frozen=True)
class Origin:
    """Where a field of a record was written."""

    layer: str
    file: str
    line: int


@dataclass
class _Draft:
    """A record while its layers are put together."""

    data: dict[str, Any]
    origins: dict[str, Origin]
    home: str
    file: str
    layers: list[str] = field(default_factory=list)

    def place(self, path: tuple[str | int, ...]) -> Origin:
        """Origin of the field, or of the nearest one around it."""
        while path:
            if origin := self.origins.get(spell_path(path)):
                return origin
            path = path[:-1]
        return self.origins[""]

    def forget(self, prefix: str) -> None:
        """Drop the origins of a field that a lower layer replaces."""
        for path in [one for one in self.origins if one == prefix or one.startswith(f"{prefix}.")]:
            del self.origins[path]


@dataclass
class Catalogue:
    """The records of one region, with what is wrong and where every field comes from."""

    region: str
    layers: tuple[Layer, ...]
    stations: dict[str, Station]
    situations: dict[str, Situation]
    qualifications: dict[str, Qualification]
    goals: dict[str, Goal]
    sources: dict[str, Source]
    help: dict[str, Help]
    money: dict[str, Money]
    calendar: dict[str, CalendarEntry]
    changes: dict[str, Change]
    conflicts: dict[str, Conflict]
    questions: dict[str, Question]
    statuses: dict[str, StatusName]
    origins: dict[str, dict[str, Origin]]
    """By record id, small records as ``help:schule``; then by field."""
    home: dict[str, str]
    """Layer in which each record starts, by the same ids."""
    found: list[Finding]
    refused: set[str] = field(default_factory=set)
    """The same ids of records that could not be read: naming them is no second fault."""

    def origin(self, record_id: str, path: str = "") -> Origin:
        """Where a field was written; the nearest field around it if it has no line of its own."""
        fields = self.origins[record_id]
        while path and path not in fields:
            path = path.rpartition(".")[0]
        return fields[path]


def regions(content: Path) -> list[str]:
    """Ids of the municipal layers in a content folder."""
    found = []
    for file in sorted(content.glob("*/layer.yaml")):
        data = read_content_file(file, str(file)).data
        if isinstance(data, dict) and data.get("kind") == "municipality":
            found.append(file.parent.name)
    return found


def load_catalogue(content: Path, region: str) -> Catalogue:
    """Read a region with all layers above it. Raises `UnknownId` for a region that has no folder."""
    found: list[Finding] = []
    layers = _layers(content, region, found)
    catalogue = Catalogue(region, tuple(layers), {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, found)
    for folder, model in FOLDERS.items():
        drafts: dict[str, _Draft] = {}
        for layer in layers:
            for path in sorted((content / layer.id / folder).glob("*.yaml")):
                file = read_content_file(path, _name(path, content))
                if not isinstance(file.data, dict):
                    catalogue.refused.add(path.stem)
                _merge(drafts, file, path.stem, layer.id, found)
        _accept(drafts, model, getattr(catalogue, folder), catalogue, "")
    for name, model in LISTS.items():
        drafts = {}
        for layer in layers:
            path = content / layer.id / f"{name}.yaml"
            if path.exists():
                _read_list(drafts, read_content_file(path, _name(path, content)), layer.id, found)
        _accept(drafts, model, getattr(catalogue, name), catalogue, f"{name}:")
    found.sort(key=lambda finding: (finding.file, finding.line, finding.code, finding.message))
    return catalogue


def _name(path: Path, content: Path) -> str:
    return str(Path(content.name) / path.relative_to(content))


def _layers(content: Path, region: str, found: list[Finding]) -> list[Layer]:
    chain: list[Layer] = []
    wanted: str | None = region
    below, line = region, 1
    while wanted is not None:
        path = content / wanted / "layer.yaml"
        if not path.exists() or wanted in {layer.id for layer in chain}:
            if not chain:
                raise UnknownId("region", region, regions(content))
            file, message = (
                f"{content.name}/{below}/layer.yaml",
                f"There is no layer {wanted!r} above this one.",
            )
            remedy = "Name the folder of the layer above; only a federal layer has none."
            found.append(findings.UnknownReference(file, line, "parent", message, remedy))
            break
        read = read_content_file(path, _name(path, content))
        found.extend(read.found)
        layer = None if read.data is None and read.found else _validate(Layer, read.data, read, found)
        if layer is None:
            break
        if layer.id != wanted:
            found.append(_misplaced(read, layer.id, wanted, "folder"))
        chain.append(layer.model_copy(update={"id": wanted}))
        below, line, wanted = wanted, read.line(("parent",)), layer.parent
    return chain[::-1]


def _validate(model: type[Model], data: Any, file: ContentFile, found: list[Finding]) -> Model | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for fault in faults_in(error, model, data):
            found.append(finding_of(fault, file.name, file.line(fault.path)))
        return None


def _misplaced(file: ContentFile, written: Any, expected: str, where: str) -> Finding:
    message = f"The id is {written!r}, the {where} {expected!r}."
    return findings.MisplacedId(file.name, file.line(("id",)), "id", message, "Make them equal.")


def _merge(drafts: dict[str, _Draft], file: ContentFile, stem: str, layer: str, found: list[Finding]) -> None:
    found.extend(file.found)
    if file.data is None and file.found:
        return
    if not isinstance(file.data, dict):
        message, remedy = "The file holds no record.", "Start with `id:` and its fields."
        found.append(findings.WrongValue(file.name, 1, "", message, remedy))
        return
    data = file.data
    if data.get("id") != stem:
        found.append(_misplaced(file, data.get("id"), stem, "file"))
        data = {**data, "id": stem}
    draft = drafts.get(stem)
    if draft is None:
        draft = drafts[stem] = _Draft({}, {"": Origin(layer, file.name, 1)}, layer, file.name)
    draft.layers.append(layer)
    for key, value in data.items():
        kept = draft.data.get(key)
        if key in MERGED and isinstance(value, list) and (key not in draft.data or isinstance(kept, list)):
            _merge_list(draft, key, value, file, layer, found)
        elif key in APPENDED and isinstance(value, list) and isinstance(kept, list):
            offset = len(kept)
            draft.data[key] = [*kept, *value]
            _note_origins(draft, key, file, layer, offset)
        elif key != "id" or "id" not in draft.data:
            if key in draft.data:
                draft.forget(key)
            draft.data[key] = value
            _note_origins(draft, key, file, layer, 0)


def _merge_list(
    draft: _Draft, key: str, entries: list[Any], file: ContentFile, layer: str, found: list[Finding]
) -> None:
    present: list[Any] = draft.data.setdefault(key, [])
    by_id = {_id_of(entry): index for index, entry in enumerate(present)}
    here: set[str] = set()
    for index, entry in enumerate(entries):
        entry_id = _id_of(entry)
        if entry_id is not None and entry_id in here:
            where, message = f"{key}.{index}.id", f"{entry_id!r} stands twice."
            line = file.line((key, index, "id"))
            found.append(findings.DuplicateId(file.name, line, where, message, "Give one another id."))
            continue
        if entry_id is not None:
            here.add(entry_id)
        if entry_id is not None and entry_id in by_id:
            at = by_id[entry_id]
            present[at] = {**present[at], **entry}
            for name in entry:
                draft.forget(spell_path((key, at, name)))
        else:
            at = len(present)
            present.append(entry)
        for path, line in file.lines_below(key, index):
            draft.origins[spell_path((key, at, *path[2:]))] = Origin(layer, file.name, line)


def _id_of(entry: Any) -> str | None:
    wanted = entry.get("id") if isinstance(entry, dict) else None
    return wanted if isinstance(wanted, str) else None


def _note_origins(draft: _Draft, key: str, file: ContentFile, layer: str, offset: int) -> None:
    for path, line in file.lines_below(key):
        moved = path
        if offset and len(path) > 1 and isinstance(path[1], int):
            moved = (path[0], path[1] + offset, *path[2:])
        draft.origins[spell_path(moved)] = Origin(layer, file.name, line)


def _read_list(drafts: dict[str, _Draft], file: ContentFile, layer: str, found: list[Finding]) -> None:
    found.extend(file.found)
    if file.data is None:
        return
    if not isinstance(file.data, list):
        message, remedy = "The file holds no list.", "Start every record with `- id:`."
        found.append(findings.WrongValue(file.name, 1, "", message, remedy))
        return
    here: set[str] = set()
    for index, entry in enumerate(file.data):
        line = file.line((index,))
        record_id = _id_of(entry)
        if record_id is None:
            message = "The record has no id."
            found.append(findings.MissingKey(file.name, line, f"{index}.id", message, "Add `id:`."))
            continue
        if record_id in here:
            message = f"{record_id!r} stands twice."
            found.append(findings.DuplicateId(file.name, line, f"{index}.id", message, "Give one another id."))
            continue
        here.add(record_id)
        start = Origin(layer, file.name, line)
        draft = drafts.setdefault(record_id, _Draft({}, {"": start}, layer, file.name))
        draft.layers.append(layer)
        for name in entry:
            if name in draft.data:
                draft.forget(name)
        draft.data.update(entry)
        for path, at in file.lines_below(index):
            if len(path) > 1:
                draft.origins[spell_path(path[1:])] = Origin(layer, file.name, at)


def _accept(
    drafts: Mapping[str, _Draft],
    model: type[BaseModel],
    records: dict[str, Any],
    catalogue: Catalogue,
    prefix: str,
) -> None:
    for record_id, draft in sorted(drafts.items()):
        try:
            records[record_id] = model.model_validate(draft.data)
        except ValidationError as error:
            catalogue.refused.add(prefix + record_id)
            for fault in faults_in(error, model, draft.data):
                place = draft.place(fault.path)
                catalogue.found.append(finding_of(fault, place.file, place.line))
            continue
        catalogue.origins[prefix + record_id] = draft.origins
        catalogue.home[prefix + record_id] = draft.home
