"""What can be found: one document for every station, situation, qualification, goal, help, money and institution.

A document holds only what is needed to find its record and to count; what is shown is read again from the network or
the database.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from api.distance import Position
from api.institution_records import InstitutionRecord
from api.institution_words import KINDS
from api.language import LANGUAGES, SOURCE, Reader
from api.search_words import SearchWords, WordEntry
from pathways.network import Network

Type = Literal["goal", "station", "qualification", "situation", "help", "money", "institution"]
TYPES: tuple[Type, ...] = get_args(Type)
"""In the order in which equals are shown: ways and aims first, houses last."""
FACETS = ("type", "stage", "kind", "district", "town", "all_day", "accessible", "language", "time")
NOT_STATED = "unknown"
"""Facet value where a field would apply and nobody said anything; never the same as no."""
FORMAT = 1
"""Raise when documents change their meaning, so that indexes built before are rebuilt."""

_TIMES = {
    "full-time": re.compile(r"vollzeit|ganztägig", re.I),
    "part-time": re.compile(r"teilzeit|halbtags", re.I),
    "beside-work": re.compile(r"berufsbegleitend|neben (?:der|dem) (?:arbeit|beruf|ausbildung)", re.I),
    "evening": re.compile(r"abend", re.I),
    "online": re.compile(r"online|fern(?:kurs|unterricht|studium)|digital", re.I),
}
_HYPHENED = re.compile(r"\w+(?:-\w+){2,}")
_BRACKETS = re.compile(r"\(([^()]+)\)")


@dataclass(frozen=True)
class SearchDocument:
    """One findable record. `words` mean exactly this, by language; `near` is what has to do with it."""

    type: Type
    record: str
    names: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    near: tuple[str, ...] = ()
    text: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    positions: tuple[Position, ...] = ()

    @property
    def key(self) -> str:
        """Its name in an index; Meilisearch takes letters, digits, hyphens and underscores."""
        return key_of(self.type, self.record)

    @property
    def digest(self) -> str:
        """Changes whenever anything in the document does: so drift is seen."""
        said: list[Any] = [FORMAT, self.names, sorted(self.words.items()), self.near, self.text]
        said += [sorted(self.facets.items()), [(one.lat, one.lon) for one in self.positions]]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:24]


def key_of(kind: str, record: str) -> str:
    """The name of a record in an index."""
    return f"{kind}--{record}"


def record_of(key: str) -> tuple[str, str]:
    """Type and id behind a key."""
    kind, _, record = key.partition("--")
    return kind, record


def all_documents(
    network: Network, words: SearchWords, institutions: Iterable[InstitutionRecord]
) -> Iterator[SearchDocument]:
    """Everything of a region."""
    yield from network_documents(network, words)
    yield from institution_documents(network, words, institutions)


def network_documents(network: Network, words: SearchWords) -> Iterator[SearchDocument]:
    """The records of the network."""
    meant = words.by_record()
    readers = [Reader(network, language) for language in LANGUAGES if language != SOURCE]

    def document(
        kind: Type, record: Any, ref: str, near: Sequence[str], text: str, facets: Mapping[str, tuple[str, ...]]
    ) -> SearchDocument:
        names = tuple(dict.fromkeys([record.name, *filter(None, [getattr(record, "short", "")])]))
        own, close = _meant(meant.get(ref, ()))
        for reader in readers:
            said = [reader.gettext(name) for name in names]
            own.setdefault(reader.language, []).extend(one for one in said if one not in names)
        return SearchDocument(
            kind,
            record.id,
            names,
            {language: tuple(dict.fromkeys(said)) for language, said in own.items() if said},
            tuple(dict.fromkeys(filter(None, [*near, *close]))),
            text,
            {"type": (kind,), **facets},
        )

    for goal in network.goals.values():
        yield document("goal", goal, goal.id, (), goal.text, {})
    for station in network.stations.values():
        near = [station.certificates, station.mode, station.providers]
        text = " ".join([station.text, station.entry, *(here.text for here in station.here)])
        facets = {"stage": (station.stage,), "time": _times([station.mode])}
        yield document("station", station, station.id, near, text, facets)
    for one in network.qualifications.values():
        yield document("qualification", one, one.id, (), " ".join([one.opens, one.obtained, one.recognition]), {})
    for situation in network.situations.values():
        yield document("situation", situation, situation.id, (situation.entry,), situation.text, {})
    for help_ in network.help.values():
        text = f"{help_.who} {help_.what}"
        yield document("help", help_, f"help:{help_.id}", help_.topics, text, {})
    for money in network.money.values():
        yield document("money", money, f"money:{money.id}", (), money.text, {})


def institution_documents(
    network: Network, words: SearchWords, records: Iterable[InstitutionRecord]
) -> Iterator[SearchDocument]:
    """Institutions as they are in the database."""
    meant = words.by_record()
    for record in records:
        own, close = _meant(meant.get(f"kind:{record.kind}", ()))
        stations = [
            network.stations[one.station] for one in record.offers if one.station and one.station in network.stations
        ]
        near = [KINDS[record.kind], record.carrier or ""]
        for site in record.sites:
            near += [site.district or "", site.quarter or "", site.town or "", site.street or "", site.postcode or ""]
        near += [station.short for station in stations]
        near += [(offer.topic or "").replace("-", " ") for offer in record.offers]
        near += [offer.field or "" for offer in record.offers]
        near += [one for said in own.values() for one in said] + close
        yield SearchDocument(
            "institution",
            record.id,
            (record.name, *_BRACKETS.findall(record.name)),
            {"de": short} if (short := tuple(_initials(record.name))) else {},
            tuple(dict.fromkeys(filter(None, near))),
            record.profile,
            {
                "type": ("institution",),
                "stage": _stated(station.stage for station in stations),
                "kind": (record.kind,),
                "district": _stated(site.district for site in record.sites),
                "town": _stated(site.town for site in record.sites),
                "all_day": _stated([record.all_day]),
                "accessible": _stated([record.accessible]),
                "language": _stated(
                    [one.language for one in record.languages]
                    + [language for offer in record.offers for language in offer.languages]
                ),
                "time": _times([offer.times or "" for offer in record.offers]),
            },
            tuple(site.position for site in record.sites if site.position),
        )


def _meant(entries: Iterable[tuple[WordEntry, bool]]) -> tuple[dict[str, list[str]], list[str]]:
    own: dict[str, list[str]] = {}
    close: list[str] = []
    for entry, exactly in entries:
        for language, phrase in entry.phrases():
            if exactly:
                own.setdefault(language, []).append(phrase)
            else:
                close.append(phrase)
    return own, close


def _stated(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value)) or (NOT_STATED,)


def _times(said: Iterable[str]) -> tuple[str, ...]:
    """How time is spent, only as far as the words themselves say it."""
    text = " ".join(said)
    return _stated(time for time, words in _TIMES.items() if words.search(text))


def _initials(name: str) -> Iterator[str]:
    """What people shorten "Auguste-Viktoria-Gymnasium" to."""
    for hyphened in _HYPHENED.findall(name):
        yield "".join(part[0] for part in hyphened.split("-")).upper()
