"""What is asked of a search engine, and what it answers: the same for both engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from api.distance import Position
from api.documents import FACETS

Order = Literal["relevance", "distance", "name"]
MAX_QUERY = 200
MAX_LIMIT = 100
MAX_OFFSET = 10_000


@dataclass(frozen=True)
class SearchFilters:
    """What a search is narrowed to: within one facet any value will do, all facets must hold."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    near: str = ""
    """A postcode, district or town."""
    within_km: float | None = None

    @classmethod
    def of(cls, given: Mapping[str, Sequence[str]], near: str = "", within_km: float | None = None) -> SearchFilters:
        """Filters by facet; empty values and unknown facets are left out."""
        chosen = {
            facet: tuple(dict.fromkeys(one[:120] for one in given.get(facet, ()) if one))[:30] for facet in FACETS
        }
        return cls({facet: values for facet, values in chosen.items() if values}, near[:120].strip(), within_km)

    def without(self, facet: str) -> SearchFilters:
        """The same with nothing chosen in this facet: how its own values are counted."""
        return replace(self, chosen={name: values for name, values in self.chosen.items() if name != facet})

    def __bool__(self) -> bool:
        return bool(self.chosen or self.near)


@dataclass(frozen=True)
class SearchQuestion:
    """One search. `centre` is where `filters.near` lies, if that is known."""

    text: str
    lang: str = "de"
    filters: SearchFilters = SearchFilters()
    centre: Position | None = None
    order: Order = "relevance"
    offset: int = 0
    limit: int = 20
    counts: bool = True
    """Whether facets are counted; suggestions need none."""

    @property
    def radius(self) -> float | None:
        """Kilometres around the centre, if there is one."""
        return self.filters.within_km if self.centre is not None else None


@dataclass(frozen=True)
class Matches:
    """Keys of the documents found, best first, one page of them."""

    keys: tuple[str, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    is_exact: bool = True
    """False where more match than were counted."""
