"""The operator's own map: one PMTiles file, read in pieces (HTTP Range) by the map page and by nobody else's server."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

router = APIRouter(include_in_schema=False)
ADDRESS = "/map/tiles.pmtiles"
BEGINNING = b"PMTiles\x03"
"""How every PMTiles file of version 3 begins."""


def check_map_file(path: Path) -> Path:
    """The path, if a PMTiles file of version 3 lies there. Raises ValueError saying what is wrong."""
    try:
        with path.open("rb") as file:
            beginning = file.read(len(BEGINNING))
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror})") from error
    if beginning != BEGINNING:
        raise ValueError("is no PMTiles file of version 3")
    return path


@router.get(ADDRESS)
def tiles(request: Request) -> FileResponse:
    """The file, whole or the ranges asked for (206). 404 where the operator has set none."""
    path: Path | None = request.app.state.settings.map_file
    if path is None or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type="application/vnd.pmtiles")
