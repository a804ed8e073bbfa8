"""What can be wrong with content. A finding's code is its name in kebab-case, its docstring the help."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """One thing to mend: where it stands and how to mend it."""

    severity: ClassVar[Severity] = "error"

    file: str
    line: int
    field: str
    message: str
    remedy: str = ""

    @property
    def code(self) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "-", type(self).__name__).lower()

    def as_dict(self) -> dict[str, str | int]:
        """The finding for JSON output."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "field": self.field,
            "message": self.message,
            "remedy": self.remedy,
        }

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f" `{self.field}`" if self.field else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{place}: {self.code} ({self.severity}){field}\n  {self.message}{remedy}"


class UnreadableFile(Finding):
    """The file is not UTF-8, has a byte order mark, NUL or control characters, or is too large.

    Save it as plain UTF-8.
    """


class BrokenYaml(Finding):
    """The file is not valid YAML. Usually a missing quote, a tab, or wrong indentation a line above."""


class UnwantedYaml(Finding):
    """Anchors, aliases, tags, merge keys, deep nesting are not used: a reader must see each record whole."""


class DuplicateKey(Finding):
    """The same key stands twice in one mapping; one of them would be lost."""


class AmbiguousValue(Finding):
    """An unquoted word that YAML programs read differently (on, True, NO, 012, 1:30). Put it in quotes."""


class UnknownKey(Finding):
    """A key that no record of this kind has, usually a spelling mistake."""


class WrongValue(Finding):
    """A value of the wrong type or outside its range."""


class MissingKey(Finding):
    """A key every record of this kind must have."""


class UnknownReference(Finding):
    """An id that no record has."""


class DuplicateId(Finding):
    """Two records or transitions share an id."""


class MisplacedId(Finding):
    """The id and the file name differ; ids equal the file stem so that everybody finds the file."""


class ReusedId(Finding):
    """A former id (`was`) is also a present one; ids are public and never reused."""


class ImpossibleDate(Finding):
    """A period that ends before it begins, or a date that cannot be."""


class IdleCycle(Finding):
    """A circle of automatic ways, or of qualifications that include each other, without any gain.

    Nobody should be sent round it. Give one of the stays its months, or remove a way.
    """


class NoSource(Finding):
    """Nothing backs this record, and it does not say how sure it is.

    Name a source, or say `confidence: unconfirmed`.
    """

    severity = "warning"


class MissingSource(Finding):
    """A record that claims to be confirmed, or partly so, names no source."""


class LayerLeak(Finding):
    """A record names one that lives only in a more local layer, so other regions of its layer cannot read it.

    Write the field in an overlay in the more local layer. Goals may name local stations.
    """

    severity = "warning"


class CheckOverdue(Finding):
    """The record was last compared with its sources more than a year ago."""

    severity = "warning"


class Unreachable(Finding):
    """No situation and no other station leads here."""

    severity = "warning"


class DeadEnd(Finding):
    """A station from which nothing follows, no certificate and no way on, and that is no goal."""

    severity = "warning"


class NoStory(Finding):
    """No story in tests/people walks this transition."""

    severity = "warning"


class LongText(Finding):
    """An explanatory text has fewer than two or more than five sentences."""

    severity = "warning"


class FewTyped(Finding):
    """Fewer than three quarters of all conditions are typed; no machine can check the rest (`ask`)."""


ALL_FINDINGS: tuple[type[Finding], ...] = tuple(Finding.__subclasses__())
