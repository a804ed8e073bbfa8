"""How many sentences a German text has."""

from __future__ import annotations

import re

ORDINALS = (
    "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Klasse|Klassenstufe"
    "|Schuljahr|Schulhalbjahr|Lebensjahr|Lebensmonat|Ausbildungsjahr|Geburtstag|Jahr|Jahrgangsstufe|Halbjahr"
)
SENTENCE_END = re.compile(
    r"(?<!\b[A-Za-zÄÖÜäöü])(?<!\bca)(?<!\bbzw)(?<!\busw)(?<!\bNr)(?<!\bAbs)(?<!\bDr)(?<!\bSt)(?<!\bggf)(?<!\binkl)"
    rf"(?!(?<=\d)\.\s+(?:{ORDINALS})\b)[.!?]+[“\"»)]*(?=\s+[„\"»(]?[A-ZÄÖÜ0-9]|\s*$)"
)


def count_sentences(text: str) -> int:
    """Sentences in a German text; abbreviations and ordinal numbers end none."""
    return len(SENTENCE_END.findall(text.strip()))
