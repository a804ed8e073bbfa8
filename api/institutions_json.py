"""Institutions for programmes: list, one record, and the open data export."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.etags import unless_known
from api.institution_desk import desk_of
from api.institution_open import LICENCE, csv_text, geo_data, institution_data
from api.institution_pages import filter_of
from api.institution_records import InstitutionRecord
from api.institutions import find_renamed, get_institution, list_institutions
from api.language import LANGUAGES, SOURCE, Reader
from api.networks import networks_of
from api.routes_json import JSON, PROBLEMS
from pathways.errors import UnknownId

router = APIRouter(prefix="/api/v1", tags=["api"], responses=PROBLEMS)
ALL = 1_000_000
FILTERS = (
    ("q", "Words that all occur in name, carrier or address", False),
    ("kind", "Kind of institution", True),
    ("stage", "Stage of life it serves", True),
    ("station", "Station of the network it offers", True),
    ("topic", "Topic it offers", True),
    ("town", "Town", True),
    ("district", "District", True),
    ("all_day", "All-day form; unknown: not stated", True),
    ("accessible", "Accessibility; unknown: not stated", True),
    ("language", "Language used there; unknown: not stated", True),
    ("near", "A postcode, district or town", False),
    ("within_km", "At most so many kilometres from there", False),
)
TEXT: dict[str, Any] = {"type": "string", "maxLength": 200}
PARAMETERS = [
    {
        "name": name,
        "in": "query",
        "required": False,
        "description": about,
        "schema": {"type": "array", "items": TEXT, "maxItems": 50} if many else TEXT,
    }
    for name, about, many in FILTERS
]
LANG = Query(description="Language of names and texts", json_schema_extra={"enum": list(LANGUAGES)})
Lang = Annotated[str, LANG]


def _reader(request: Request, region: str, lang: str) -> Reader:
    if lang not in LANGUAGES:
        raise UnknownId("language", lang, LANGUAGES)
    return Reader(networks_of(request).get(region), lang)


def _all(request: Request, region: str) -> list[InstitutionRecord]:
    with desk_of(request).reading() as session:
        wanted = filter_of(request.query_params)
        found = list_institutions(session, networks_of(request).get(region), wanted, limit=ALL)
    return [one.record for one in found.listed]


@router.get("/{region}/institutions", openapi_extra={"parameters": PARAMETERS}, response_model=None)
def institutions(
    request: Request,
    region: str,
    lang: Lang = SOURCE,
    order: Annotated[str, Query(description="name or distance", max_length=20)] = "name",
    offset: Annotated[int, Query(ge=0, le=ALL)] = 0,
    limit: Annotated[int, Query(ge=1, le=ALL)] = ALL,
) -> Response:
    """Institutions with counts for every filter; by name, or by distance if `near` is known. All, unless limited."""
    reader = _reader(request, region, lang)
    wanted = filter_of(request.query_params)
    with desk_of(request).reading() as session:
        found = list_institutions(
            session,
            reader.network,
            wanted,
            order="distance" if order == "distance" else "name",
            offset=offset,
            limit=limit,
        )
    data = {
        "region": region,
        "language": reader.language,
        "licence": LICENCE,
        "total": found.total,
        "offset": offset,
        "near_is_known": None if wanted.near is None else found.centre is not None,
        "without_coordinates": found.unplaced,
        "facets": found.facets,
        "institutions": [institution_data(one.record, reader, one.km) for one in found.listed],
    }
    return unless_known(request, orjson.dumps(data), JSON)


@router.get("/{region}/institutions.csv", openapi_extra={"parameters": PARAMETERS}, response_model=None)
def institutions_csv(request: Request, region: str, lang: Lang = SOURCE) -> Response:
    """Open data for a spreadsheet: semicolons, UTF-8 with its mark, no cell that could be a formula."""
    reader = _reader(request, region, lang)
    body = csv_text(_all(request, region), reader).encode()
    response = unless_known(request, body, "text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="institutions-{reader.network.region}.csv"'
    return response


@router.get("/{region}/institutions.geojson", openapi_extra={"parameters": PARAMETERS}, response_model=None)
def institutions_geojson(request: Request, region: str, lang: Lang = SOURCE) -> Response:
    """Open data for a map; without geometry where no source gives coordinates."""
    reader = _reader(request, region, lang)
    return unless_known(request, orjson.dumps(geo_data(_all(request, region), reader)), "application/geo+json")


@router.get("/{region}/institutions/{record_id}", response_model=None)
def institution(request: Request, region: str, record_id: str, lang: Lang = SOURCE) -> Response:
    """One institution with its facts and their sources; a former id leads to the present one."""
    reader = _reader(request, region, lang)
    with desk_of(request).reading() as session:
        try:
            record = get_institution(session, record_id, region)
        except UnknownId:
            present = find_renamed(session, record_id)
            if present is None:
                raise
            return RedirectResponse(f"/api/v1/{region}/institutions/{present}", status_code=301)
    return unless_known(request, orjson.dumps(institution_data(record, reader)), JSON)
