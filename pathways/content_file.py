"""Reads one YAML file strictly, and remembers on which line every field stands.

Only what every reader understands alike is let through: UTF-8 without byte order mark, no anchors, aliases,
tags or merge keys, no duplicate keys, and as booleans only `true` and `false`. All faults of a file are found
at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

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


def read_content_file(path: Path, name: str) -> ContentFile:
    """Read `path`; `name` is how findings call it. Never raises for bad content."""
    result = ContentFile(name)
    text = _read_text(path, result)
    if text is None:
        return result
    loader = _Loader(text)
    try:
        if _refused_syntax(text, result):
            return result
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        remedy = "Use spaces, not tabs, to indent." if "\\t" in problem else "Check quotes and indentation."
        result.found.append(findings.BrokenYaml(name, mark.line + 1 if mark else 1, "", f"{problem}.", remedy))
        return result
    finally:
        loader.dispose()
    if node is not None:
        result.data = _build(node, (), result)
    return result


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


def _refused_syntax(text: str, result: ContentFile) -> bool:
    refused = False
    depth = 0
    event: Any
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        tag = getattr(event, "tag", None)
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > MAX_DEPTH:
            message = f"Lists and mappings stand inside each other more than {MAX_DEPTH} levels deep."
            result.found.append(findings.UnwantedYaml(result.name, line, "", message, "Write it flatter."))
            return True
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            refused = True
            message = "Anchors and aliases are not used here."
            result.found.append(findings.UnwantedYaml(result.name, line, "", message, "Write the value out."))
        elif tag is not None and tag != "!":
            refused = True
            message = f"The tag {tag} is not used here."
            result.found.append(findings.UnwantedYaml(result.name, line, "", message, "Remove it."))
    return refused


def _build(node: yaml.Node, path: Path_, result: ContentFile) -> Any:
    result.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(node, path, result)
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*path, index), result) for index, item in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    return _build_scalar(node, path, result)


def _build_mapping(node: yaml.MappingNode, path: Path_, result: ContentFile) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if key is None or key == "<<":
            message = "A key must be a plain word."
            result.found.append(
                findings.UnwantedYaml(result.name, line, spell_path(path), message, "Write the keys out.")
            )
            continue
        if key in mapping:
            where, message = spell_path((*path, key)), f"`{key}` stands twice."
            result.found.append(findings.DuplicateKey(result.name, line, where, message, "Keep one of the two."))
            continue
        mapping[key] = _build(value_node, (*path, key), result)
        result.lines[(*path, key)] = line
    return mapping


def _build_scalar(node: yaml.ScalarNode, path: Path_, result: ContentFile) -> Any:
    text = str(node.value)
    if node.style in ('"', "'", "|", ">"):
        return text
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "null"):
        return None
    if TRAPS.match(text):
        result.found.append(
            findings.AmbiguousValue(
                result.name,
                node.start_mark.line + 1,
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
            line, message = node.start_mark.line + 1, f"There is no {text}."
            result.found.append(
                findings.ImpossibleDate(result.name, line, spell_path(path), message, "Correct the date.")
            )
    return text


def spell_path(path: Path_) -> str:
    """A field path as findings show it: ``ways_in.0.conditions``."""
    return ".".join(str(part) for part in path)
