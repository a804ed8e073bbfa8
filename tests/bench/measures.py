"""How things are measured: ratios taken in turns within one process, so that a busy machine slows both sides alike."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

Item = TypeVar("Item")

ROUNDS = 5
"""Least number of ratios behind a median, unless one round alone takes longer than the patience."""
LEAST_SECONDS = 0.0004
"""Shorter runs are repeated until they take this long, or the clock would decide."""


@dataclass(frozen=True)
class Figure:
    """One number of the report. ``beat`` is the prototype's value, ``reach`` the aim; both may be missing."""

    bench: str
    name: str
    value: float | str
    beat: float | None = None
    reach: float | None = None
    higher_is_better: bool = False
    unit: str = ""
    note: str = ""

    @property
    def verdict(self) -> str:
        """What the number says against its targets."""
        if isinstance(self.value, str) or (self.beat is None and self.reach is None):
            return ""
        if math.isnan(self.value):
            return "not measured"
        if self.reach is not None and self._holds(self.reach):
            return "reached"
        if self.beat is not None and self._holds(self.beat):
            return "beats the prototype" if self.reach is not None else "reached"
        return "missed"

    def _holds(self, target: float) -> bool:
        assert not isinstance(self.value, str)
        return self.value >= target if self.higher_is_better else self.value <= target

    def as_json(self) -> dict[str, Any]:
        """The figure as it is written to bench.json."""
        value = None if isinstance(self.value, float) and not math.isfinite(self.value) else self.value
        return {
            "bench": self.bench,
            "name": self.name,
            "value": value,
            "unit": self.unit,
            "beat": self.beat,
            "reach": self.reach,
            "higher_is_better": self.higher_is_better,
            "verdict": self.verdict,
            "note": self.note,
        }


@dataclass
class Patience:
    """Seconds one bench may take; queries that no longer fit are left out, and the report says how many were run."""

    seconds: float
    began: float = field(default_factory=time.perf_counter)

    @property
    def left(self) -> float:
        """Seconds that remain."""
        return self.seconds - (time.perf_counter() - self.began)

    def while_left(self, items: Sequence[Item]) -> Iterator[Item]:
        """The items in order, as long as there is time; always at least one."""
        for number, item in enumerate(items):
            if number and self.left <= 0:
                return
            yield item


@contextmanager
def no_collection() -> Iterator[None]:
    """Keeps the garbage collector out of short measurements."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def seconds_of(run: Callable[[], object]) -> float:
    """Wall time of one run."""
    with no_collection():
        began = time.perf_counter()
        run()
        return time.perf_counter() - began


def _per_run(run: Callable[[], object], times: int) -> float:
    with no_collection():
        began = time.perf_counter()
        for _ in range(times):
            run()
        return (time.perf_counter() - began) / times


def _times_needed(run: Callable[[], object]) -> tuple[int, float]:
    once = seconds_of(run)
    return max(1, min(200, math.ceil(LEAST_SECONDS / max(once, 1e-7)))), once


@dataclass(frozen=True, slots=True)
class Ratio:
    """Time of one thing over the time of another: the median of several rounds, and how many there were."""

    value: float
    rounds: int
    seconds: float


def interleaved(
    ours: Callable[[], object], theirs: Callable[[], object], *, rounds: int = ROUNDS, patience: float = 1.5
) -> Ratio:
    """Median of ours / theirs over rounds run in turns (A B A B …).

    What takes long runs fewer rounds: after `patience` seconds no further one begins.
    """
    times_theirs, _ = _times_needed(theirs)
    times_ours, first = _times_needed(ours)
    began = time.perf_counter()
    ratios: list[float] = []
    took: list[float] = []
    if first > patience:  # the run that told how long it takes is the measurement
        return Ratio(first / _per_run(theirs, max(times_theirs, 5)), 1, first)
    while len(ratios) < rounds and (not ratios or time.perf_counter() - began < patience):
        a = _per_run(ours, times_ours)
        b = _per_run(theirs, times_theirs)
        took.append(a)
        ratios.append(a / b)
    return Ratio(statistics.median(ratios), len(ratios), statistics.median(took))


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; NaN of nothing."""
    if not values:
        return math.nan
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def median(values: Sequence[float]) -> float:
    """The median; NaN of nothing."""
    return statistics.median(values) if values else math.nan


def share(part: int, whole: int) -> float:
    """A share between 0 and 1; NaN of nothing."""
    return part / whole if whole else math.nan


def resident_megabytes(pid: int | str = "self") -> float:
    """Memory a process holds now; NaN where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return math.nan
    line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
