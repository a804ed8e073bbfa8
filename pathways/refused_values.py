"""What the models of records refuse, as findings with the path in the file and the nearest known key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from pathways import findings
from pathways.conditions import KINDS
from pathways.content_file import Path_, spell_path
from pathways.errors import nearest, shorten
from pathways.findings import Finding

CONDITION_LISTS = ("conditions", "of", "any_of", "all_of")
COMMON = ("because", "confidence")


@dataclass(frozen=True)
class Fault:
    """One thing the models refuse, with its path as written in the file."""

    type: str
    path: Path_
    message: str
    given: Any
    known: tuple[str, ...]


def faults_in(error: ValidationError, model: type[BaseModel], data: Any) -> Iterator[Fault]:
    """What an error over `data` says."""
    for fault in error.errors(include_url=False):
        path, known = _place(fault["loc"], model, data)
        message = str(fault["msg"]).removeprefix("Value error, ")
        yield Fault(fault["type"], path, message, fault.get("input"), known)


def _place(loc: Path_, model: type[BaseModel], data: Any) -> tuple[Path_, tuple[str, ...]]:
    """The path as written, and the keys known beside its end. In a condition the kind stands before the fields."""
    path: list[str | int] = []
    around: type[BaseModel] | None = model
    for index, part in enumerate(loc):
        if path[-2:-1] and path[-2] in CONDITION_LISTS and isinstance(data, dict) and part not in COMMON:
            kind = next((key for key in data if key in KINDS), "")
            path.append(kind)
            data, around = data.get(kind), KINDS.get(kind)
            if part == "of" and kind != "at_least" and isinstance(data, list):
                continue
        if isinstance(part, str) and around is not None and index < len(loc) - 1:
            around = _model_behind(around, part)
        path.append(part)
        if isinstance(data, dict):
            data = data.get(part)
        else:
            data = data[part] if isinstance(data, list) and isinstance(part, int) else None
    fields = around.model_fields.items() if around is not None else ()
    return tuple(path), tuple(info.alias or name for name, info in fields)


def _model_behind(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    """The model of a field, where there is exactly one."""
    kept = [info for name, info in model.model_fields.items() if key in (name, info.alias)]
    found = {inner for info in kept for inner in _models_in(info.annotation)}
    return found.pop() if len(found) == 1 else None


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def finding_of(fault: Fault, file: str, line: int) -> Finding:
    """The fault as a finding at this place."""
    where = spell_path(fault.path)
    name = shorten(str(fault.path[-1])) if fault.path else ""
    if fault.type == "extra_forbidden":
        near = nearest(name, fault.known)
        hint = f"Did you mean `{near[0]}`?" if near else "Remove it, or see content/README.md."
        return findings.UnknownKey(file, line, where, f"`{name}` is not known here.", hint)
    if fault.type == "missing":
        return findings.MissingKey(file, line, where, f"`{name}` is missing.", "Add it; see content/README.md.")
    if fault.message.endswith("ends before it begins"):
        return findings.ImpossibleDate(file, line, where, f"{fault.message}.", "Swap or correct the days.")
    shown = f" (here: {shorten(str(fault.given))!r})" if isinstance(fault.given, str | int | float) else ""
    remedy = "See content/README.md for the field."
    return findings.WrongValue(file, line, where, f"{fault.message}{shown}.", remedy)
