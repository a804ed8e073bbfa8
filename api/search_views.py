"""What the search page shows: results, filters with counts, and ways on where nothing was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from api.documents import NOT_STATED, TYPES
from api.frame import Frame, Link
from api.institution_words import ACCESSIBLE, ALL_DAY, KINDS
from api.language import SOURCE, Reader
from api.search import Hit, SearchResult
from api.search_data import hit_name, hit_path, hit_place, hit_text, snippet, ways_out
from api.search_question import Order, SearchFilters
from api.search_words import WordEntry
from api.views import stage_words
from pathways.station import STAGES

AT_ONCE = 20
DISTANCES = (1, 2, 5, 10, 20)
SHOWN = ("type", "stage", "kind", "district", "all_day", "accessible", "language", "time")
"""Facets on the page, in this order; the JSON has all."""


@dataclass(frozen=True)
class Choice:
    """One value of a filter."""

    value: str
    text: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class FilterView:
    """One filter with its values."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    is_open: bool


@dataclass(frozen=True)
class HitView:
    """One result."""

    link: Link
    kind: str
    place: str
    distance: str
    text: str
    as_of: str
    is_unconfirmed: bool


@dataclass(frozen=True)
class MeaningView:
    """The word somebody typed, explained."""

    word: str
    text: str
    translated: str
    is_draft: bool


@dataclass(frozen=True)
class SearchPage:
    """Everything the search page shows."""

    title: str
    action: str
    query: str
    near: str
    within: str
    distances: tuple[Choice, ...]
    orders: tuple[Choice, ...]
    filters: tuple[FilterView, ...]
    is_asked: bool
    total: int
    is_exact: bool
    hits: tuple[HitView, ...]
    first: int
    more: str
    before: str
    spellings: tuple[Link, ...]
    meaning: MeaningView | None
    unknown_place: str
    without_filters: Link | None
    goals: tuple[Link, ...]
    help: tuple[Link, ...]


def search_view(frame: Frame, result: SearchResult, filters: SearchFilters, order: Order, offset: int) -> SearchPage:
    """The page over a result."""
    reader, gettext = frame.reader, frame.reader.gettext
    asked = [("q", result.query), ("near", filters.near)]
    asked += [("within_km", f"{filters.within_km:g}")] if filters.within_km else []
    asked += [(name, value) for name, values in filters.chosen.items() for value in values]
    asked += [("order", order)] if order != "relevance" else []

    def at(start: int) -> str:
        pairs = [(name, value) for name, value in asked if value]
        return frame.to("search", urlencode([*pairs, ("offset", str(start))] if start else pairs))

    is_asked = bool(result.query or filters)
    end = offset + len(result.hits)
    kinds = type_words(reader)
    orders = {"relevance": gettext("am besten passend"), "name": gettext("nach Namen")}
    if filters.near:
        orders["distance"] = gettext("nach Entfernung")
    return SearchPage(
        title=gettext("Suche nach „%(query)s“") % {"query": result.query} if result.query else gettext("Suche"),
        action=frame.to("search"),
        query=result.query,
        near=filters.near,
        within=f"{filters.within_km:g}" if filters.within_km else "",
        distances=tuple(Choice(str(km), f"{km} km", 0, filters.within_km == km) for km in DISTANCES),
        orders=tuple(Choice(value, text, 0, value == order) for value, text in orders.items()),
        filters=filter_views(reader, result.facets, filters.chosen, stage_words(frame)),
        is_asked=is_asked,
        total=result.total,
        is_exact=result.is_exact,
        hits=tuple(_hit_view(frame, hit, kinds) for hit in result.hits) if is_asked else (),
        first=offset + 1,
        more=at(offset + AT_ONCE) if end < result.total and result.hits else "",
        before=at(max(0, offset - AT_ONCE)) if offset else "",
        spellings=tuple(Link(frame.to("search", urlencode({"q": one})), one) for one in result.spellings),
        meaning=_meaning_view(result.meaning, reader) if result.meaning else None,
        unknown_place=filters.near if result.unknown_place else "",
        without_filters=Link(
            frame.to("search", urlencode({"q": result.query})),
            reader.ngettext("%(count)s Treffer ohne Filter", "%(count)s Treffer ohne Filter", result.without_filters)
            % {"count": result.without_filters},
        )
        if result.without_filters
        else None,
        goals=tuple(frame.link_to(goal) for goal in frame.network.goals) if not result.hits or not is_asked else (),
        help=tuple(
            Link(frame.to(hit_path(hit) or "help"), hit_name(hit, reader))
            for hit in ways_out(frame.network, reader.language)
        )
        if not result.hits
        else (),
    )


def type_words(reader: Reader) -> dict[str, str]:
    """What kinds of things can be found."""
    gettext = reader.gettext
    words = (
        gettext("Ziel"),
        gettext("Halt"),
        gettext("Abschluss"),
        gettext("Ausgangslage"),
        gettext("Beratung"),
        gettext("Geld"),
        gettext("Einrichtung"),
    )
    return dict(zip(TYPES, words, strict=True))


def filter_views(
    reader: Reader,
    facets: Mapping[str, Mapping[str, int]],
    chosen_values: Mapping[str, tuple[str, ...]],
    stages: Mapping[str, tuple[str, str]],
) -> tuple[FilterView, ...]:
    """The filters with their values and counts, "not stated" last; a filter with one value only is left out."""
    gettext = reader.gettext
    titles = {
        "type": gettext("Was"),
        "stage": gettext("Zone"),
        "kind": gettext("Art der Einrichtung"),
        "district": gettext("Stadtteil oder Ort"),
        "all_day": gettext("Ganztag"),
        "accessible": gettext("Barrierefreiheit"),
        "language": gettext("Sprache"),
        "time": gettext("Zeitmodell"),
    }
    spoken = {code: str(name) for code, name in reader.locale.languages.items()}
    texts: dict[str, Mapping[str, str]] = {
        "type": type_words(reader),
        "stage": {stage: stages[stage][0] for stage in STAGES},
        "kind": {kind: gettext(text) for kind, text in KINDS.items()},
        "all_day": {value: gettext(text) for value, text in ALL_DAY.items()},
        "accessible": {value: gettext(text) for value, text in ACCESSIBLE.items()},
        "language": spoken,
        "time": {
            "full-time": gettext("Vollzeit"),
            "part-time": gettext("Teilzeit"),
            "beside-work": gettext("neben Beruf oder Ausbildung"),
            "evening": gettext("abends"),
            "online": gettext("online oder aus der Ferne"),
        },
    }
    views = []
    for name in SHOWN:
        counts, chosen = dict(facets.get(name, {})), chosen_values.get(name, ())
        counts.update({value: 0 for value in chosen if value not in counts})
        known = texts.get(name, {})
        order = list(known)
        values = sorted(
            counts, key=lambda one: (one == NOT_STATED, order.index(one) if one in order else len(order), one)
        )
        choices = tuple(
            Choice(
                one,
                gettext("keine Angabe") if one == NOT_STATED else known.get(one, one),
                counts[one],
                one in chosen,
            )
            for one in values
        )
        if choices and (len(choices) > 1 or chosen):
            views.append(FilterView(name, titles[name], choices, bool(chosen)))
    return tuple(views)


def _hit_view(frame: Frame, hit: Hit, kinds: Mapping[str, str]) -> HitView:
    reader, path = frame.reader, hit_path(hit)
    institution = hit.institution
    text = hit_text(hit, reader)
    return HitView(
        link=Link(frame.to(path) if path else "", hit_name(hit, reader)),
        kind=reader.gettext(KINDS[institution.kind]) if institution else kinds[hit.type],
        place=hit_place(hit),
        distance="" if hit.km is None else f"{reader.number(round(hit.km, 1))} km",
        text=text if hit.type == "money" else snippet(text),
        as_of=str(institution.source_year or "") if institution else "",
        is_unconfirmed=institution.confidence == "unconfirmed" if institution else False,
    )


def _meaning_view(entry: WordEntry, reader: Reader) -> MeaningView:
    translated = ", ".join(entry.words.get(reader.language, ())) if reader.language != SOURCE else ""
    return MeaningView(entry.words.get(SOURCE, ("",))[0], entry.simple, translated, bool(translated and entry.review))
