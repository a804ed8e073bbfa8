"""The search page. Works as a plain form; the script only adds suggestions."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.frame import frame_of, render
from api.search import search
from api.search_following import searches_of
from api.search_question import Order, SearchFilters
from api.search_views import AT_ONCE, search_view

router = APIRouter(include_in_schema=False)
NOT_KEPT = {"Cache-Control": "no-store"}
"""What somebody looks for is theirs."""


@router.get("/{region}/{language}/search", response_class=HTMLResponse)
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


def _filters(request: Request) -> SearchFilters:
    given = request.query_params
    km = _number(given.get("within_km", ""), 0)
    return SearchFilters.of({name: given.getlist(name) for name in given}, given.get("near", ""), km or None)


def _order(text: str) -> Order:
    return "distance" if text == "distance" else "name" if text == "name" else "relevance"


def _number(text: str, otherwise: int) -> int:
    return min(int(text[:6]), 10_000) if text.isascii() and text.isdigit() else otherwise
