"""The only reader of the environment; everything else receives plain values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from api.map_file import check_map_file
from pathways import tree


@dataclass(frozen=True)
class Settings:
    """How this service runs. Times are seconds."""

    content: Path = tree.CONTENT
    regions: tuple[str, ...] = ()
    """Regions to serve; empty: all municipal layers of the content."""
    database_url: str = "sqlite:///data/bildungsnavi.db"
    meili_url: str = ""
    meili_key: str = field(default="", repr=False)
    reload_seconds: float = 5.0
    """How often the content folder is looked at for changes; 0 never."""
    search_milliseconds: int = 4_000
    map_file: Path | None = None
    """A PMTiles file of the operator's own, drawn below the places on the map."""
    operator: str = ""
    """Who runs this service, for the privacy and feedback pages."""
    operator_address: str = ""
    """How to reach the operator: post, telephone or mail, as shown to readers."""
    public_address: str = ""
    """Address under which the public reaches the service, for links in printed and shared things."""


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from environment variables. Raises ValueError naming the variable and the remedy."""
    given = os.environ if environment is None else environment
    default = Settings()
    return Settings(
        content=Path(given.get("BILDUNGSNAVI_CONTENT", str(default.content))),
        regions=tuple(filter(None, given.get("BILDUNGSNAVI_REGIONS", "").replace(",", " ").split())),
        database_url=given.get("DATABASE_URL", default.database_url),
        meili_url=given.get("MEILI_URL", ""),
        meili_key=given.get("MEILI_KEY", ""),
        reload_seconds=_number(given, "BILDUNGSNAVI_RELOAD_SECONDS", default.reload_seconds),
        search_milliseconds=int(_number(given, "BILDUNGSNAVI_SEARCH_MILLISECONDS", default.search_milliseconds)),
        map_file=_map_file(given.get("BILDUNGSNAVI_MAP_FILE", "")),
        operator=given.get("BILDUNGSNAVI_OPERATOR", ""),
        operator_address=given.get("BILDUNGSNAVI_OPERATOR_ADDRESS", ""),
        public_address=given.get("BILDUNGSNAVI_PUBLIC_ADDRESS", ""),
    )


def _map_file(text: str) -> Path | None:
    try:
        return check_map_file(Path(text)) if text else None
    except ValueError as error:
        message = f"BILDUNGSNAVI_MAP_FILE={text!r} {error}. Name a file ending in .pmtiles, or remove it."
        raise ValueError(message) from error


def _number(given: Mapping[str, str], name: str, default: float) -> float:
    text = given.get(name, "")
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if value < 0:
        raise ValueError(f"{name}={text!r} is no number of at least 0. Set it to a number, or remove it.")
    return value
