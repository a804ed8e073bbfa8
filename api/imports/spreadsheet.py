"""The template an education office fills in with a spreadsheet (docs/einrichtungen-vorlage.csv).

What stands in a cell is right: the office knows its institutions. An empty cell says nothing and changes nothing;
the word `löschen` empties a field.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from babel import Locale

from api.imports.matching import plain
from api.imports.rows import (
    CLEAR,
    BadRow,
    ImportedRow,
    Rejected,
    UnusableFile,
    check_width,
    clean,
    clean_name,
    read_csv,
    read_day,
    read_position,
    read_postcode,
)
from api.imports.running import ReadList
from api.institution_records import LanguageRecord, LanguageUse, OfferRecord, SourceRecord
from api.institution_words import KINDS
from pathways.errors import shorten
from pathways.network import Network

COLUMNS = (
    "Kennung", "Name", "Art", "Träger", "Schulnummer",
    "Straße", "PLZ", "Ort", "Stadtteil", "Breitengrad", "Längengrad",
    "Telefon", "E-Mail", "Webseite", "Öffnungszeiten",
    "Tag der offenen Tür", "Anmeldung ab", "Anmeldung bis", "Ganztag", "Barrierefrei",
    "Unterrichtssprachen", "Kurssprachen", "Beratungssprachen",
    "Angebote", "Beschreibung", "Sicherheit", "Stand",
)  # fmt: skip
NEEDED = ("Name", "Art")
DELETE = "löschen"

_ALL_DAY = {"nein": "none", "angebotsform": "offered", "offen": "open", "verpflichtend": "compulsory"}
_ACCESSIBLE = {"ja": "full", "teilweise": "part", "nein": "none"}
_CONFIDENCE = {"bestätigt": "confirmed", "teilweise": "part", "unbestätigt": "unconfirmed"}
_USES: tuple[tuple[str, LanguageUse], ...] = (
    ("Unterrichtssprachen", "lessons"),
    ("Kurssprachen", "courses"),
    ("Beratungssprachen", "advice"),
)


def read_template(path: Path, network: Network, as_of: date | int | None) -> ReadList:
    """Read a filled-in template. Raises `UnusableFile` if columns are missing or unknown."""
    header, lines = read_csv(path)
    missing = [name for name in NEEDED if name not in header]
    unknown = [name for name in header if name and name not in COLUMNS]
    if missing:
        raise UnusableFile(
            f"{path.name}: Die Spalte {' und '.join(missing)} fehlt. Gefunden: {', '.join(header[:8])}. "
            "Nehmen Sie die Kopfzeile der Vorlage unverändert."
        )
    if unknown:
        near = difflib.get_close_matches(unknown[0], COLUMNS, n=1)
        hint = f" Gemeint ist vielleicht „{near[0]}“." if near else " Die Spalten stehen in der Vorlage."
        raise UnusableFile(f"{path.name}: Die Spalte „{shorten(unknown[0])}“ kennt die Vorlage nicht.{hint}")
    rows: list[ImportedRow] = []
    bad: list[Rejected] = []
    total = 0
    for line, values in lines:
        total += 1
        try:
            check_width(values)
            rows.append(_row(line, values, network, as_of))
        except BadRow as fault:
            bad.append(Rejected(line, str(fault), clean(values.get("Name")) or ""))
    source = SourceRecord(id="bildungsbuero", text="Angaben des Bildungsbüros")
    return ReadList(rows, bad, total, source, policy="replace")


def template() -> str:
    """The empty template, as a spreadsheet in Germany opens it."""
    return ";".join(COLUMNS) + "\r\n"


def _row(line: int, values: Mapping[str, str], network: Network, as_of: date | int | None) -> ImportedRow:
    row = ImportedRow(
        line=line,
        id=clean(values.get("Kennung")),
        name=clean_name(values.get("Name")),
        kind=_kind(values.get("Art")),
        carrier=_text(values.get("Träger")),
        number=clean(values.get("Schulnummer")),
        street=clean(values.get("Straße")),
        postcode=read_postcode(values.get("PLZ")),
        town=clean(values.get("Ort")),
        district=clean(values.get("Stadtteil")),
        position=read_position(values.get("Breitengrad"), values.get("Längengrad")),
        opening_hours=_text(values.get("Öffnungszeiten")),
        open_day=_exact_day("Tag der offenen Tür", values),
        register_from=_exact_day("Anmeldung ab", values),
        register_by=_exact_day("Anmeldung bis", values),
        all_day=_choice("Ganztag", values, _ALL_DAY),
        accessible=_choice("Barrierefrei", values, _ACCESSIBLE),
        languages=_languages(values),
        offers=_offers(values.get("Angebote"), network),
        profile=_text(values.get("Beschreibung")),
        confidence=_choice("Sicherheit", values, _CONFIDENCE),
        as_of=read_day(values.get("Stand")) or as_of,
    )
    first, last = row.register_from, row.register_by
    if isinstance(first, date) and isinstance(last, date) and last < first:
        raise BadRow("„Anmeldung bis“ liegt vor „Anmeldung ab“.")
    if row.confidence == CLEAR:
        raise BadRow("„Sicherheit“ lässt sich nicht löschen; erlaubt sind bestätigt, teilweise, unbestätigt.")
    for field, column in (("phone", "Telefon"), ("email", "E-Mail"), ("website", "Webseite")):
        if _deletes(values.get(column)):
            setattr(row, field, CLEAR)
            continue
        hints = len(row.hints)
        row.take(field, values.get(column))
        if len(row.hints) > hints:  # somebody typed it: better to ask than to drop it
            raise BadRow(row.hints[-1].replace(" und wurde weggelassen", "") + ".")
    return row


def _deletes(cell: str | None) -> bool:
    return (clean(cell) or "").casefold() == DELETE


def _text(cell: str | None) -> str | None:
    return CLEAR if _deletes(cell) else clean(cell)


def _exact_day(column: str, values: Mapping[str, str]) -> date | str | None:
    cell = values.get(column)
    if _deletes(cell):
        return CLEAR
    day = read_day(cell)
    if isinstance(day, int):
        raise BadRow(f"{column} „{day}“: Hier gehört ein ganzer Tag hin, zum Beispiel 31.07.2026.")
    return day


def _kind(cell: str | None) -> str:
    text = clean(cell)
    if text is None:
        raise BadRow("Die Art fehlt, zum Beispiel Grundschule.")
    by_name = {plain(name): kind for kind, name in KINDS.items()} | {plain(kind): kind for kind in KINDS}
    by_name |= {"kita": "kita", "igs": "igs", "bbs": "bbs", "vhs": "vhs", "berufsbildende schule": "bbs"}
    if plain(text) not in by_name:
        near = difflib.get_close_matches(text, KINDS.values(), n=1)
        hint = f" Gemeint ist vielleicht „{near[0]}“." if near else f" Es gibt: {', '.join(KINDS.values())}."
        raise BadRow(f"Die Art „{shorten(text)}“ gibt es nicht.{hint}")
    return by_name[plain(text)]


def _choice(column: str, values: Mapping[str, str], meanings: Mapping[str, str]) -> str | None:
    text = clean(values.get(column))
    if text is None:
        return None
    if text.casefold() == DELETE:
        return CLEAR
    if text.casefold() not in meanings:
        raise BadRow(f"{column} „{shorten(text)}“: erlaubt sind {', '.join(meanings)}.")
    return meanings[text.casefold()]


def _languages(values: Mapping[str, str]) -> tuple[LanguageRecord, ...] | None:
    told: list[LanguageRecord] = []
    for column, use in _USES:
        for name in (clean(values.get(column)) or "").split(","):
            if name.strip():
                told.append(LanguageRecord(language=_language(name.strip()), use=use))
    return tuple(dict.fromkeys(told)) or None


def _language(name: str) -> str:
    known: Mapping[str, str] = Locale("de").languages
    codes = {german.casefold(): code for code, german in known.items() if len(code) in (2, 3)}
    codes |= {"farsi": "fa", "kurmandschi": "ku", "dari": "prs"}
    wanted = name.casefold()
    if wanted in codes:
        return codes[wanted]
    if wanted in codes.values():
        return wanted
    near = difflib.get_close_matches(wanted, codes, n=1)
    hint = f" Gemeint ist vielleicht {near[0].capitalize()}." if near else ""
    raise BadRow(f"Die Sprache „{shorten(name)}“ ist nicht bekannt.{hint}")


def _offers(cell: str | None, network: Network) -> tuple[OfferRecord, ...] | None:
    text = clean(cell)
    if text is None:
        return None
    if text.casefold() == DELETE:
        return ()
    by_name = {plain(name): one.id for one in network.stations.values() for name in (one.id, one.name, one.short)}
    offers: list[OfferRecord] = []
    for part in text.split("|"):
        station, _, field = part.partition(":")
        whole = by_name.get(plain(part))
        found = whole or by_name.get(plain(station))
        if found is None:
            near = difflib.get_close_matches(plain(station), by_name, n=1)
            hint = f" Gemeint ist vielleicht {by_name[near[0]]}." if near else ""
            raise BadRow(
                f"Das Angebot „{shorten(station.strip())}“ gibt es nicht.{hint} Mehrere Angebote trennt ein |."
            )
        offers.append(OfferRecord(station=found, field=None if whole else clean(field)))
    return tuple(dict.fromkeys(offers))
