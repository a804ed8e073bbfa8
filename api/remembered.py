"""A small memory of results: least recently used goes first, and everything is forgotten after a while."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """At most `entries` results, none older than `seconds`; safe to use from several threads."""

    def __init__(self, entries: int, seconds: float = 600.0) -> None:
        self._limit = entries
        self._seconds = seconds
        self._kept: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()
        self._lock = threading.Lock()
        self.hits = 0

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The result for `key`, made now if it is not known. Two callers at once may both make it."""
        now = time.monotonic()
        with self._lock:
            found = self._kept.get(key)
            if found is not None and now - found[0] <= self._seconds:
                self._kept.move_to_end(key)
                self.hits += 1
                return found[1]
        value = make()
        with self._lock:
            self._kept[key] = (now, value)
            self._kept.move_to_end(key)
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)
        return value

    def forget(self) -> None:
        """Start empty."""
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)
