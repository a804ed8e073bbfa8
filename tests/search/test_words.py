"""The words people bring lead to records that exist, and none of the glossary is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.institution_words import KINDS
from api.search_words import WORD_LANGUAGES, SearchWords, load_search_words, refs_of
from pathways.network import Network
from pathways.tree import CONTENT


@pytest.fixture(scope="module")
def words(network: Network) -> SearchWords:
    return load_search_words(CONTENT, [layer.id for layer in network.layers])


def test_the_files_are_sound(words: SearchWords) -> None:
    assert words.faults == ()


def test_every_word_leads_to_a_record(words: SearchWords, network: Network) -> None:
    known = {*refs_of(network), *(f"kind:{kind}" for kind in KINDS)}
    wrong = [(entry.id, ref) for entry in words.entries for ref in (*entry.about, *entry.near) if ref not in known]
    assert wrong == []


def test_the_glossary_has_all_languages(words: SearchWords) -> None:
    glossary = [entry for entry in words.entries if entry.basis == "glossary"]
    assert len(glossary) == 120
    for entry in glossary:
        assert set(entry.words) == set(WORD_LANGUAGES), entry.id
        assert entry.simple, entry.id
        assert entry.review == "machine draft", entry.id


def test_words_in_other_languages_are_marked_as_drafts(words: SearchWords) -> None:
    unmarked = [entry.id for entry in words.entries if set(entry.words) - {"de"} and not entry.review]
    assert unmarked == []


def test_a_word_is_explained(words: SearchWords) -> None:
    for query in ("Duldung", "duldung ", "residence permit", "جامعة"):
        assert words.meaning(query) is not None, query
    assert words.meaning("") is None
    assert words.meaning("Haltestelle") is None


def test_broken_files_are_named_and_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "words.yaml").write_text(
        "- id: good\n  about: [a]\n  words: {de: [Gut]}\n- id: bad\n  words: {xx: [x]}\n- nothing\n", encoding="utf-8"
    )
    (tmp_path / "de" / "synonyms.yaml").write_text("- id: twice\n  id: twice\n", encoding="utf-8")
    found = load_search_words(tmp_path, ["de", "missing"])
    ids = {entry.id for entry in found.entries}
    assert "good" in ids
    assert "bad" not in ids
    assert len(found.faults) >= 3


def test_a_lower_layer_adds_what_a_word_means_there(tmp_path: Path) -> None:
    for layer, text in {
        "de": "- id: kita\n  about: [a]\n  words: {de: [Kita]}\n",
        "rp": "- id: kita\n  about: [b]\n",
    }.items():
        (tmp_path / layer).mkdir()
        (tmp_path / layer / "words.yaml").write_text(text, encoding="utf-8")
    (entry,) = load_search_words(tmp_path, ["de", "rp"]).entries
    assert entry.about == ("a", "b")
