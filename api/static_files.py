"""Style sheets, scripts and fonts: read and compressed once, kept by browsers for good when the address says so.

``/static/css/base.css?v=<mark>`` (as `api.frame.asset` writes it) is immutable; without the mark, as modules import
each other, the browser asks whether the file has changed.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
import threading
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import brotli  # type: ignore[import-untyped]
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.etags import is_known

IMMUTABLE = "public, max-age=31536000, immutable"
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
COMPRESSED = ("text/", "image/svg+xml", "application/json", "application/manifest+json")
SMALLEST = 200
"""Bytes below which compression gains nothing."""


@dataclass
class _File:
    body: bytes
    media_type: str
    mark: str
    seen: tuple[int, int]
    encoded: dict[str, bytes] = field(default_factory=dict)


class StaticFiles:
    """An ASGI application over one folder. A changed file is noticed and read again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._files: dict[str, _File] = {}
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.method != "GET":
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        response = await run_in_threadpool(self.response, request)
        await response(scope, receive, send)

    def response(self, request: Request) -> Response:
        """The file of this address. Raises 404."""
        path = request.scope["path"].removeprefix(request.scope.get("root_path", "")).lstrip("/")
        found = self._find(path)
        if found is None:
            raise HTTPException(404)
        is_marked = QueryParams(request.scope["query_string"]).get("v") == found.mark
        headers = {
            "Cache-Control": IMMUTABLE if is_marked else "no-cache",
            "ETag": f'"{found.mark}"',
            "Vary": "Accept-Encoding",
        }
        if is_known(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        body = found.body
        if found.media_type.startswith(COMPRESSED) and len(body) >= SMALLEST:
            encoding = _encoding(request.headers.get("accept-encoding", ""))
            if encoding:
                body = self._encoded(found, encoding)
                headers["Content-Encoding"] = encoding
        return Response(body, headers=headers, media_type=found.media_type)

    def _find(self, path: str) -> _File | None:
        parts = PurePosixPath(path).parts
        if not parts or "\0" in path or any(part.startswith(".") for part in parts):
            return None
        place = self._folder.joinpath(*parts)
        try:
            stat = place.stat()
            if not place.is_file() or not place.resolve().is_relative_to(self._folder):
                return None
            seen = (stat.st_mtime_ns, stat.st_size)
            known = self._files.get(path)
            if known is not None and known.seen == seen:
                return known
            body = place.read_bytes()
        except (OSError, ValueError):
            return None
        media_type = TYPES.get(place.suffix) or mimetypes.guess_type(place.name)[0] or "application/octet-stream"
        found = _File(body, media_type, hashlib.sha256(body).hexdigest()[:10], seen)
        self._files[path] = found
        return found

    def _encoded(self, file: _File, encoding: str) -> bytes:
        with self._lock:
            if encoding not in file.encoded:
                file.encoded[encoding] = (
                    brotli.compress(file.body, quality=11) if encoding == "br" else gzip.compress(file.body, 9, mtime=0)
                )
            return file.encoded[encoding]


def _encoding(accepted: str) -> str | None:
    """The best encoding that the client takes; one with ``q=0`` is none."""
    offered = [one.replace(" ", "").lower() for one in accepted.split(",")]
    taken = {one.partition(";")[0] for one in offered if not re.search(r";q=0(\.0*)?$", one)}
    return next((one for one in ("br", "gzip") if one in taken), None)
