"""Problems as responses: a page in the reader's language, or problem JSON for the interface. Never fails itself."""

from __future__ import annotations

import traceback
from html import escape

import orjson
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.frame import frame_of, templates_in
from api.language import LANGUAGES, SOURCE, Reader
from api.problems import MEDIA_TYPE, Problem, problem_of
from api.ways_out import path_of, region_of, wants_json
from pathways.errors import PathwaysError

log = structlog.get_logger("bildungsnavi.faults")
TEMPLATE = "pages/problem.html"


def reader_of(request: Request) -> Reader:
    """The language of the address, or of the query of the JSON interface; German otherwise."""
    networks = request.app.state.networks
    path = path_of(request)
    language = path.split("/")[2] if path.count("/") > 1 else ""
    if path.startswith("/api/"):
        language = request.query_params.get("lang", "")
    return Reader(networks.find(region_of(request)) or networks.first, language if language in LANGUAGES else SOURCE)


def respond(error: Exception, request: Request) -> Response:
    """The response to an exception. Never fails itself."""
    reader = reader_of(request)
    problem = problem_of(error, request, reader)
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    headers["Cache-Control"] = "no-store"
    headers["Content-Language"] = reader.language
    if wants_json(request):
        body = orjson.dumps(problem.as_json(), option=orjson.OPT_INDENT_2)
        return Response(body, problem.status, headers, MEDIA_TYPE)
    try:
        page = _page(request, problem, reader)
    except Exception as fault:
        report(fault, "problem page could not be rendered")
        page = Response(plain_page(problem, reader), problem.status, media_type="text/html")
    page.headers.update(headers)
    page.headers["Vary"] = "Accept"
    return page


def _page(request: Request, problem: Problem, reader: Reader) -> Response:
    region = region_of(request)
    frame = frame_of(request, region, reader.language) if region else None
    return templates_in(reader.language).TemplateResponse(
        request,
        TEMPLATE,
        {"frame": frame, "page": problem, "problem": problem, "lang": reader.language},
        status_code=problem.status,
    )


def plain_page(problem: Problem, reader: Reader) -> str:
    """The problem as a page that needs nothing else, should even the template fail."""
    links = "".join(f'<li><a href="{escape(one.href)}">{escape(one.label)}</a></li>' for one in problem.suggestions)
    return (
        f'<!doctype html><html lang="{reader.language}" dir="{reader.direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(problem.title)}</title></head>'
        f"<body><main><h1>{escape(problem.title)}</h1><p>{escape(problem.detail)}</p>"
        f"<p>{escape(problem.remedy)}</p>{f'<ul>{links}</ul>' if links else ''}</main></body></html>"
    )


def report(error: BaseException, event: str) -> None:
    """Log a fault of ours by its kind and place. Messages are left out: they may quote what a person told."""
    frames = traceback.extract_tb(error.__traceback__)
    log.error(
        event,
        error=type(error).__name__,
        frames=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    )


def handle_problems(app: FastAPI) -> None:
    """Answer every expected exception of the routes by `TABLE`; `api.edge` does so for the rest."""

    async def handle(request: Request, error: Exception) -> Response:
        return respond(error, request)

    for kind in (PathwaysError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, handle)
