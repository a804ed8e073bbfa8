"""Links that lead on from a problem: the same address with the right id, or without the answer in question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote, urlencode

from starlette.requests import Request

from api.language import LANGUAGES, Reader
from pathways.errors import shorten
from pathways.questioning import question_text


class Suggestion(NamedTuple):
    """A way out: what to call it and where it leads."""

    label: str
    href: str


def path_of(request: Request) -> str:
    """The path, never one that a browser takes for another host. `Request.url` would also depend on the host named."""
    return "/" + re.sub(r"[\\/]+", "/", request.scope["path"]).lstrip("/")


def corrected_address(request: Request, wrong: str, right: str) -> str:
    """The same address with the right id in place of the wrong one; empty if it does not stand there."""

    def corrected(value: str) -> str:
        return re.sub(rf"(?<![\w-]){re.escape(wrong)}(?![\w-])", lambda _: right, value)

    segments = [right if part == wrong else part for part in path_of(request).split("/")]
    pairs = [(corrected(name), corrected(value)) for name, value in request.query_params.multi_items()]
    if "/".join(segments) == path_of(request) and pairs == request.query_params.multi_items():
        return ""
    return _address("/".join(segments), pairs)


def without(request: Request, names: Sequence[str], words: Reader) -> tuple[Suggestion, ...]:
    """For each answer, the same address without it."""
    pairs = request.query_params.multi_items()
    found = []
    for name in names:
        rest = [pair for pair in pairs if not _is_about(pair, name)]
        if len(rest) < len(pairs):
            label = words.gettext("Ohne die Angabe „%(name)s“ weiter") % {"name": label_of(name, words)}
            found.append(Suggestion(label, _address(path_of(request), rest)))
    return tuple(found)


def name_of(record_id: str, request: Request, words: Reader) -> str:
    """The name of a region, a language or a record."""
    if (network := request.app.state.networks.find(record_id)) is not None:
        return words.gettext(next((one.name for one in network.layers if one.id == record_id), record_id))
    return LANGUAGES.get(record_id) or words.name(record_id)


def told_about(request: Request, names: Sequence[str]) -> dict[str, list[str]]:
    """What the query says about each of these answers."""
    pairs = request.query_params.multi_items()
    found = {}
    for name in names:
        found[name] = list(dict.fromkeys(pair[1].rpartition("=")[2] for pair in pairs if _is_about(pair, name)))
    return found


def _is_about(pair: tuple[str, str], name: str) -> bool:
    key, value = pair
    said = value.partition("=")[0].strip() if key == "know" else key
    if said.replace("contract_", "contract.", 1) == name:
        return True
    qualification = name.partition(":")[0]
    bare = re.sub(r"^(avg_|as_|level_|q_)?(q-)?", "", qualification)
    spelt = re.sub(r"^(avg|average|level|q|grade_[a-z-]+)[_.](q-)?", "", key)
    return bool(bare) and ((key == "holds" and value.startswith(f"q-{bare}")) or (spelt != key and spelt == bare))


def _address(path: str, pairs: Sequence[tuple[str, str]]) -> str:
    query = urlencode(pairs, safe=":,=")
    return quote(path) + (f"?{query}" if query else "")


def start_of(request: Request, words: Reader) -> tuple[Suggestion, ...]:
    """Where a page begins anew; the interface has no such place."""
    if wants_json(request):
        return ()
    region = region_of(request)
    href = f"/{region}/{words.language}/" if region else "/"
    return (Suggestion(words.gettext("Zur Startseite"), href),)


def wants_json(request: Request) -> bool:
    """True for the interface, and for whoever asks for JSON and not for a page."""
    if path_of(request).startswith("/api/"):
        return True
    accept = request.headers.get("accept", "")
    return "json" in accept and "text/html" not in accept


def region_of(request: Request) -> str:
    """The region in the address, if there is such a one."""
    parts = path_of(request).split("/")
    wanted = parts[3] if parts[1:3] == ["api", "v1"] and len(parts) > 3 else parts[1] if len(parts) > 1 else ""
    return wanted if request.app.state.networks.find(wanted) else ""


def label_of(name: str, words: Reader) -> str:
    """What readers call an answer; its name as written where there is no better word."""
    known = {
        "from": words.gettext("Wo Sie stehen"),
        "to": words.gettext("Ziel"),
        "holds": words.gettext("Abschlüsse"),
        "day": words.gettext("Tag"),
        "lang": words.gettext("Sprache"),
        "age": words.gettext("Alter"),
        "german": words.gettext("Deutsch"),
        "status": words.gettext("Aufenthalt"),
        "work_months": words.gettext("Monate im Beruf"),
        "relevant_months": words.gettext("Monate im passenden Beruf"),
        "school_years": words.gettext("Schuljahre"),
        "child_months": words.gettext("Alter des Kindes"),
        "compulsory_schooling": words.gettext("Schulpflicht"),
        "contract": words.gettext("Vertrag"),
        "max_changes": words.gettext("Höchstens so viele Umstiege"),
        "max_months": words.gettext("Höchstens so viele Monate"),
    }
    if name in known:
        return known[name]
    if name in words.network.qualifications:
        return words.name(name)
    if name in words.network.questions:
        return question_text(name, words)
    return shorten(name)
