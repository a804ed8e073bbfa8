"""The search index that is always there: SQLite with trigrams, rescored by likeness. Needs no server.

A file of its own beside the database, disposable: it is built anew into another file that then takes its place, and a
broken one is built again.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rapidfuzz import fuzz, process

from api.documents import SearchDocument
from api.embedded_queries import (
    best_matches,
    by_name,
    distances_km,
    facet_counts,
    keys_in_order,
    known_words,
    scores_of,
    teach,
    where_narrowed,
)
from api.embedded_tables import LAYOUT, add, fill, forget
from api.folding import asked_words, folded_words
from api.rescoring import Asked, read_query
from api.search_question import Matches, SearchFilters, SearchQuestion

BUSY_SECONDS = 2.0


class EmbeddedIndex:
    """One region's index. Safe to ask from any thread; changes are made one at a time."""

    def __init__(self, path: Path | None) -> None:
        """`path` may not exist yet; None keeps everything in memory."""
        self.path = path
        self._local = threading.local()
        self._writing = threading.RLock()
        self._memory: sqlite3.Connection | None = None
        self._words: tuple[object, list[str]] | None = None
        self.built = 0
        """How often this process has built the index."""

    # --- building ---

    def mend(self, documents: Iterable[SearchDocument], built: int) -> None:
        """Build anew what was found broken, unless somebody has built it since (`built` was the count then)."""
        with self._writing:
            if self.built == built:
                self.rebuild(documents)

    def rebuild(self, documents: Iterable[SearchDocument], told: Callable[[int], None] | None = None) -> int:
        """Build everything anew, then take the place of the old index in one step. Returns how many there are."""
        with self._writing, self._alone():
            if self.path is None:
                fresh = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
                count = fill(fresh, documents, told)
                self._memory = fresh
                self.built += 1
                return count
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_name(f"{self.path.name}.{os.getpid()}-{threading.get_ident()}.part")
            try:
                fresh = sqlite3.connect(part, isolation_level=None)
                try:
                    fresh.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
                    count = fill(fresh, documents, told)
                finally:
                    fresh.close()
                # A journal left by a writer that died belongs to the old file and would spoil the new one.
                self.path.with_name(self.path.name + "-journal").unlink(missing_ok=True)
                os.replace(part, self.path)
            finally:
                part.unlink(missing_ok=True)
            self.built += 1
            return count

    def change(self, put: Iterable[SearchDocument] = (), remove: Iterable[str] = ()) -> None:
        """Take over single changes in the live index."""
        with self._writing, self._alone():
            connection = self._memory or sqlite3.connect(str(self.path), timeout=BUSY_SECONDS, isolation_level=None)
            try:
                connection.execute("BEGIN IMMEDIATE")
                for key in remove:
                    forget(connection, key)
                for document in put:
                    add(connection, document, place=forget(connection, document.key))
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            finally:
                if connection is not self._memory:
                    connection.close()

    def digests(self) -> dict[str, str]:
        """Digest of every document by its key, to find drift; empty if there is no usable index."""
        try:
            with self._reading() as connection:
                return dict(connection.execute("SELECT key, digest FROM document"))
        except sqlite3.Error:
            return {}

    def is_usable(self) -> bool:
        """Whether there is an index of our format with something in it."""
        try:
            with self._reading() as connection:
                found = connection.execute("SELECT value FROM about WHERE name = 'format'").fetchone()
                some = connection.execute("SELECT 1 FROM document LIMIT 1").fetchone()
                return bool(found and found[0] == LAYOUT and some)
        except sqlite3.Error:
            return False

    # --- asking ---

    def ask(self, question: SearchQuestion, *, typing: bool = False) -> Matches:
        """The documents that fit, best first. Raises `sqlite3.Error` if the index is broken or missing."""
        with self._reading() as connection:
            asked = self._read(connection, question.text, typing)
            found, is_all = self._found(connection, question, asked, question.filters)
            facets = self._counts(connection, question, asked, found) if question.counts else {}
            page = found[question.offset : question.offset + question.limit]
            keys = keys_in_order(connection, page)
            return Matches(keys, len(found), facets, is_all)

    def rank(self, keys: Sequence[str], text: str, *, typing: bool = False) -> dict[str, float]:
        """How well these documents fit, by the same measure as `ask`; 0 for what does not. For other engines' finds."""
        with self._reading() as connection:
            return scores_of(connection, keys, self._read(connection, text, typing))

    def spellings(self, text: str, limit: int = 3) -> list[str]:
        """The text with words nobody knows replaced by known ones that look alike; empty if nothing helps."""
        words = folded_words(text)[:8]
        with self._reading() as connection:
            known = known_words(connection, words)
            vocabulary = self._vocabulary(connection)
        better = {
            word: [
                one for one, _, _ in process.extract(word, vocabulary, scorer=fuzz.ratio, limit=limit, score_cutoff=68)
            ]
            for word in words
            if word not in known and len(word) > 3
        }
        if not any(better.values()):
            return []
        return better[words[0]] if len(words) == 1 else [" ".join((better.get(word) or [word])[0] for word in words)]

    def _read(self, connection: sqlite3.Connection, text: str, typing: bool) -> Asked:
        words = asked_words(text)
        total = connection.execute("SELECT count(*) FROM document").fetchone()[0]
        shares = {word: count / max(1, total) for word, count in known_words(connection, words).items()}
        return read_query(words, self._vocabulary(connection), shares, typing)

    def _vocabulary(self, connection: sqlite3.Connection) -> Sequence[str]:
        """All longer words of the index; kept, as single changes hardly matter for likeness."""
        mark = getattr(self._local, "mark", self._memory)
        if self._words is None or self._words[0] != mark:
            rows = connection.execute("SELECT word FROM word WHERE length(word) > 3")
            self._words = (mark, [row[0] for row in rows])
        return self._words[1]

    def _found(
        self,
        connection: sqlite3.Connection,
        question: SearchQuestion,
        asked: Asked,
        filters: SearchFilters,
    ) -> tuple[list[int], bool]:
        is_all = True
        where, values = where_narrowed(filters, question)
        if not asked.words:
            rows = connection.execute(f"SELECT id FROM document d WHERE {where} ORDER BY place, name, key", values)
            found = [row[0] for row in rows]
        else:
            found, is_all = best_matches(connection, asked, where, values)
        if question.order == "name":
            found = by_name(connection, found)
        elif question.order == "distance" and question.centre is not None:
            far = distances_km(connection, found, question)
            found.sort(key=lambda one: far.get(one, float("inf")))
        return found, is_all

    def _counts(
        self,
        connection: sqlite3.Connection,
        question: SearchQuestion,
        asked: Asked,
        found: Sequence[int],
    ) -> dict[str, dict[str, int]]:
        counts = facet_counts(connection, found)
        for facet in question.filters.chosen:
            wider, _ = self._found(connection, question, asked, question.filters.without(facet))
            counts[facet] = facet_counts(connection, wider).get(facet, {})
        return counts

    # --- connections ---

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        if self.path is None:
            if self._memory is None:
                raise sqlite3.OperationalError("the index was not built yet")
            with self._writing:
                teach(self._memory)
                yield self._memory
            return
        try:
            stat = os.stat(self.path)
        except OSError as error:
            raise sqlite3.OperationalError(f"there is no index at {self.path}") from error
        mark = (stat.st_dev, stat.st_ino)
        if getattr(self._local, "mark", None) != mark:
            if (old := getattr(self._local, "connection", None)) is not None:
                old.close()
            uri = f"{self.path.resolve().as_uri()}?mode=ro"
            self._local.connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
            self._local.mark = mark
            teach(self._local.connection)
        connection: sqlite3.Connection = self._local.connection
        connection.execute("BEGIN")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:  # a damaged file must not stay open
            connection.close()
            self._local.mark = None
            raise

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Only one process writes at a time, where the system can tell."""
        if self.path is None:
            yield
            return
        import fcntl

        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_name(self.path.name + ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
