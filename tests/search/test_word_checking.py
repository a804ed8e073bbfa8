"""Search words that are wrong are named with file, line, field and remedy, like everything else in the content."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.word_checking import check_words
from pathways.findings import Finding
from pathways.network import Network
from pathways.tree import CONTENT

UPPER = """\
- id: abi
  about: [q-ahr, goal-ahr]
  near: [kolleg]
  words:
    de: ["Abi", "Abitur"]
    en: ["A-levels"]
  review: machine draft
- id: kita
  about: [kind:kita, help:kita]
  simple: "In der Kita spielen kleine Kinder."
  words:
    de: ["Kita"]
"""
LOWER = "- id: abi\n  near: [abendgymnasium]\n"


def check(folder: Path, network: Network, upper: str = UPPER, lower: str = LOWER, glossary: str = "") -> list[Finding]:
    """Findings of two layers with these synonyms, and of a glossary in the upper one."""
    content = folder / "content"
    for layer, name, text in (("de", "synonyms", upper), ("trier", "synonyms", lower), ("de", "words", glossary)):
        (content / layer).mkdir(parents=True, exist_ok=True)
        (content / layer / f"{name}.yaml").write_bytes(text.encode())
    return check_words(content, ["de", "rp", "trier"], network)


def test_the_real_words_have_no_findings(network: Network) -> None:
    assert check_words(CONTENT, [layer.id for layer in network.layers], network) == []


def test_sound_words_have_no_findings(tmp_path: Path, network: Network) -> None:
    assert check(tmp_path, network) == []


@pytest.mark.parametrize(
    ("before", "after", "code", "line", "field", "said"),
    [
        ("goal-ahr]", "goal-arh]", "unknown-reference", 2, "0.about.1", "Did you mean 'goal-ahr'?"),
        ("near: [kolleg]", "near: [koleg]", "unknown-reference", 3, "0.near.0", "Did you mean 'kolleg'?"),
        ("kind:kita", "kind:schloss", "unknown-reference", 9, "1.about.0", "There is no 'kind:schloss'"),
        ("near: [kolleg]", "naer: [kolleg]", "unknown-key", 3, "0.naer", "Did you mean `near`?"),
        ('de: ["Abi", "Abitur"]', 'de: "Abi"', "wrong-value", 5, "0.words.de", "valid tuple"),
        ('"Abitur"]', "2026]", "wrong-value", 5, "0.words.de.1", "valid string (here: '2026')"),
        ('"Abitur"]', '" "]', "wrong-value", 4, "0.words", "neither empty"),
        ("    en:", "    xx:", "wrong-value", 4, "0.words", "unknown language 'xx'"),
        ("about: [q-ahr, goal-ahr]", "about: q-ahr", "wrong-value", 2, "0.about", "valid tuple"),
        ("review: machine draft", 'interface: "yes"', "wrong-value", 7, "0.interface", "valid boolean"),
        ("review: machine draft", "interface: yes", "ambiguous-value", 7, "0.interface", "Write"),
        ("review: machine draft", "review: 1", "wrong-value", 7, "0.review", "valid string"),
        ("review: machine draft", "basis: daily", "wrong-value", 7, "0.basis", "'everyday'"),
        ("  review", "  near: [bf2]\n  review", "duplicate-key", 7, "0.near", "stands twice"),
        ("- id: kita\n", "- id: abi\n", "duplicate-id", 8, "1.id", "stands already in line 1"),
        ("- id: kita\n  about", "- about", "missing-key", 8, "1.id", "`id` is missing"),
        ("- id: kita\n", "- just words\n- id: kita\n", "wrong-value", 8, "1", "no word with its fields"),
        ('de: ["Kita"]', 'de: ["Kita]', "broken-yaml", 13, "", "Check quotes"),
        ("[q-ahr, goal-ahr]", "&x [q-ahr, goal-ahr]", "unwanted-yaml", 2, "", ""),
    ],
)
def test_every_fault_is_named_with_its_line(
    tmp_path: Path, network: Network, before: str, after: str, code: str, line: int, field: str, said: str
) -> None:
    assert before in UPPER
    found = check(tmp_path, network, UPPER.replace(before, after, 1))
    wanted = [one for one in found if one.code == code]
    assert wanted, found
    one = wanted[0]
    assert (one.file, one.line) == ("content/de/synonyms.yaml", line)
    assert one.field.startswith(field)
    assert said in str(one)
    assert one.severity == "error"


def test_a_lower_layer_adds_to_words_that_are_there(tmp_path: Path, network: Network) -> None:
    (found,) = check(tmp_path, network, lower="- id: aby\n  near: [abendgymnasium]\n")
    assert (found.code, found.file, found.line) == ("unknown-reference", "content/trier/synonyms.yaml", 1)
    assert "Did you mean 'abi'?" in found.remedy
    assert check(tmp_path, network, lower='- id: aby\n  words:\n    de: ["Aby"]\n') == []


def test_a_word_of_the_glossary_and_a_synonym_do_not_share_an_id(tmp_path: Path, network: Network) -> None:
    found = check(tmp_path, network, glossary='- id: abi\n  words:\n    de: ["Abitur"]\n')
    assert {one.code for one in found} == {"duplicate-id"}
    assert all("content/de/words.yaml:1" in one.message for one in found)


@pytest.mark.parametrize("text", ["id: abi\n", "Abi\n", "3\n"])
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, network: Network, text: str) -> None:
    found = check(tmp_path, network, glossary=text)
    assert [(one.code, one.file) for one in found] == [("wrong-value", "content/de/words.yaml")]


def test_an_empty_file_is_no_fault(tmp_path: Path, network: Network) -> None:
    assert check(tmp_path, network, glossary="# nothing yet\n") == []


def test_the_command_line_names_it_too(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    path = content / "trier" / "words.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "- id: kitta\n  about: [kita-u3]\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["check", "--region", "trier", "--content", str(content), "--format", "json"])
    assert done.exit_code == 1
    named = [one for one in json.loads(done.stdout)["findings"] if one["file"].endswith("trier/words.yaml")]
    assert {(one["code"], one["severity"], one["line"]) for one in named} == {
        ("unknown-reference", "error", line) for line in (4, 5)
    }
