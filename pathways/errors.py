"""The few exceptions of the domain; each carries the id that failed and says how to mend the call."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class PathwaysError(Exception):
    """Something the caller asked for cannot be answered as asked."""


class UnknownId(PathwaysError):
    """An id that no record has.

    ``nearest`` holds up to three ids that look alike, best first.
    """

    def __init__(self, kind: str, wrong: str, known: Iterable[str]) -> None:
        self.kind = kind
        self.wrong = wrong
        self.nearest = nearest(wrong, known)
        hint = f" Meinten Sie: {', '.join(self.nearest)}?" if self.nearest else ""
        super().__init__(f"Die Kennung „{shorten(wrong)}“ gibt es nicht ({kind}).{hint}")


class BadFact(PathwaysError):
    """A fact about the person that cannot be read."""

    def __init__(self, name: str, value: str, remedy: str) -> None:
        self.name = name
        self.value = shorten(value)
        self.remedy = remedy
        super().__init__(f"{shorten(name)}={self.value}: {remedy}")


class ContradictoryFacts(PathwaysError):
    """Facts that cannot both be true."""

    def __init__(self, names: tuple[str, ...], reason: str) -> None:
        self.names = names
        self.reason = reason
        super().__init__(reason)


class BrokenContent(PathwaysError):
    """Content with error findings; it is never served."""

    def __init__(self, region: str, findings: list[object]) -> None:
        self.region = region
        self.findings = findings
        lines = "\n".join(str(finding) for finding in findings[:20])
        super().__init__(f"Die Inhalte von {region!r} haben {len(findings)} Fehler:\n{lines}")


def nearest(wrong: str, known: Iterable[str]) -> list[str]:
    """Up to three known ids that look like `wrong`."""
    return difflib.get_close_matches(wrong[:80].lower(), list(known), n=3, cutoff=0.5)


def shorten(text: str, limit: int = 60) -> str:
    """`text` without control characters, cut for a message."""
    clean = "".join(character for character in text if character.isprintable())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
