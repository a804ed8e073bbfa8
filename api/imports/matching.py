"""Which institution does a row mean? Sure, doubtful, or nobody we know.

Sure is only what a stable id says, or the same name at the same address. Everything that merely looks alike goes to
a person with the candidates; nothing is merged silently.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from anyascii import anyascii
from rapidfuzz import fuzz

from api.imports.report import Candidate
from api.imports.rows import ImportedRow
from api.institution_records import InstitutionRecord

SAME_NAME = 92
LIKE_NAME = 80
NEAR_KM = 0.15

_WORDS = {
    "kindertagesstaette": "kita",
    "kindertageseinrichtung": "kita",
    "kindergarten": "kita",
    "sankt": "st",
    "gs": "grundschule",
    "rs": "realschule",
    "bbs": "berufsbildende schule",
    "bbz": "berufsbildungszentrum",
    "priv": "private",
    "kath": "katholische",
    "ev": "evangelische",
}


@dataclass(frozen=True)
class Match:
    """What a row was found to mean."""

    verdict: Literal["sure", "doubtful", "new"]
    id: str | None = None
    reason: str = ""
    candidates: tuple[Candidate, ...] = ()
    by_name: bool = False


@lru_cache(maxsize=50_000)
def plain(text: str | None) -> str:
    """Words as they compare: without accents, umlauts spelled out, abbreviations resolved."""
    text = (text or "").casefold()
    for letter, spelled in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(letter, spelled)
    words = re.findall(r"[a-z]+|\d+", anyascii(text).lower())
    return " ".join(_WORDS.get(word, word) for word in words)


@lru_cache(maxsize=50_000)
def plain_street(text: str | None) -> str:
    """A street as it compares: "Schulstr. 5 a" and "Schulstraße 5A" are one."""
    text = plain(text)
    text = re.sub(r"(?<=[a-z])\s*str(?:asse)?\b", "strasse", re.sub(r"\bstr\b", "strasse", text))
    return re.sub(r"(?<=\d) (?=[a-z]\b)", "", text).replace(" ", "")


class Matcher:
    """All institutions of a region, ready to be looked up."""

    def __init__(self, records: Iterable[InstitutionRecord]) -> None:
        self.records = {record.id: record for record in records}
        self._by_ref = {ref: record.id for record in self.records.values() for ref in record.refs}
        self._by_number: dict[str, list[str]] = defaultdict(list)
        for record in self.records.values():
            if record.official_number:
                self._by_number[record.official_number].append(record.id)

    def match(self, row: ImportedRow) -> Match:
        """The institution a row means."""
        if row.id is not None:
            return Match("sure", row.id)
        if row.ref is not None and row.ref in self._by_ref:
            return Match("sure", self._by_ref[row.ref])
        if row.number is not None and (known := self._by_number.get(row.number)):
            if len(known) == 1:
                return Match("sure", known[0])
            candidates = tuple(self._candidate(row, self.records[one], "gleiche Nummer") for one in known)
            return Match("doubtful", reason="Mehrere Einrichtungen haben diese Schulnummer.", candidates=candidates)
        return self._by_name(row)

    def match_all(self, rows: Sequence[ImportedRow]) -> list[Match]:
        """The same for a whole list; rows that compete for one institution are all doubtful."""
        matches = [self.match(row) for row in rows]
        claims: dict[str, list[int]] = defaultdict(list)
        for index, match in enumerate(matches):
            if match.verdict == "sure" and match.id is not None:
                claims[match.id].append(index)
        for institution_id, claimants in claims.items():
            weak = [index for index in claimants if matches[index].by_name]
            strong = [index for index in claimants if not matches[index].by_name]
            for index in weak if strong or len(weak) > 1 else []:
                others = ", ".join(str(rows[other].line) for other in claimants if other != index)
                known = self.records[institution_id]
                matches[index] = Match(
                    "doubtful",
                    reason=f"Auch Zeile {others} passt zu dieser Einrichtung.",
                    candidates=(self._candidate(rows[index], known, "gleicher Name"),),
                )
        return matches

    def _by_name(self, row: ImportedRow) -> Match:
        sure: list[Candidate] = []
        like: list[Candidate] = []
        for record in self.records.values():
            if row.number is not None and record.official_number not in (None, row.number):
                continue
            likeness = alike(row, record)
            same_address, same_place = _same_address(row, record), _same_place(row, record)
            same_kind = row.kind is None or row.kind == record.kind
            street_open = row.street is None or all(site.street is None for site in record.sites)
            if likeness >= SAME_NAME and same_kind and (same_address or (same_place and street_open)):
                sure.append(self._candidate(row, record, "gleicher Name, gleicher Ort"))
            elif likeness >= SAME_NAME and same_address:
                like.append(self._candidate(row, record, "gleicher Name und gleiche Anschrift, andere Art"))
            elif same_place and likeness >= LIKE_NAME:
                why = "ähnlicher Name" if likeness < SAME_NAME else "gleicher Name, andere Straße"
                like.append(self._candidate(row, record, f"{why}, gleicher Ort"))
            elif same_address and same_kind and likeness >= 45:
                like.append(self._candidate(row, record, "gleiche Anschrift, anderer Name"))
            elif same_kind and likeness >= 60 and _near(row, record):
                like.append(self._candidate(row, record, "fast dieselben Koordinaten"))
            elif likeness >= SAME_NAME and same_kind and _place_open(row, record):
                like.append(self._candidate(row, record, "gleicher Name, Ort unbekannt"))
        if len(sure) == 1:
            return Match("sure", sure[0].id, by_name=True)
        found = sorted([*sure, *like], key=lambda one: (-one.likeness, one.id))[:5]
        if found:
            reason = (
                "Passt zu mehreren Einrichtungen." if len(sure) > 1 else "Ähnelt einer Einrichtung, die wir kennen."
            )
            return Match("doubtful", reason=reason, candidates=tuple(found))
        return Match("new")

    def _candidate(self, row: ImportedRow, record: InstitutionRecord, why: str) -> Candidate:
        return Candidate(record.id, record.name, alike(row, record), why)


def alike(row: ImportedRow, record: InstitutionRecord) -> int:
    """How much the names resemble each other, 0 to 100; the town's name may stand in one and not in the other."""
    return names_alike(row.name, record.name, {row.town or "", *record.towns})


def names_alike(one: str, other: str, towns: Iterable[str] = ()) -> int:
    """Likeness of two names, 0 to 100; what stands in brackets does not count."""
    left, right = _bare(one), _bare(other)
    best = fuzz.token_sort_ratio(left, right)
    places = {word for town in towns for word in plain(town).split()}
    left_words, right_words = ([word for word in text.split() if word not in places] for text in (left, right))
    if len(left_words) > 1 and len(right_words) > 1:
        best = max(best, fuzz.token_sort_ratio(" ".join(left_words), " ".join(right_words)))
    return round(best)


@lru_cache(maxsize=50_000)
def _bare(name: str) -> str:
    return plain(re.sub(r"\(.*?\)", " ", name))


def same_house(one: ImportedRow, other: ImportedRow) -> bool:
    """Whether two rows of a list seem to be one institution told twice."""
    if not one.street or plain_street(one.street) != plain_street(other.street) or one.postcode != other.postcode:
        return False
    return names_alike(one.name, other.name, {one.town or "", other.town or ""}) >= LIKE_NAME


def _same_address(row: ImportedRow, record: InstitutionRecord) -> bool:
    street = plain_street(row.street)
    return bool(street) and any(
        street == plain_street(site.street)
        and (site.postcode == row.postcode if site.postcode and row.postcode else plain(site.town) == plain(row.town))
        for site in record.sites
    )


def _same_place(row: ImportedRow, record: InstitutionRecord) -> bool:
    return any(
        (row.postcode is not None and site.postcode == row.postcode)
        or (row.town is not None and plain(site.town) == plain(row.town))
        for site in record.sites
    )


def _place_open(row: ImportedRow, record: InstitutionRecord) -> bool:
    """Whether neither postcode nor town can be compared."""
    return all(not (row.postcode and site.postcode) and not (row.town and site.town) for site in record.sites)


def _near(row: ImportedRow, record: InstitutionRecord) -> bool:
    km = record.km_from(row.position) if row.position else None
    return km is not None and km <= NEAR_KM
