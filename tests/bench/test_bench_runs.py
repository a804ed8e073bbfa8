"""Every bench runs on a tiny workload and reports figures; the numbers themselves are not judged here."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from api.institution_records import InstitutionRecord
from pathways.compiling import compiled
from pathways.routes import find_routes, traveller_for
from pathways.searching import find_front
from tests.bench.__main__ import BENCHES, BY_NAME_ONLY, main
from tests.bench.generated import LAND, TINY, generate, generated_queries
from tests.bench.generated_institutions import generate_institutions
from tests.bench.measures import Figure, interleaved, percentile
from tests.bench.naive import beats, front
from tests.bench.searching import queries
from tests.bench.workloads import DAY, sixty, starts, story_queries, trier


@pytest.mark.parametrize("name", [name for name in BENCHES if name not in ("web", *BY_NAME_ONLY)])
def test_a_bench_reports_figures(name: str) -> None:
    figures = BENCHES[name](True)
    assert figures
    assert all(figure.bench == name for figure in figures)
    assert all(figure.value != "" for figure in figures)


def test_the_web_bench_waits_for_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.bench.web.has_web_service", lambda: False)
    assert [figure.value for figure in BENCHES["web"](True)] == ["not there yet"]


def test_the_report_is_also_written_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "bench.json"
    assert main(["bounds", "--tiny", "--json", str(place)]) == 0
    written = json.loads(place.read_text(encoding="utf-8"))
    assert {figure["bench"] for figure in written["figures"]} == {"bounds"}
    assert "Dijkstra" in capsys.readouterr().out


def test_an_unknown_bench_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["no-such-bench"])
    assert "route-real" in capsys.readouterr().err


def test_a_generated_network_is_the_same_every_time() -> None:
    one, other = generate(TINY), generate(TINY)
    assert list(one.transitions.values()) == list(other.transitions.values())
    assert list(one.stations.values()) == list(other.stations.values())


def test_a_generated_land_is_about_as_large_as_the_real_network() -> None:
    network = generate(LAND)
    assert 140 <= len(network.stations) <= 180
    assert 400 <= len(network.transitions) <= 520


def test_generated_institutions_are_the_same_every_time_and_sound() -> None:
    few, more = list(generate_institutions(40)), list(generate_institutions(60))
    assert more[:40] == few
    assert len({one.id for one in more}) == 60
    for one in more:
        assert InstitutionRecord.model_validate(one.model_dump()) == one
        assert not one.facts, "nothing is said about a house that does not exist"


def test_what_takes_minutes_runs_only_when_asked_for() -> None:
    assert set(BENCHES) > set(BY_NAME_ONLY)
    assert sum(query.wanted != "" for query in queries(120)) == 80


def test_generated_persons_find_ways() -> None:
    network = generate(LAND)
    fronts = []
    for person, goal in generated_queries(LAND, 12):
        traveller = traveller_for(network, person, DAY)
        fronts.append(len(find_front(traveller, compiled(network).for_goal(goal)).trails))
    assert sum(size > 0 for size in fronts) >= 6
    assert max(fronts) > 1


def test_every_start_and_every_goal_is_asked_for() -> None:
    network = trier()
    queries = sixty(network)
    assert {query.person.at[0] for query in queries} == set(starts(network))
    assert {query.goal for query in queries} == set(network.goals)
    assert len(story_queries(network)) > 400


def test_stories_are_answered() -> None:
    network = trier()
    query = story_queries(network)[0]
    assert find_routes(network, query.person, query.goal, query.day, plans=False, questions=False).goal.id == query.goal


def test_a_verdict_compares_with_both_targets() -> None:
    assert Figure("b", "n", 4.0, beat=7.7, reach=5).verdict == "reached"
    assert Figure("b", "n", 6.0, beat=7.7, reach=5).verdict == "beats the prototype"
    assert Figure("b", "n", 8.0, beat=7.7, reach=5).verdict == "missed"
    assert Figure("b", "n", 800.0, beat=500, higher_is_better=True).verdict == "reached"
    assert Figure("b", "n", math.nan, reach=5).verdict == "not measured"


def test_a_ratio_is_measured_in_turns() -> None:
    turns: list[str] = []
    ratio = interleaved(lambda: turns.append("a"), lambda: turns.append("b"), rounds=5)
    assert ratio.rounds == 5
    assert ratio.value > 0
    assert {"a", "b"} == set(turns)


def test_a_percentile_is_a_value_that_occurred() -> None:
    assert percentile([5, 1, 3], 0.5) == 3
    assert percentile([5, 1, 3], 0.99) == 5


def test_a_front_keeps_what_nothing_beats() -> None:
    assert front({(1, 2, 3, 4), (1, 2, 3, 5), (0, 3, 3, 4)}) == {(1, 2, 3, 4), (0, 3, 3, 4)}
    assert beats((1, 1, 1, 1), (1, 1, 1, 1))
