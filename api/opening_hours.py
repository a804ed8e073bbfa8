"""Opening hours: the text a person wrote, and what of it a machine can read without guessing."""

from __future__ import annotations

import re

GERMAN = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
ENGLISH = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY = "|".join(dict.fromkeys(GERMAN + ENGLISH))
_TIME = r"(\d{1,2})(?:[:.](\d{2}))?"
_DAYS = re.compile(rf"(?P<days>(?:{_DAY})\.?(?:\s*[-–,]\s*(?:{_DAY})\.?)*)\s*:?\s*(?P<times>\d.*)")
_SPAN = re.compile(rf"{_TIME}\s*(?:Uhr)?\s*[-–]\s*{_TIME}\s*(?:Uhr)?")


def read_hours(text: str) -> tuple[str, ...]:
    """Hours as schema.org and OpenStreetMap write them ("Mo-Fr 08:00-12:00"); nothing if any part is not clear."""
    found: list[str] = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        match = _DAYS.fullmatch(part)
        if match is None:
            return ()
        days = re.sub(rf"({_DAY})\.?", lambda one: _english(one[1]), match["days"])
        days = re.sub(r"\s*[-–]\s*", "-", re.sub(r"\s*,\s*", ",", days))
        for span in re.split(r",|\bund\b", match["times"]):
            times = _SPAN.fullmatch(span.strip())
            clocks = [] if times is None else [_clock(times[1], times[2]), _clock(times[3], times[4])]
            if not clocks or "" in clocks:
                return ()
            found.append(f"{days} {clocks[0]}-{clocks[1]}")
    return tuple(found)


def german_hours(text: str) -> str:
    """Hours out of a list in OpenStreetMap's spelling, as a reader in Germany writes them; empty if not clear."""
    words = dict(zip(ENGLISH, GERMAN, strict=True))
    said = (re.sub(rf"\b({'|'.join(ENGLISH)})\b", lambda one: words[one[1]], hours) for hours in read_hours(text))
    return "; ".join(hours.replace("-", "–") for hours in said)


def _english(day: str) -> str:
    return ENGLISH[GERMAN.index(day)] if day in GERMAN else day


def _clock(hours: str, minutes: str | None) -> str:
    whole, rest = int(hours), int(minutes or 0)
    return f"{whole:02}:{rest:02}" if whole <= 24 and rest < 60 and (whole, rest) <= (24, 0) else ""
