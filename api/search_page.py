"""The search page, and search and suggestions as JSON. Works as a plain form; the script only adds suggestions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.frame import frame_of, render
from api.language import LANGUAGES, SOURCE, Reader
from api.search import RegionSearch, search, suggest
from api.search_data import hit_data, result_data
from api.search_following import Searches
from api.search_question import MAX_QUERY, Order, SearchFilters
from api.search_views import AT_ONCE, search_view, type_words
from pathways.errors import UnknownId

router = APIRouter()
NOT_KEPT = {"Cache-Control": "no-store"}
"""What somebody looks for is theirs."""


def searches_of(request: Request) -> Searches:
    """The searches of the service that this request reached."""
    found: Searches = request.app.state.searches
    return found


@router.get("/{region}/{language}/search", response_class=HTMLResponse, include_in_schema=False)
def search_page(request: Request, region: str, language: str) -> Response:
    """Search with filters; a form that needs no script."""
    frame = frame_of(request, region, language, "search")
    given = request.query_params
    filters = _filters(request)
    order, offset = _order(given.get("order", "")), _number(given.get("offset", ""), 0)
    query = given.get("q", "")
    result = search(
        query,
        region=searches_of(request).get(region),
        lang=language,
        filters=filters,
        order=order,
        offset=offset,
        limit=AT_ONCE,
    )
    response = render(request, frame, "pages/search.html", search_view(frame, result, filters, order, offset))
    response.headers.update(NOT_KEPT)
    return response


@router.get("/api/v1/{region}/search", tags=["api"])
def search_json(
    request: Request,
    region: str,
    q: Annotated[str, Query(description="What to look for; empty lists everything that fits the filters")] = "",
    lang: Annotated[str, Query(description="Language of names and texts")] = SOURCE,
    near: Annotated[str, Query(description="A postcode, district or town")] = "",
    within_km: Annotated[float | None, Query(gt=0, le=500)] = None,
    order: Order = "relevance",
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = AT_ONCE,
) -> dict[str, Any]:
    """Search. Filters repeat: type, stage, kind, district, town, all_day, accessible, language, time."""
    asked, reader = _asked(request, region, lang)
    given = {name: request.query_params.getlist(name) for name in request.query_params}
    filters = SearchFilters.of(given, near, within_km)
    found = search(q[:MAX_QUERY], region=asked, lang=lang, filters=filters, order=order, offset=offset, limit=limit)
    return result_data(found, reader)


@router.get("/api/v1/{region}/suggest", tags=["api"])
def suggest_json(
    request: Request,
    region: str,
    q: Annotated[str, Query(description="What has been typed so far")] = "",
    lang: Annotated[str, Query(description="Language of names and texts")] = SOURCE,
) -> dict[str, Any]:
    """What somebody who is still typing may mean."""
    asked, reader = _asked(request, region, lang)
    hits = suggest(q[:MAX_QUERY], region=asked, lang=lang)
    kinds = type_words(reader)
    said = [hit_data(hit, reader) | {"kind": kinds[hit.type]} for hit in hits]
    return {"query": q[:MAX_QUERY], "suggestions": said}


def _asked(request: Request, region: str, lang: str) -> tuple[RegionSearch, Reader]:
    if lang not in LANGUAGES:
        raise UnknownId("language", lang, LANGUAGES)
    asked = searches_of(request).get(region)
    return asked, Reader(asked.network, lang)


def _filters(request: Request) -> SearchFilters:
    given = request.query_params
    km = _number(given.get("within_km", ""), 0)
    return SearchFilters.of({name: given.getlist(name) for name in given}, given.get("near", ""), km or None)


def _order(text: str) -> Order:
    return "distance" if text == "distance" else "name" if text == "name" else "relevance"


def _number(text: str, otherwise: int) -> int:
    return min(int(text[:6]), 10_000) if text.isascii() and text.isdigit() else otherwise
