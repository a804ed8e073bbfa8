"""Generated institutions for what no municipality is large enough to show: five thousand, and a hundred thousand.

Every one is a real record of Trier under another name, at another place: the forms of the names, the parts that places,
persons and saints are called by, streets, offers and profiles all come from the shipped institutions. Seeded and
versioned like the networks beside: the same version gives the same institutions everywhere, and the first of a larger
number are those of a smaller one.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from anyascii import anyascii
from sqlalchemy import Engine, insert

from api.database import write_session
from api.institution_content import read_institutions
from api.institution_records import InstitutionRecord, SiteRecord
from api.institution_tables import Institution, LanguageUse, Offer, Site, now
from pathways.tree import CONTENT
from tests.bench.workloads import REGION

VERSION = 1
SEED = 20261121
PLACES = 8_000
"""Germany has about eleven thousand municipalities."""
AT_ONCE = 5_000

_SAINT = re.compile(r"(?<=St\. )[A-ZÄÖÜ]\w+")
_PERSON = re.compile(r"\b([A-ZÄÖÜ][a-zäöüß]+)-([A-ZÄÖÜ][a-zäöüß]+)(?=-[A-ZÄÖÜ])")
_BRACKETS = re.compile(r"\s*\([^()]*\)")


@dataclass(frozen=True)
class Patterns:
    """What the names of the real institutions are made of."""

    records: tuple[InstitutionRecord, ...]
    forms: tuple[str, ...]
    """The name of each record, with `{place}`, `{first}-{last}` and `{saint}` where it has its own."""
    places: tuple[str, ...]
    firsts: tuple[str, ...]
    lasts: tuple[str, ...]
    saints: tuple[str, ...]


def read_patterns() -> Patterns:
    """The patterns in the shipped institutions, always in the same order."""
    records = tuple(one for _, one in sorted(read_institutions(CONTENT, REGION).records.items()))
    sites = [site for record in records for site in record.sites]
    real = {name for site in sites for name in (site.town, site.district, site.quarter) if name}
    parts = {part for name in real for part in re.findall(r"[A-ZÄÖÜ][a-zäöüß]{2,}", name)}
    persons = [found for record in records for found in _PERSON.findall(record.name)]
    saints = {found for record in records for found in _SAINT.findall(record.name)}
    known = re.compile(r"\b(" + "|".join(sorted(parts, key=lambda one: (-len(one), one))) + r")(?:-[A-ZÄÖÜ]\w+)?\b")
    return Patterns(
        records,
        tuple(_form(record.name, known) for record in records),
        tuple(_made_places(sorted(one for one in parts if len(one) > 4))),
        tuple(sorted({first for first, _ in persons})),
        tuple(sorted({last for _, last in persons})),
        tuple(sorted(saints)),
    )


def _form(name: str, known: re.Pattern[str]) -> str:
    plain = _BRACKETS.sub("", name).replace("{", "").replace("}", "")
    form = known.sub("{place}", _SAINT.sub("{saint}", _PERSON.sub("{first}-{last}", plain)), count=1)
    return form if "{place}" in form else f"{form} {{place}}"


def _made_places(real: list[str]) -> list[str]:
    """Beginnings of real places with ends of others: Greimerath and Farschweiler give Greimweiler."""
    chance = random.Random(f"places {VERSION} {SEED}")
    heads = sorted({one[:size] for one in real for size in (3, 4, 5)})
    tails = sorted({one[-size:] for one in real for size in (4, 5, 6) if one[-size:].islower()})
    made = {f"{head}{tail}" for head in heads for tail in tails if head[-1] != tail[0]}
    return chance.sample(sorted(made), k=min(PLACES, len(made)))


def generate_institutions(count: int, patterns: Patterns | None = None) -> Iterator[InstitutionRecord]:
    """So many institutions, the same ones every time."""
    patterns = patterns or read_patterns()
    chance = random.Random(f"institutions {VERSION} {SEED}")
    for number in range(count):
        index = chance.randrange(len(patterns.records))
        place = chance.randrange(len(patterns.places))
        name = patterns.forms[index].format(
            place=patterns.places[place],
            first=chance.choice(patterns.firsts),
            last=chance.choice(patterns.lasts),
            saint=chance.choice(patterns.saints),
        )
        yield _at_place(patterns.records[index], f"g{number}-{_slug(name)}", name, patterns.places[place], place)


def _at_place(record: InstitutionRecord, own_id: str, name: str, place: str, number: int) -> InstitutionRecord:
    """The record with another name and its sites somewhere else; the facts about the real one are left out."""
    lat, lon = 47.5 + number % 89 * 0.083, 6.1 + number // 89 % 97 * 0.091
    sites = tuple(
        site.model_copy(
            update={
                "town": place,
                "postcode": f"{10_000 + number * 9}",
                "lat": None if site.lat is None else round(lat + (site.lat * 1e3) % 1 * 0.02, 6),
                "lon": None if site.lon is None else round(lon + (site.lon * 1e3) % 1 * 0.02, 6),
            }
        )
        for site in record.sites or (SiteRecord(town=place),)
    )
    return record.model_copy(
        update={"id": own_id, "was": (), "name": name, "refs": (), "official_number": None, "sites": sites, "facts": ()}
    )


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", anyascii(name).lower()).strip("-")[:80].rstrip("-")


def fill_database(engine: Engine, region: str, records: Iterable[InstitutionRecord]) -> int:
    """Write them without revisions and outbox, as a database that has been there for long. Returns how many."""
    count, remaining = 0, iter(records)
    while batch := list(islice(remaining, AT_ONCE)):
        rows: Mapping[type, list[dict[str, object]]] = {Institution: [], Site: [], LanguageUse: [], Offer: []}
        for record in batch:
            rows[Institution].append(_row(record, region))
            for table, parts in ((Site, record.sites), (LanguageUse, record.languages), (Offer, record.offers)):
                rows[table] += [
                    {"institution_id": record.id, "position": position} | _plain(part.model_dump())
                    for position, part in enumerate(parts)
                ]
        with write_session(engine) as session:
            for table, values in rows.items():
                if values:
                    session.connection().execute(insert(table), values)
        count += len(batch)
    return count


def _row(record: InstitutionRecord, region: str) -> dict[str, object]:
    parts = {"sites", "languages", "offers", "facts", "sources"}
    own = _plain(record.model_dump(exclude=parts))
    sources = [one.model_dump(exclude_none=True) for one in record.sources]
    return own | {"sources": sources, "region": region, "changed_by": "bench", "withdrawn": False, "changed": now()}


def _plain(fields: dict[str, object]) -> dict[str, object]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}
