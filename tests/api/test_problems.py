"""Bad input: refused precisely and gently, with a way out, in the right form; never a 5xx."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.testclient import TestClient

from api.json_models import ProblemModel
from api.language import Reader
from api.problem_pages import plain_page
from api.problems import Problem, problem_of
from api.ways_out import Suggestion
from pathways.errors import PathwaysError
from pathways.network import Network

GOOD = "from=bf2&to=goal-ahr&day=2026-11-21"
LONG = "a" * 10_000
HOSTILE = [
    ("unknown start", "from=bf22&to=goal-ahr", 404),
    ("unknown goal", "from=bf2&to=goal-arh", 404),
    ("unknown certificate", "from=bf2&to=goal-ahr&holds=q-qsek", 404),
    ("upper case", "from=BF2&to=goal-ahr", 404),
    ("path as an id", "from=../../etc/passwd&to=goal-ahr", 404),
    ("markup as an id", "from=<script>alert(1)</script>&to=goal-ahr", 404),
    ("template as an id", "from={{7*7}}&to=goal-ahr", 404),
    ("format as an id", "from=%25(id)s%25s%25n&to=goal-ahr", 404),
    ("query language as an id", "from=' OR 1=1 --&to=goal-ahr", 404),
    ("pattern as an id", "from=" + quote("(a+)+$" * 50) + "&to=goal-ahr", 404),
    ("right-to-left mark", "from=bf2%E2%80%AE&to=goal-ahr", 404),
    ("zero-width space", "from=bf2%E2%80%8B&to=goal-ahr", 404),
    ("full-width digits in an id", "from=bf%EF%BC%92&to=goal-ahr", 404),
    ("Cyrillic look-alike", "from=%D1%8Cf2&to=goal-ahr", 404),
    ("combining accents", "from=" + quote("b\u0301" * 100) + "&to=goal-ahr", 404),
    ("emoji", "from=%F0%9F%9A%82&to=goal-ahr", 404),
    ("nothing", "", 400),
    ("no start", "to=goal-ahr", 400),
    ("no goal", "from=bf2", 400),
    ("empty values", "from=&to=", 400),
    ("null", f"{GOOD}%00", 400),
    ("line break", f"{GOOD}%0d%0aSet-Cookie:%20x=1", 400),
    ("escape", f"{GOOD}&know=age=%1b[31m16", 400),
    ("broken UTF-8", f"{GOOD}&know=%ff%fe=1", 400),
    ("overlong UTF-8", "from=%c0%af&to=goal-ahr", 400),
    ("lone surrogate", "from=%ed%a0%80&to=goal-ahr", 400),
    ("10,000 characters", f"from={LONG}&to=goal-ahr", 400),
    ("a name of 10,000 characters", f"{GOOD}&{LONG}=1", 400),
    ("1,000 parameters", GOOD + "&age=16" * 1000, 400),
    ("a typo in a name", f"{GOOD}&agee=16", 400),
    ("an unknown fact", f"{GOOD}&know=favourite-colour=blue", 400),
    ("words for a number", f"{GOOD}&age=sixteen", 400),
    ("a fraction", f"{GOOD}&age=16.5", 400),
    ("negative", f"{GOOD}&age=-16", 400),
    ("huge", f"{GOOD}&age=" + "9" * 1000, 400),
    ("not a number", f"{GOOD}&age=NaN", 400),
    ("not a number as average", f"{GOOD}&holds=q-qsek1:avg=nan", 400),
    ("infinite average", f"{GOOD}&holds=q-qsek1:avg=-inf", 400),
    ("average out of range", f"{GOOD}&holds=q-qsek1:avg=15", 400),
    ("hexadecimal", f"{GOOD}&age=0x10", 400),
    ("superscript digit", f"{GOOD}&age=%C2%B2", 400),
    ("a list", f"{GOOD}&age[]=16", 400),
    ("an object", f"{GOOD}&age=" + quote('{"$gt": 0}'), 400),
    ("year zero", "from=bf2&to=goal-ahr&day=0000-01-01", 400),
    ("year 9999", "from=bf2&to=goal-ahr&day=9999-12-31", 400),
    ("year 10000", "from=bf2&to=goal-ahr&day=10000-01-01", 400),
    ("30 February", "from=bf2&to=goal-ahr&day=2026-02-30", 400),
    ("another way of writing days", "from=bf2&to=goal-ahr&day=21.11.2026", 400),
    ("an unknown language", f"{GOOD}&lang=tlh", 400),
    ("a path as language", f"{GOOD}&lang=../../../etc", 400),
    ("age against work", f"{GOOD}&age=12&work_months=120", 422),
    ("age against school", f"{GOOD}&age=8&school_years=12", 422),
    ("two ages", f"{GOOD}&age=16&age=17", 422),
    ("two goals", f"{GOOD}&to=goal-fhr", 422),
    ("two days", f"{GOOD}&day=2026-11-22", 422),
]
each_hostile = pytest.mark.parametrize(
    ("query", "status"), [(query, status) for _, query, status in HOSTILE], ids=[name for name, *_ in HOSTILE]
)


@each_hostile
def test_the_interface_answers_with_a_problem(client: TestClient, query: str, status: int) -> None:
    response = client.get(f"/api/v1/trier/routes?{query}")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["content-language"] == "de"
    problem = response.json()
    ProblemModel.model_validate(problem)
    assert problem["status"] == status
    assert problem["type"].startswith("urn:problem-type:bildungsnavi:")
    assert problem["title"]
    assert problem["detail"]
    assert problem["remedy"]
    assert len(response.text) < 4_000 + 6 * len(query)
    assert "%(" not in problem["detail"].replace("%(id)s%s%n", "")
    for suggestion in problem.get("suggestions", []):
        assert suggestion["href"].startswith("/api/v1/trier/routes")
        assert not suggestion["href"].startswith("//")


@each_hostile
def test_pages_answer_with_a_page(client: TestClient, query: str, status: int) -> None:
    response = client.get(f"/trier/de/route?{query}", headers={"Accept": "text/html"})
    assert response.headers["content-type"].startswith("text/html")
    assert response.status_code in (status, 200)
    assert response.status_code < 500
    assert "<script>alert" not in response.text
    assert response.headers["cache-control"] == "no-store"


def test_an_unknown_id_leads_to_the_nearest_in_the_same_place(client: TestClient) -> None:
    problem = client.get("/api/v1/trier/routes?from=bf22,hbf&to=goal-ahr&age=16").json()
    assert problem["nearest"][0] == "bf2"
    assert problem["suggestions"][0] == {
        "label": "Berufsfachschule II (BF II)",
        "href": "/api/v1/trier/routes?from=bf2,hbf&to=goal-ahr&age=16",
    }
    problem = client.get("/api/v1/trier/records/goal-arh").json()
    assert problem["suggestions"][0]["href"] == "/api/v1/trier/records/goal-ahr"
    problem = client.get("/api/v1/treir/stations").json()
    assert problem["suggestions"] == [{"label": "Trier", "href": "/api/v1/trier/stations"}]


def test_contradictory_facts_are_both_named_and_asked_about(client: TestClient) -> None:
    problem = client.get(f"/api/v1/trier/routes?{GOOD}&know=age=12&work_months=120").json()
    assert problem["type"].endswith(":contradictory-facts")
    assert problem["facts"] == ["age", "work_months"]
    assert "Alter = 12" in problem["detail"]
    assert "Monate im Beruf = 120" in problem["detail"]
    assert problem["remedy"].endswith("?")
    assert [one["href"] for one in problem["suggestions"]] == [
        f"/api/v1/trier/routes?{GOOD}&work_months=120",
        f"/api/v1/trier/routes?{GOOD}&know=age=12",
    ]


def test_a_bad_fact_can_be_left_out(client: TestClient) -> None:
    problem = client.get(f"/api/v1/trier/routes?{GOOD}&german=fluent").json()
    assert problem["facts"] == ["german"]
    assert problem["suggestions"][0]["href"] == f"/api/v1/trier/routes?{GOOD}"
    problem = client.get(f"/api/v1/trier/routes?{GOOD}&q_qsek1=1&avg_qsek1=9").json()
    assert problem["suggestions"][0]["href"] == f"/api/v1/trier/routes?{GOOD}"


def test_what_is_missing_is_said_to_be_missing(client: TestClient) -> None:
    assert client.get("/api/v1/trier/routes?to=goal-ahr").json()["title"] == "Eine Angabe fehlt"


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/nothing", "text/html,application/json;q=0.9", "text/html"),
        ("/nothing", "*/*", "text/html"),
        ("/nothing", "application/json", "application/problem+json"),
        ("/nothing", "application/problem+json", "application/problem+json"),
        ("/api/nothing", "text/html", "application/problem+json"),
        ("/api/v1/trier/nothing", "*/*", "application/problem+json"),
    ],
)
def test_an_unknown_path(client: TestClient, path: str, accept: str, kind: str) -> None:
    response = client.get(path, headers={"Accept": accept})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith(kind)


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "//evil.example/%2e%2e",
        "/%5cevil.example/x",
        "///evil.example",
        "/\\evil.example",
        "/%2f%2fevil",
    ],
)
def test_no_link_or_redirect_leads_to_another_host(client: TestClient, path: str) -> None:
    for query in ("", "?age=1%00"):
        response = client.get(f"http://testserver{path}{query}")
        assert response.status_code in (308, 400, 404)
        assert not response.headers.get("location", "").startswith(("//", "/\\", "http"))
        assert 'href="//' not in response.text
        assert 'href="/\\' not in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/trier%00/de/",
        "/trier/de/station/%00",
        "/trier/de/station/bf2%0d%0a",
        "/trier/de/station/" + "a" * 9_000,
        "/trier/de/goal/%ff",
        "/api/v1/trier/records/%ff%00",
        "/api/v1/trier/records/" + quote("😀" * 500),
        "/api/v1/%2e%2e/stations",
        "/" + "a/" * 2_000,
        "/trier/tlh/",
        "/tier/de/",
        "/trier/de/nothing",
    ],
)
def test_hostile_paths_find_nothing(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code in (400, 404)
    assert "\x00" not in response.text


def test_hostile_headers_change_nothing(client: TestClient) -> None:
    for headers in (
        {"Accept": "a" * 5000},
        {"Accept-Language": "\x7f;q=nan"},
        {"If-None-Match": '"' * 500},
        {"Accept-Encoding": "br;q=x, gzip;q=, *;q=nan"},
        {"Host": "["},
        {"Host": "evil.example/x"},
        {"Content-Length": "-1"},
        {"Range": "bytes=5-1,9999999999999999999-"},
    ):
        assert client.get("/api/v1/regions", headers=headers).status_code == 200
        assert client.get("/nothing", headers=headers).status_code == 404


def test_a_final_slash_is_forgiven_with_the_query(client: TestClient) -> None:
    response = client.get("/api/v1/trier/stations/?lang=de")
    assert response.status_code == 308
    assert response.headers["location"] == "/api/v1/trier/stations?lang=de"


def test_every_kind_of_problem_has_words(network: Network) -> None:
    request = Request({"type": "http", "path": "/x", "query_string": b"", "headers": [], "app": _App()})
    words = Reader(network)
    problems = [problem_of(HTTPException(status), request, words) for status in (400, 401, 403, 404, 405, 413, 429)]
    problems += [problem_of(PathwaysError("inner words"), request, words), problem_of(ValueError("x"), request, words)]
    for problem in problems:
        assert problem.title
        assert problem.detail
        assert problem.remedy
        assert "inner words" not in str(problem)
    assert problems[-1].status == 500


def test_the_page_of_last_resort_escapes(network: Network) -> None:
    problem = Problem(404, "x", "<b>", "<i>", "<u>", (Suggestion("<a>", '/"><script>'),))
    page = plain_page(problem, Reader(network))
    assert "<script>" not in page
    assert "<b>" not in page
    assert page.startswith('<!doctype html><html lang="de" dir="ltr">')


class _App:
    class state:
        class networks:
            @staticmethod
            def find(region: str) -> Any:
                return None
