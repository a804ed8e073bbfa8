"""The template for translators: interface strings from code and templates, content strings from the records.

A content string has the context ``<id>.<field>``, so a translator sees where it stands and a changed sentence is
found again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po
from pydantic import BaseModel

from api.remedies import KEYWORDS
from pathways.catalogue import load_catalogue, regions
from pathways.network import network_of
from pathways.office_conditions import Ask, Recommendation
from pathways.tree import CONTENT, FRONTEND, LOCALES

TEMPLATE = LOCALES / "messages.pot"
PACKAGES = ("api", "pathways")
TEXTS = frozenset(
    (
        *("name", "short", "text", "entry", "mode", "certificates", "cost", "providers", "closed_because", "note"),
        *("what", "opens", "obtained", "recognition", "who", "topics", "when", "where", "effect"),
        *("question", "met", "unmet", "why"),
    )
)
"""Fields of content that readers see as text."""
HEADER = """\
# Übersetzungsvorlage des Bildungsnavis.
# Entsteht mit `bildungsnavi messages`; nicht von Hand ändern.
#"""
Message = tuple[str, int, Any, list[str], str | None]


def extract_messages(content: Path = CONTENT) -> str:
    """The template as text; the same input gives the same text."""
    catalog = Catalog(
        project="Bildungsnavi",
        header_comment=HEADER,
        charset="utf-8",
        creation_date=datetime(2026, 1, 1, tzinfo=UTC),
        fuzzy=False,
    )
    for path, _, message, comments, context in (*_from_code(), *_from_templates()):
        catalog.add(message, None, [(path, 0)], auto_comments=comments, context=context)
    for context, text in sorted(content_strings(content)):
        catalog.add(text, None, [], context=context)
    written = BytesIO()
    write_po(written, catalog, width=110, include_lineno=False, sort_output=False)
    return written.getvalue().decode("utf-8")


def _from_code() -> Iterator[Message]:
    root = Path(__file__).resolve().parent.parent
    for package in PACKAGES:
        for path, line, message, comments, context in extract_from_dir(
            root / package, [("**.py", "python")], {}, keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            if _is_said(message):
                yield f"{package}/{path}", line, message, comments, context


def _from_templates() -> Iterator[Message]:
    options = {
        "**.html": {"newstyle_gettext": "true", "silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}
    }
    for path, line, message, comments, context in extract_from_dir(
        FRONTEND / "templates", [("**.html", "jinja2.ext:babel_extract")], options
    ):
        if _is_said(message):
            yield f"frontend/templates/{path}", line, message, comments, context


def _is_said(message: Any) -> bool:
    return bool(message) and message != ("", "")


def content_strings(content: Path = CONTENT) -> Iterator[tuple[str, str]]:
    """Context and text of every content string of all regions, each once."""
    seen: set[tuple[str, str]] = set()
    for region in regions(content):
        network = network_of(load_catalogue(content, region))
        groups: Iterable[Iterable[BaseModel]] = (
            network.stations.values(),
            network.situations.values(),
            network.qualifications.values(),
            network.goals.values(),
            network.help.values(),
            network.money.values(),
            network.calendar.values(),
            network.changes.values(),
            network.conflicts.values(),
            network.questions.values(),
            network.statuses.values(),
            network.layers,
        )
        for group in groups:
            for record in group:
                for found in _strings(record, record.id):  # type: ignore[attr-defined]
                    if found not in seen:
                        seen.add(found)
                        yield found


def _strings(record: BaseModel, place: str) -> Iterator[tuple[str, str]]:
    for field in type(record).model_fields:
        value = getattr(record, field)
        if isinstance(record, Ask) and field == "who":
            continue
        if isinstance(value, str):
            is_text = field in TEXTS or (isinstance(record, Recommendation) and field == "by")
            if is_text and value:
                yield f"{place}.{field}", value
        elif isinstance(value, BaseModel):
            yield from _strings(value, f"{place}.{field.rstrip('_')}")
        elif isinstance(value, tuple):
            for number, one in enumerate(value):
                if isinstance(one, BaseModel):
                    yield from _strings(one, getattr(one, "id", "") or f"{place}.{field}.{number}")
                elif isinstance(one, str) and field in TEXTS:
                    yield f"{place}.{field}.{number}", one


def write_messages(content: Path = CONTENT) -> Path:
    """Write the template; returns where."""
    TEMPLATE.write_text(extract_messages(content), encoding="utf-8")
    return TEMPLATE
