"""Search results as plain data, for the command line and the JSON interface. Facts come from records, not an index."""

from __future__ import annotations

import re
from typing import Any

from api.institution_words import KINDS
from api.language import Reader
from api.search import Hit, SearchResult
from pathways.network import Network

PATHS = {
    "station": "station/",
    "situation": "station/",
    "qualification": "qualification/",
    "goal": "goal/",
    "institution": "institution/",
    "help": "help#",
}
"""Where a record has its page, after region and language. Money has none: its text says it all."""
SNIPPET = 180


def result_data(result: SearchResult, reader: Reader) -> dict[str, Any]:
    """One search and everything found."""
    network = reader.network
    data: dict[str, Any] = {
        "region": network.region,
        "lang": result.lang,
        "query": result.query,
        "engine": result.engine,
        "handed_over": result.handed_over or None,
        "total": result.total,
        "complete": result.is_exact,
        "results": [hit_data(hit, reader) for hit in result.hits],
        "facets": {name: dict(counts) for name, counts in result.facets.items()},
        "spellings": list(result.spellings),
        "unknown_place": result.unknown_place,
        "without_filters": result.without_filters,
    }
    if result.meaning is not None:
        data["meaning"] = {
            "word": result.meaning.words.get("de", ("",))[0],
            "text": result.meaning.simple,
            "in_your_language": list(result.meaning.words.get(result.lang, ())),
            "review": result.meaning.review,
        }
    if not result.hits:
        data["help"] = [hit_data(hit, reader) for hit in ways_out(network, result.lang)]
    return data


def hit_data(hit: Hit, reader: Reader) -> dict[str, Any]:
    """One record that was found."""
    data: dict[str, Any] = {
        "id": hit.id,
        "type": hit.type,
        "name": hit_name(hit, reader),
        "text": snippet(hit_text(hit, reader)),
        "path": hit_path(hit),
    }
    if hit.institution is not None:
        data["kind"] = reader.gettext(KINDS[hit.institution.kind])
        data["place"] = hit_place(hit)
        data["source_year"] = hit.institution.source_year
        data["confidence"] = hit.institution.confidence
        data["km"] = None if hit.km is None else round(hit.km, 1)
    return data


def hit_name(hit: Hit, reader: Reader) -> str:
    """What it is called on its page, in the reader's language where there is a translation."""
    if hit.institution is not None:
        return hit.institution.name
    record = _record(hit, reader.network)
    field = "short" if hit.type in ("station", "qualification") else "name"
    return reader.pgettext(f"{record.id}.{field}", getattr(record, field))


def hit_text(hit: Hit, reader: Reader) -> str:
    """What is said about it."""
    if hit.institution is not None:
        return reader.gettext(hit.institution.profile)
    record = _record(hit, reader.network)
    for field in ("text", "what", "opens", "entry"):
        if said := getattr(record, field, ""):
            return reader.pgettext(f"{record.id}.{field}", str(said))
    return ""


def hit_place(hit: Hit) -> str:
    """District or town of the first site, as far as it is stated."""
    if hit.institution is None or not hit.institution.sites:
        return ""
    site = hit.institution.sites[0]
    return ", ".join(dict.fromkeys(filter(None, (site.town, site.district))))


def hit_path(hit: Hit) -> str | None:
    """Where its page is, after region and language; None if it has none."""
    before = PATHS.get(hit.type)
    return None if before is None else before + hit.id


def snippet(text: str) -> str:
    """The first sentences, whole where they fit."""
    plain = " ".join(text.split())
    if len(plain) <= SNIPPET:
        return plain
    ends = [found.end() for found in re.finditer(r"[.!?؟](?=\s)", plain[:SNIPPET])]
    return plain[: ends[-1]] if ends else plain[:SNIPPET].rpartition(" ")[0] + " …"


def ways_out(network: Network, lang: str) -> tuple[Hit, ...]:
    """Whom to ask if nothing was found."""
    asked = ("berufsberatung", "mbe", "jmd", "vhs") if lang != "de" else ("berufsberatung", "familienbuero", "vhs")
    return tuple(Hit("help", one) for one in asked if one in network.help)


def _record(hit: Hit, network: Network) -> Any:
    if hit.type == "help":
        return network.help[hit.id]
    return network.money[hit.id] if hit.type == "money" else network.record(hit.id)
