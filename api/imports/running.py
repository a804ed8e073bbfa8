"""The run of an import: match, merge, report, and write everything in the one transaction of the session."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from anyascii import anyascii
from pydantic import ValidationError
from sqlmodel import Session

from api.database import lock
from api.distance import Position
from api.imports.comparing import other_place
from api.imports.matching import Match, Matcher, plain, same_house
from api.imports.merging import EVENT, Policy, merge, new_record
from api.imports.report import Doubt, Entry, ImportReport
from api.imports.rows import ImportedRow, Rejected
from api.institution_content import GERMANY, Area, load_area
from api.institution_records import InstitutionRecord, SourceRecord
from api.institution_store import Stored, known_ids, save_institution, stored_institutions
from pathways.network import Network

NEW = "neu"
"""Decision that a doubtful row is an institution of its own."""
LEFT_OUT = "auslassen"
"""Decision that a doubtful row is not taken over at all."""
BY_HAND = ("person:", "import:csv")


@dataclass
class ReadList:
    """A list as its importer read it."""

    rows: list[ImportedRow]
    bad: list[Rejected]
    total: int
    source: SourceRecord
    policy: Policy = "newer"
    outside: int = 0
    notes: tuple[str, ...] = ()
    only_known: bool = False
    """Rows that say too little for a profile of their own, such as events."""
    whole_events: bool = False
    """The list holds all events there are; those it does not name are over."""


def area_of(network: Network, content: Path) -> Area:
    """Where the institutions of a region lie: the most local layer that says so."""
    return load_area(content, network.region)


def keep_inside(read: ReadList, area: Area) -> None:
    """Leave out rows of other regions; drop coordinates that cannot be right."""
    inside: list[ImportedRow] = []
    for row in read.rows:
        place = row.position
        if place is not None and row.postcode is None and not GERMANY.holds(place):
            swapped = " Länge und Breite sind wohl vertauscht." if GERMANY.holds(Position(place.lon, place.lat)) else ""
            reason = f"Die Koordinaten {place.lat}, {place.lon} liegen nicht in Deutschland.{swapped}"
            read.bad.append(Rejected(row.line, reason, row.name))
            continue
        if not _belongs(row, area):
            read.outside += 1
            continue
        if place is not None and not (area.box.holds(place) and GERMANY.holds(place)):
            row.position = None
            row.hints.append(f"Koordinaten {place.lat}, {place.lon} liegen außerhalb der Region und wurden weggelassen")
        inside.append(row)
    read.rows = inside


def run_import(
    read: ReadList,
    report: ImportReport,
    session: Session,
    network: Network,
    decisions: Mapping[str, str],
) -> ImportReport:
    """Compare the list with the database, and unless it is a dry run, write the difference."""
    if not report.dry_run:
        lock(session, "import")
    report.rows, report.outside, report.bad = read.total, read.outside, list(read.bad)
    report.notes.extend(read.notes)
    stored = {one.record.id: one for one in stored_institutions(session, network.region)}
    taken = set(known_ids(session)) | {old for one in stored.values() for old in one.record.was}
    matcher = Matcher(one.record for one in stored.values())
    results: dict[str, InstitutionRecord] = {}
    seen: dict[str, int] = {}
    added: list[ImportedRow] = []
    unused = set(decisions)
    for row, found in zip(read.rows, matcher.match_all(read.rows), strict=True):
        unused -= {_key(row), str(row.line)}
        match, given = _decide(row, found, decisions, stored, report)
        if match is None:
            continue
        if match.verdict == "new" and (reason := _no_new(row, read, added, given)):
            if reason.startswith("!"):
                report.bad.append(Rejected(row.line, reason[1:], row.name))
            else:
                report.doubtful.append(Doubt(_key(row), row.line, row.name, reason))
        elif match.verdict == "new":
            added.append(row)
            try:
                record = new_record(row, _free_id(row, taken), row.kind or "", read.source)
            except ValidationError as error:
                report.bad.append(Rejected(row.line, _why(error), row.name))
                continue
            taken.add(record.id)
            results[record.id] = record
            report.added.append(Entry(record.id, record.name, row.line, hints=tuple(row.hints)))
        elif match.verdict == "doubtful":
            report.doubtful.append(Doubt(_key(row), row.line, row.name, match.reason, match.candidates))
        elif match.id is not None and match.id in seen:
            report.bad.append(Rejected(row.line, f"Diese Einrichtung steht schon in Zeile {seen[match.id]}.", row.name))
        elif match.id is not None:
            seen[match.id] = row.line
            _take_over(row, stored[match.id], read, report, results)
    if read.whole_events:
        _end_events(stored, seen, read, report, results)
    if unused:
        report.notes.append(f"Entscheidungen, die zu keiner Zeile der Liste passen: {', '.join(sorted(unused))}")
    report.bad.sort(key=lambda one: one.line)
    if not report.dry_run:
        for record in results.values():
            save_institution(session, network.region, record, f"import:{report.source}")
    return report


def _decide(
    row: ImportedRow, match: Match, decisions: Mapping[str, str], stored: Mapping[str, Stored], report: ImportReport
) -> tuple[Match | None, bool]:
    """The match after what a person said about it; nothing if what was said cannot be, or leaves the row out."""
    wanted = row.id or decisions.get(_key(row)) or decisions.get(str(row.line))
    if wanted is None:
        return match, False
    if wanted == LEFT_OUT:
        report.left_out.append(Entry("", row.name, row.line))
        return None, False
    if wanted == NEW:
        before = _made_before(row, stored, report.source)
        return (Match("sure", before) if before else Match("new")), True
    if wanted not in stored:
        near = [one.id for one in match.candidates]
        hint = f" Gemeint ist vielleicht {near[0]}." if near else " Lassen Sie das Feld leer, wenn sie neu ist."
        report.bad.append(Rejected(row.line, f"Die Kennung „{wanted}“ gibt es nicht.{hint}", row.name))
        return None, False
    return Match("sure", wanted), True


def _made_before(row: ImportedRow, stored: Mapping[str, Stored], source: str) -> str | None:
    """The institution that an earlier run made of this row, so that a second run does not make it again."""
    return next(
        (
            one.record.id
            for one in stored.values()
            if (row.ref is not None and row.ref in one.record.refs)
            or (
                one.changed_by == f"import:{source}"
                and one.record.name == row.name
                and not other_place(row, one.record.sites)
            )
        ),
        None,
    )


def _no_new(row: ImportedRow, read: ReadList, added: Sequence[ImportedRow], given: bool) -> str | None:
    """Why a row makes no new institution; with `!` if the row is at fault."""
    if read.only_known:
        return f"!„{row.name}“ ist keine bekannte Einrichtung; die Veranstaltung lässt sich nicht zuordnen."
    if row.kind is None:
        return "!Die Art der Einrichtung ist nicht zu erkennen."
    if not given and (twin := next((one for one in added if same_house(one, row)), None)):
        return f"Gleiche Anschrift und ähnlicher Name wie Zeile {twin.line}; vielleicht dieselbe Einrichtung."
    return None


def _take_over(
    row: ImportedRow, known: Stored, read: ReadList, report: ImportReport, results: dict[str, InstitutionRecord]
) -> None:
    by_person = known.changed_by.startswith(BY_HAND) and read.policy == "newer"
    try:
        record, changes, hints = merge(known.record, row, read.policy, read.source, by_person=by_person)
    except ValidationError as error:
        report.bad.append(Rejected(row.line, _why(error), row.name))
        return
    entry = Entry(record.id, record.name, row.line, changes, hints)
    if changes:
        results[record.id] = record
        report.changed.append(entry)
    else:
        report.unchanged.append(entry)


def _end_events(
    stored: Mapping[str, Stored],
    seen: Mapping[str, int],
    read: ReadList,
    report: ImportReport,
    results: dict[str, InstitutionRecord],
) -> None:
    for one in stored.values():
        if one.record.id not in seen and any((offer.ref or "").startswith(EVENT) for offer in one.record.offers):
            row = ImportedRow(line=0, name=one.record.name, events=())
            _take_over(row, one, read, report, results)


def _belongs(row: ImportedRow, area: Area) -> bool:
    if row.id is not None:
        return True
    if row.postcode is not None:
        return area.has_postcode(row.postcode)
    if row.position is not None:
        return area.box.holds(row.position)
    return True


def _free_id(row: ImportedRow, taken: set[str]) -> str:
    text = row.name.casefold()
    for letter, spelled in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(letter, spelled)
    stem = re.sub(r"[^a-z0-9]+", "-", anyascii(text).lower()).strip("-")[:90].strip("-") or "einrichtung"
    town = plain(row.town).replace(" ", "-")
    choices = [stem] + ([f"{stem}-{town}"] if town and town not in stem else [])
    number = 2
    while True:
        for choice in choices:
            if choice not in taken:
                return choice
        choices = [f"{choices[-1] if number == 2 else re.sub(r'-[0-9]+$', '', choices[-1])}-{number}"]
        number += 1


def _key(row: ImportedRow) -> str:
    """Names a row in decisions; the name stands beside a line number, for lines move when a list is edited."""
    return row.ref or f"{row.line}: {row.name}"


def _why(error: ValidationError) -> str:
    fault = error.errors()[0]
    where = ".".join(str(part) for part in fault["loc"])
    return f"Unzulässige Angabe {where}: {str(fault['msg']).removeprefix('Value error, ')}."
