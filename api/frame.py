"""What every page shares: region, language, addresses, words for content, and the way to render a template."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any, Protocol
from urllib.parse import urlencode

from fastapi import Request
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response

from api.clock import today
from api.language import LANGUAGES, SOURCE, German, Reader, catalog
from api.settings import Settings
from pathways.errors import UnknownId
from pathways.network import Network
from pathways.tree import FRONTEND

STATIC = FRONTEND / "static"
OLD = timedelta(days=365)
"""A record not compared with its sources for so long carries a warning."""

RECORD_PAGE = re.compile(r"(station|qualification|goal|institution)/([a-z0-9-]{1,120})")
"""Paths of pages about one record, after region and language."""


@dataclass(frozen=True)
class Link:
    """A link with its text; ``note`` is said beside it. Without `href` it is plain text."""

    href: str
    text: str
    note: str = ""


class InstitutionsAt(Protocol):
    """Local institutions that offer a station, as links to their profiles."""

    def __call__(self, region: str, language: str, station_id: str, /) -> Sequence[Link]: ...


class PageWords(Reader):
    """Sentences on pages use the short names of stops and certificates; official ones stand on their own pages."""

    def name(self, record_id: str, /) -> str:
        network = self.network
        for records in (network.stations, network.situations, network.qualifications, network.goals):
            if record_id in records:
                return self.pgettext(f"{record_id}.short", records[record_id].short)
        return super().name(record_id)


@dataclass(frozen=True)
class Frame:
    """The surroundings of one page."""

    reader: Reader
    day: date
    settings: Settings
    path: str
    """Address of the page after region and language."""
    query: str
    institutions_at: InstitutionsAt | None = None

    @property
    def network(self) -> Network:
        return self.reader.network

    @cached_property
    def region_name(self) -> str:
        """Name of the municipality."""
        region = self.network.region
        return self.said(region, "name", {layer.id: layer.name for layer in self.network.layers}.get(region, region))

    @cached_property
    def base(self) -> str:
        """Where this region in this language begins, without final slash."""
        return f"/{self.network.region}/{self.reader.language}"

    @cached_property
    def languages(self) -> tuple[Link, ...]:
        """The same page in every language, this one without address."""
        tail = f"/{self.path}" + (f"?{self.query}" if self.query else "")
        return tuple(
            Link("" if code == self.reader.language else f"/{self.network.region}/{code}{tail}", name, code)
            for code, name in LANGUAGES.items()
        )

    @cached_property
    def checked(self) -> str:
        """When the content was last compared with its sources."""
        days = [station.checked for station in self.network.stations.values()]
        days += [one.checked for one in self.network.qualifications.values()]
        return self.reader.date(max(days)) if days else ""

    @cached_property
    def feedback(self) -> str:
        """Where to report an error. Names the record of this page; what somebody told is never in it."""
        return self.to("feedback", urlencode({"about": self.path}) if RECORD_PAGE.fullmatch(self.path) else "")

    def to(self, path: str, query: str = "") -> str:
        """Address of another page of this region and language."""
        return f"{self.base}/{path}" + (f"?{query}" if query else "")

    def said(self, record_id: str, field: str, text: str) -> str:
        """A content string in the reader's language; the catalog knows it as ``<id>.<field>``."""
        return self.reader.pgettext(f"{record_id}.{field}", text)

    def link_to(self, record_id: str) -> Link:
        """A station, situation, qualification or goal by its short name."""
        record = self.network.record(record_id)
        kind = (
            "goal"
            if record_id in self.network.goals
            else "qualification"
            if record_id in self.network.qualifications
            else "station"
        )
        return Link(self.to(f"{kind}/{record_id}"), self.said(record_id, "short", record.short))

    def short(self, record_id: str) -> str:
        """The short name of a record."""
        return self.said(record_id, "short", self.network.record(record_id).short)

    def is_old(self, checked: date) -> bool:
        """True if it is more than a year since somebody looked."""
        return self.day - checked > OLD


def frame_of(request: Request, region: str, language: str, path: str = "") -> Frame:
    """The frame for a request. Raises `UnknownId` for a region or language that is not there."""
    network: Network = request.app.state.networks.get(region)
    if language not in LANGUAGES:
        raise UnknownId("language", language, LANGUAGES)
    return Frame(
        reader=PageWords(network, language),
        day=today(),
        settings=request.app.state.settings,
        path=path,
        query=request.url.query,
        institutions_at=getattr(request.app.state, "institutions_at", None),
    )


@lru_cache(maxsize=256)
def asset(path: str) -> str:
    """Address of a static file with a mark of its content, so that browsers may keep it for good."""
    mark = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?v={mark}"


def marked(text: str) -> str:
    """A text for the body of a page; German where the page speaks another language says so itself."""
    return Markup('<span lang="de" dir="ltr">{}</span>').format(str(text)) if isinstance(text, German) else text


@lru_cache(maxsize=32)
def templates_in(language: str) -> Jinja2Templates:
    """The templates, speaking one language."""
    environment = Environment(
        loader=FileSystemLoader(FRONTEND / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = catalog(language)
    gettext: Callable[[str], str] = words.gettext
    environment.install_gettext_callables(gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["asset"] = asset
    environment.filters["marked"] = marked
    return Jinja2Templates(env=environment)


def render(request: Request, frame: Frame, name: str, page: Any, status: int = 200) -> Response:
    """The template of a page over its view."""
    templates = templates_in(frame.reader.language)
    return templates.TemplateResponse(request, name, {"frame": frame, "page": page}, status_code=status)


def render_plain(request: Request, name: str, page: Any, language: str = SOURCE, status: int = 200) -> Response:
    """A page outside of any region."""
    return templates_in(language).TemplateResponse(
        request, name, {"frame": None, "page": page, "lang": language}, status_code=status
    )
