"""Any input at all: the documented interface by schemathesis, every page by hypothesis. Never a 5xx, always in form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from api.edge import CONTENT_SECURITY_POLICY
from api.settings import Settings

QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True}
STARTS = ["bf2", "rsplus-koop-br", "fos-11", "q-berufsreife", "start-erw-neu"]
GOALS = ["goal-ahr", "goal-fhr", "q-qsek1", "bf2"]
NAMES = [
    *("from", "to", "holds", "know", "day", "lang", "age", "german", "status", "contract", "work_months", "place.hbf"),
    *("q_qsek1", "avg_qsek1", "max_changes", "max_months", "step", "ask", "stage", "route", "q", "place", "language"),
]
VALUES = [
    *STARTS,
    *GOALS,
    *("16", "-1", "0", "b1", "true", "weiss-nicht", "unknown", "training", "age=16", "q-qsek1:avg=2.4", "2026-11-21"),
    *(
        "0000-00-00",
        "9999-12-31",
        "NaN",
        "1e999",
        "%",
        "\x00",
        "\u202e",
        "\ud800",
        "ß",
        "۱۶",
        "'\"><script>",
        "{{7*7}}",
    ),
    "a" * 3_000,
]
text = st.text(max_size=30) | st.sampled_from(VALUES)
pairs = st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=10), text), max_size=6)


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The real service with little time for each search."""
    folder = tmp_path_factory.mktemp("fuzz")
    return create_app(Settings(database_url=f"sqlite:///{folder}/data.db", reload_seconds=0, search_milliseconds=100))


@pytest.fixture(scope="module")
def fuzzed(hurried: FastAPI) -> Iterator[TestClient]:
    """A client that reports a fault inside as a 500, like a browser would see it."""
    with TestClient(hurried, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def documented(hurried: FastAPI) -> schemathesis.BaseSchema:
    """What the interface says about itself."""
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", hurried)


MODES = list(schemathesis.GenerationMode)
EXCLUDED = [
    # Parameters are read by us, with better words and more spellings than a schema can say.
    schemathesis.checks.negative_data_rejection,
    schemathesis.checks.positive_data_acceptance,
]


@pytest.mark.parametrize("mode", MODES, ids=[mode.name.lower() for mode in MODES])
def test_the_interface_keeps_to_its_documentation(
    documented: schemathesis.BaseSchema, mode: schemathesis.GenerationMode
) -> None:
    """Status codes, media types and the shape of every answer are as documented, for sound and for unsound input."""
    tried = []
    for found in documented.get_all_operations():
        operation = found.ok()
        tried.append(operation.path)
        if mode == schemathesis.GenerationMode.NEGATIVE and "{region}" not in operation.path:
            continue  # nothing to get wrong

        @settings(max_examples=8, **QUICK)
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: schemathesis.Case) -> None:
            response = case.call()
            assert response.status_code < 500
            case.validate_response(response, excluded_checks=EXCLUDED)

        check()
    assert {"/api/v1/{region}/search", "/api/v1/{region}/suggest"} <= set(tried)
    assert len(tried) > 15


def addresses(app: FastAPI) -> list[str]:
    """Templates of everything that can be looked at, the documented interface aside."""
    found = []
    for route in app.routes:
        contexts = getattr(route, "effective_route_contexts", None)
        found += [one.path for one in contexts()] if callable(contexts) else [getattr(route, "path", "")]
    return sorted({path for path in found if path and not path.startswith(("/static", "/api/v1/openapi"))})


def encoded(query: list[tuple[str, str]]) -> str:
    return urlencode([(a.encode("utf-8", "surrogatepass"), b.encode("utf-8", "surrogatepass")) for a, b in query])


@settings(max_examples=150, **QUICK)
@given(data=st.data())
def test_no_address_ever_fails(fuzzed: TestClient, hurried: FastAPI, data: st.DataObject) -> None:
    template = data.draw(st.sampled_from(addresses(hurried)))
    parts = {
        "region": st.sampled_from(["trier", "trier", "trier", "treir"]) | text,
        "language": st.sampled_from(["de", "de", "de", "tlh"]) | text,
    }
    path = re.sub(
        r"\{(\w+)(:\w+)?\}",
        lambda found: quote(
            data.draw(parts.get(found[1], st.sampled_from([*STARTS, *GOALS]) | text)).encode("utf-8", "surrogatepass"),
            safe="",
        ),
        template,
    )
    query = encoded(data.draw(pairs))
    response = fuzzed.get(path + (f"?{query}" if query else ""))
    assert response.status_code in (200, 304, 307, 308, 400, 404, 405, 422), f"{path}?{query}"
    assert response.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "<script>alert" not in response.text
    assert "{{7*7}}" not in response.text or "49" not in response.text


@settings(max_examples=30, **QUICK)
@given(start=st.sampled_from(STARTS), goal=st.sampled_from(GOALS), more=pairs, page=st.sampled_from(["route", "reach"]))
def test_no_answer_about_a_person_ever_fails(
    fuzzed: TestClient, start: str, goal: str, more: list[tuple[str, str]], page: str
) -> None:
    query = encoded([("from", start), ("to", goal), ("day", "2026-11-21"), *more])
    for path in (f"/trier/de/{page}", f"/api/v1/trier/{page.replace('route', 'routes')}"):
        response = fuzzed.get(f"{path}?{query}")
        assert response.status_code in (200, 400, 404, 422), f"{path}?{query}"
        assert response.headers["cache-control"] == "no-store"


@settings(max_examples=40, **QUICK)
@given(
    method=st.sampled_from(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]),
    path=st.sampled_from(["/", "/trier/de/", "/api/v1/trier/routes", "/static/x", "/nothing"]),
    body=st.binary(max_size=200),
)
def test_no_method_ever_fails(fuzzed: TestClient, method: str, path: str, body: bytes) -> None:
    assert fuzzed.request(method, path, content=body).status_code in (200, 400, 404, 405, 413, 422)
