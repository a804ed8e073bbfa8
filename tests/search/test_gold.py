"""What people type finds what they mean: the share of the gold set with all expected records among the first five."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.search import RegionSearch, search
from tests.search.conftest import ref

GOLD: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "gold.yaml").read_text(encoding="utf-8"))
LANGUAGES = {"de", "en", "ar", "uk", "tr", "ru"}


def missed(region: RegionSearch) -> list[str]:
    """The queries that miss, each with what came instead."""
    found = []
    for one in GOLD:
        result = search(one["q"], region=region, lang=one["lang"], limit=5)
        first = [ref(hit) for hit in result.hits]
        if not set(one["find"]) <= set(first):
            found.append(f"{one['q']!r} ({one['why']}): wanted {one['find']}, got {first}")
    return found


def share(misses: list[str]) -> float:
    """hit@5."""
    return 1 - len(misses) / len(GOLD)


def test_the_gold_set_is_large_and_mixed() -> None:
    assert len(GOLD) >= 120
    assert len({(one["q"], one["lang"]) for one in GOLD}) == len(GOLD)
    by_language = Counter(one["lang"] for one in GOLD)
    assert set(by_language) == LANGUAGES
    assert min(by_language.values()) >= 15
    assert {"compound", "typo", "transliteration", "ss", "ae", "oe", "ue"} <= {one["why"] for one in GOLD}


def test_the_gold_set_names_only_records_that_exist(region: RegionSearch) -> None:
    known = set()
    for document in region.documents():
        is_plain = document.type in ("station", "situation", "qualification", "goal")
        known.add(document.record if is_plain else f"{document.type}:{document.record}")
    assert not {wanted for one in GOLD for wanted in one["find"]} - known


def test_the_embedded_index_finds_95_of_100(region: RegionSearch) -> None:
    misses = missed(region)
    assert share(misses) >= 0.95, "\n".join(misses)


@pytest.mark.meilisearch
def test_with_meilisearch_97_of_100_are_found(with_meili: RegionSearch) -> None:
    misses = missed(with_meili)
    assert share(misses) >= 0.97, "\n".join(misses)
    assert search("Gymnasium", region=with_meili).engine == "meilisearch"
