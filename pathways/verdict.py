"""Three-valued verdicts: what is unknown is never treated as no."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Verdict(IntEnum):
    """Ordered so that ``min`` is the strict *and* and ``max`` the *or* of Kleene's three-valued logic."""

    UNMET = 0
    UNKNOWN = 1
    MET = 2

    @property
    def key(self) -> str:
        """The word of the JSON contract: ``met``, ``unknown`` or ``unmet``."""
        return self.name.lower()


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """MET if all are, UNMET if any is, else UNKNOWN; nothing asked is MET."""
    return min(verdicts, default=Verdict.MET)


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """MET if any is, UNMET if all are, else UNKNOWN."""
    return max(verdicts, default=Verdict.UNMET)


def at_least(count: int, verdicts: Iterable[Verdict]) -> Verdict:
    """MET if `count` are met, UNMET if `count` can no longer be reached, else UNKNOWN."""
    ranked = sorted(verdicts, reverse=True)
    return ranked[count - 1] if count <= len(ranked) else Verdict.UNMET
