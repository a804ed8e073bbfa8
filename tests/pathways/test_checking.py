"""Every fault the checker knows can be provoked, and names the file, the line and a remedy.

A case changes one file of a small sound content folder. The line the finding must name ends in `# <-`.
"""

import re
from datetime import date
from pathlib import Path

import pytest

from pathways import findings
from pathways.catalogue import Catalogue, load_catalogue, regions
from pathways.checking import check_catalogue, explain_origins
from pathways.errors import BrokenContent, UnknownId
from pathways.findings import ALL_FINDINGS, Finding
from pathways.known_facts import known_facts
from pathways.loading import load_network
from pathways.network import network_of
from pathways.sentences import count_sentences

TODAY = date(2026, 6, 1)
HERE = "# <-"
SCHOOL = "land/stations/school.yaml"
TRAINING = "land/stations/training.yaml"
LOW = "de/qualifications/q-low.yaml"
SOUND = {
    "de/layer.yaml": "id: de\nname: Deutschland\nkind: federal\n",
    "land/layer.yaml": "id: land\nname: Land\nkind: land\nparent: de\n",
    "town/layer.yaml": "id: town\nname: Stadt\nkind: municipality\nparent: land\n",
    "de/sources.yaml": "- {id: S1, title: Gesetz}\n- {id: S2, title: Erlass}\n",
    "de/help.yaml": "- {id: office, name: Amt, sources: [S1]}\n",
    "de/questions.yaml": "- {id: in-need, question: Bedarf?, met: Ja, unmet: Nein, help: office}\n",
    "de/statuses.yaml": "- {id: refugee, name: Schutz}\n",
    "de/money.yaml": "- {id: grant, name: Zuschuss, text: Geld, sources: [S1]}\n",
    "land/calendar.yaml": "- {id: day, when: im März, text: Anmeldung, stations: [school], sources: [S1]}\n",
    LOW: "id: q-low\nname: Low\nshort: Low\nsources: [S1]\nconfidence: confirmed\nchecked: 2026-03-01\n",
    "de/qualifications/q-high.yaml": (
        "id: q-high\nname: High\nshort: High\nincludes: [q-low]\n"
        "sources: [S1]\nconfidence: confirmed\nchecked: 2026-03-01\n"
    ),
    "de/goals/goal-high.yaml": "id: goal-high\nname: High\nshort: High\nreached: {holds: q-high}\nhelp: [office]\n",
    "land/situations/start.yaml": (
        "id: start\nname: Start\nshort: Start\ntext: Eins ist da. Zwei auch.\nfacts: {in-need: true}\n"
        "sources: [S1]\nconfidence: confirmed\nchecked: 2026-03-01\n"
    ),
    SCHOOL: """\
id: school
name: Schule
short: Schule
stage: lower-secondary
text: Hier lernt man viel. Es kostet nichts.
months: {min: 12, typical: 12, max: 24}
help: [office]
sources: [S1]
confidence: confirmed
checked: 2026-03-01
ways_in:
  - id: start-to-school
    was: [T001]
    from: [start]
    kind: duty
    conditions:
      - age: {at_least: 6}
      - fact: in-need
    sources: [S1]
    confidence: confirmed
awards:
  - id: school-gives-low
    was: [T002]
    gives: q-low
    kind: automatic
    conditions: [{result: bestanden}]
    sources: [S1]
    confidence: confirmed
""",
    TRAINING: """\
id: training
name: Ausbildung
short: Ausbildung
stage: vocational
text: Hier lernt man einen Beruf. Es gibt Geld dafür.
months: {min: 36, typical: 36, max: 36}
sources: [S1]
confidence: confirmed
checked: 2026-03-01
ways_in:
  - id: low-to-training
    was: [T003]
    from: [school, q-low]
    kind: selective
    conditions:
      - holds: q-low
      - contract: training
    sources: [S1]
    confidence: confirmed
awards:
  - id: training-gives-high
    was: [T004]
    gives: q-high
    kind: automatic
    sources: [S1]
    confidence: confirmed
""",
}
NEAREST = "{place: A, nearest: true, sources: [S1]}"
SIDE = """\
id: side
name: Side
short: Side
stage: adult
text: Hier ist es gut. Es kostet nichts.
months: {min: 1, typical: 1, max: 1}
sources: [S1]
confidence: confirmed
checked: 2026-03-01
"""
WAY = "ways_in: [{{id: {0}, from: [{1}], kind: entitled, sources: [S1], confidence: confirmed}}]\n"
STAY = "    stay: {min: 0, typical: 0, max: 1}\n"


def write(folder: Path, changes: dict[str, str] | None = None) -> Path:
    """The sound content with some files replaced or added, below `folder`."""
    content = folder / "content"
    for name, text in {**SOUND, **(changes or {})}.items():
        path = content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return content


def load(folder: Path, changes: dict[str, str] | None = None) -> Catalogue:
    return load_catalogue(write(folder, changes), "town")


def check(folder: Path, changes: dict[str, str] | None = None, stories: frozenset[str] | None = None) -> list[Finding]:
    catalogue = load(folder, changes)
    return check_catalogue(catalogue, network_of(catalogue), today=TODAY, stories=stories)


def swap(name: str, old: str, new: str) -> dict[str, str]:
    """One change in one sound file."""
    assert SOUND[name].count(old) == 1, (name, old)
    return {name: SOUND[name].replace(old, new)}


def in_school(old: str, new: str) -> dict[str, str]:
    return swap(SCHOOL, old, new)


def in_training(old: str, new: str) -> dict[str, str]:
    return swap(TRAINING, old, new)


def rule(condition: str) -> dict[str, str]:
    """The way into the training with another condition."""
    return in_training("      - holds: q-low\n", f"      - {condition} {HERE}\n")


def qualification_with(name: str, more: str) -> dict[str, str]:
    return {name: SOUND[name] + more}


def test_the_sound_content_has_no_finding(tmp_path: Path) -> None:
    every_way = frozenset({"start-to-school", "school-gives-low", "low-to-training", "training-gives-high"})
    assert check(tmp_path, stories=every_way) == []


CASES = [
    ("unreadable-file", swap(SCHOOL, "name: Schule", "name: Schu\x07le " + HERE)),
    ("broken-yaml", in_school("short: Schule\n", f"short: Schule\n\tstage: x {HERE}\n")),
    ("unwanted-yaml", in_school("name: Schule", f"name: &x Schule {HERE}")),
    ("duplicate-key", in_school("short: Schule\n", f"short: Schule\nname: Schule {HERE}\n")),
    ("ambiguous-value", in_school("short: Schule\n", f"short: Schule\nmode: off {HERE}\n")),
    ("unknown-key", in_school("short: Schule\n", f"short: Schule\nstarst: [8] {HERE}\n")),
    ("unknown-key", in_school("    kind: duty\n", f"    kind: duty\n    nots: x {HERE}\n")),
    ("unknown-key", rule("average: {of: q-low, at_least: 3.0, at_most: 3.0}")),
    ("unknown-key", rule("{any_of: [{place: true}, {average: {of: q-low, at_mots: 3, at_most: 3}}]}")),
    ("wrong-value", in_school("stage: lower-secondary", f"stage: school {HERE}")),
    ("wrong-value", in_school("min: 12, typical: 12, max: 24}", "min: 12, typical: 9, max: 24} " + HERE)),
    ("wrong-value", rule("hold: q-low")),
    ("wrong-value", rule("average: {of: q-low, at_most: 9.0}")),
    ("wrong-value", rule("{place: true, exam: Test}")),
    ("wrong-value", rule("q-low")),
    ("wrong-value", {TRAINING: f"- a list {HERE}\n"}),
    ("wrong-value", {"de/help.yaml": f"office: a mapping {HERE}\n"}),
    ("wrong-value", {TRAINING: ""}),
    ("wrong-value", in_school("ways_in:\n", f"ways_in: {{}} {HERE}\nwrong:\n")),
    ("wrong-value", {"town/stations/school.yaml": f"id: school\nhelp: office {HERE}\n"}),
    ("missing-key", {"de/money.yaml": f"- {{name: Zuschuss, text: Geld}} {HERE}\n"}),
    ("missing-key", in_training("    kind: selective\n", "").copy()),
    ("misplaced-id", in_training("id: training\n", f"id: trainings {HERE}\n")),
    ("misplaced-id", {"land/layer.yaml": f"id: lnad {HERE}\nname: Land\nkind: land\nparent: de\n"}),
    ("unknown-reference", in_school("    from: [start]", f"    from: [strat] {HERE}")),
    ("unknown-reference", in_school("    gives: q-low", f"    gives: q-lwo {HERE}")),
    ("unknown-reference", in_school("help: [office]", f"help: [ofice] {HERE}")),
    ("unknown-reference", in_school("help: [office]", f"money: [grnat] {HERE}")),
    ("unknown-reference", in_school("help: [office]\nsources: [S1]", f"sources: [S9] {HERE}")),
    ("unknown-reference", in_school("help: [office]", f"alongside: {{hosts: [trainings]}} {HERE}")),
    (
        "unknown-reference",
        in_school("help: [office]", f"alerts: [{{text: A, because: {{source: S9}}}}] {HERE}"),
    ),
    ("unknown-reference", in_school("help: [office]", f"alerts: [{{text: A, for_status: [refuge]}}] {HERE}")),
    (
        "unknown-reference",
        {"town/stations/school.yaml": f"id: school\nhere: [{{text: A, sources: [S9]}}] {HERE}\n"},
    ),
    (
        "unknown-reference",
        {"town/stations/school.yaml": f"id: school\nelsewhere: [{{place: A, sources: [S9]}}] {HERE}\n"},
    ),
    ("missing-key", in_school("help: [office]", f"elsewhere: [{{place: A}}] {HERE}")),
    ("wrong-value", in_school("name: Schule", f"name: Schule\nelsewhere: [{NEAREST}, {NEAREST}]")),
    ("unknown-reference", rule("holds: q-lo")),
    ("unknown-reference", rule("holds: [q-low, q-lo]")),
    ("unknown-reference", rule("holds: {any: [q-lo], or_recognised: true}")),
    ("unknown-reference", rule("not_holding: [q-lo]")),
    ("unknown-reference", rule("average: {of: q-lo, at_most: 3.0}")),
    ("unknown-reference", rule("grades: {of: q-lo, subjects: [deutsch], at_most: 3}")),
    ("unknown-reference", rule("grades: {of: q-low, subjects: [deutsh], at_most: 3}")),
    ("unknown-reference", rule("level: {of: q-lo, at_least: qsek1}")),
    ("unknown-reference", rule("level: {of: q-low, at_least: qsek}")),
    ("unknown-reference", rule("status: [refuge]")),
    ("unknown-reference", rule("fact: in-ned")),
    ("unknown-reference", rule("fact: {id: in-ned, is: false}")),
    ("unknown-reference", rule("permit: {by: ofice}")),
    ("unknown-reference", rule("ask: {what: Das Amt entscheidet, who: ofice}")),
    ("unknown-reference", rule("{place: true, because: {source: S9}}")),
    ("unknown-reference", rule("at_least: {count: 1, of: [{any_of: [{all_of: [{holds: q-lo}]}]}]}")),
    (
        "unknown-reference",
        in_training(
            "      - holds: q-low\n",
            f"      - any_of:\n        - place: true\n        - holds: q-lo {HERE}\n",
        ),
    ),
    ("unknown-reference", qualification_with(LOW, f"includes: [q-lwo] {HERE}\n")),
    ("unknown-reference", swap("de/goals/goal-high.yaml", "{holds: q-high}", f"{{holds: q-hihg}} {HERE}")),
    (
        "unknown-reference",
        swap("de/goals/goal-high.yaml", "{holds: q-high}", f"{{any_of: [{{at: schol}}]}} {HERE}"),
    ),
    ("unknown-reference", swap("de/goals/goal-high.yaml", "{holds: q-high}", f"{{done: schol}} {HERE}")),
    ("unknown-reference", swap("land/situations/start.yaml", "{in-need: true}", f"{{in-ned: true}} {HERE}")),
    ("unknown-reference", swap("de/questions.yaml", "help: office}", f"help: ofice}} {HERE}")),
    (
        "unknown-reference",
        swap("land/calendar.yaml", "[school], sources: [S1]}", f"[shool], sources: [S1]}} {HERE}"),
    ),
    ("unknown-reference", swap("land/calendar.yaml", "sources: [S1]}", f"sources: [S9]}} {HERE}")),
    (
        "unknown-reference",
        {"land/changes.yaml": f"- id: c\n  when: bald\n  text: neu\n  stations: [shool] {HERE}\n  sources: [S1]\n"},
    ),
    (
        "unknown-reference",
        {"de/conflicts.yaml": f"- {{id: c, kind: conflict, text: x, sources: [S9]}} {HERE}\n"},
    ),
    ("duplicate-id", in_training("id: training-gives-high", f"id: low-to-training {HERE}")),
    ("duplicate-id", in_training("id: low-to-training", f"id: start-to-school {HERE}")),
    ("duplicate-id", in_training("id: low-to-training", f"id: q-low {HERE}")),
    (
        "duplicate-id",
        in_training(
            "awards:\n",
            f"  - {{id: low-to-training, from: [start], kind: duty, confidence: unconfirmed}} {HERE}\nawards:\n",
        ),
    ),
    (
        "duplicate-id",
        {"de/statuses.yaml": f"- {{id: refugee, name: A}}\n- {{id: refugee, name: B}} {HERE}\n"},
    ),
    (
        "duplicate-id",
        {
            "land/situations/training.yaml": SOUND["land/situations/start.yaml"].replace(
                "id: start", f"id: training {HERE}"
            )
        },
    ),
    ("reused-id", in_training("name: Ausbildung", f"was: [old, school] {HERE}\nname: Ausbildung")),
    ("reused-id", in_training("was: [T004]", f"was: [T003] {HERE}")),
    ("reused-id", in_training("was: [T003]", f"was: [start-to-school] {HERE}")),
    ("impossible-date", in_school("checked: 2026-03-01", f"checked: 2026-02-30 {HERE}")),
    ("impossible-date", in_school("checked: 2026-03-01", f"checked: 2026-06-02 {HERE}")),
    ("impossible-date", rule("valid: {from: 2026-02-01, until: 2026-01-01}")),
    ("impossible-date", rule("cohort: {born_from: 2020-02-01, born_until: 2020-01-01}")),
    (
        "impossible-date",
        in_school("help: [office]", f"alerts: [{{text: A, valid_from: 2026-02-01, until: 2026-01-31}}] {HERE}"),
    ),
    (
        "impossible-date",
        swap(
            "land/calendar.yaml",
            "sources: [S1]}",
            f"from: 2026-02-01, until: 2026-01-31, sources: [S1]}} {HERE}",
        ),
    ),
    (
        "impossible-date",
        swap("land/calendar.yaml", "sources: [S1]}", f'yearly: "13-01", sources: [S1]}} {HERE}'),
    ),
    (
        "idle-cycle",
        in_school(
            "awards:\n",
            f"  - id: back\n    from: [school] {HERE}\n    kind: automatic\n"
            f"{STAY}    confidence: unconfirmed\nawards:\n",
        ),
    ),
    (
        "idle-cycle",
        {
            **swap("de/qualifications/q-high.yaml", "[q-low]", f"[q-low] {HERE}"),
            **qualification_with(LOW, "includes: [q-high]\n"),
        },
    ),
    ("no-source", {"de/help.yaml": f"- {{id: office, name: Amt}} {HERE}\n"}),
    (
        "missing-source",
        in_school("[office]\nsources: [S1]\nconfidence: confirmed", f"[office]\nconfidence: part {HERE}"),
    ),
    (
        "missing-source",
        in_school(
            "conditions: [{result: bestanden}]\n    sources: [S1]\n    confidence: confirmed",
            f"conditions: [{{result: bestanden}}]\n    confidence: confirmed {HERE}",
        ),
    ),
    ("missing-source", {"de/help.yaml": f"- {{id: office, name: Amt, confidence: confirmed}} {HERE}\n"}),
    (
        "layer-leak",
        {
            "de/help.yaml": SOUND["de/help.yaml"].replace("S1", "S3"),
            "land/sources.yaml": "- {id: S3, title: A}\n",
        },
    ),
    ("check-overdue", in_school("checked: 2026-03-01", f"checked: 2025-05-31 {HERE}")),
    ("unreachable", {"town/stations/side.yaml": SIDE + "kind: support\n"}),
    ("unreachable", {"town/stations/side.yaml": SIDE + f"kind: support\n{WAY.format('round', 'side')}"}),
    ("dead-end", {"town/stations/side.yaml": SIDE + WAY.format("in", "start")}),
    ("long-text", in_school("text: Hier lernt man viel. Es kostet nichts.", f"text: Nur ein Satz. {HERE}")),
    ("long-text", in_school("text: Hier lernt man viel.", f"text: Eins. Zwei. Drei. Vier. Fünf. Sechs. {HERE}")),
    (
        "few-typed",
        in_school(
            "      - age: {at_least: 6}\n      - fact: in-need\n",
            f"      - ask: {{what: A, who: office}} {HERE}\n      - ask: {{what: B, who: office}}\n",
        ),
    ),
]


@pytest.mark.parametrize(("code", "changes"), CASES, ids=[f"{code}-{n}" for n, (code, _) in enumerate(CASES)])
def test_a_fault_is_found_at_its_file_and_line(tmp_path: Path, code: str, changes: dict[str, str]) -> None:
    found = [finding for finding in check(tmp_path, changes) if finding.code == code]
    file, text = next(iter(changes.items()))
    marked = [number for number, line in enumerate(text.splitlines(), 1) if HERE in line]
    assert [(finding.file, finding.line) for finding in found][:1] == [
        (f"content/{file}", marked[0] if marked else found[0].line)
    ]
    assert len(found) == 1
    assert found[0].line > 0
    assert found[0].message
    assert found[0].remedy


def test_a_way_that_no_story_walks_is_found(tmp_path: Path) -> None:
    walked = frozenset({"start-to-school", "school-gives-low", "training-gives-high"})
    (found,) = check(tmp_path, stories=walked)
    assert (found.code, found.file, found.line) == ("no-story", f"content/{TRAINING}", 11)
    assert found.remedy


def test_every_finding_class_is_provoked_here() -> None:
    provoked = {code for code, _ in CASES} | {"no-story"}
    assert provoked == {kind("", 0, "", "").code for kind in ALL_FINDINGS}


@pytest.mark.parametrize("kind", ALL_FINDINGS, ids=lambda kind: kind.__name__)
def test_a_finding_has_a_kebab_case_code_and_a_help_text(kind: type[Finding]) -> None:
    finding = kind("content/a.yaml", 3, "text", "Message.", "Remedy.")
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", finding.code)
    assert kind.__doc__
    assert kind.__doc__ != Finding.__doc__
    assert kind.severity in ("error", "warning", "note")
    assert finding.as_dict()["code"] == finding.code
    assert str(finding).startswith(f"content/a.yaml:3: {finding.code} ({kind.severity}) `text`\n")


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        (rule("holds: q-lo"), "Did you mean 'q-low'?"),
        (in_school("help: [office]", "help: [offices]"), "Did you mean 'office'?"),
        (in_school("short: Schule\n", "short: Schule\nstarst: [8]\n"), "Did you mean `starts`?"),
        (in_school("months: {min", "months: {mim: 3, min"), "Did you mean `min`?"),
        (rule("average: {of: q-low, at_mots: 3.0, at_most: 3.0}"), "Did you mean `at_most`?"),
        (in_school("    kind: duty\n", "    kind: duty\n    registre: {}\n"), "Did you mean `register`?"),
    ],
)
def test_a_spelling_mistake_gets_the_nearest_known_word(tmp_path: Path, changes: dict[str, str], remedy: str) -> None:
    assert [finding.remedy for finding in check(tmp_path, changes)] == [remedy]


def test_faults_in_several_files_are_found_at_once_and_in_order(tmp_path: Path) -> None:
    found = check(
        tmp_path,
        {
            **in_school("stage: lower-secondary", "stage: school\nwrong: true\npaid: NO"),
            **in_training("id: training-gives-high", "id: low-to-training"),
            **qualification_with(LOW, "includes: [q-none]\n"),
        },
    )
    places = [(finding.file, finding.line) for finding in found]
    assert places == sorted(places)
    assert [finding.code for finding in found if finding.severity == "error"] == [
        "unknown-reference",
        "wrong-value",
        "unknown-key",
        "ambiguous-value",
        "duplicate-id",
    ]


def test_a_record_that_cannot_be_read_is_not_also_reported_where_it_is_named(tmp_path: Path) -> None:
    found = check(tmp_path, in_school("stage: lower-secondary", "stage: school"))
    assert [finding.code for finding in found if finding.severity == "error"] == ["wrong-value"]


@pytest.mark.parametrize(
    "changes",
    [
        {"town/stations/school.yaml": "id: school\nways_in: 3\n"},
        {"town/stations/school.yaml": "id: school\nways_in: [1, [2], {id: [3]}, {id: {a: b}}, null]\n"},
        {"town/stations/school.yaml": "id: school\nalerts: 3\n"},
        {
            **in_school("help: [office]", "alerts: 3"),
            "town/stations/school.yaml": "id: school\nalerts: [4]\n",
        },
        {
            **in_school("ways_in:\n", "ways_in:\nwrong:\n"),
            "town/stations/school.yaml": "id: school\nways_in: [{id: x}]\n",
        },
        {"town/stations/school.yaml": "id: [school]\n"},
        {"town/stations/school.yaml": "just words\n"},
        {"de/sources.yaml": "- 1\n- {id: 2}\n- [3]\n- null\n"},
        {"de/layer.yaml": "- 1\n"},
        {"town/layer.yaml": "id: town\nname: Stadt\nkind: municipality\nparent: town\n"},
        {"town/layer.yaml": ""},
        {"town/layer.yaml": "id: town\nparent: [1]\n"},
        rule("any_of: 3"),
        rule("any_of: [3, {any_of: []}]"),
        rule("not_holding: 3"),
        rule("status: {a: b}"),
        rule("{1: 2}"),
        rule("contract: 7"),
        {"de/goals/goal-high.yaml": "id: goal-high\nname: A\nshort: A\nreached: 3\n"},
        {"de/goals/goal-high.yaml": "id: goal-high\nname: A\nshort: A\nreached: {any_of: [{holds: {any: 3}}]}\n"},
    ],
    ids=range(20),
)
def test_wrong_shapes_are_findings_and_never_a_crash(tmp_path: Path, changes: dict[str, str]) -> None:
    assert any(finding.severity == "error" for finding in check(tmp_path, changes))


def test_an_idle_circle_needs_ways_that_take_no_time(tmp_path: Path) -> None:
    back = "  - id: back\n    from: [training]\n    kind: {kind}\n{stay}    confidence: unconfirmed\nawards:\n"
    there = in_training("kind: selective\n", f"kind: automatic\n{STAY}")

    def circle(name: str, kind: str, stay: str) -> list[str]:
        changes = {**there, **in_school("awards:\n", back.format(kind=kind, stay=stay))}
        return [finding.code for finding in check(tmp_path / name, changes)]

    assert circle("idle", "automatic", STAY) == ["idle-cycle"]
    assert circle("stays", "automatic", "") == []
    assert circle("waits", "automatic", STAY + "    months: 1\n") == []
    assert circle("chosen", "entitled", STAY) == []


def test_a_side_station_is_no_dead_end(tmp_path: Path) -> None:
    way = WAY.format("in", "start")
    assert check(tmp_path / "support", {"land/stations/side.yaml": SIDE + way + "kind: support\n"}) == []
    beside = {"land/stations/side.yaml": SIDE + way + "alongside: {hosts: [school], only: true}\n"}
    assert check(tmp_path / "beside", beside) == []
    goal = {"land/goals/goal-side.yaml": "id: goal-side\nname: A\nshort: A\nreached: {done: side}\n"}
    assert check(tmp_path / "goal", {"land/stations/side.yaml": SIDE + way, **goal}) == []


def test_a_closed_station_is_neither_unreachable_nor_a_dead_end(tmp_path: Path) -> None:
    closed = "offered: false\nclosed_because: Gibt es hier nicht.\n"
    assert check(tmp_path, {"town/stations/side.yaml": SIDE + closed}) == []


def test_a_local_overlay_may_name_local_records_and_so_may_a_goal(tmp_path: Path) -> None:
    local = {"town/help.yaml": "- {id: town-office, name: Amt, sources: [S1]}\n"}
    overlay = {"town/stations/school.yaml": "id: school\nhelp: [town-office]\n"}
    assert check(tmp_path / "overlay", {**local, **overlay}) == []
    goal = swap("de/goals/goal-high.yaml", "help: [office]", "help: [town-office]")
    assert check(tmp_path / "goal", {**local, **goal}) == []
    (leak,) = check(tmp_path / "leak", {**local, **in_school("help: [office]", "help: [town-office]")})
    assert (leak.code, leak.line, leak.field) == ("layer-leak", 7, "help.0")


def test_a_record_may_go_without_sources_if_it_says_that_nothing_is_confirmed(tmp_path: Path) -> None:
    changes = in_school("sources: [S1]\nconfidence: confirmed\nchecked", "confidence: unconfirmed\nchecked")
    assert check(tmp_path, changes) == []


def test_without_a_day_nothing_is_overdue_or_in_the_future(tmp_path: Path) -> None:
    catalogue = load(tmp_path, in_school("checked: 2026-03-01", "checked: 1999-01-01"))
    assert check_catalogue(catalogue, network_of(catalogue)) == []


def test_a_check_is_overdue_only_after_a_whole_year(tmp_path: Path) -> None:
    assert check(tmp_path, in_school("checked: 2026-03-01", "checked: 2025-06-01")) == []


def test_a_layer_that_does_not_exist_is_found_where_it_is_named(tmp_path: Path) -> None:
    found = check(tmp_path, {"land/layer.yaml": "id: land\nname: Land\nkind: land\nparent: dee\n"})
    assert ("content/land/layer.yaml", 4, "parent") in [(one.file, one.line, one.field) for one in found]


def test_broken_content_is_never_served(tmp_path: Path) -> None:
    content = write(tmp_path, rule("holds: q-lo"))
    with pytest.raises(BrokenContent, match=r"training\.yaml:16: unknown-reference"):
        load_network(content, "town")


def test_an_unknown_region_names_the_nearest(tmp_path: Path) -> None:
    content = write(tmp_path)
    assert regions(content) == ["town"]
    with pytest.raises(UnknownId, match="Meinten Sie: town"):
        load_catalogue(content, "twon")


def test_the_origin_of_every_field_is_told(tmp_path: Path) -> None:
    overlay = """\
id: school
help: []
name: Schule am Ort
ways_in:
  - id: start-to-school
    conditions:
      - age: {at_least: 5}
  - id: local-way
    from: [start]
    kind: entitled
    confidence: unconfirmed
"""
    catalogue = load(tmp_path, {"town/stations/school.yaml": overlay})
    origins = {field: (layer, place) for field, layer, place in explain_origins(catalogue, "school")}
    land, town = f"content/{SCHOOL}", "content/town/stations/school.yaml"
    assert origins["short"] == ("land", f"{land}:3")
    assert origins["name"] == ("town", f"{town}:3")
    assert origins["help"] == ("town", f"{town}:2")
    assert origins["ways_in.0.from.0"] == ("land", f"{land}:14")
    assert origins["ways_in.0.conditions.0.age.at_least"] == ("town", f"{town}:7")
    assert "ways_in.0.conditions.1.fact" not in origins
    assert origins["ways_in.1.kind"] == ("town", f"{town}:10")
    assert catalogue.origin("school", "ways_in.1.note").line == 8


def test_origins_of_small_records_are_told_too(tmp_path: Path) -> None:
    catalogue = load(tmp_path, {"town/help.yaml": "- id: office\n  name: Amt am Ort\n"})
    expected = [
        ("id", "town", "content/town/help.yaml:1"),
        ("name", "town", "content/town/help.yaml:2"),
        ("sources.0", "de", "content/de/help.yaml:1"),
    ]
    assert sorted(explain_origins(catalogue, "office")) == expected
    assert sorted(explain_origins(catalogue, "help:office")) == expected
    with pytest.raises(UnknownId, match="school"):
        explain_origins(catalogue, "shcool")


def test_a_small_record_and_a_station_may_share_an_id(tmp_path: Path) -> None:
    catalogue = load(tmp_path, {"de/money.yaml": "- {id: school, name: A, text: B, sources: [S1]}\n"})
    assert catalogue.origin("school", "name").file == f"content/{SCHOOL}"
    assert check_catalogue(catalogue, network_of(catalogue)) == []


def test_every_fact_that_decides_something_is_listed_with_its_question(tmp_path: Path) -> None:
    facts = {one.key: one for one in known_facts(network_of(load(tmp_path, rule("permit: {by: office}"))))}
    assert list(facts) == ["age", "contract.training", "in-need", "permit.office"]
    assert facts["in-need"].question == "Bedarf?"
    assert facts["age"].answers == "0–110"
    assert facts["permit.office"].question == "Haben Sie schon die Zusage von: Amt?"
    assert facts["contract.training"].used_by == ("low-to-training",)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Eins.", 1),
        ("Kein Punkt am Ende", 0),
        ("Eins. Zwei! Drei?", 3),
        ("Das kostet z. B. 3 Euro. Fertig.", 2),
        ("Die Anmeldung endet am 1. März. Danach ist Schluss.", 2),
        ("Nach der 9. Klasse geht es los. Fertig.", 2),
        ("Das gilt ab Klasse 9. Danach nicht mehr.", 2),
        ("Es dauert ca. 3 Jahre, d. h. lange. Ja.", 2),
        ("Man fragt: „Geht das?“ Ja.", 2),
        ("Das steht in § 4 Abs. 2 Nr. 1. Fertig.", 2),
    ],
)
def test_abbreviations_and_ordinals_end_no_sentence(text: str, count: int) -> None:
    assert count_sentences(text) == count


def test_errors_warnings_and_notes_are_set_by_the_class() -> None:
    assert findings.UnknownReference.severity == "error"
    assert findings.LayerLeak.severity == "warning"
