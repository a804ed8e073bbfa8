"""How well a document fits the words asked: exact before beginning, before inside, before similar.

Texts are folded, one phrase per line, words between single spaces, so that each test is one `in`. What is similar to a
word of the query is looked up once in the vocabulary of the whole index, not in every document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from api.folding import folded_words, latin

CUT_OFF = 35.0
_TYPE_BONUS = {"goal": 5.0, "station": 5.5, "qualification": 4.5, "situation": 3.0, "help": 3.0, "money": 3.0}
_VOWELS = re.compile("[aeiouy]")
_SHORTEST_FUZZY = 4
_SHORTEST_COMPOUND = 8
_SIMILAR = 25
_TOGETHER = 14.0


@dataclass(frozen=True)
class Folded:
    """The texts of one document as the index keeps them."""

    type: str
    names: str
    words: str
    near: str
    text: str
    latin: str
    """All that is written in another script, in Latin letters."""

    @cached_property
    def weighed(self) -> tuple[tuple[str, float], ...]:
        """Names, words and what is near, with how much they say."""
        return (self.names, 1.0), (self.words, 0.97), (self.near, 0.62)

    @cached_property
    def marks(self) -> str:
        """All of these: most words are in none, and one look tells."""
        return f"{self.names}\n{self.words}\n{self.near}"


@dataclass(frozen=True)
class AskedWord:
    """A word of the query, with how much it says (rare words say more)."""

    folded: str
    latin: str = ""
    """In Latin letters, if it is written in others."""
    bare: str = ""
    """Without vowels, as Arabic is romanised; empty if that says nothing."""
    similar: tuple[tuple[str, float], ...] = ()
    """Words of the index that look alike, with their worth, best first."""
    parts: tuple[tuple[str, int], ...] = ()
    """Words of the index that it is put together from, with where they begin."""
    weight: float = 1.0

    @property
    def spellings(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(None, (self.folded, self.latin, self.bare))))


@dataclass(frozen=True)
class Asked:
    """A query as documents are compared with it. `typing`: the last word may be unfinished."""

    words: tuple[AskedWord, ...]
    joined: AskedWord | None = None
    """The words of a short query as one: people part "Berufssprachkurs", and translate it part by part."""
    typing: bool = False

    @property
    def spellings(self) -> tuple[str, ...]:
        words = (*self.words, self.joined) if self.joined else self.words
        return tuple(dict.fromkeys(spelling for word in words for spelling in word.spellings))


def read_query(words: Sequence[str], vocabulary: Sequence[str], shares: Mapping[str, float], typing: bool) -> Asked:
    """Folded words of a query; `shares`: the part of all documents that hold each."""
    joined = asked_word("".join(words), vocabulary, 0.0) if 2 <= len(words) <= 3 else None
    return Asked(tuple(asked_word(word, vocabulary, shares.get(word, 0.0)) for word in words), joined, typing)


def asked_word(word: str, vocabulary: Sequence[str], share: float) -> AskedWord:
    """A folded word of the query. `share`: the part of all documents that hold it."""
    romanised = latin(word)
    bare = _VOWELS.sub("", romanised) if word.isascii() and len(word) > 3 else ""
    return AskedWord(
        word,
        romanised if romanised != word else "",
        bare if len(bare) > 2 else "",
        tuple(_alike(word, romanised, bare, vocabulary)),
        tuple(_parts(word, vocabulary)) if len(word) >= _SHORTEST_COMPOUND and share == 0 else (),
        max(0.3, 1.0 - 1.4 * share),
    )


def _alike(word: str, romanised: str, bare: str, vocabulary: Sequence[str]) -> list[tuple[str, float]]:
    found = dict(_similar(word, vocabulary))
    if romanised != word:
        found.update(_similar(romanised, vocabulary))
    if len(bare) > 3:
        found.update((one, 0.7 * worth) for one, worth in _similar(bare, vocabulary) if one not in found)
    return sorted(found.items(), key=lambda one: -one[1])


def _similar(word: str, vocabulary: Sequence[str]) -> list[tuple[str, float]]:
    if len(word) < _SHORTEST_FUZZY:
        return []
    least = 70.0 if len(word) > 5 else 75.0
    found = process.extract(word, vocabulary, scorer=fuzz.ratio, limit=_SIMILAR, score_cutoff=least)
    return [(one, likeness * 0.86) for one, likeness, _ in found if one != word]


def _parts(word: str, vocabulary: Sequence[str]) -> list[tuple[str, int]]:
    return [(part, at) for part in vocabulary if len(part) > 3 and (at := word.find(part)) >= 0]


def folded_lines(phrases: Iterable[str]) -> str:
    """Phrases as an index keeps them."""
    return "\n".join(dict.fromkeys(filter(None, map(_folded_line, phrases))))


def latin_lines(phrases: Iterable[str]) -> str:
    """The phrases that are not written in Latin letters, romanised."""
    return "\n".join(dict.fromkeys(filter(None, map(_latin_line, phrases))))


# Institutions of one kind share most of their phrases, so a large index is built in half the time.
@lru_cache(maxsize=20_000)
def _folded_line(phrase: str) -> str:
    line = " ".join(folded_words(phrase))
    return f" {line} " if line else ""


@lru_cache(maxsize=20_000)
def _latin_line(phrase: str) -> str:
    if phrase.isascii():
        return ""
    words = [(word, latin(word)) for word in folded_words(phrase)]
    if all(word == romanised for word, romanised in words):
        return ""
    return " " + " ".join(romanised for _, romanised in words if romanised) + " "


def score(document: Folded, asked: Asked) -> float:
    """0 to about 140; below `CUT_OFF` it does not fit."""
    total = sum(word.weight for word in asked.words)
    reached = 0.0
    for index, word in enumerate(asked.words):
        reached += word.weight * _word_score(document, word, asked.typing and index == len(asked.words) - 1)
    result = reached / total if total else 0.0
    if asked.joined is not None and result < 90:
        result = max(result, 0.97 * _word_score(document, asked.joined, asked.typing))
    if result < CUT_OFF:
        return 0.0
    bonus = _phrase_bonus(document, [word.folded for word in asked.words])
    if len(asked.words) > 1 and bonus < _TOGETHER and result > 50:
        bonus = max(bonus, _together_bonus(document, asked.words))
    return result + bonus + _TYPE_BONUS.get(document.type, 0.0)


def _word_score(document: Folded, word: AskedWord, is_unfinished: bool) -> float:
    best = 0.0
    if word.folded in document.marks or word.folded in document.text:
        for lines, weight in document.weighed:
            if weight * 100 > best:
                best = max(best, weight * _met(lines, word.folded, is_unfinished))
        best = max(best, 0.42 * _met(document.text, word.folded, is_unfinished))
    if best >= 60:
        return best
    if document.latin:
        for spelling, worth in ((word.latin, 0.9), (word.folded, 0.9), (word.bare, 0.75)):
            if spelling:
                best = max(best, worth * _met(document.latin, spelling, is_unfinished))
    if word.latin and word.latin in document.marks:
        for lines, weight in document.weighed:
            best = max(best, 0.9 * weight * _met(lines, word.latin, is_unfinished))
    for alike, worth in word.similar:
        if worth <= best:
            break
        whole = f" {alike} "
        if whole in document.marks:
            best = max(best, max(worth * weight for lines, weight in document.weighed if whole in lines))
        if whole in document.latin:
            best = max(best, worth * 0.85)
    return max(best, _compound(document, word)) if word.parts and best < 70 else best


def _met(lines: str, word: str, is_unfinished: bool) -> float:
    """How well a word is met somewhere in these lines, 0 to 100."""
    if word not in lines:
        return 0.0
    if f" {word} " in lines:
        return 100.0
    if f" {word}" in lines:
        if is_unfinished:
            return 94.0
        return 88.0 if len(word) > 2 else 0.0
    return 74.0 if len(word) > 3 else 0.0


def _compound(document: Folded, word: AskedWord) -> float:
    """How much of a long word ("Erzieherausbildung") is made of this document's words."""
    covered = [False] * len(word.folded)
    for part, at in word.parts:
        if f" {part} " in document.marks:
            covered[at : at + len(part)] = [True] * len(part)
    share = sum(covered) / len(covered)
    return 80.0 * share if share > 0.45 else 0.0


def _phrase_bonus(document: Folded, words: Sequence[str]) -> float:
    """More for what is called exactly so, or begins so; a little more where little else is said."""
    asked = " ".join(words)
    bonus = 0.0
    for lines, worth in ((document.names, 1.0), (document.words, 0.9)):
        if asked not in lines:
            continue
        nearest = min((line for line in lines.split("\n") if asked in line), key=len)
        if nearest == f" {asked} ":
            bonus = max(bonus, 32.0 * worth)
        else:
            begins = nearest.startswith(f" {asked}")
            bonus = max(bonus, worth * (18.0 if begins else 9.0) * len(asked) / (len(nearest) - 2))
    return bonus


def _together_bonus(document: Folded, asked: Sequence[AskedWord]) -> float:
    """More where all words stand in one phrase, and more still where little else stands there."""
    best = 0.0
    for line in f"{document.names}\n{document.words}".split("\n"):
        if len(line) > 2 and all(_is_in_line(line, word) for word in asked):
            best = max(best, _TOGETHER * min(1.0, len(asked) / (line.strip().count(" ") + 1)))
    return best


def _is_in_line(line: str, word: AskedWord) -> bool:
    if f" {word.folded}" in line or (word.latin and f" {word.latin}" in line):
        return True
    return any(f" {alike} " in line for alike, worth in word.similar if worth > 68)
