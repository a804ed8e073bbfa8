"""The indexes follow the database and the content: changes from the outbox at once, the rest by looking for drift.

An index that cannot take a change now is repaired later: drift is found by comparing the digests of all documents, so
nothing depends on every change having arrived.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from starlette.requests import HTTPConnection

from api.database import read_session, write_session
from api.documents import SearchDocument, key_of
from api.institution_store import changes_to_index, forget_changes
from api.meili_errors import MeiliUnusable
from api.networks import Networks
from api.search import RegionSearch, open_search
from api.search_words import load_search_words, refs_of

if TYPE_CHECKING:
    from api.meili_search import MeiliIndex

log = logging.getLogger("bildungsnavi.search")

FOLLOW_SECONDS = 2.0
DRIFT_SECONDS = 300.0
DRIFT_PAUSE = 20
"""Looking for drift takes at most this part of the time, however many institutions there are."""
FEW = 0.3
"""Up to this share of wrong documents an index is mended; beyond it is built anew."""


@dataclass(frozen=True)
class Repaired:
    """How many documents were wrong, missing or too many; None where the index could not be looked at."""

    embedded: int | None
    meilisearch: int | None


class Searches:
    """The searches of all regions, each opened when first asked for and renewed with its network."""

    def __init__(
        self,
        networks: Networks,
        engine: Engine | Callable[[], Engine] | None,
        *,
        folder: Path | None = Path("data"),
        meili_url: str = "",
        meili_key: str = "",
    ) -> None:
        """The database may be given as a function, which is then first called when something is searched."""
        self._networks, self._given, self._folder = networks, engine, folder
        self._meili_url, self._meili_key = meili_url, meili_key
        self._open: dict[str, RegionSearch] = {}
        self._opening = threading.Lock()
        self._drift_due = 0.0

    @property
    def _engine(self) -> Engine | None:
        return self._given() if callable(self._given) else self._given

    def get(self, region: str) -> RegionSearch:
        """The search of a region. Raises `UnknownId`."""
        network = self._networks.get(region)
        found = self._open.get(region)
        if found is not None and found.network is network:
            return found
        with self._opening:
            found = self._open.get(region)
            if found is None:
                found = open_search(
                    network,
                    self._networks.content,
                    self._engine,
                    folder=self._folder,
                    meili_url=self._meili_url,
                    meili_key=self._meili_key,
                )
            elif found.network is not network:
                layers = [layer.id for layer in network.layers]
                found = replace(found, network=network, words=load_search_words(self._networks.content, layers))
                self._drift_due = 0.0
            self._open[region] = found
        return found

    def follow(self) -> int:
        """Take over what changed since the last time; look for drift when it is due. Returns how many changed."""
        searches = {region: self.get(region) for region in self._networks.regions}
        engine = self._engine
        followed = follow_changes(engine, searches) if engine is not None else 0
        if time.monotonic() >= self._drift_due:
            self._drift_due = time.monotonic() + DRIFT_SECONDS
            began = time.monotonic()
            for search in searches.values():
                repair(search)
            took = time.monotonic() - began
            self._drift_due = max(self._drift_due, time.monotonic() + took * DRIFT_PAUSE)
        return followed

    async def follow_forever(self, seconds: float = FOLLOW_SECONDS) -> None:
        """Follow until cancelled; a task for `lifespan`. A fault is logged and the next round tries again."""
        while True:
            try:
                await asyncio.to_thread(self.follow)
            except Exception as error:
                log.error("the search indexes could not follow: %s: %s", type(error).__name__, error)
            await asyncio.sleep(seconds)


def follow_changes(engine: Engine, searches: Mapping[str, RegionSearch]) -> int:
    """Bring the changes in the outbox into the indexes, then forget them. Several processes may do so at once."""
    with read_session(engine) as session:
        changes = changes_to_index(session)
    if not changes:
        return 0
    by_region: dict[str, list[str]] = {}
    for change in changes:
        by_region.setdefault(change.region, []).append(change.institution_id)
    for region, ids in by_region.items():
        if region in searches:
            _follow(searches[region], list(dict.fromkeys(ids)))
    with write_session(engine) as session:
        forget_changes(session, changes)
    return len(changes)


def _follow(search: RegionSearch, ids: list[str]) -> None:
    put = search.institution_documents(ids)
    there = {document.record for document in put}
    remove = [key_of("institution", one) for one in ids if one not in there]
    try:
        if search.embedded.is_usable():
            search.embedded.change(put, remove)
        else:
            search.rebuild(["embedded"])
    except (sqlite3.Error, OSError) as error:
        log.warning("the embedded index missed %s changes, drift repair will mend it: %s", len(ids), error)
    if search.meili is not None:
        try:
            search.meili.change(put, remove)
        except MeiliUnusable as error:
            log.warning("meilisearch missed %s changes, drift repair will mend it: %s", len(ids), error)


def repair(search: RegionSearch) -> Repaired:
    """Compare both indexes with what should be in them, and mend what differs."""
    wanted = {document.key: document.digest for document in search.documents()}
    embedded: int | None = None
    try:
        if search.embedded.is_usable():
            put, remove = _drift(wanted, search.embedded.digests())
            embedded = len(put) + len(remove)
            if embedded > FEW * len(wanted):
                search.embedded.rebuild(search.documents())
            elif embedded:
                search.embedded.change(_only(search, put), remove)
        else:
            embedded = search.embedded.rebuild(search.documents())
    except (sqlite3.Error, OSError) as error:
        log.error("the embedded search index cannot be repaired: %s", error)
    meilisearch = _repair_meili(search, search.meili, wanted) if search.meili is not None else None
    if embedded or meilisearch:
        log.info("search indexes repaired: embedded %s, meilisearch %s", embedded, meilisearch)
    return Repaired(embedded, meilisearch)


def _repair_meili(search: RegionSearch, meili: MeiliIndex, wanted: Mapping[str, str]) -> int | None:
    synonyms = search.words.synonyms(refs_of(search.network))
    try:
        try:
            meili.check()
            is_ours = meili.is_set_up(synonyms)
        except MeiliUnusable as error:
            if error.reason != "empty":
                raise
            is_ours = False
        if not is_ours:
            return meili.rebuild(search.documents(), synonyms)
        put, remove = _drift(wanted, meili.digests())
        if len(put) + len(remove) > FEW * len(wanted):
            return meili.rebuild(search.documents(), synonyms)
        if put or remove:
            meili.change(_only(search, put), remove)
        return len(put) + len(remove)
    except MeiliUnusable as error:
        log.warning("meilisearch cannot be repaired now: %s", error)
        return None


def _drift(wanted: Mapping[str, str], held: Mapping[str, str]) -> tuple[set[str], list[str]]:
    """Keys of documents that are missing or not as they should be, and of those that should not be there."""
    put = {key for key, digest in wanted.items() if held.get(key) != digest}
    return put, [key for key in held if key not in wanted]


def _only(search: RegionSearch, keys: set[str]) -> Iterator[SearchDocument]:
    return (document for document in search.documents() if document.key in keys)


def searches_of(connection: HTTPConnection) -> Searches:
    """The searches of the service that this request reached."""
    found: Searches = connection.app.state.searches
    return found
