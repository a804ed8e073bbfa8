"""What an import did, or would do: for the person who decides, and as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from api.imports.rows import LABELS, Rejected


@dataclass(frozen=True)
class Change:
    """One field before and after."""

    field: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        return f"{LABELS.get(self.field, self.field)}: {self.before or 'keine Angabe'} → {self.after or 'keine Angabe'}"


@dataclass(frozen=True)
class Entry:
    """An institution the import touches: what changes, and what was seen but left as it is."""

    id: str
    name: str
    line: int
    changes: tuple[Change, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """An institution a doubtful row may mean."""

    id: str
    name: str
    likeness: int
    why: str


@dataclass(frozen=True)
class Doubt:
    """A row a person has to decide about. `key` names it in `decisions`."""

    key: str
    line: int
    name: str
    reason: str
    candidates: tuple[Candidate, ...] = ()


@dataclass
class ImportReport:
    """The difference between a list and the database."""

    source: str
    file: str
    dry_run: bool
    rows: int = 0
    outside: int = 0
    """Rows that belong to another region or are no educational institution."""
    added: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    unchanged: list[Entry] = field(default_factory=list)
    doubtful: list[Doubt] = field(default_factory=list)
    left_out: list[Entry] = field(default_factory=list)
    """Rows that a person decided not to take over."""
    bad: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "source": self.source,
            "file": self.file,
            "dry_run": self.dry_run,
            "rows": self.rows,
            "outside": self.outside,
            "added": [_entry(one) for one in self.added],
            "changed": [_entry(one) for one in self.changed],
            "unchanged": [_entry(one) for one in self.unchanged],
            "doubtful": [
                {
                    "key": one.key,
                    "line": one.line,
                    "name": one.name,
                    "reason": one.reason,
                    "candidates": [vars(candidate) for candidate in one.candidates],
                }
                for one in self.doubtful
            ],
            "left_out": [{"line": one.line, "name": one.name} for one in self.left_out],
            "bad": [vars(one) for one in self.bad],
            "notes": list(self.notes),
        }

    def as_text(self) -> str:
        """For the terminal and the log, in German."""
        lines = [
            f"{'Probelauf, nichts geschrieben' if self.dry_run else 'Übernommen'}: {self.source} aus {self.file}",
            f"{self.rows} Zeilen: {len(self.added)} neu, {len(self.changed)} geändert, "
            f"{len(self.unchanged)} unverändert, {len(self.doubtful)} fraglich, {len(self.bad)} fehlerhaft, "
            f"{self.outside} außerhalb" + (f", {len(self.left_out)} ausgelassen" if self.left_out else ""),
            *(f"Hinweis: {note}" for note in self.notes),
        ]
        for title, mark, entries in (("Neu", "+", self.added), ("Geändert", "~", self.changed)):
            if entries:
                lines += ["", title]
            for entry in entries:
                lines.append(f"  {mark} {entry.name} [{entry.id}], Zeile {entry.line}")
                lines += [f"      {change}" for change in entry.changes]
                lines += [f"      Hinweis: {hint}" for hint in entry.hints]
        told = [entry for entry in self.unchanged if entry.hints]
        if told:
            lines += ["", "Unverändert, mit Hinweis"]
        for entry in told:
            lines.append(f"  = {entry.name} [{entry.id}], Zeile {entry.line}")
            lines += [f"      Hinweis: {hint}" for hint in entry.hints]
        if self.doubtful:
            lines += ["", "Fraglich, bitte entscheiden"]
        for doubt in self.doubtful:
            lines.append(f"  ? Zeile {doubt.line} [{doubt.key}]: {doubt.name}. {doubt.reason}")
            lines += [f"      {one.id}: {one.name}, {one.likeness} % ähnlich, {one.why}" for one in doubt.candidates]
        if self.bad:
            lines += ["", "Fehlerhafte Zeilen"]
        lines += [f"  ! Zeile {one.line}{f' ({one.name})' if one.name else ''}: {one.reason}" for one in self.bad]
        return "\n".join(lines)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "line": entry.line,
        "changes": [vars(change) for change in entry.changes],
        "hints": list(entry.hints),
    }
