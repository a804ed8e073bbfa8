"""The JSON interface against the contract of design.md section 8, key by key, on the real network."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.data import answer_data
from api.json_models import NetworkModel, ProblemModel, ReachModel, RegionModel, RoutesModel
from api.language import Reader
from api.routes_json import LISTS
from pathways.network import Network
from pathways.person import read_person
from pathways.routes import find_routes

DAY = "2026-11-21"
FOUND = f"/api/v1/trier/routes?from=rsplus-koop-br&holds=q-berufsreife:avg=2.8&to=goal-ahr&know=age=16&day={DAY}"
NONE = f"/api/v1/trier/routes?from=start-ausl-hochschule&to=zab&degree-recognised-at-home=false&day={DAY}"
VERDICTS = ("met", "unknown", "unmet")


@pytest.fixture(scope="module")
def found(client: TestClient) -> Any:
    """A ninth-grader with Berufsreife who wants the Abitur."""
    response = client.get(FOUND)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    return response.json()


@pytest.fixture(scope="module")
def none(client: TestClient) -> Any:
    """Somebody whose degree counts nowhere: no way is open."""
    return client.get(NONE).json()


def every_route(answer: Any) -> list[Any]:
    routes = [*answer["routes"], *answer["blocked"]]
    return routes + [variant for route in routes for variant in route["variants"]]


def test_an_answer_repeats_the_question(found: Any) -> None:
    assert {"region", "day", "person", "goal", "complete", "routes", "blocked", "questions"} <= set(found)
    assert (found["region"], found["day"], found["goal"]["id"]) == ("trier", DAY, "goal-ahr")
    assert found["person"] == {
        "at": ["rsplus-koop-br"],
        "holds": [{"qualification": "q-berufsreife", "average": 2.8}],
        "age": 16,
    }
    assert found["complete"] is True
    assert found["routes"]
    assert found["blocked"] == []
    assert {"max_changes", "max_months", "window_months", "window_share"} <= set(found["sensible"])


def test_every_leg_has_what_the_contract_says(found: Any, none: Any) -> None:
    legs = [leg for answer in (found, none) for route in every_route(answer) for leg in route["legs"]]
    assert legs
    for leg in legs:
        keys = {"from", "transition", "kind", "verdict", "conditions", "start", "end", "wait_months", "months"}
        assert keys | {"alongside", "institutions", "deadline", "plan_b"} <= set(leg)
        assert ("station" in leg) != ("qualification" in leg)
        assert leg["kind"] in ("automatic", "duty", "entitled", "selective")
        assert leg["verdict"] in VERDICTS
        assert set(leg["months"]) == {"min", "typical", "max"}
        assert leg["months"]["min"] <= leg["months"]["typical"] <= leg["months"]["max"]
        assert date.fromisoformat(leg["start"]) <= date.fromisoformat(leg["end"])
        assert leg["wait_months"] >= 0
        assert isinstance(leg["alongside"], bool)
        assert isinstance(leg["institutions"], list)
        for condition in leg["conditions"]:
            assert {"kind", "text", "verdict", "sources"} <= set(condition)
            assert condition["verdict"] in VERDICTS
            assert condition["text"].strip()
            assert all(isinstance(source, str) for source in condition["sources"])


def test_a_leg_is_as_open_as_its_conditions(found: Any, none: Any) -> None:
    for answer in (found, none):
        for route in every_route(answer):
            for leg in route["legs"]:
                verdicts = [condition["verdict"] for condition in leg["conditions"]]
                if "unmet" in verdicts:
                    assert leg["verdict"] == "unmet"
                elif leg["verdict"] == "met":
                    assert set(verdicts) <= {"met"}
    for route in every_route(found):
        assert "unmet" not in [leg["verdict"] for leg in route["legs"]]


def test_months_add_up_and_arrival_includes_the_waiting(found: Any) -> None:
    for route in every_route(found):
        one_by_one = [leg for leg in route["legs"] if not leg["alongside"]]
        for bound in ("min", "typical", "max"):
            most = sum(leg["months"][bound] for leg in route["legs"])
            assert route["months"][bound] <= most + 0.01
        if len(one_by_one) == len(route["legs"]):
            assert route["months"]["typical"] == pytest.approx(
                sum(leg["months"]["typical"] for leg in one_by_one), abs=1
            )
        last = max(date.fromisoformat(leg["end"]) for leg in route["legs"])
        assert abs((date.fromisoformat(route["arrival"]) - last).days) <= 31
        assert route["changes"] <= found["sensible"]["max_changes"]


def test_arrivals_are_sensible_and_ordered(found: Any) -> None:
    best = [route["arrival"] for route in found["routes"] if route["optimal"]]
    assert best == sorted(best)
    assert all(route["arrival"] > found["day"] for route in found["routes"])
    assert all(index < len(found["routes"]) for index in found["shown"])


def test_milestones_are_named(found: Any, network: Network) -> None:
    milestones = [one for route in found["routes"] for one in route["milestones"]]
    assert milestones
    for one in milestones:
        assert one["qualification"] in network.qualifications
        assert one["name"]


def test_a_risky_leg_may_have_a_plan_b(found: Any, network: Network) -> None:
    plans = [leg["plan_b"] for route in found["routes"] for leg in route["legs"] if leg["plan_b"]]
    assert plans
    for plan in plans:
        assert all(transition in network.transitions for transition in plan["transitions"])
        date.fromisoformat(plan["arrival"])


def test_variants_have_the_same_shape(found: Any) -> None:
    for route in found["routes"]:
        for variant in route["variants"]:
            assert set(variant) == set(route)
            assert [leg.get("station") for leg in variant["legs"] if leg.get("station")] == [
                leg.get("station") for leg in route["legs"] if leg.get("station")
            ]


def test_questions_say_what_they_change(found: Any) -> None:
    assert found["questions"]
    for question in found["questions"]:
        assert {"fact", "text", "changes"} <= set(question)
        assert question["text"].endswith("?")
        assert question["fact"] != "age"


def test_every_question_can_be_answered_by_its_name(client: TestClient, found: Any) -> None:
    for question in found["questions"]:
        value = (
            "2.5"
            if question["fact"].startswith("average")
            else {"german": "b1", "status": "eu"}.get(question["fact"], "1")
        )
        response = client.get(f"{FOUND.replace(':avg=2.8', '')}&{question['fact']}={value}")
        assert response.status_code == 200, response.text


def test_no_way_says_what_is_missing(none: Any, network: Network) -> None:
    assert none["routes"] == []
    assert none["blocked"]
    for route in none["blocked"]:
        assert route["unmet"]
        for one in route["unmet"]:
            assert one["transition"] in network.transitions
            assert one["text"]
            assert "reason" in one
        assert "unmet" in [leg["verdict"] for leg in route["legs"]]
    assert none["help"]
    assert all(one in network.help for one in none["help"])


def test_the_service_says_exactly_what_the_command_line_says(found: Any, network: Network) -> None:
    person = read_person(
        ["rsplus-koop-br"],
        ["q-berufsreife:avg=2.8"],
        ["age=16"],
        questions=network.questions,
        statuses=network.statuses,
    )
    answer = find_routes(network, person, "goal-ahr", date.fromisoformat(DAY))
    expected = json.loads(json.dumps(answer_data(answer, Reader(network))))
    for route in [*every_route(expected), *every_route(found)]:
        for leg in route["legs"]:
            leg["institutions"] = []
    assert found == expected


def test_sensible_can_be_narrowed(client: TestClient) -> None:
    narrow = client.get(f"{FOUND}&max_changes=3").json()
    assert narrow["sensible"]["max_changes"] == 3
    assert all(route["changes"] <= 3 for route in narrow["routes"] if route["optimal"])


def test_no_way_at_all_has_more_changes_than_is_sensible(client: TestClient) -> None:
    narrow = client.get(f"{FOUND}&max_changes=3").json()
    assert all(route["changes"] <= 3 for route in every_route(narrow))


def test_already_there(client: TestClient) -> None:
    answer = client.get(f"/api/v1/trier/routes?from=bf2&holds=q-ahr&to=goal-ahr&day={DAY}").json()
    assert answer["already_there"] is True
    assert answer["routes"] == []


def test_a_certificate_alone_is_a_place_to_start_from(client: TestClient) -> None:
    response = client.get(f"/api/v1/trier/routes?holds=q-qsek1:avg=2&to=goal-fhr&day={DAY}")
    assert response.status_code == 200


def test_reach_is_ordered_by_arrival(client: TestClient, network: Network) -> None:
    reach = client.get(f"/api/v1/trier/reach?from=bf2&holds=q-berufsreife&age=16&day={DAY}").json()
    ReachModel.model_validate(reach)
    arrivals = [one["arrival"] for one in reach["destinations"]]
    assert arrivals == sorted(arrivals)
    assert len(arrivals) > 10
    for one in reach["destinations"]:
        assert one["id"] in (network.stations if one["kind"] == "station" else network.qualifications)


def test_the_same_question_is_searched_once(client: TestClient, service: FastAPI) -> None:
    path = f"/api/v1/trier/routes?from=fos-11&to=goal-fhr&day={DAY}"
    first = client.get(path)
    before = service.state.results._texts.hits
    assert client.get(path.replace("from=fos-11&to=goal-fhr", "to=goal-fhr&from=fos-11")).content == first.content
    assert service.state.results._texts.hits == before + 1


@pytest.mark.parametrize("name", LISTS)
def test_every_list_holds_every_record(client: TestClient, network: Network, name: str) -> None:
    records = client.get(f"/api/v1/trier/{name}").json()
    assert [one["id"] for one in records] == list(getattr(network, name))


def test_records_of_every_kind(client: TestClient, network: Network) -> None:
    for record_id in network.ids():
        record = client.get(f"/api/v1/trier/records/{record_id}").json()
        assert record["id"] == record_id
        assert record["type"] in ("station", "situation", "qualification", "goal")
        if record["type"] != "goal":
            assert [one["to"] for one in record["ways_in"]] == [record_id] * len(record["ways_in"])
            assert all(record_id in one["from"] for one in record["ways_on"])


def test_the_whole_network_is_open_data(client: TestClient, network: Network) -> None:
    data = client.get("/api/v1/trier/network").json()
    NetworkModel.model_validate(data)
    assert data["licence"] == "CC BY 4.0"
    assert [layer["id"] for layer in data["layers"]] == ["de", "rp", "trier"]
    assert {one["id"] for one in data["transitions"]} == set(network.transitions)
    for one in data["transitions"]:
        assert one["sources"] or one["confidence"] == "unconfirmed"


def test_the_regions(client: TestClient) -> None:
    regions = client.get("/api/v1/regions").json()
    assert [RegionModel.model_validate(one).id for one in regions] == ["trier"]
    assert regions[0]["name"] == "Trier"
    assert "de" in regions[0]["languages"]


def test_the_models_describe_what_is_sent(found: Any, none: Any) -> None:
    for answer in (found, none):
        RoutesModel.model_validate(answer)


def test_openapi_documents_every_address(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    paths = set(document["paths"])
    assert {f"/api/v1/{{region}}/{name}" for name in (*LISTS, "routes", "reach", "transitions", "network")} <= paths
    assert "/api/v1/{region}/records/{record_id}" in paths
    assert ProblemModel.__name__ in document["components"]["schemas"]
    names = [one["name"] for one in document["paths"]["/api/v1/{region}/routes"]["get"]["parameters"]]
    assert {"region", "from", "to", "holds", "know", "day", "lang"} <= set(names)
    references = set(_references(document))
    assert references <= {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [one for value in node.values() for one in _references(value)]
    return [one for value in node for one in _references(value)] if isinstance(node, list) else []
