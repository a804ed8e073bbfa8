"""Search and suggestions as JSON, documented like the rest of the interface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.documents import FACETS, NOT_STATED, TYPES
from api.institution_words import ACCESSIBLE, ALL_DAY, KINDS
from api.json_models import Open
from api.language import LANGUAGES, SOURCE, Reader
from api.routes_json import JSON, PROBLEMS
from api.search import RegionSearch, search, suggest
from api.search_data import hit_data, result_data
from api.search_following import searches_of
from api.search_question import MAX_LIMIT, MAX_OFFSET, MAX_QUERY, Order, SearchFilters
from api.search_views import AT_ONCE, type_words
from pathways.errors import UnknownId
from pathways.station import STAGES

router = APIRouter(prefix="/api/v1", tags=["api"], responses=PROBLEMS)
NOT_KEPT = {"Cache-Control": "no-store"}
"""What somebody looks for is theirs."""

_CLOSED: Mapping[str, tuple[str, ...]] = {
    "type": TYPES,
    "stage": (*STAGES, NOT_STATED),
    "kind": tuple(KINDS),
    "all_day": (*ALL_DAY, NOT_STATED),
    "accessible": (*ACCESSIBLE, NOT_STATED),
}
_ABOUT = {
    "type": "What is looked for",
    "stage": "Stage of life",
    "kind": "Kind of institution",
    "district": "District; unknown: not stated",
    "town": "Town; unknown: not stated",
    "all_day": "All-day form; unknown: not stated",
    "accessible": "Accessibility; unknown: not stated",
    "language": "Language used there, two letters; unknown: not stated",
    "time": "How time is spent, such as part-time; unknown: not stated",
}


def _filter_parameter(name: str) -> dict[str, Any]:
    values: dict[str, Any] = {"type": "string", "maxLength": 120}
    if name in _CLOSED:
        values["enum"] = list(_CLOSED[name])
    schema = {"type": "array", "items": values, "maxItems": 30}
    return {"name": name, "in": "query", "required": False, "description": _ABOUT[name], "schema": schema}


FILTERS = [_filter_parameter(name) for name in FACETS]
Text = Annotated[str, Query(description="What is looked for; more than 200 letters are cut off")]
Lang = Annotated[str, Query(description="Language of names and texts", json_schema_extra={"enum": list(LANGUAGES)})]


class HitModel(Open):
    id: str
    type: str = Field(description=f"One of: {', '.join(TYPES)}")
    name: str
    text: str
    path: str | None = Field(description="Where its page is, after region and language")
    kind: str | None = Field(default=None, description="In words; for institutions and suggestions")
    place: str | None = None
    source_year: int | None = None
    confidence: str | None = None
    km: float | None = None


class MeaningModel(Open):
    word: str
    text: str
    in_your_language: list[str]
    review: str


class SearchModel(Open):
    """One search and everything found."""

    region: str
    lang: str
    query: str
    engine: str = Field(description="Which engine answered: embedded or meilisearch")
    handed_over: str | None = Field(description="Why Meilisearch did not answer, if it was asked")
    total: int
    complete: bool = Field(description="False if more fit than were counted")
    results: list[HitModel]
    facets: dict[str, dict[str, int]] = Field(
        description="For every value of every filter how many there are, as if nothing were chosen in that filter"
    )
    spellings: list[str]
    unknown_place: bool = Field(description="`near` is in no address, so distance was left out")
    without_filters: int
    meaning: MeaningModel | None = None
    help: list[HitModel] = Field(default=[], description="Whom to ask, if nothing was found")


class SuggestModel(Open):
    """What somebody who is still typing may mean."""

    query: str
    suggestions: list[HitModel]


@router.get(
    "/{region}/search",
    response_model=None,
    responses={200: {"model": SearchModel}},
    openapi_extra={"parameters": FILTERS},
)
def search_json(
    request: Request,
    region: str,
    q: Text = "",
    lang: Lang = SOURCE,
    near: Annotated[str, Query(description="A postcode, district or town")] = "",
    within_km: Annotated[float | None, Query(gt=0, le=500, description="At most so many kilometres from there")] = None,
    order: Order = "relevance",
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = AT_ONCE,
) -> Response:
    """Stations, qualifications, goals, institutions, counselling and money; without words all that the filters leave.

    Filters may be repeated: within one any value will do, all of them must hold.
    """
    asked, reader = _asked(request, region, lang)
    given = {name: request.query_params.getlist(name) for name in request.query_params}
    filters = SearchFilters.of(given, near, within_km)
    found = search(q[:MAX_QUERY], region=asked, lang=lang, filters=filters, order=order, offset=offset, limit=limit)
    return _answer(result_data(found, reader))


@router.get("/{region}/suggest", response_model=None, responses={200: {"model": SuggestModel}})
def suggest_json(request: Request, region: str, q: Text = "", lang: Lang = SOURCE) -> Response:
    """What somebody who is still typing may mean: up to eight, from two letters on."""
    asked, reader = _asked(request, region, lang)
    hits = suggest(q[:MAX_QUERY], region=asked, lang=lang)
    kinds = type_words(reader)
    said = [hit_data(hit, reader) | {"kind": kinds[hit.type]} for hit in hits]
    return _answer({"query": q[:MAX_QUERY], "suggestions": said})


def _answer(data: dict[str, Any]) -> Response:
    return Response(orjson.dumps(data), media_type=JSON, headers=NOT_KEPT)


def _asked(request: Request, region: str, lang: str) -> tuple[RegionSearch, Reader]:
    if lang not in LANGUAGES:
        raise UnknownId("language", lang, LANGUAGES)
    asked = searches_of(request).get(region)
    return asked, Reader(asked.network, lang)
