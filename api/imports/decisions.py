"""What a person decided about doubtful rows, as a table that imports write, a person fills in, and imports read again.

One line per doubtful row. In the column `Entscheidung` stands the id of the institution that is meant, `neu` for an
institution of its own, or `auslassen`; while it is empty, the row waits.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from api.imports.report import Doubt, ImportReport
from api.imports.rows import UnusableFile, read_csv
from api.imports.running import LEFT_OUT, NEW
from api.institution_open import neutral
from pathways.errors import shorten

COLUMNS = ("Schlüssel", "Zeile", "Name", "Grund", "Möglich sind", "Entscheidung")
_KEY, _LINE, _NAME, _REASON, _CANDIDATES, _DECISION = COLUMNS


@dataclass(frozen=True)
class Decisions:
    """A table of decisions: all lines as they were, and what was decided by key."""

    lines: tuple[Mapping[str, str], ...] = ()
    decided: Mapping[str, str] | None = None

    @property
    def by_key(self) -> Mapping[str, str]:
        """What `import_file` takes."""
        return self.decided or {}


def read_decisions(path: Path) -> Decisions:
    """Read a table; one that is not there yet is empty. Raises `UnusableFile` for another table or a contradiction."""
    if not path.exists():
        return Decisions()
    header, rows = read_csv(path)
    if missing := [name for name in (_KEY, _DECISION) if name not in header]:
        raise UnusableFile(
            f"{path.name}: Das ist keine Tabelle mit Entscheidungen, die Spalte {' und '.join(missing)} fehlt. "
            "Nennen Sie eine Datei, die es noch nicht gibt; das Einlesen legt sie an."
        )
    lines, decided = list[Mapping[str, str]](), dict[str, str]()
    for number, values in rows:
        key, said = _text(values.get(_KEY)), _text(values.get(_DECISION))
        if not key:
            continue
        lines.append({name: _text(values.get(name)) for name in COLUMNS})
        said = said.casefold() if said.casefold() in (NEW, LEFT_OUT) else said
        if said and decided.setdefault(key, said) != said:
            raise UnusableFile(
                f"{path.name}, Zeile {number}: Über „{shorten(key)}“ steht schon „{shorten(decided[key])}“ da, "
                f"hier „{shorten(said)}“. Lassen Sie nur eines stehen."
            )
    return Decisions(tuple(lines), decided)


def write_decisions(path: Path, before: Decisions, report: ImportReport) -> int:
    """Add the rows that wait and are not in the table yet; what stands there stays. Returns how many were added."""
    known = {line[_KEY] for line in before.lines}
    added = [_line(doubt) for doubt in report.doubtful if doubt.key not in known]
    if not added:
        return 0
    text = io.StringIO()
    text.write("\ufeff")
    table = csv.DictWriter(text, COLUMNS, delimiter=";", lineterminator="\r\n")
    table.writeheader()
    for line in (*before.lines, *added):
        table.writerow({name: neutral(line.get(name, "")) for name in COLUMNS})
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_text(text.getvalue(), encoding="utf-8", newline="")
    os.replace(unfinished, path)
    return len(added)


def _line(doubt: Doubt) -> Mapping[str, str]:
    candidates = " | ".join(f"{one.id} ({one.name}, {one.why})" for one in doubt.candidates)
    values = (doubt.key, str(doubt.line), doubt.name, doubt.reason, candidates, "")
    return dict(zip(COLUMNS, values, strict=True))


def _text(value: object) -> str:
    """A cell; the mark that keeps a spreadsheet from calculating is taken off again."""
    text = "" if value is None else str(value).strip()
    return text[1:] if text.startswith("'") else text
