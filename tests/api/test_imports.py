"""What all imports have in common: a look first, all or nothing, a second run changes nothing, doubt waits."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from api import imports
from api.database import read_session, write_session
from api.imports import ImportReport, UnusableFile, import_file, running
from api.imports.matching import names_alike, plain_street
from api.institution_store import load_shipped, save_institution, stored_institutions
from api.institution_tables import Outbox, Revision
from api.institutions import get_institution, institution_ids_at
from pathways.errors import UnknownId
from pathways.network import Network
from pathways.tree import CONTENT
from tests.api.town import town_network, write_town

TOWN = town_network()
HEADER = "id,name,official_id,address,phone,lat,lon,school_type,state,full_time_school\n"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
REAL_LISTS = [path for path in sorted(SHARED.glob("schools-*/*.*")) if path.suffix in (".csv", ".json")]
"""Real lists, where they are at hand: an extra check; without them there is no such test, not a skipped one."""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    write_town(folder)
    return folder


@pytest.fixture
def town(engine: Engine, content: Path) -> Engine:
    with write_session(engine) as session:
        load_shipped(session, TOWN, content)
    return engine


@pytest.fixture
def bring_in(town: Engine, content: Path, tmp_path: Path) -> Callable[..., ImportReport]:
    """Write a list and import it."""

    def run(source: str, text: str, suffix: str = "csv", *, dry_run: bool = False, **more: Any) -> ImportReport:
        path = tmp_path / f"list.{suffix}"
        path.write_bytes(text.encode())
        with write_session(town) as session:
            return import_file(source, path, session, TOWN, dry_run=dry_run, content=content, **more)

    return run


def everything(engine: Engine) -> list[Any]:
    """All records, for a comparison before and after."""
    with read_session(engine) as session:
        return [one.record for one in stored_institutions(session)]


LIST = (
    HEADER
    + 'RP-10001,Brückenschule,10001,"Brückenstr. 5a, 54000 Musterstadt",(0651) 7777,49.75,6.64,Grundschule,RP,true\n'
    + 'RP-10002,Neue Schule,10002,"Ring 1, 54001 Musterstadt",0651/22,49.76,6.65,Grundschule,RP,false\n'
    + 'RP-10003,Ferne Schule,10003,"Weg 1, 66424 Homburg",0684/1,49.3,7.3,Grundschule,RP,false\n'
    + 'RP-10004,Schlechte Schule,10004,"Weg 1, 5400 Musterstadt",,,,Grundschule,RP,false\n'
)


def test_a_dry_run_shows_the_difference_and_writes_nothing(town: Engine, bring_in: Callable[..., ImportReport]) -> None:
    before = everything(town)
    report = bring_in("jedeschule", LIST, dry_run=True, as_of=2025)
    assert everything(town) == before
    text = report.as_text()
    assert "Probelauf, nichts geschrieben: jedeschule aus list.csv" in text
    assert "4 Zeilen: 1 neu, 1 geändert, 0 unverändert, 0 fraglich, 1 fehlerhaft, 1 außerhalb" in text
    assert "+ Neue Schule [neue-schule], Zeile 3" in text
    assert "Telefon: (0651) 1234 → (0651) 7777" in text
    assert "! Zeile 5 (Schlechte Schule): Die Postleitzahl fehlt." in text


def test_the_real_run_writes_what_the_dry_run_showed(town: Engine, bring_in: Callable[..., ImportReport]) -> None:
    seen = bring_in("jedeschule", LIST, dry_run=True, as_of=2025).as_dict()
    done = bring_in("jedeschule", LIST, as_of=2025).as_dict()
    assert {**seen, "dry_run": False} == done
    assert json.loads(json.dumps(done)) == done
    with read_session(town) as session:
        school = get_institution(session, "brueckenschule")
        assert institution_ids_at(session, ["grundschule"])["grundschule"] == ["neue-schule"]
    assert (school.phone, school.name) == ("(0651) 7777", "Brückenschule Musterstadt")
    (origin,) = school.facts_about("phone")
    assert (origin.as_of, school.source(origin.source or "").text) == (  # type: ignore[union-attr]
        2025,
        "Schulverzeichnis, Datei list.csv, Stand 2025",
    )


def test_a_second_run_changes_nothing(town: Engine, bring_in: Callable[..., ImportReport]) -> None:
    bring_in("jedeschule", LIST, as_of=2025)
    before = everything(town)
    with read_session(town) as session:
        history = len(session.exec(select(Revision)).all())
    again = bring_in("jedeschule", LIST, as_of=2025)
    assert (again.added, again.changed, len(again.unchanged)) == ([], [], 2)
    assert everything(town) == before
    with read_session(town) as session:
        assert len(session.exec(select(Revision)).all()) == history


def test_an_interruption_leaves_nothing_half_done(
    town: Engine, bring_in: Callable[..., ImportReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(town)
    with read_session(town) as session:
        waiting = len(session.exec(select(Outbox)).all())
    written: list[str] = []

    def save_one_then_stop(session: Session, region: str, record: Any, author: str) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(record.id)
        save_institution(session, region, record, author)

    monkeypatch.setattr(running, "save_institution", save_one_then_stop)
    with pytest.raises(KeyboardInterrupt):
        bring_in("jedeschule", LIST, as_of=2025)
    assert len(written) == 1
    assert everything(town) == before
    with read_session(town) as session:
        assert len(session.exec(select(Outbox)).all()) == waiting


def test_what_an_import_changed_is_no_longer_overwritten_by_the_content(
    town: Engine, bring_in: Callable[..., ImportReport], content: Path
) -> None:
    bring_in("jedeschule", LIST, as_of=2025)
    with write_session(town) as session:
        assert load_shipped(session, TOWN, content).kept == ["brueckenschule"]
        assert get_institution(session, "brueckenschule").phone == "(0651) 7777"


def test_an_undated_list_fills_gaps_and_replaces_nothing(bring_in: Callable[..., ImportReport]) -> None:
    report = bring_in("jedeschule", LIST, dry_run=True)
    assert "Die Liste nennt keinen Stand" in report.notes[0]
    (entry,) = report.unchanged
    assert entry.hints == ("Telefon in der Liste: (0651) 7777 (unsere Angabe ist neuer oder die Liste ohne Stand, nicht übernommen)",)  # fmt: skip  # noqa: E501


def test_an_older_list_replaces_nothing(bring_in: Callable[..., ImportReport]) -> None:
    assert bring_in("jedeschule", LIST, dry_run=True, as_of=2012).changed == []


def test_what_a_person_wrote_is_not_replaced_by_a_list(town: Engine, bring_in: Callable[..., ImportReport]) -> None:
    with write_session(town) as session:
        edited = get_institution(session, "brueckenschule").model_copy(update={"phone": "(0651) 5555"})
        save_institution(session, "musterstadt", edited, "person:anna")
    report = bring_in("jedeschule", LIST, as_of=2025)
    assert "von Hand gepflegt" in report.unchanged[0].hints[0]
    with read_session(town) as session:
        assert get_institution(session, "brueckenschule").phone == "(0651) 5555"


def test_a_move_takes_the_old_coordinates_away(bring_in: Callable[..., ImportReport]) -> None:
    moved = HEADER + 'RP-10001,Brückenschule,10001,"Neuer Weg 3, 54001 Musterstadt",,,,Grundschule,RP,\n'
    (entry,) = bring_in("jedeschule", moved, dry_run=True, as_of=2025).changed
    assert "Koordinaten entfallen, weil die Anschrift neu ist" in entry.hints
    assert [(one.before, one.after) for one in entry.changes] == [
        ("Brückenstr. 5 a, 54000 Musterstadt", "Neuer Weg 3, 54001 Musterstadt")
    ]


def test_a_row_about_a_former_address_fills_no_gaps(bring_in: Callable[..., ImportReport]) -> None:
    """The phone and the place of the old house are not those of the new one."""
    old = HEADER + 'RP-50001,Gymnasium am Fluss,50001,"Altgasse 9, 54000 Musterstadt",0651/99,49.8,6.7,Gymnasium,RP,\n'
    report = bring_in("jedeschule", old, dry_run=True)
    (entry,) = report.unchanged
    assert [hint.split(":")[0] for hint in entry.hints] == ["Anschrift in der Liste", "Telefon in der Liste", "Koordinaten in der Liste"]  # fmt: skip  # noqa: E501


def test_coordinates_outside_the_region_are_dropped_and_the_rest_is_kept(bring_in: Callable[..., ImportReport]) -> None:
    wrong = HEADER + 'RP-10009,Schule Ost,10009,"Ring 9, 54000 Musterstadt",,50.86,12.8,Grundschule,RP,\n'
    (entry,) = bring_in("jedeschule", wrong, dry_run=True).added
    assert entry.hints == ("Koordinaten 50.86, 12.8 liegen außerhalb der Region und wurden weggelassen",)


SAARLAND = "id,name,official_id,address,phone,lat,lon,school_type,state\n"


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ('SL-1,Brückenschule Musterstadt,1,"Brückenstraße 5 A, 54000 Musterstadt",,,,Grundschule,SL', "unchanged"),
        ('SL-1,Grundschule Brückenschule,1,"Brückenstr. 5a, 54000 Musterstadt",,,,Grundschule,SL', "doubtful"),
        ('SL-1,Brückenschule Musterstadt,1,"Hafenweg 77, 54000 Musterstadt",,,,Grundschule,SL', "doubtful"),
        ('SL-1,Brückenschule Musterstadt,1,"Brückenstr. 5a, 54000 Musterstadt",,,,Gymnasium,SL', "doubtful"),
        ('SL-1,Bergschule,1,"Bergweg 1, 54000 Musterstadt",,,,Grundschule,SL', "added"),
        ('SL-1,Bergschule,10001,"Bergweg 1, 54000 Musterstadt",,,,Grundschule,SL', "added"),
    ],
)
def test_without_a_stable_number_name_and_address_decide(
    bring_in: Callable[..., ImportReport], row: str, verdict: str
) -> None:
    report = bring_in("jedeschule", SAARLAND + row + "\n", dry_run=True)
    where = {name: len(getattr(report, name)) for name in ("added", "changed", "unchanged", "doubtful", "bad")}
    wanted = "changed" if verdict == "unchanged" else verdict  # the list's own id is new to us
    assert where == {**dict.fromkeys(where, 0), wanted: 1}


def test_two_rows_that_fit_one_institution_are_both_doubtful(bring_in: Callable[..., ImportReport]) -> None:
    row = '{},Brückenschule Musterstadt,1,"Brückenstr. 5a, 54000 Musterstadt",,,,Grundschule,SL\n'
    report = bring_in("jedeschule", SAARLAND + row.format("SL-1") + row.format("SL-2"), dry_run=True)
    assert [one.reason for one in report.doubtful] == [
        "Auch Zeile 3 passt zu dieser Einrichtung.",
        "Auch Zeile 2 passt zu dieser Einrichtung.",
    ]


def test_one_house_told_twice_is_not_added_twice(bring_in: Callable[..., ImportReport]) -> None:
    """While Gesamtschulen became Gemeinschaftsschulen, lists had both."""
    rows = (
        'SL-1,Gesamtschule Bergstadt,1,"Bergweg 1, 54000 Musterstadt",,,,Gesamtschule,SL\n'
        'SL-2,Gemeinschaftsschule Bergstadt,2,"Bergweg 1, 54000 Musterstadt",,,,Gemeinschaftsschule,SL\n'
    )
    report = bring_in("jedeschule", SAARLAND + rows, dry_run=True)
    assert (len(report.added), [one.line for one in report.doubtful]) == (1, [3])


def test_same_names_in_different_streets_stay_two(bring_in: Callable[..., ImportReport]) -> None:
    rows = (
        'SL-1,Bischöfliches,1,"Bergweg 1, 54000 Musterstadt",,,,Gymnasium,SL\n'
        'SL-2,Bischöfliches,2,"Talweg 8, 54001 Musterstadt",,,,Gymnasium,SL\n'
    )
    report = bring_in("jedeschule", SAARLAND + rows)
    assert [one.id for one in report.added] == ["bischoefliches", "bischoefliches-musterstadt"]


def test_a_person_decides_about_doubtful_rows(town: Engine, bring_in: Callable[..., ImportReport]) -> None:
    row = 'SL-1,Brückenschule Musterstadt,1,"Hafenweg 77, 54000 Musterstadt",,,,Grundschule,SL\n'
    assert bring_in("jedeschule", SAARLAND + row).doubtful[0].key == "jedeschule:SL-1"
    as_new = bring_in("jedeschule", SAARLAND + row, dry_run=True, decisions={"jedeschule:SL-1": "neu"})
    assert [one.id for one in as_new.added] == ["brueckenschule-musterstadt"]
    bring_in("jedeschule", SAARLAND + row, decisions={"jedeschule:SL-1": "brueckenschule"})
    again = bring_in("jedeschule", SAARLAND + row)
    assert (again.doubtful, [one.id for one in again.unchanged]) == ([], ["brueckenschule"])


def test_a_decision_for_nobody_is_a_bad_row(bring_in: Callable[..., ImportReport]) -> None:
    row = 'SL-1,Brückenschule Musterstadt,1,"Hafenweg 77, 54000 Musterstadt",,,,Grundschule,SL\n'
    report = bring_in("jedeschule", SAARLAND + row, decisions={"2": "brueckenschul"})
    assert report.bad[0].reason == "Die Kennung „brueckenschul“ gibt es nicht. Gemeint ist vielleicht brueckenschule."


def test_an_unknown_source_gets_a_hint(town: Engine, tmp_path: Path) -> None:
    with write_session(town) as session, pytest.raises(UnknownId, match="jedeschule"):
        import_file("jedeschul", tmp_path / "x.csv", session, TOWN, dry_run=True)


@pytest.mark.parametrize("source", list(imports.SOURCES))
@pytest.mark.parametrize("text", ["", "\x00\x01", "{", "[1, 2]", "a;b;c\n1;2;3\n", '{"type": "Feature"}'])
def test_a_file_that_is_something_else_is_refused_kindly(
    bring_in: Callable[..., ImportReport], source: str, text: str
) -> None:
    suffix = "csv" if source in ("csv", "jedeschule") else "json"
    with pytest.raises(UnusableFile, match=r"list\."):
        bring_in(source, text, suffix, dry_run=True)


def test_a_missing_file_is_refused_kindly(town: Engine, tmp_path: Path) -> None:
    with write_session(town) as session, pytest.raises(UnusableFile, match=r"gone\.csv lässt sich nicht lesen"):
        import_file("csv", tmp_path / "gone.csv", session, TOWN, dry_run=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Schulstr. 5", "Schulstraße 5"),
        ("Trierweiler Str. 12 a", "Trierweiler Straße 12A"),
        ("Theo - Carlen - Platz 4", "Theo-Carlen-Platz 4"),
        ("Dominikaner Str. 5", "Dominikanerstraße 5"),
        ("Langstraße 15", "Langstr.15"),
    ],
)
def test_streets_compare_however_they_are_written(one: str, other: str) -> None:
    assert plain_street(one) == plain_street(other)


def test_house_numbers_tell_streets_apart() -> None:
    assert plain_street("Schulstr. 5") != plain_street("Schulstr. 5a")


def test_a_name_inside_another_is_not_the_same() -> None:
    assert names_alike("Grundschule", "Grundschule Irsch") < 80
    assert names_alike("Kindertagesstätte Sankt Martin", "Kita St. Martin") == 100


if REAL_LISTS:

    @pytest.mark.parametrize("path", REAL_LISTS, ids=lambda path: path.name)
    def test_real_lists_come_in_without_a_fault_and_once(path: Path, sqlite_engine: Engine, network: Network) -> None:
        with write_session(sqlite_engine) as session:
            load_shipped(session, network, CONTENT)
        with write_session(sqlite_engine) as session:
            first = import_file("jedeschule", path, session, network, dry_run=False, as_of=2016)
        with write_session(sqlite_engine) as session:
            second = import_file("jedeschule", path, session, network, dry_run=False, as_of=2016)
        assert (first.bad, second.added, second.changed) == ([], [], [])
        assert [one.key for one in first.doubtful] == [one.key for one in second.doubtful]
        assert len(second.unchanged) == len(first.added) + len(first.changed) + len(first.unchanged)
