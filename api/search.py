"""One search over everything: Meilisearch where there is one, the embedded index whenever that does not help.

Both bring forward documents; one measure puts them in order. What is shown is read again from the network or the
database, so no fact comes from an index, and what is gone since is not shown.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.database import read_session
from api.distance import Position
from api.documents import SearchDocument, all_documents, institution_documents, record_of
from api.embedded_search import EmbeddedIndex
from api.institution_records import InstitutionRecord
from api.institution_store import known_ids, stored_institutions
from api.institution_tables import Institution
from api.institutions import find_centre
from api.meili_errors import MeiliUnusable
from api.search_question import MAX_LIMIT, MAX_OFFSET, MAX_QUERY, Matches, Order, SearchFilters, SearchQuestion
from api.search_words import SearchWords, WordEntry, load_search_words, refs_of
from pathways.network import Network

if TYPE_CHECKING:
    from api.meili_search import MeiliIndex

log = logging.getLogger("bildungsnavi.search")

EngineName = Literal["auto", "embedded", "meilisearch"]
SURE = 100.0
"""Below this Meilisearch found nothing that is called so, and the embedded index, which forgives more, is asked."""
WINDOW = 100
"""So many of Meilisearch's finds are put in order by our own measure."""


@dataclass(frozen=True)
class Hit:
    """A record that was found, as it is now."""

    type: str
    id: str
    institution: InstitutionRecord | None = None
    km: float | None = None


@dataclass(frozen=True)
class SearchResult:
    """What was found, and what else may help."""

    query: str
    lang: str
    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    is_exact: bool = True
    engine: Literal["embedded", "meilisearch"] = "embedded"
    handed_over: str = ""
    """Why Meilisearch did not answer, if it was asked: `unreachable`, `empty`, `nothing-found`, `unsure` …"""
    spellings: tuple[str, ...] = ()
    """Other spellings that find something, where this one finds nothing or little."""
    meaning: WordEntry | None = None
    """The word of the glossary somebody typed."""
    unknown_place: bool = False
    """The place to search around is not known, so it was left out."""
    without_filters: int = 0
    """How many there would be without any filter, where the filters leave nothing."""


@dataclass
class RegionSearch:
    """All that is needed to search one region."""

    network: Network
    engine: Engine | None
    embedded: EmbeddedIndex
    meili: MeiliIndex | None = None
    words: SearchWords = SearchWords()  # noqa: RUF009 - frozen

    def documents(self) -> Iterator[SearchDocument]:
        """Everything that should be in the indexes now."""
        yield from all_documents(self.network, self.words, self._every_institution())

    def _every_institution(self) -> Iterator[InstitutionRecord]:
        """A few at a time, so that even a whole country fits into little memory."""
        if self.engine is None:
            return
        with read_session(self.engine) as session:
            ids = known_ids(session, self.network.region)
            for start in range(0, len(ids), 500):
                yield from _present(session, self.network.region, ids[start : start + 500])
                session.expunge_all()

    def institutions(self, ids: Iterable[str] | None = None) -> list[InstitutionRecord]:
        """Institutions as they are in the database, without withdrawn ones."""
        if self.engine is None:
            return []
        with read_session(self.engine) as session:
            return _present(session, self.network.region, ids)

    def institution_documents(self, ids: Iterable[str]) -> list[SearchDocument]:
        """The documents of these institutions, as far as they are still there."""
        return list(institution_documents(self.network, self.words, self.institutions(ids)))

    def rebuild(
        self, engines: Sequence[str] = ("embedded", "meilisearch"), told: Callable[[str, int], None] | None = None
    ) -> dict[str, int]:
        """Build the indexes anew. Returns how many documents each holds. Raises `MeiliUnusable`."""
        done = dict[str, int]()
        if "embedded" in engines:
            done["embedded"] = self.embedded.rebuild(self.documents(), told and (lambda count: told("embedded", count)))
        if "meilisearch" in engines and self.meili is not None:
            synonyms = self.words.synonyms(refs_of(self.network))
            done["meilisearch"] = self.meili.rebuild(
                self.documents(), synonyms, told and (lambda count: told("meilisearch", count))
            )
        return done


def open_search(
    network: Network,
    content: Path,
    engine: Engine | None,
    *,
    folder: Path | None = Path("data"),
    meili_url: str = "",
    meili_key: str = "",
) -> RegionSearch:
    """The search of a region. `folder` holds the embedded index; None keeps it in memory."""
    layers = [layer.id for layer in network.layers] or [network.region]
    meili: MeiliIndex | None = None
    if meili_url:
        from api.meili_search import MeiliIndex  # only now: its client is large

        meili = MeiliIndex(meili_url, meili_key, network.region)
    return RegionSearch(
        network,
        engine,
        EmbeddedIndex(None if folder is None else folder / f"search-{network.region}.db"),
        meili,
        load_search_words(content, layers),
    )


def search(
    query: str,
    *,
    region: RegionSearch,
    lang: str = "de",
    filters: SearchFilters | None = None,
    engine: EngineName = "auto",
    order: Order = "relevance",
    offset: int = 0,
    limit: int = 20,
) -> SearchResult:
    """Search a region. Never fails because an index does: the answer may then be shorter.

    `auto` and `meilisearch` ask Meilisearch first where one is set up; `handed_over` says why it did not answer.
    """
    filters = filters or SearchFilters()
    text = " ".join(query[:MAX_QUERY].split())
    centre = _centre(region, filters.near)
    if centre is None and order == "distance":
        order = "relevance"
    question = SearchQuestion(
        text, lang, filters, centre, order, min(max(offset, 0), MAX_OFFSET), min(max(limit, 0), MAX_LIMIT)
    )
    until = region.meili.deadline() if region.meili is not None else None
    matches, answered, handed_over = _matches(question, region, engine, until)
    hits = _hits(matches.keys, region, centre)
    result = SearchResult(
        query=text,
        lang=lang,
        hits=hits,
        total=max(0, matches.total - (len(matches.keys) - len(hits))),
        facets=matches.facets,
        is_exact=matches.is_exact,
        engine=answered,
        handed_over=handed_over,
        meaning=region.words.meaning(text),
        unknown_place=bool(filters.near) and centre is None,
    )
    if result.total < 3 and text:
        spellings = tuple(_or_nothing(lambda: region.embedded.spellings(text), []))
        result = replace(result, spellings=spellings)
    if not result.total and filters:
        bare = replace(question, filters=SearchFilters(), limit=0, counts=False)
        result = replace(result, without_filters=_matches(bare, region, engine, until)[0].total)
    return result


def suggest(query: str, *, region: RegionSearch, lang: str = "de", limit: int = 8) -> tuple[Hit, ...]:
    """What somebody who is still typing may mean. Only the embedded index: it is near and quick."""
    text = " ".join(query[:MAX_QUERY].split())
    if len(text) < 2:
        return ()
    question = SearchQuestion(text, lang, limit=limit, counts=False)
    return _hits(_embedded(question, region, typing=True).keys, region, None)


# --- the two engines ---


def _matches(
    question: SearchQuestion, region: RegionSearch, engine: EngineName, until: float | None
) -> tuple[Matches, Literal["embedded", "meilisearch"], str]:
    handed_over = ""
    if engine != "embedded" and region.meili is not None:
        try:
            found = _from_meili(question, region, region.meili, until)
        except MeiliUnusable as error:
            handed_over = error.reason
            if error.reason != "resting":
                log.warning("meilisearch does not answer, the embedded index does: %s", error)
        else:
            if isinstance(found, Matches):
                return found, "meilisearch", ""
            handed_over = found
    elif engine == "meilisearch":
        handed_over = "not-set-up"
    return _embedded(question, region), "embedded", handed_over


def _from_meili(
    question: SearchQuestion, region: RegionSearch, meili: MeiliIndex, until: float | None
) -> Matches | str:
    """What Meilisearch found, in our order; or why the embedded index should be asked."""
    if not question.text:
        found = meili.ask(question, until=until)
        return found if found.total or question.filters else "nothing-found"
    is_ranked = question.order == "relevance" and question.offset < WINDOW
    asked = replace(question, offset=0, limit=max(WINDOW, question.offset + question.limit)) if is_ranked else question
    found = meili.ask(asked, until=until)
    keys = found.keys or (meili.ask(replace(question, offset=0, limit=WINDOW), until=until).keys if found.total else ())
    try:
        scores = region.embedded.rank(keys[:WINDOW], question.text)
    except sqlite3.Error:
        return found if found.total else "nothing-found"
    if not scores or max(scores.values()) < SURE:
        return "unsure" if scores else "nothing-found"
    if not is_ranked:
        return found
    window = sorted(keys[:WINDOW], key=lambda key: -scores.get(key, 0.0))
    ordered = (*window, *keys[WINDOW:])
    return replace(found, keys=tuple(ordered[question.offset : question.offset + question.limit]))


def _embedded(question: SearchQuestion, region: RegionSearch, *, typing: bool = False) -> Matches:
    """Ask the embedded index; a broken or missing one is built anew first."""
    built = region.embedded.built
    try:
        return region.embedded.ask(question, typing=typing)
    except sqlite3.Error as error:
        log.warning("the embedded search index is built anew: %s", error)
    try:
        region.embedded.mend(region.documents(), built)
        return region.embedded.ask(question, typing=typing)
    except (sqlite3.Error, OSError) as error:
        log.error("the embedded search index cannot be written: %s", error)
    spare = EmbeddedIndex(None)
    spare.rebuild(region.documents())
    region.embedded = spare
    return spare.ask(question, typing=typing)


# --- reading again ---


def _hits(keys: Sequence[str], region: RegionSearch, centre: Position | None) -> tuple[Hit, ...]:
    """The records behind the keys, as far as they are still there."""
    named = [record_of(key) for key in keys]
    wanted = [record for kind, record in named if kind == "institution"]
    institutions = {one.id: one for one in region.institutions(wanted)} if wanted else {}
    network = region.network
    present: Mapping[str, Mapping[str, object]] = {
        "station": network.stations,
        "situation": network.situations,
        "qualification": network.qualifications,
        "goal": network.goals,
        "help": network.help,
        "money": network.money,
        "institution": institutions,
    }
    hits = []
    for kind, record in named:
        if record in present.get(kind, {}):
            institution = institutions.get(record) if kind == "institution" else None
            km = institution.km_from(centre) if institution and centre else None
            hits.append(Hit(kind, record, institution, km))
    return tuple(hits)


def _present(session: Session, region: str, ids: Iterable[str] | None) -> list[InstitutionRecord]:
    if ids is None:
        return [one.record for one in stored_institutions(session, region)]
    wanted = list(dict.fromkeys(ids))
    there = set()
    for start in range(0, len(wanted), 500):
        some = col(Institution.id).in_(wanted[start : start + 500])
        there |= set(session.exec(select(Institution.id).where(some, col(Institution.withdrawn).is_(False))))
    return [one.record for one in stored_institutions(session, region, [one for one in wanted if one in there])]


def _centre(region: RegionSearch, near: str) -> Position | None:
    if not near or region.engine is None:
        return None
    with read_session(region.engine) as session:
        return find_centre(session, near, region.network.region)


def _or_nothing(ask: Callable[[], list[str]], nothing: list[str]) -> list[str]:
    try:
        return ask()
    except sqlite3.Error:
        return nothing
