"""Lists of institutions from elsewhere, with a look at the difference first.

Every import works the same way: nothing is written in a dry run; all is written in the one transaction of the
session, so an interruption leaves nothing half done; a second run changes nothing; a bad row is named with line and
reason and does not stop the rest; a doubtful match waits for a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Session

from api.imports.geojson import read_features
from api.imports.integreat import fetch_integreat, read_answers, read_saved
from api.imports.jedeschule import read_schools
from api.imports.report import ImportReport
from api.imports.rows import UnusableFile
from api.imports.running import ReadList, area_of, keep_inside, run_import
from api.imports.spreadsheet import read_template
from pathways.errors import UnknownId
from pathways.network import Network
from pathways.tree import CONTENT

if TYPE_CHECKING:
    import httpx

SOURCES: dict[str, str] = {
    "csv": "Vorlage des Bildungsbüros (docs/einrichtungen-vorlage.csv)",
    "jedeschule": "Schulverzeichnisse von jedeschule und der Länder, CSV oder JSON",
    "integreat": "Integreat: gespeicherte Antwort der Schnittstelle, JSON",
    "geojson": "GeoJSON, zum Beispiel aus OpenStreetMap",
}

__all__ = ["SOURCES", "ImportReport", "UnusableFile", "import_file", "import_integreat"]


def import_file(
    source: str,
    path: Path,
    session: Session,
    network: Network,
    *,
    dry_run: bool,
    as_of: date | int | None = None,
    decisions: Mapping[str, str] | None = None,
    content: Path = CONTENT,
) -> ImportReport:
    """Import a file, or with `dry_run` only say what would change.

    `as_of` is the day or year the list speaks for, where it does not say so itself: without it a list fills gaps but
    never replaces what is known. `decisions` answers doubtful rows by their key: an institution's id, or `neu`.
    Give a `write_session`, also for a dry run if the answer is to hold until the real one.
    Raises `UnknownId` for the source and `UnusableFile` for a file that is something else.
    """
    read: ReadList
    if source == "csv":
        read = read_template(path, network, as_of)
    elif source == "jedeschule":
        read = read_schools(path, network, as_of)
    elif source == "geojson":
        read = read_features(path, network, as_of)
    elif source == "integreat":
        read = read_saved(path)
    else:
        raise UnknownId("import source", source, SOURCES)
    return _run(read, ImportReport(source, path.name, dry_run), session, network, decisions, content)


def import_integreat(
    base_url: str,
    integreat_region: str,
    session: Session,
    network: Network,
    *,
    dry_run: bool,
    client: httpx.Client | None = None,
    decisions: Mapping[str, str] | None = None,
    content: Path = CONTENT,
) -> ImportReport:
    """The same straight from Integreat's interface. Asks it before the database is touched."""
    answers = fetch_integreat(base_url, integreat_region, client)
    report = ImportReport("integreat", f"{base_url} ({integreat_region})", dry_run)
    return _run(read_answers(answers, base_url), report, session, network, decisions, content)


def _run(
    read: ReadList,
    report: ImportReport,
    session: Session,
    network: Network,
    decisions: Mapping[str, str] | None,
    content: Path,
) -> ImportReport:
    keep_inside(read, area_of(network, content))
    return run_import(read, report, session, network, decisions or {})
