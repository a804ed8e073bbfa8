"""A content file is read strictly: what YAML programs read differently is a finding, never a guess, never a crash."""

from datetime import date
from pathlib import Path

import pytest

from pathways.content_file import MAX_BYTES, MAX_DEPTH, ContentFile, read_content_file


def read(tmp_path: Path, content: str | bytes) -> ContentFile:
    path = tmp_path / "record.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_content_file(path, "content/record.yaml")


def codes(file: ContentFile) -> list[tuple[str, int]]:
    return [(finding.code, finding.line) for finding in file.found]


@pytest.mark.parametrize(
    "word",
    [
        *("on", "off", "On", "yes", "NO", "No", "n", "Y", "True", "FALSE", "Null", "~", "="),
        *("012", "08", "0o14", "0x1F", "0b101", "1_000", "+5", ".5", "5.", "1e3", ".inf", "-.INF", ".nan"),
        *("1:30", "12:30:45", "2026-3-1", "2026-03-01 10:00:00", "2026-03-01T10:00:00"),
    ],
)
def test_a_word_that_programs_read_differently_is_a_finding(tmp_path: Path, word: str) -> None:
    file = read(tmp_path, f"id: a\nvalue: {word}\n")
    assert codes(file) == [("ambiguous-value", 2)]
    assert file.found[0].field == "value"
    assert word in file.found[0].remedy


@pytest.mark.parametrize("word", ["on", "NO", "012", "1:30", "~", "true", "2026-03-01"])
def test_in_quotes_the_same_word_is_text(tmp_path: Path, word: str) -> None:
    file = read(tmp_path, f"double: \"{word}\"\nsingle: '{word}'\n")
    assert file.found == []
    assert file.data == {"double": word, "single": word}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("0", 0),
        ("-3", -3),
        ("3.5", 3.5),
        ("2026-03-01", date(2026, 3, 1)),
        ("1–2", "1–2"),
        ("§ 4", "§ 4"),
        ("yes-or-no", "yes-or-no"),
        ("online", "online"),
        ("9" * 30, "9" * 30),
    ],
)
def test_plain_values_are_what_they_look_like(tmp_path: Path, written: str, expected: object) -> None:
    file = read(tmp_path, f"value: {written}\n")
    assert file.found == []
    assert file.data == {"value": expected}
    assert type(file.data["value"]) is type(expected)


def test_a_day_that_does_not_exist_is_a_finding(tmp_path: Path) -> None:
    file = read(tmp_path, "id: a\nchecked: 2026-02-30\n")
    assert codes(file) == [("impossible-date", 2)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xef\xbb\xbfid: a\n", ("unreadable-file", 1)),
        ("id: a\n".encode("utf-16"), ("unreadable-file", 1)),
        ("id: a\n".encode("utf-16-le"), ("unreadable-file", 1)),
        (b"id: a\nname: \xe4\n", ("unreadable-file", 2)),
        (b"id: a\nname: x\x00y\n", ("unreadable-file", 2)),
        (b"id: a\n\nname: \x1b[31m\n", ("unreadable-file", 3)),
        (b"id: a\rname: b\n", ("unreadable-file", 1)),
        ("id: a\nname: x\x85y\n".encode(), ("unreadable-file", 2)),
        ("id: a\nname: x\u2028y\n".encode(), ("unreadable-file", 2)),
        ("id: a\nname: x\u202ey\n".encode(), ("unreadable-file", 2)),
        ("id: a\nname: x\ufeffy\n".encode(), ("unreadable-file", 2)),
        (b"a" * (MAX_BYTES + 1), ("unreadable-file", 0)),
        (b"id: " + b"x" * 10_000_000, ("unreadable-file", 0)),
        ("id: a\n\tname: b\n", ("broken-yaml", 2)),
        ("id: a\nnames:\n\t- b\n", ("broken-yaml", 3)),
        ("id: a\nname: 'never closed\n", ("broken-yaml", 3)),
        ("id: a\n---\nid: b\n", ("broken-yaml", 2)),
        ("id: a\nname: b: c\n", ("broken-yaml", 2)),
        ("id: &a b\n", ("unwanted-yaml", 1)),
        ("id: a\nname: *b\n", ("unwanted-yaml", 2)),
        ("id: a\nname: !!python/object/apply:os.system [x]\n", ("unwanted-yaml", 2)),
        ("id: a\nname: !mine b\n", ("unwanted-yaml", 2)),
        ("id: a\n<<: {name: b}\n", ("unwanted-yaml", 2)),
        ("id: a\n? [b, c]\n: d\n", ("unwanted-yaml", 2)),
        ("id: a\nname: b\nid: c\n", ("duplicate-key", 3)),
        ('id: a\n"id": c\n', ("duplicate-key", 2)),
        ("id: a\nages: {from: 1, from: 2}\n", ("duplicate-key", 2)),
    ],
)
def test_what_not_every_reader_understands_alike_is_refused(
    tmp_path: Path, content: str | bytes, expected: tuple[str, int]
) -> None:
    file = read(tmp_path, content)
    assert codes(file) == [expected]
    assert file.found[0].file == "content/record.yaml"
    assert file.found[0].message
    assert file.found[0].remedy


@pytest.mark.parametrize(
    "bomb",
    [
        "a: " + "[" * 2_000 + "]" * 2_000,
        "a: " + "{b: " * 2_000 + "c" + "}" * 2_000,
        "- " * 2_000 + "a",
        "[" * 500_000,
        "".join("  " * depth + "a:\n" for depth in range(600)),
    ],
    ids=["lists", "mappings", "dashes", "never closed", "blocks"],
)
def test_deep_nesting_is_a_finding_and_no_crash(tmp_path: Path, bomb: str) -> None:
    file = read(tmp_path, bomb)
    assert [finding.code for finding in file.found] == ["unwanted-yaml"]
    assert file.data is None


def test_nesting_up_to_the_limit_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "[" * MAX_DEPTH + "]" * MAX_DEPTH).found == []


def test_aliases_that_multiply_are_not_followed(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    file = read(tmp_path, "\n".join(lines))
    assert file.data is None
    assert {finding.code for finding in file.found} == {"unwanted-yaml"}


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    found = read_content_file(tmp_path / "missing.yaml", "content/missing.yaml").found
    assert [finding.code for finding in found] == ["unreadable-file"]


def test_a_folder_in_place_of_a_file_is_a_finding(tmp_path: Path) -> None:
    assert [finding.code for finding in read_content_file(tmp_path, "content/x.yaml").found] == ["unreadable-file"]


@pytest.mark.parametrize("content", ["", "\n\n", "# only a comment\n", "---\n"])
def test_an_empty_file_is_empty(tmp_path: Path, content: str) -> None:
    file = read(tmp_path, content)
    assert file.data is None
    assert file.found == []


def test_windows_line_ends_are_read_and_counted(tmp_path: Path) -> None:
    file = read(tmp_path, b"id: a\r\ntext: >-\r\n  Eins.\r\n  Zwei.\r\npaid: NO\r\n")
    assert file.data == {"id": "a", "text": "Eins. Zwei.", "paid": "NO"}
    assert codes(file) == [("ambiguous-value", 5)]


def test_all_faults_of_a_file_are_found_at_once(tmp_path: Path) -> None:
    file = read(tmp_path, "id: a\npaid: NO\nid: b\nstarts: [08, on]\nchecked: 2026-13-01\n<<: {a: b}\n")
    assert codes(file) == [
        ("ambiguous-value", 2),
        ("duplicate-key", 3),
        ("ambiguous-value", 4),
        ("ambiguous-value", 4),
        ("impossible-date", 5),
        ("unwanted-yaml", 6),
    ]


def test_every_field_knows_its_line(tmp_path: Path) -> None:
    file = read(tmp_path, "id: a\nways_in:\n  - id: b\n    from: [c, d]\n    conditions:\n      - holds: e\n")
    assert file.line(("ways_in",)) == 2
    assert file.line(("ways_in", 0, "id")) == 3
    assert file.line(("ways_in", 0, "from", 1)) == 4
    assert file.line(("ways_in", 0, "conditions", 0, "holds")) == 6
    assert file.line(("ways_in", 0, "conditions", 0, "holds", "any", 3)) == 6
    assert file.line(("nowhere",)) == 1
