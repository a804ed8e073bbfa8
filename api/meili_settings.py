"""How a Meilisearch index of ours is set up, and what a document looks like in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.documents import FACETS, TYPES, SearchDocument
from api.rescoring import folded_lines, latin_lines
from api.search_words import WORD_LANGUAGES

MEANT = tuple(f"words_{language}" for language in WORD_LANGUAGES)
GERMAN = ("names", "words_de", "near", "text")
LOCALES = {language: language for language in WORD_LANGUAGES}
"""Two letters; three are refused for some ("fas"). Others than these are indexed without a locale."""


def index_settings(synonyms: Mapping[str, list[str]]) -> dict[str, Any]:
    """Settings of an index. German attributes get their locale, or compounds would not be split."""
    return {
        "searchableAttributes": ["names", *MEANT, "latin", "near", "text"],
        "displayedAttributes": ["id", "digest"],
        "filterableAttributes": ["id", *FACETS, "_geo"],
        "sortableAttributes": ["_geo", "name", "place"],
        "rankingRules": ["sort", "words", "typo", "attribute", "exactness", "proximity", "place:asc", "name:asc"],
        "localizedAttributes": [
            {"attributePatterns": list(GERMAN), "locales": ["de"]},
            *(
                {"attributePatterns": [f"words_{language}"], "locales": [locale]}
                for language, locale in LOCALES.items()
                if language != "de"
            ),
        ],
        # Our own measure says how near words stand; without it an index is built in little more than half the time.
        "proximityPrecision": "byAttribute",
        "synonyms": dict(synonyms),
        "typoTolerance": {"minWordSizeForTypos": {"oneTypo": 4, "twoTypos": 8}},
        "faceting": {"maxValuesPerFacet": 500},
        "pagination": {"maxTotalHits": 10_000},
    }


def meili_document(document: SearchDocument) -> dict[str, Any]:
    """A document as Meilisearch keeps it: all text folded, like the query."""
    said = {f"words_{language}": folded_lines(words) for language, words in document.words.items()}
    names = folded_lines(document.names)
    everything = [*document.names, *(one for words in document.words.values() for one in words), *document.near]
    fields: dict[str, Any] = {
        "id": document.key,
        "digest": document.digest,
        "place": TYPES.index(document.type),
        "name": names.strip().partition("\n")[0],
        "names": names,
        **said,
        "near": folded_lines(document.near),
        "latin": latin_lines(everything),
        "text": folded_lines([document.text]),
        **{facet: list(values) for facet, values in document.facets.items()},
    }
    if document.positions:
        fields["_geo"] = {"lat": document.positions[0].lat, "lng": document.positions[0].lon}
    return fields
