"""One row of a foreign list, in our words: what it says about an institution, and nothing it does not say."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from api.distance import Position
from api.institution_records import (
    FactRecord,
    LanguageRecord,
    OfferRecord,
    check_email,
    check_phone,
    check_postcode,
    check_url,
)
from pathways.errors import PathwaysError, shorten

CLEAR = "\0clear"
"""A field somebody wants emptied; different from a field nobody says anything about."""


EXTRA = "\0extra"
"""Key of the number of cells in a row that has more than the header."""


class UnusableFile(PathwaysError):
    """A file or answer that is not what it should be; nothing of it is taken."""


class BadRow(ValueError):
    """A row that cannot be taken; the message says why, in German, for the person at the list."""


@dataclass(frozen=True)
class Rejected:
    """A row that was not taken, with line and reason."""

    line: int
    reason: str
    name: str = ""


@dataclass
class ImportedRow:
    """What one row says. None: nothing is said about it. `as_of`: the day or year for which the row speaks."""

    line: int
    name: str
    kind: str | None = None
    id: str | None = None
    ref: str | None = None
    number: str | None = None
    """Only numbers that stay with the institution for good."""
    street: str | None = None
    postcode: str | None = None
    town: str | None = None
    district: str | None = None
    position: Position | None = None
    carrier: str | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    all_day: str | None = None
    accessible: str | None = None
    opening_hours: str | None = None
    open_day: date | str | None = None
    register_from: date | str | None = None
    register_by: date | str | None = None
    """Days; `CLEAR` is the only text among them."""
    languages: tuple[LanguageRecord, ...] | None = None
    offers: tuple[OfferRecord, ...] | None = None
    events: tuple[OfferRecord, ...] | None = None
    profile: str | None = None
    confidence: str | None = None
    measures: tuple[FactRecord, ...] = ()
    as_of: date | int | None = None
    hints: list[str] = field(default_factory=list)

    @property
    def year(self) -> int | None:
        """The year the row speaks for."""
        return self.as_of.year if isinstance(self.as_of, date) else self.as_of

    @property
    def day(self) -> date | None:
        """The day the row speaks for, if it is that exact."""
        return self.as_of if isinstance(self.as_of, date) else None

    def take(self, field_name: str, raw: Any) -> None:
        """Set a contact field if the value is sound; else keep a hint and take the rest of the row."""
        value = clean(raw)
        if value is None:
            return
        try:
            if field_name == "phone":
                value = check_phone(first_of(value))
            elif field_name == "email":
                value = check_email(first_of(value).removeprefix("mailto:"))
            elif field_name == "website":
                value = check_url(with_scheme(first_of(value)))
        except ValueError:
            self.hints.append(f"{LABELS[field_name]} „{shorten(value)}“ ist unvollständig und wurde weggelassen")
            return
        setattr(self, field_name, value)


LABELS: dict[str, str] = {
    "name": "Name",
    "kind": "Art",
    "carrier": "Träger",
    "official_number": "Schulnummer",
    "address": "Anschrift",
    "district": "Stadtteil",
    "position": "Koordinaten",
    "phone": "Telefon",
    "email": "E-Mail",
    "website": "Webseite",
    "all_day": "Ganztag",
    "accessible": "Barrierefrei",
    "opening_hours": "Öffnungszeiten",
    "open_day": "Tag der offenen Tür",
    "register_from": "Anmeldung ab",
    "register_by": "Anmeldung bis",
    "languages": "Sprachen",
    "offers": "Angebote",
    "events": "Veranstaltungen",
    "profile": "Beschreibung",
    "confidence": "Sicherheit",
    "as_of": "Stand",
}


def clean(value: Any) -> str | None:
    """The text without line breaks, tabs and doubled spaces; nothing for empty cells and dashes."""
    if value is None or isinstance(value, bool | dict | list):
        return None
    text = re.sub(r"[\s\u00a0\u200b\ufeff]+", " ", str(value)).strip()
    return None if text in ("", "-", "–", "—", "null", "None") else text


def clean_name(value: Any) -> str:
    """The name, without the hyphens that line ends left in words. Raises `BadRow` if there is none."""
    text = clean(value)
    if text is None:
        raise BadRow("Der Name fehlt.")
    text = re.sub(r"(?<=[a-zäöüß])- (?!und |oder |bzw)(?=[a-zäöü])", "", text)
    if len(text) > 300:
        raise BadRow("Der Name ist länger als 300 Zeichen; vermutlich fehlt ein Anführungszeichen.")
    return text


def read_postcode(value: Any) -> str | None:
    """Five digits; spreadsheets drop leading zeros and add ".0". Raises `BadRow` for anything else."""
    text = clean(value)
    if text is None:
        return None
    text = re.sub(r"\.0$", "", text).removeprefix("D-")
    try:
        return check_postcode(text.zfill(5) if len(text) == 4 and text.isdigit() else text)
    except ValueError:
        raise BadRow(f"Die Postleitzahl „{shorten(text)}“ hat nicht fünf Ziffern.") from None


def read_position(lat: Any, lon: Any) -> Position | None:
    """Coordinates, with decimal comma or point. Raises `BadRow` if only one is there or it is no number."""
    texts = [clean(lat), clean(lon)]
    if texts == [None, None]:
        return None
    try:
        numbers = [float((text or "").replace(",", ".")) for text in texts]
    except ValueError:
        raise BadRow("Breiten- und Längengrad müssen beide Zahlen sein, zum Beispiel 49,7557 und 6,6394.") from None
    if numbers == [0.0, 0.0]:
        return None
    return Position(numbers[0], numbers[1])


def read_day(value: Any) -> date | int | None:
    """A day (31.07.2026, 2026-07-31, with or without time) or a year. Raises `BadRow`."""
    text = clean(value)
    if text is None:
        return None
    if re.fullmatch(r"(19|20)\d\d", text):
        return int(text)
    try:
        if match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        return datetime.fromisoformat(text.replace("Z", "+00:00")).date()
    except ValueError:
        raise BadRow(f"„{shorten(text)}“ ist kein Datum; schreiben Sie zum Beispiel 31.07.2026.") from None


def first_of(text: str) -> str:
    """The first of several values in one cell."""
    return re.split(r"\s*[;|]\s*", text, maxsplit=1)[0].strip()


def with_scheme(text: str) -> str:
    """Lists often write www.schule.de; browsers need http:// before it."""
    text = text.rstrip("/")
    return text if "://" in text else f"http://{text}"


def split_address(text: str) -> tuple[str | None, str | None, str | None]:
    """Street, postcode, town out of "Schulstr. 5, 54313 Zemmer"."""
    text = clean(text) or ""
    match = re.search(r"(?:^|[,\s])(?:D-)?(\d{5})\s+(.+)$", text)
    if not match:
        return clean(text.strip(" ,")), None, None
    return clean(text[: match.start()].strip(" ,")), match[1], clean(re.sub(r"\s+Stadt$", "", match[2]))


def read_text(path: Path) -> str:
    """A text file as spreadsheets save it: UTF-8 with or without byte order mark, or Windows' own. Keeps line ends."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UnusableFile(f"{path.name} lässt sich nicht lesen: {error.strerror}.") from error
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnusableFile(f"{path.name} ist kein Text in UTF-8. Speichern Sie die Datei als „CSV UTF-8“.")


def read_csv(path: Path) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    """Header and rows of a CSV file with `;` or `,` or tabs; every row with the line it starts on."""
    text = read_text(path)
    head = text.split("\n", 1)[0]
    delimiter = max((";", ",", "\t"), key=head.count)
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [clean(cell) or "" for cell in next(reader)]
    except (StopIteration, csv.Error):
        raise UnusableFile(f"{path.name} ist leer.") from None

    def rows() -> Iterator[tuple[int, dict[str, str]]]:
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise UnusableFile(f"{path.name}, Zeile {line}: {error}.") from error
            if not any(cell.strip() for cell in cells):
                continue
            values = dict(zip(header, cells, strict=False))
            if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
                values[EXTRA] = str(len(cells))
            yield line, values

    return header, rows()


def check_width(values: dict[str, str]) -> None:
    """Refuse a row with more cells than the header: its cells stand under the wrong names."""
    if (cells := values.get(EXTRA)) is not None:
        raise BadRow(f"Die Zeile hat {cells} Spalten, mehr als die Kopfzeile; vermutlich fehlt ein Anführungszeichen.")


def read_json(path: Path) -> Any:
    """A JSON file. Raises `UnusableFile`."""
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise UnusableFile(f"{path.name} ist kein vollständiges JSON (Zeile {error.lineno}: {error.msg}).") from error
