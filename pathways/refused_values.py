"""What the models of records refuse, as findings with the path in the file and the nearest known key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from pathways import findings
from pathways.conditions import KINDS
from pathways.content_file import spell_path
from pathways.errors import nearest, shorten
from pathways.findings import Finding


@dataclass(frozen=True)
class Fault:
    """One thing the models refuse, with its path as written in the file."""

    type: str
    path: tuple[str | int, ...]
    message: str
    given: Any
    known: tuple[str, ...]


def faults_in(
    error: ValidationError, model: type[BaseModel], around: tuple[str | int, ...] = ()
) -> Iterator[Fault]:
    """What an error says. A condition is read by its own kind, so its faults lie inside the record's."""
    for fault in error.errors(include_url=False):
        place = fault["loc"][1:] if around[-1:] in (("any_of",), ("all_of",)) else fault["loc"]
        path = (*around, *place)
        inner = fault.get("ctx", {}).get("error")
        if isinstance(inner, ValidationError):
            kind = next(name for name, one in KINDS.items() if one.__name__ == inner.title)
            yield from faults_in(inner, KINDS[kind], (*path, kind))
        else:
            message = str(fault["msg"]).removeprefix("Value error, ")
            yield Fault(fault["type"], path, message, fault.get("input"), _keys_at(model, fault["loc"][:-1]))


def _keys_at(model: type[BaseModel], path: tuple[str | int, ...]) -> tuple[str, ...]:
    """Keys of the model at this path inside `model`; none where there are several or no models."""
    for part in path:
        if isinstance(part, str):
            kept = [one for name, one in model.model_fields.items() if part in (name, one.alias)]
            inner = {found for one in kept for found in _models_in(one.annotation)}
            if len(inner) != 1:
                return ()
            model = inner.pop()
    return tuple(info.alias or name for name, info in model.model_fields.items())


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
        return findings.MissingKey(
            file, line, where, f"`{name}` is missing.", "Add it; see content/README.md."
        )
    if fault.message.endswith("ends before it begins"):
        return findings.ImpossibleDate(file, line, where, f"{fault.message}.", "Swap or correct the days.")
    shown = f" (here: {shorten(str(fault.given))!r})" if isinstance(fault.given, str | int | float) else ""
    remedy = "See content/README.md for the field."
    return findings.WrongValue(file, line, where, f"{fault.message}{shown}.", remedy)
