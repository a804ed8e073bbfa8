"""A person decides about doubtful rows in a table, from the command line, as often as needed."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.database import open_database, write_session
from api.imports.decisions import COLUMNS, read_decisions, write_decisions
from api.imports.report import Candidate, Doubt, ImportReport
from api.imports.rows import UnusableFile
from api.institution_store import load_shipped
from api.migrations import migrate
from pathways.network import Network
from pathways.tree import CONTENT

HEADER = "id,name,official_id,address,phone,lat,lon,school_type,state\n"
LIST = (
    HEADER
    + 'SL-1,Grundschule Olewig,,"Hafenweg 77, 54295 Trier",,,,Grundschule,SL\n'
    + 'SL-2,Ambrosius Grundschule,,"Uferweg 5, 54292 Trier",,,,Grundschule,SL\n'
    + 'SL-3,Egbert-Grundschule Trier,,"Bergweg 9, 54295 Trier",,,,Grundschule,SL\n'
)
Import = Callable[..., Result]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory, network: Network) -> Path:
    """A database with all that is shipped."""
    path = tmp_path_factory.mktemp("shipped") / "data.db"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    with write_session(engine) as session:
        load_shipped(session, network, CONTENT)
    engine.dispose()
    return path


@pytest.fixture
def bring_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, network: Network, shipped: Path) -> Import:
    """The import command over a database of its own."""
    shutil.copy(shipped, tmp_path / "data.db")
    monkeypatch.setattr("api.cli.load_network", lambda *_: network)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/data.db")
    path = tmp_path / "liste.csv"
    path.write_text(LIST, encoding="utf-8")

    def run(*arguments: str) -> Result:
        command = ["import", "jedeschule", str(path), "--region", "trier", "--as-of", "2026", *arguments]
        return CliRunner().invoke(app, command)

    return run


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "entscheidungen.csv"


def told(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def decide(table: Path, **said: str) -> None:
    """Fill in the table, as with a spreadsheet."""
    lines = rows(table)
    for line in lines:
        line["Entscheidung"] = said.get(line["Schlüssel"].removeprefix("jedeschule:").replace("-", "_"), "")
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.DictWriter(file, COLUMNS, delimiter=";")
        out.writeheader()
        out.writerows(lines)


def test_doubtful_rows_are_decided_in_a_table(bring_in: Import, table: Path) -> None:
    seen = bring_in("--dry-run")
    assert "denselben Befehl mit --decisions" in seen.output
    asked = bring_in("--dry-run", "--decisions", str(table))
    assert "3 weitere Zeilen" in asked.output
    assert [one["Schlüssel"] for one in rows(table)] == ["jedeschule:SL-1", "jedeschule:SL-2", "jedeschule:SL-3"]
    assert "grundschule-olewig" in rows(table)[0]["Möglich sind"]

    decide(table, SL_1="grundschule-olewig", SL_2="neu", SL_3="auslassen")
    before = table.read_bytes()
    shown = told(bring_in("--dry-run", "--decisions", str(table), "--format", "json"))
    done = told(bring_in("--decisions", str(table), "--format", "json"))
    assert {**shown, "dry_run": False} == done
    assert [one["id"] for one in done["changed"]] == ["grundschule-olewig"]
    assert [one["name"] for one in done["added"]] == ["Ambrosius Grundschule"]
    assert done["left_out"] == [{"line": 4, "name": "Egbert-Grundschule Trier"}]
    assert (done["doubtful"], done["bad"]) == ([], [])
    assert table.read_bytes() == before


def test_a_second_run_with_the_same_table_changes_nothing(bring_in: Import, table: Path) -> None:
    bring_in("--dry-run", "--decisions", str(table))
    decide(table, SL_1="grundschule-olewig", SL_2="neu", SL_3="auslassen")
    bring_in("--decisions", str(table))
    again = told(bring_in("--decisions", str(table), "--format", "json"))
    assert (again["added"], again["changed"], again["doubtful"], again["bad"]) == ([], [], [], [])
    assert len(again["unchanged"]) == 2
    assert len(again["left_out"]) == 1


def test_what_is_not_decided_waits_and_what_was_decided_stays(bring_in: Import, table: Path) -> None:
    bring_in("--dry-run", "--decisions", str(table))
    decide(table, SL_2="neu")
    table.write_text(
        "\n".join(line for line in table.read_text(encoding="utf-8").splitlines() if "SL-3" not in line) + "\n",
        encoding="utf-8",
    )
    done = bring_in("--decisions", str(table))
    assert "2 fraglich" in done.output
    assert "1 weitere Zeilen" in done.output
    assert {one["Schlüssel"]: one["Entscheidung"] for one in rows(table)} == {
        "jedeschule:SL-1": "",
        "jedeschule:SL-2": "neu",
        "jedeschule:SL-3": "",
    }


def test_a_decision_for_nobody_is_named(bring_in: Import, table: Path) -> None:
    bring_in("--dry-run", "--decisions", str(table))
    decide(table, SL_1="grundschule-olewick")
    table.write_text(
        table.read_text(encoding="utf-8-sig").replace("jedeschule:SL-2;3;Ambrosius", "jedeschule:SL-9;3;Ambrosius"),
        encoding="utf-8",
    )
    decide(table, SL_1="grundschule-olewick", SL_9="neu")
    done = told(bring_in("--dry-run", "--decisions", str(table), "--format", "json"))
    assert "grundschule-olewick" in done["bad"][0]["reason"]
    assert "Gemeint ist vielleicht grundschule-olewig" in done["bad"][0]["reason"]
    assert any("jedeschule:SL-9" in note for note in done["notes"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Name;Telefon\nX;1\n", "keine Tabelle mit Entscheidungen"),
        ("Schlüssel;Entscheidung\na;neu\na;auslassen\n", "Zeile 3"),
        ("\x00\x01", "entscheidungen.csv"),
    ],
)
def test_a_table_that_is_something_else_is_refused_before_anything_is_written(
    bring_in: Import, table: Path, text: str, said: str
) -> None:
    table.write_text(text, encoding="utf-8")
    done = bring_in("--decisions", str(table))
    assert done.exit_code == 2
    assert said in done.output
    assert table.read_text(encoding="utf-8") == text
    assert told(bring_in("--dry-run", "--format", "json"))["doubtful"]


def test_lines_that_move_take_no_decision_of_another(table: Path) -> None:
    """Without a register number the name stands beside the line, so an edited list asks again."""
    report = ImportReport("csv", "x.csv", True, doubtful=[Doubt("2: Kita A", 2, "Kita A", "Ähnlich.")])
    assert write_decisions(table, read_decisions(table), report) == 1
    assert rows(table)[0]["Schlüssel"] == "2: Kita A"
    assert write_decisions(table, read_decisions(table), report) == 0


def test_no_cell_is_a_formula(table: Path) -> None:
    name = '=HYPERLINK("http://x")'
    doubt = Doubt("@key", 2, name, "+reason", (Candidate("a", "-b", 90, "c"),))
    write_decisions(table, read_decisions(table), ImportReport("csv", "x.csv", True, doubtful=[doubt]))
    assert not any(value.startswith(("=", "+", "-", "@")) for line in rows(table) for value in line.values())
    assert read_decisions(table).lines[0]["Schlüssel"] == "@key"


def test_letters_may_be_large_and_spaces_stray(table: Path) -> None:
    table.write_text("Schlüssel;Entscheidung\na; Neu \nb;AUSLASSEN\nc;kita-x\nd;\n", encoding="utf-8")
    assert read_decisions(table).by_key == {"a": "neu", "b": "auslassen", "c": "kita-x"}
    with pytest.raises(UnusableFile):
        read_decisions(table.parent)
