"""Checks over `words.yaml` and `synonyms.yaml`: what would silently lead nobody anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from api.institution_words import KINDS
from api.search_words import FILES, WordEntry, refs_of
from pathways import findings
from pathways.content_file import ContentFile, Path_, read_content_file, spell_path
from pathways.errors import nearest, shorten
from pathways.findings import Finding
from pathways.network import Network
from pathways.refused_values import Fault, faults_in, finding_of

REFS = ("about", "near")


@dataclass
class _Seen:
    """Where each word was first written: the file's own name, and the file and line to point at."""

    homes: dict[str, tuple[str, str, int]] = field(default_factory=dict)


def check_words(content: Path, layers: Iterable[str], network: Network) -> list[Finding]:
    """Everything wrong with the search words of these layers, upper layer first, by file and line."""
    known = [*refs_of(network), *(f"kind:{kind}" for kind in KINDS)]
    found: list[Finding] = []
    seen = _Seen()
    for layer in layers:
        for name in FILES:
            path = content / layer / name
            if path.exists():
                file = read_content_file(path, f"{content.name}/{layer}/{name}")
                found.extend(file.found)
                found.extend(_faults(file, name, known, seen))
    return sorted(dict.fromkeys(found), key=lambda one: (one.file, one.line, one.code, one.message))


def _faults(file: ContentFile, name: str, known: list[str], seen: _Seen) -> Iterator[Finding]:
    if file.data is None:
        return  # empty, or so broken that this was said already
    if not isinstance(file.data, list):
        yield findings.WrongValue(file.name, 1, "", "The file holds no list of words.", "Start each with `- id:`.")
        return
    here: dict[str, int] = {}
    for index, entry in enumerate(file.data):
        if not isinstance(entry, dict):
            message, remedy = "This is no word with its fields.", "Start it with `id:`."
            yield findings.WrongValue(file.name, file.line((index,)), spell_path((index,)), message, remedy)
            continue
        yield from _refused(file, index, entry)
        yield from _dangling(file, index, entry, known)
        if isinstance(entry.get("id"), str):
            yield from _identity(file, name, index, entry, here, seen)


def _refused(file: ContentFile, index: int, entry: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        WordEntry.model_validate(entry)
    except ValidationError as error:
        for fault in faults_in(error, WordEntry, entry):
            path = (index, *fault.path)
            yield finding_of(
                Fault(fault.type, path, fault.message, fault.given, fault.known), file.name, file.line(path)
            )


def _dangling(file: ContentFile, index: int, entry: Mapping[str, Any], known: list[str]) -> Iterator[Finding]:
    for name in REFS:
        refs = entry.get(name)
        for place, ref in enumerate(refs if isinstance(refs, list) else ()):
            if isinstance(ref, str) and ref not in known:
                path: Path_ = (index, name, place)
                near = nearest(ref, known)
                hint = (
                    f"Did you mean {near[0]!r}?"
                    if near
                    else "Name a record of the network, `help:…`, `money:…`, `kind:…`."
                )
                message = f"There is no {shorten(ref)!r}."
                yield findings.UnknownReference(file.name, file.line(path), spell_path(path), message, hint)


def _identity(
    file: ContentFile, name: str, index: int, entry: Mapping[str, Any], here: dict[str, int], seen: _Seen
) -> Iterator[Finding]:
    """An id stands once in a file, in one kind of file; a lower layer only adds to words of an upper one."""
    own, path = str(entry["id"]), (index, "id")
    line, where = file.line(path), spell_path(path)
    if own in here:
        message = f"{shorten(own)!r} stands already in line {here[own]}."
        yield findings.DuplicateId(file.name, line, where, message, "Join the two, or give one another id.")
        return
    here[own] = line
    home = seen.homes.setdefault(own, (name, file.name, line))
    if home[0] != name:
        message = f"{shorten(own)!r} is also a word of {home[1]}:{home[2]}; the search would mix the two."
        yield findings.DuplicateId(file.name, line, where, message, "Give one of them another id.")
    elif home[1:] == (file.name, line) and not entry.get("words"):
        near = nearest(own, [one for one in seen.homes if one != own])
        hint = f"Did you mean {near[0]!r}?" if near else "Write `words:`, or correct the id."
        message = f"No upper layer has the word {shorten(own)!r}, and none is written here."
        yield findings.UnknownReference(file.name, line, where, message, hint)
