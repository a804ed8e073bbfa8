"""What every request passes on its way in and out: log line, headers, methods, faults."""

from __future__ import annotations

import time
from urllib.parse import parse_qsl, quote

import structlog
from prometheus_fastapi_instrumentator.routing import get_route_name
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers import readable
from api.problem_pages import report, respond
from pathways.errors import BadFact

log = structlog.get_logger("bildungsnavi.request")

LARGEST_BODY = 64 * 1024
"""Bytes of a request; nothing here is uploaded."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
}
UNKNOWN = "unknown"
TEMPLATE = "bildungsnavi.route"
PERSONAL = frozenset({"route", "reach", "plan", "routes"})
"""Last parts of the addresses that carry what somebody told about themselves."""


class ResponseBroken(Exception):
    """A fault in the middle of a response."""


class RequestLog:
    """One line per request: route template, method, status, milliseconds. Never a path, a query or an address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = time.perf_counter()
        route = scope[TEMPLATE] = route_template(scope)  # asked now, since a mount changes the scope
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            log.info(
                "request",
                route=route,
                method=scope["method"] if scope["method"] in METHODS else "other",
                status=status,
                milliseconds=round((time.perf_counter() - begun) * 1000, 1),
            )


class Headers:
    """Security headers on everything; personal pages are never stored by a browser or proxy."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if path.startswith("/api/"):  # open data: any page may ask, and there is no cookie to abuse
                    headers["Access-Control-Allow-Origin"] = "*"
                if not path.startswith("/static/"):
                    if path.rstrip("/").rpartition("/")[2] in PERSONAL:
                        headers["Cache-Control"] = "no-store"
                    else:  # whatever stands in a query may be personal, unless the route knows better
                        headers.setdefault("Cache-Control", "no-store" if scope["query_string"] else "no-cache")
            await send(message)

        await self.app(scope, receive, adding)


class Gate:
    """Refuses methods that do not exist, forgives a final slash, and answers HEAD as GET without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] not in METHODS:
            response = respond(HTTPException(405, headers={"Allow": "GET, HEAD"}), Request(scope))
            await response(scope, receive, send)
            return
        if scope[TEMPLATE] == UNKNOWN and scope["method"] in ("GET", "HEAD") and (better := _other_slash(scope)):
            await RedirectResponse(better, 308)(scope, receive, send)
            return
        if scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self.app({**scope, "method": "GET"}, receive, without_body)


class Faults:
    """Refuses what no route could read, and makes a page of every exception that no route expects."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        refused = _refusal(request)
        if refused is not None:
            await respond(refused, request)(scope, receive, send)
            return
        has_begun = False

        async def noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception as error:
            report(error, "request failed")
            if has_begun:
                raise ResponseBroken from None  # ends the connection; the message of the cause stays with us
            await respond(error, request)(scope, receive, send)


def _refusal(request: Request) -> Exception | None:
    length = request.headers.get("content-length", "")
    if length.isdigit() and (len(length) > 9 or int(length) > LARGEST_BODY):
        return HTTPException(413)
    query = request.scope["query_string"].decode("latin-1")
    if not query.isascii():
        return HTTPException(400)
    if query and not request.scope["path"].startswith("/static/"):
        try:
            readable(parse_qsl(query, keep_blank_values=True))
        except BadFact as error:
            return error
    return None


def route_template(scope: Scope) -> str:
    """The template of the route, ``unknown`` where there is none."""
    return get_route_name(Request(scope), should_include_root_path=False) or UNKNOWN


def _other_slash(scope: Scope) -> str:
    """The address with or without a final slash, if that one exists; else empty."""
    path = "/" + scope["path"].strip("/")
    other = path if scope["path"].endswith("/") else f"{path}/"
    if route_template({**scope, "path": other}) == UNKNOWN:
        return ""
    query = scope["query_string"].decode("latin-1")
    return quote(other) + (f"?{query}" if query else "")
