"""Meilisearch, for size: an index per region, rebuilt beside the old one and swapped.

Nothing waits for it: a search has two seconds in all, and a server that failed is left alone for a while. Whatever goes
wrong here is a `MeiliUnusable` with its reason, and the embedded index answers.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

import requests
from meilisearch import Client
from meilisearch.errors import MeilisearchApiError, MeilisearchError

from api.documents import FACETS, FORMAT, SearchDocument
from api.folding import asked_words
from api.meili_errors import MeiliUnusable
from api.meili_settings import LOCALES, index_settings, meili_document
from api.search_question import Matches, SearchFilters, SearchQuestion

SECONDS = 2.0
"""A search may take so long in all, whatever the server does."""
INDEXING_SECONDS = 30
RESTS = (5.0, 15.0, 60.0)
"""How long a server that failed is left alone: after the first, the second and every further time."""
CHECKED_FOR = 60.0
OLDEST, NEXT_MAJOR = (1, 12), 2
AT_ONCE = 1_000
AT_WORK = 8
"""More threads than these never wait for a server that hangs."""

Result = TypeVar("Result")


class MeiliIndex:
    """One region's index on a Meilisearch server."""

    def __init__(self, url: str, key: str, region: str, *, seconds: float = SECONDS) -> None:
        self.uid = f"bildungsnavi-{FORMAT}-{region}"
        self._url, self._key, self._seconds = url.rstrip("/"), key, seconds
        self._failures = 0
        self._resting_until = 0.0
        self._checked_until = 0.0
        self._slots = threading.BoundedSemaphore(AT_WORK)

    # --- asking ---

    def deadline(self) -> float:
        """When a search that begins now must have all its answers."""
        return time.monotonic() + self._seconds

    def ask(self, question: SearchQuestion, *, typing: bool = False, until: float | None = None) -> Matches:
        """The documents that fit, best first. Raises `MeiliUnusable`, at the latest after two seconds.

        `until` is the moment (`time.monotonic`) when it must have answered, for searches that ask more than once.
        """
        now = time.monotonic()
        if now < self._resting_until:
            raise MeiliUnusable("resting")
        seconds = self._seconds if until is None else min(self._seconds, until - now)
        if seconds <= 0:
            raise MeiliUnusable("resting", "the time for this search is used up")
        try:
            found = self._in_time(lambda: self._ask(question, typing), seconds)
        except MeiliUnusable as error:
            if error.reason != "resting":
                self._resting_until = time.monotonic() + RESTS[min(self._failures, len(RESTS) - 1)]
                self._failures += 1
                self._checked_until = 0.0
            raise
        self._failures = 0
        return found

    def check(self) -> None:
        """Raise `MeiliUnusable` unless the server is there, of a version we know, and holds our index."""
        self._in_time(self._check, self._seconds)

    def wake(self) -> None:
        """Ask again at once, for example after a rebuild."""
        self._failures, self._resting_until, self._checked_until = 0, 0.0, 0.0

    def _ask(self, question: SearchQuestion, typing: bool) -> Matches:
        if time.monotonic() > self._checked_until:
            self._check()
        with _said_plainly():
            answers = self._client(self._seconds).multi_search(self._queries(question, typing))["results"]
            main = answers[0]
            keys = tuple(str(hit["id"]) for hit in main["hits"])
            facets = {name: dict(counts) for name, counts in main.get("facetDistribution", {}).items()}
            for facet, answer in zip(question.filters.chosen, answers[1:], strict=False):
                facets[facet] = dict(answer["facetDistribution"].get(facet, {}))
            ordered = {
                name: dict(sorted(counts.items(), key=lambda one: (-one[1], one[0]))) for name, counts in facets.items()
            }
            total = int(main["estimatedTotalHits"])
        return Matches(keys, total, ordered, is_exact=total < 1_000)

    def _queries(self, question: SearchQuestion, typing: bool) -> list[dict[str, Any]]:
        common: dict[str, Any] = {
            "indexUid": self.uid,
            "q": " ".join(asked_words(question.text)),
            "matchingStrategy": "last" if typing else "frequency",
            "locales": list(dict.fromkeys(["de", LOCALES.get(question.lang, "de")])),
        }
        main = common | {
            "filter": _filter(question, question.filters),
            "attributesToRetrieve": ["id"],
            "offset": question.offset,
            "limit": question.limit,
            "facets": list(FACETS) if question.counts else [],
        }
        if question.order == "name":
            main["sort"] = ["name:asc"]
        elif question.order == "distance" and question.centre is not None:
            main["sort"] = [f"_geoPoint({question.centre.lat}, {question.centre.lon}):asc"]
        if not question.counts:
            return [main]
        return [main] + [
            common | {"filter": _filter(question, question.filters.without(facet)), "facets": [facet], "limit": 0}
            for facet in question.filters.chosen
        ]

    def _check(self) -> None:
        client = self._client(self._seconds)
        with _said_plainly():
            version = str(client.get_version()["pkgVersion"])
            parts = tuple(int(part) for part in version.split(".")[:2])
            if not (OLDEST <= parts < (NEXT_MAJOR,)):
                raise MeiliUnusable("wrong-version", version)
            if not client.index(self.uid).get_stats().number_of_documents:
                raise MeiliUnusable("empty", self.uid)
        self._checked_until = time.monotonic() + CHECKED_FOR

    def _in_time(self, work: Callable[[], Result], seconds: float) -> Result:
        """Do it in a thread, and go on without it when the time is up: a server may send one byte each second."""
        if not self._slots.acquire(blocking=False):
            raise MeiliUnusable("resting", "too many searches wait for it")
        told: queue.SimpleQueue[Result | Exception] = queue.SimpleQueue()

        def run() -> None:
            try:
                told.put(work())
            except Exception as error:
                told.put(error)
            finally:
                self._slots.release()

        threading.Thread(target=run, name="meilisearch", daemon=True).start()
        try:
            result = told.get(timeout=seconds)
        except queue.Empty:
            raise MeiliUnusable("unreachable", f"no answer within {seconds:.1f} s") from None
        if isinstance(result, MeiliUnusable):
            raise result
        if isinstance(result, Exception):
            raise MeiliUnusable("failed", type(result).__name__) from result
        return result

    def _client(self, seconds: float) -> Client:
        # A client of its own for each call: it keeps the headers of the last request, so threads cannot share one.
        return Client(self._url, self._key or None, timeout=max(1, round(seconds)))

    # --- building ---

    def rebuild(
        self,
        documents: Iterable[SearchDocument],
        synonyms: Mapping[str, list[str]],
        told: Callable[[int], None] | None = None,
    ) -> int:
        """Fill a new index and let it take the place of the old one in one step. Raises `MeiliUnusable`."""
        client, fresh = self._client(INDEXING_SECONDS), f"{self.uid}-new"
        with _said_plainly():
            for uid in (fresh, self.uid):
                if uid == fresh:
                    _drop(client, uid)  # left by a rebuild that was killed
                elif _is_missing(client, uid):
                    _wait(client, client.create_index(uid, {"primaryKey": "id"}).task_uid)
            _wait(client, client.create_index(fresh, {"primaryKey": "id"}).task_uid)
            _wait(client, client.index(fresh).update_settings(index_settings(synonyms)).task_uid)
            count = 0
            for batch in _batches(documents):
                _wait(client, client.index(fresh).add_documents([meili_document(one) for one in batch]).task_uid)
                count += len(batch)
                if told is not None:
                    told(count)
            _wait(client, client.swap_indexes([{"indexes": [self.uid, fresh]}]).task_uid)
            _drop(client, fresh)
        self.wake()
        return count

    def change(self, put: Iterable[SearchDocument] = (), remove: Iterable[str] = ()) -> None:
        """Take over single changes; returns when they can be found. Raises `MeiliUnusable`."""
        client = self._client(INDEXING_SECONDS)
        index = client.index(self.uid)
        with _said_plainly():
            gone = list(remove)
            if gone:
                _wait(client, index.delete_documents(filter=_one_of("id", gone)).task_uid)
            for batch in _batches(put):
                _wait(client, index.add_documents([meili_document(one) for one in batch]).task_uid)

    def is_set_up(self, synonyms: Mapping[str, list[str]]) -> bool:
        """Whether the index has our settings. Raises `MeiliUnusable`."""
        with _said_plainly():
            there = self._client(INDEXING_SECONDS).index(self.uid).get_settings()
            wanted = index_settings(synonyms)
            return all(
                there[name] == wanted[name]
                for name in ("searchableAttributes", "rankingRules", "synonyms", "proximityPrecision")
            ) and set(there["filterableAttributes"]) == set(wanted["filterableAttributes"])

    def digests(self) -> dict[str, str]:
        """Digest of every document by its key, to find drift. Raises `MeiliUnusable`."""
        index, found = self._client(INDEXING_SECONDS).index(self.uid), dict[str, str]()
        with _said_plainly():
            while True:
                wanted: dict[str, Any] = {"fields": ["id", "digest"], "limit": AT_ONCE, "offset": len(found)}
                page = index.get_documents(wanted)
                for one in page.results:
                    found[str(one.id)] = str(one.digest)
                if not page.results or len(found) >= page.total:
                    return found


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Whatever the client or the server does becomes `MeiliUnusable`."""
    try:
        yield
    except MeiliUnusable:
        raise
    except MeilisearchApiError as error:
        if error.status_code in (401, 403):
            raise MeiliUnusable("refused", str(error.code)) from error
        raise MeiliUnusable("empty" if error.code == "index_not_found" else "failed", str(error.code)) from error
    except (MeilisearchError, requests.RequestException, OSError) as error:
        raise MeiliUnusable("unreachable", type(error).__name__) from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise MeiliUnusable("failed", f"not an answer of Meilisearch: {type(error).__name__}") from error


def _filter(question: SearchQuestion, filters: SearchFilters) -> list[str]:
    terms = [_one_of(facet, values) for facet, values in filters.chosen.items()]
    if question.centre is not None and question.radius is not None:
        metres = round(question.radius * 1000)
        terms.append(f"_geoRadius({question.centre.lat}, {question.centre.lon}, {metres})")
    return terms


def _one_of(attribute: str, values: Iterable[str]) -> str:
    return f"{attribute} IN [{', '.join(json.dumps(one, ensure_ascii=False) for one in values)}]"


def _wait(client: Client, task: int) -> None:
    done = client.wait_for_task(task, timeout_in_ms=INDEXING_SECONDS * 10_000, interval_in_ms=20)
    if done.status != "succeeded":
        raise MeiliUnusable("failed", str((done.error or {}).get("code", done.status)))


def _is_missing(client: Client, uid: str) -> bool:
    try:
        client.get_raw_index(uid)
    except MeilisearchApiError as error:
        if error.code == "index_not_found":
            return True
        raise
    return False


def _drop(client: Client, uid: str) -> None:
    if not _is_missing(client, uid):
        _wait(client, client.delete_index(uid).task_uid)


def _batches(documents: Iterable[SearchDocument]) -> Iterator[list[SearchDocument]]:
    remaining = iter(documents)
    while batch := list(islice(remaining, AT_ONCE)):
        yield batch
