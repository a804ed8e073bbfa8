"""School lists of the jedeschule project and of the Länder, as CSV or JSON, in the shapes seen since 2016.

In Rheinland-Pfalz the school number stays with a school and is trusted. In the Saarland it changed with the reform
of the school types, so there name and address decide. Names and addresses of persons are never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from api.imports.rows import (
    BadRow,
    ImportedRow,
    Rejected,
    UnusableFile,
    check_width,
    clean,
    clean_name,
    read_csv,
    read_day,
    read_json,
    read_position,
    read_postcode,
    split_address,
)
from api.imports.running import ReadList
from api.imports.school_types import kind_in_name, kind_of_type, offers_of_type
from api.institution_records import FactRecord, SourceRecord
from pathways.network import Network

_NAMES: dict[str, tuple[str, ...]] = {
    "name": ("name", "Name", "Bezeichnung der Schule", "Bezeichnung"),
    "address": ("address", "Straße", "Strasse"),
    "postcode": ("zip", "Plz", "PLZ"),
    "town": ("city", "Ort2", "Ort", "Stadt/Gemeinde"),
    "type": ("school_type", "Schulart", "Schultyp", "Schulform"),
    "number": ("official_id", "Schul-Nr.", "Schulkenziffer"),
    "phone": ("phone", "Tel-Nr.", "Telefon"),
    "website": ("website", "Internetadresse", "Internet", "Homepage"),
    "email": ("email",),
    "carrier": ("provider",),
    "legal": ("legal_status", "Rechtsstatus", "Trägerschaft"),
    "lat": ("lat", "latitude"),
    "lon": ("lon", "longitude"),
    "as_of": ("update_timestamp",),
    "pupils": ("Schüler_insgesamt", "Schüler/innen_insges"),
    "foreign": ("Ausländer",),
    "classes": ("Klassen",),
}
_FORMS = {"Angebotsform": "offered", "verpflichtender Form": "compulsory", "offener Form": "open", "-": "none"}
_LEGAL = {"öffentliche Schule": "öffentlich", "private Schule": "privat"}


def read_schools(path: Path, network: Network, as_of: date | int | None) -> ReadList:
    """Read a list. Raises `UnusableFile` if it is no school list at all."""
    rows: list[ImportedRow] = []
    bad: list[Rejected] = []
    total = 0
    for line, values in _records(path):
        total += 1
        try:
            check_width(values)
            rows.append(_row(line, values, network, as_of))
        except BadRow as fault:
            bad.append(Rejected(line, str(fault), clean(_of(values, "name")) or ""))
    if not total:
        raise UnusableFile(f"{path.name} enthält keine Schulen.")
    year = as_of.year if isinstance(as_of, date) else as_of
    source = SourceRecord(
        id=f"jedeschule-{year}" if year else "jedeschule",
        text=f"Schulverzeichnis, Datei {path.name}{f', Stand {year}' if year else ''}",
        year=year,
    )
    undated = as_of is None and all(row.as_of is None for row in rows)
    note = (
        "Die Liste nennt keinen Stand. Sie füllt nur Lücken; Schülerzahlen und Abweichendes bleiben draußen. "
        "Geben Sie den Stand an, wenn Sie ihn kennen."
    )
    return ReadList(rows, bad, total, source, notes=(note,) if undated else ())


def _records(path: Path) -> Iterable[tuple[int, dict[str, Any]]]:
    if path.suffix.lower() in (".json", ".geojson"):
        data = read_json(path)
        data = data.get("schools", data.get("items")) if isinstance(data, dict) else data
        if not isinstance(data, list):
            raise UnusableFile(f"{path.name} enthält keine Liste von Schulen.")
        return [(index, one if isinstance(one, dict) else {}) for index, one in enumerate(data, start=1)]
    header, rows = read_csv(path)
    if not any(name in header for name in _NAMES["name"]):
        raise UnusableFile(f"{path.name} hat keine Spalte für den Namen der Schule; gefunden: {', '.join(header[:8])}.")
    return rows


def _row(line: int, values: Mapping[str, Any], network: Network, as_of: date | int | None) -> ImportedRow:
    def get(field: str) -> Any:
        return _of(values, field)

    name, school_type = clean_name(get("name")), clean(get("type"))
    street, postcode, town = split_address(str(get("address") or ""))
    postcode = read_postcode(get("postcode")) or postcode
    town = _town(get("town")) or town
    state = _state(values)
    if postcode is None:
        raise BadRow("Die Postleitzahl fehlt.")
    row = ImportedRow(
        line=line,
        name=name,
        kind=kind_of_type(school_type) or kind_in_name(name),
        ref=f"jedeschule:{known}" if (known := clean(values.get("id"))) and state != "RP" else None,
        number=_number(values) if state == "RP" else None,
        street=street,
        postcode=postcode,
        town=town,
        position=read_position(get("lat"), get("lon")),
        carrier=clean(get("carrier")) or _LEGAL.get(clean(get("legal")) or "", clean(get("legal"))),
        all_day=_all_day(values),
        offers=offers_of_type(school_type, network.stations),
        as_of=read_day(get("as_of")) or as_of,
    )
    for field in ("phone", "email", "website"):
        row.take(field, get(field))
    row.measures = tuple(_measures(values, row))
    return row


def _of(values: Mapping[str, Any], field: str) -> Any:
    return next((values[name] for name in _NAMES[field] if values.get(name) not in (None, "")), None)


def _town(value: Any) -> str | None:
    text = clean(value)
    return text.removesuffix(" Stadt").strip() if text else None


def _state(values: Mapping[str, Any]) -> str | None:
    if "Schul-Nr." in values:
        return "RP"
    told = clean(values.get("state")) or (clean(values.get("id")) or "").partition("-")[0]
    return told or None


def _number(values: Mapping[str, Any]) -> str | None:
    number = clean(_of(values, "number")) or (clean(values.get("id")) or "").removeprefix("RP-")
    if not number:
        return None
    number = number.removesuffix(".0")
    if not number.isdigit():
        raise BadRow(f"Die Schulnummer „{number[:40]}“ besteht nicht aus Ziffern.")
    return number


def _all_day(values: Mapping[str, Any]) -> str | None:
    if (form := values.get("Ganztagsschule in")) is not None:
        return _FORMS.get(str(form).strip())
    for column, meaning in (("gebunden", "compulsory"), ("freiwillig", "offered"), ("keine", "none")):
        if clean(values.get(f"Ganztagsschule_{column}")) == "X":
            return meaning
    # `full_time_school: true` does not say in which form, so it says nothing we can use.
    return "none" if str(values.get("full_time_school", "")).lower() == "false" else None


def _measures(values: Mapping[str, Any], row: ImportedRow) -> Iterable[FactRecord]:
    if row.year is None:
        return
    for field, column in (("pupils", "pupils"), ("pupils_foreign", "foreign"), ("classes", "classes")):
        text = clean(_of(values, column))
        if text is None:
            continue
        if not text.replace(".", "").isdigit():
            row.hints.append(f"„{text[:40]}“ ist keine Zahl und wurde weggelassen")
            continue
        yield FactRecord(field=field, value=int(text.replace(".", "")), day=row.day, year=None if row.day else row.year)
