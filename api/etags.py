"""Marks by which a client asks whether something has changed."""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import Response


def mark_of(body: bytes) -> str:
    """A weak mark: the same for every compression of the same body."""
    return f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def is_known(request: Request, mark: str) -> bool:
    """True if the client has this version already (``If-None-Match``, weak comparison)."""
    bare = mark.removeprefix("W/")
    given = (one.strip() for one in request.headers.get("if-none-match", "").split(","))
    return any(one == "*" or one.removeprefix("W/") == bare for one in given)


def unless_known(request: Request, body: bytes, media_type: str, cache: str = "public, max-age=300") -> Response:
    """The body with its mark, or 304 without it."""
    headers = {"ETag": mark_of(body), "Cache-Control": cache}
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)
