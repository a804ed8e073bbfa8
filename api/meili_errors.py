"""The one way in which Meilisearch fails here. Apart from its client, which only a service that uses it reads."""

from __future__ import annotations

from typing import Literal

Reason = Literal["unreachable", "refused", "wrong-version", "empty", "failed", "resting"]


class MeiliUnusable(Exception):
    """Meilisearch cannot answer now."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason = reason
        super().__init__(f"{reason}: {detail}" if detail else reason)
