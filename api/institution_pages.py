"""Pages of institutions: profile, list and map, comparison."""

from __future__ import annotations

import re
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session
from starlette.datastructures import QueryParams
from starlette.responses import Response

from api.answers import readable
from api.frame import Frame, frame_of, render
from api.institution_desk import desk_of
from api.institution_map import map_view, position_sources
from api.institution_views import AT_ONCE, MOST_COMPARED, OnMap, compare_page, list_page, profile_page
from api.institutions import (
    InstitutionFilter,
    find_renamed,
    get_institution,
    get_institutions,
    list_institutions,
    places_of,
    sort_key,
)
from pathways.errors import UnknownId

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
LONGEST = 200
MOST_VALUES = 50


@router.get("/{region}/{language}/institution/{record_id}")
def institution(request: Request, region: str, language: str, record_id: str) -> Response:
    """A profile; a former id leads to the present one for good."""
    frame = frame_of(request, region, language, f"institution/{record_id}")
    with desk_of(request).reading() as session:
        try:
            record = get_institution(session, record_id, region)
        except UnknownId:
            present = find_renamed(session, record_id)
            if present is None:
                raise
            return RedirectResponse(frame.to(f"institution/{present}"), status_code=301)
    return render(request, frame, "pages/institution.html", profile_page(frame, record))


@router.get("/{region}/{language}/institutions")
def institutions(request: Request, region: str, language: str) -> Response:
    """All institutions with filters, as list or map."""
    frame = frame_of(request, region, language, "institutions")
    given = _given(request)
    wanted = filter_of(given)
    for one in wanted.stations:
        if one not in frame.network.stations:
            raise UnknownId("start", one, frame.network.stations)
    order: Literal["name", "distance"] = "distance" if given.get("order") == "distance" and wanted.near else "name"
    offset = _number(given.get("offset", ""))
    with desk_of(request).reading() as session:
        found = list_institutions(
            session,
            frame.network,
            wanted,
            order=order,
            offset=offset,
            limit=AT_ONCE,
        )
        on_map = _on_map(session, frame, wanted) if given.get("view") == "map" else None
    page = list_page(frame, found, wanted, order, offset, on_map)
    return render(request, frame, "pages/institutions.html", page)


@router.get("/{region}/{language}/compare")
def compare(request: Request, region: str, language: str) -> Response:
    """Up to four side by side."""
    frame = frame_of(request, region, language, "compare")
    given = _given(request)
    asked = list(dict.fromkeys(one for text in given.getlist("id") for one in text.split(",") if one))
    with desk_of(request).reading() as session:
        ids = list(dict.fromkeys(_present(session, one, region) for one in asked[:MOST_COMPARED]))
        records = sorted(get_institutions(session, ids, region), key=lambda one: (sort_key(one.name), one.id))
    page = compare_page(
        frame, records, given.getlist("field"), given.get("equal") == "hide", len(asked) > MOST_COMPARED
    )
    return render(request, frame, "pages/compare.html", page)


def filter_of(given: QueryParams) -> InstitutionFilter:
    """The filter in the parameters of an address; what cannot be read does not narrow."""

    def several(name: str) -> tuple[str, ...]:
        return tuple(filter(None, (one[:LONGEST] for one in given.getlist(name)[:MOST_VALUES])))

    km = given.get("within_km", "").replace(",", ".")
    return InstitutionFilter(
        kinds=several("kind"),
        stages=several("stage"),
        stations=several("station"),
        topics=several("topic"),
        towns=several("town"),
        districts=several("district"),
        all_day=several("all_day"),
        accessible=several("accessible"),
        languages=several("language"),
        near=given.get("near", "").strip()[:LONGEST] or None,
        within_km=min(float(km), 1000.0) if re.fullmatch(r"\d{1,4}(\.\d{1,3})?", km) and float(km) else None,
        text=given.get("q", "").strip()[:LONGEST],
    )


def _on_map(session: Session, frame: Frame, wanted: InstitutionFilter) -> OnMap:
    places, beside = places_of(session, frame.network, wanted)
    return OnMap(map_view(frame, places, position_sources(session, places)), beside)


def _present(session: Session, asked: str, region: str) -> str:
    try:
        return get_institution(session, asked, region).id
    except UnknownId:
        present = find_renamed(session, asked)
        if present is None:
            raise
        return present


def _given(request: Request) -> QueryParams:
    return QueryParams(readable(request.query_params.multi_items()))


def _number(text: str) -> int:
    return min(int(text[:6]), 100_000) if text.isascii() and text.isdigit() else 0
