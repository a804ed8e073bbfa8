"""Words people bring, from `words.yaml` (the glossary) and `synonyms.yaml` of each layer: which records they mean.

A layer below may add what a word means there (`about`, `near`) under the same id. Words never state facts: they only
lead to records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator

from api.folding import fold
from pathways.conditions import Record
from pathways.content_file import read_content_file
from pathways.network import Network

FILES = ("words.yaml", "synonyms.yaml")
WORD_LANGUAGES = ("de", "en", "fr", "ar", "fa", "uk", "ru", "tr", "ro", "pl", "it")
"""Languages with words of their own; `de-simple` has explanations instead (`simple`)."""
_PARTS = re.compile(r"[()/,;:–،؛]|\s-\s")
_ONLY_NUMBERS = re.compile(r"^\W*(?:\d[\d\s\W]*)?$")


class WordEntry(Record):
    """A word in its languages, and the records it means. Refs: ids of the network, `help:…`, `money:…`, `kind:…`."""

    id: str
    about: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    """The next best here, where nothing is exactly what the word means."""
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    simple: str = ""
    interface: bool = Field(default=False, strict=True)
    """A word of the interface; the search leaves it out."""
    basis: Literal["glossary", "everyday", "former", "other-land", "abbreviation"] = "glossary"
    review: str = ""

    @field_validator("words")
    @classmethod
    def _known_languages(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        wrong = set(value) - set(WORD_LANGUAGES)
        if wrong:
            raise ValueError(f"unknown language {min(wrong)!r}; there are {', '.join(WORD_LANGUAGES)}")
        for said in value.values():
            if not all(word == word.strip() and word for word in said):
                raise ValueError("a word is neither empty nor begins or ends with a space")
        return value

    def phrases(self) -> Iterator[tuple[str, str]]:
        """Language and phrase, with what stands in brackets or after commas as phrases of their own."""
        for language, words in self.words.items():
            for word in words:
                for part in dict.fromkeys(one.strip(" \"'«»„“”") for one in (word, *_PARTS.split(word))):
                    if len(part) > 1 and not _ONLY_NUMBERS.match(part):
                        yield language, part


@dataclass(frozen=True)
class SearchWords:
    """All words of a region's layers."""

    entries: tuple[WordEntry, ...] = ()
    faults: tuple[str, ...] = field(default=())

    def by_record(self) -> dict[str, list[tuple[WordEntry, bool]]]:
        """For each ref the entries that lead there, with whether they mean exactly that."""
        found: dict[str, list[tuple[WordEntry, bool]]] = {}
        for entry in self.entries:
            if not entry.interface:
                for refs, exactly in ((entry.about, True), (entry.near, False)):
                    for ref in refs:
                        found.setdefault(ref, []).append((entry, exactly))
        return found

    def meaning(self, query: str) -> WordEntry | None:
        """The glossary entry somebody typed in full, in any language."""
        return self._meanings.get(fold(query).strip())

    @cached_property
    def _meanings(self) -> Mapping[str, WordEntry]:
        found: dict[str, WordEntry] = {}
        for entry in self.entries:
            if entry.simple and not entry.interface:
                for _, phrase in entry.phrases():
                    found.setdefault(fold(phrase), entry)
        return found

    def synonyms(self, names: Mapping[str, str]) -> dict[str, list[str]]:
        """German everyday words, folded, with the folded official names they stand for; for Meilisearch."""
        found: dict[str, dict[str, None]] = {}
        for entry in self.entries:
            if entry.basis == "glossary":
                continue
            targets = [fold(names[ref]) for ref in entry.about if ref in names]
            for word in entry.words.get("de", ()):
                for target in targets:
                    if fold(word) != target:
                        found.setdefault(fold(word), {})[target] = None
        return {word: list(targets) for word, targets in found.items()}


def load_search_words(content: Path, layers: Iterable[str]) -> SearchWords:
    """Words of these layers, the upper layer first. Never raises for bad content: see `faults`."""
    drafts: dict[str, dict[str, Any]] = {}
    faults: list[str] = []
    for layer in layers:
        for name in FILES:
            path = content / layer / name
            if not path.exists():
                continue
            read = read_content_file(path, f"{content.name}/{layer}/{name}")
            faults.extend(f"{fault.file}:{fault.line}: {fault.message}" for fault in read.found)
            for entry in read.data if isinstance(read.data, list) else ():
                if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
                    faults.append(f"{read.name}: an entry has no id")
                    continue
                draft = drafts.setdefault(entry["id"], {})
                for key, value in entry.items():
                    joined = key in ("about", "near") and isinstance(value, list) and isinstance(draft.get(key), list)
                    draft[key] = [*draft[key], *value] if joined else value
    entries = []
    for entry_id, draft in drafts.items():
        try:
            entries.append(WordEntry.model_validate(draft))
        except ValidationError as error:
            faults.append(f"{entry_id}: {error.errors()[0]['msg']}")
    return SearchWords(tuple(entries), tuple(faults))


def refs_of(network: Network) -> dict[str, str]:
    """Every ref a word may name, with its German name, by present and former ids."""
    found: dict[str, str] = {}
    for prefix, records in (
        ("", network.stations),
        ("", network.situations),
        ("", network.qualifications),
        ("", network.goals),
        ("help:", network.help),
        ("money:", network.money),
    ):
        for record in records.values():
            found[prefix + record.id] = record.name
    return found
