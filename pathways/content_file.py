"""Reads one YAML file strictly, and remembers on which line every field stands.

Only what every reader understands alike is let through: UTF-8 without byte order mark, no anchors, aliases,
tags or merge keys, no duplicate keys, and as booleans only `true` and `false`. All faults of a file are found
at once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import ComposerError
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    StreamEndEvent,
)

from pathways import findings
from pathways.findings import Finding

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
TRAPS = re.compile(
    r"""^(?: y | n | yes | no | on | off | true | false | null | ~ | =
    | [-+]? (?: 0\d+ | 0o[0-7]+ | 0x[0-9a-f]+ | 0b[01]+ | \d+_[\d_]+ | \d+(?::[0-5]?\d)+ | \.inf )
    | \.nan | \+\d+ | [-+]?\d+\. | \+\d+\.\d+ | [-+]?\.\d+ | [-+]?\d+(?:\.\d*)?e[-+]?\d+
    | \d{4}-(?:\d|\d-\d\d?|\d\d-\d) | \d{4}-\d\d?-\d\d?(?:t|[ ]+)\d.* )$""",
    re.I | re.X,
)
DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
WHOLE = re.compile(r"^-?(?:0|[1-9]\d*)$")
DECIMAL = re.compile(r"^-?(?:0|[1-9]\d*)\.\d+$")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
"""Controls, stray line breaks and byte order marks, and marks that turn the direction of writing unseen."""

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Path_ = tuple[str | int, ...]


@dataclass
class ContentFile:
    """The data of one file, the line of every field by its path, and what is wrong with it."""

    name: str
    data: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)

    def line(self, path: Path_) -> int:
        """Line of the field, or of the nearest field around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def lines_below(self, *path: str | int) -> Sequence[tuple[Path_, int]]:
        """Paths and lines of everything in a field of the first or second level, the field itself included."""
        return self._below.get(path, ())

    @cached_property
    def _below(self) -> dict[Path_, list[tuple[Path_, int]]]:
        below: dict[Path_, list[tuple[Path_, int]]] = defaultdict(list)
        for path, line in self.lines.items():
            if path:
                below[path[:1]].append((path, line))
            if len(path) > 1:
                below[path[:2]].append((path, line))
        return below


def read_content_file(path: Path, name: str) -> ContentFile:
    """Read `path`; `name` is how findings call it. Never raises for bad content."""
    result = ContentFile(name)
    text = _read_text(path, result)
    if text is None:
        return result
    read = ContentFile(name)
    builder = _Builder(_Loader(text), read)
    try:
        read.data = builder.document()
    except _TooDeep:
        pass
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        remedy = "Use spaces, not tabs, to indent." if "\\t" in problem else "Check quotes and indentation."
        builder.refused.append(findings.BrokenYaml(name, mark.line + 1 if mark else 1, "", f"{problem}.", remedy))
    finally:
        builder.loader.dispose()
    # What cannot be read for sure is not read at all: then the other faults may not be faults.
    return ContentFile(name, found=builder.refused) if builder.refused else read


def _read_text(path: Path, result: ContentFile) -> str | None:
    def refuse(line: int, message: str, remedy: str) -> None:
        result.found.append(findings.UnreadableFile(result.name, line, "", message, remedy))

    try:
        raw = path.read_bytes()
    except OSError as error:
        refuse(0, f"The file cannot be read: {error.strerror}.", "Check that it exists and may be read.")
        return None
    if len(raw) > MAX_BYTES:
        refuse(
            0,
            f"The file has {len(raw):,} bytes, more than {MAX_BYTES:,}.",
            "Split it, or remove what slipped in.",
        )
        return None
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        refuse(1, "The file starts with a byte order mark.", "Save it as UTF-8 without BOM.")
        return None
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        refuse(raw[: error.start].count(b"\n") + 1, "The file is not UTF-8.", "Save it as UTF-8.")
        return None
    if bad := CONTROL.search(text):
        line = text[: bad.start()].count("\n") + 1
        refuse(line, f"The file holds the control character U+{ord(bad[0]):04X}.", "Remove it.")
        return None
    return text


class _TooDeep(Exception):
    """The file is not read further."""


@dataclass
class _Builder:
    """Data from the events of the parser, in one go, with the line of every field."""

    loader: Any
    result: ContentFile
    refused: list[Finding] = field(default_factory=list)
    """Faults for which the whole file is refused."""
    depth: int = 0

    def document(self) -> Any:
        """The data of the one document; None for an empty file. Raises `YAMLError`, `_TooDeep`."""
        data: Any = None
        starts: list[Any] = []
        while not isinstance(event := self._next(), StreamEndEvent):
            if isinstance(event, DocumentStartEvent):
                starts.append(event.start_mark)
                if len(starts) == 1:
                    data = self._value(self._next(), ())
        if len(starts) > 1 and not self.refused:
            raise ComposerError("expected one document", starts[0], "but found another document", starts[1])
        return data

    def _next(self) -> Any:
        event = self.loader.get_event()
        if isinstance(event, CollectionStartEvent):
            self.depth += 1
            if self.depth > MAX_DEPTH:
                message = f"Lists and mappings stand inside each other more than {MAX_DEPTH} levels deep."
                self._refuse(event, message, "Write it flatter.")
                raise _TooDeep
        elif isinstance(event, CollectionEndEvent):
            self.depth -= 1
            return event
        elif not isinstance(event, ScalarEvent | AliasEvent):
            return event
        if event.anchor or isinstance(event, AliasEvent):
            self._refuse(event, "Anchors and aliases are not used here.", "Write the value out.")
        elif event.tag is not None and event.tag != "!":
            self._refuse(event, f"The tag {event.tag} is not used here.", "Remove it.")
        return event

    def _refuse(self, event: Any, message: str, remedy: str) -> None:
        line = _line(event)
        self.refused.append(findings.UnwantedYaml(self.result.name, line, "", message, remedy))

    def _value(self, event: Any, path: Path_) -> Any:
        self.result.lines[path] = _line(event)
        if isinstance(event, ScalarEvent):
            return _build_scalar(event, path, self.result)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, AliasEvent):
            return None
        entries: list[Any] = []
        while not isinstance(event := self._next(), CollectionEndEvent):
            entries.append(self._value(event, (*path, len(entries))))
        return entries

    def _mapping(self, path: Path_) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := self._next(), CollectionEndEvent):
            line = _line(event)
            key = event.value if isinstance(event, ScalarEvent) else None
            if key is None or key == "<<":
                message = "A key must be a plain word."
                self.result.found.append(
                    findings.UnwantedYaml(self.result.name, line, spell_path(path), message, "Write the keys out.")
                )
                self._pass_over(event)
                self._pass_over(self._next())
                continue
            if key in mapping:
                where, message = spell_path((*path, key)), f"`{key}` stands twice."
                self.result.found.append(
                    findings.DuplicateKey(self.result.name, line, where, message, "Keep one of the two.")
                )
                self._pass_over(self._next())
                continue
            mapping[key] = self._value(self._next(), (*path, key))
            self.result.lines[(*path, key)] = line
        return mapping

    def _pass_over(self, event: Any) -> None:
        if isinstance(event, CollectionStartEvent):
            around = self.depth - 1
            while self.depth > around:
                self._next()


def _line(event: Any) -> int:
    line: int = event.start_mark.line + 1
    return line


def _build_scalar(event: ScalarEvent, path: Path_, result: ContentFile) -> Any:
    text = str(event.value)
    if event.style in ('"', "'", "|", ">"):
        return text
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "null"):
        return None
    if TRAPS.match(text):
        result.found.append(
            findings.AmbiguousValue(
                result.name,
                _line(event),
                spell_path(path),
                f"{text} is read differently by different programs.",
                f'Write "{text}" for the word, or true, false, or a plain number.',
            )
        )
        return text
    if WHOLE.match(text):
        return int(text) if len(text) < 19 else text
    if DECIMAL.match(text):
        return float(text)
    if DATE.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            line, message = _line(event), f"There is no {text}."
            result.found.append(
                findings.ImpossibleDate(result.name, line, spell_path(path), message, "Correct the date.")
            )
    return text


def spell_path(path: Path_) -> str:
    """A field path as findings show it: ``ways_in.0.conditions``."""
    return ".".join(map(str, path))
