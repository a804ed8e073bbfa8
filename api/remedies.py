"""What to do about an answer that cannot be read: a sentence that keeps its values apart, so that it can be translated.

The domain raises `BadFact` and `ContradictoryFacts` with German sentences; the template for translators takes them from
there (`KEYWORDS`), and `said` speaks them in the reader's language.
"""

from __future__ import annotations

from typing import Any

from babel.messages.extract import DEFAULT_KEYWORDS

from pathways.wording import Remedy, Words

KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "BadFact": (3,),
    "ContradictoryFacts": (2,),
    "Remedy": None,
}
"""Calls whose literal sentences readers see, with the place of the sentence."""


def spoken(remedy: str, words: Words) -> str:
    """The remedy in the reader's language."""
    if isinstance(remedy, Remedy):
        return words.gettext(remedy.message) % remedy.values
    return words.gettext(remedy)
