"""What surrounds every request: headers, caching, compression, static files, health, metrics, log lines."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import structlog
from fastapi import FastAPI
from starlette.requests import Request
from starlette.testclient import TestClient

from api.app import create_app
from api.edge import CONTENT_SECURITY_POLICY, LARGEST_BODY
from api.networks import Networks
from api.remembered import Remembered
from api.settings import Settings
from pathways.tree import FRONTEND

PERSONAL = [
    "/api/v1/trier/routes?from=bf2&to=q-qsek1&day=2026-11-21",
    "/api/v1/trier/routes",
    "/api/v1/trier/reach?from=x",
]
PUBLIC = ["/api/v1/trier/stations", "/api/v1/regions", "/api/v1/trier/network", "/api/v1/trier/records/bf2"]
ANY = ["/", "/healthz", "/readyz", "/api/v1/openapi.json", "/static/vendor/fonts/fonts.css", "/nothing-here", *PERSONAL]


@pytest.mark.parametrize("path", [*ANY, *PUBLIC])
def test_every_response_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "camera=()" in headers["permissions-policy"]
    assert "set-cookie" not in headers
    assert "server" not in headers


@pytest.mark.parametrize("path", PERSONAL)
def test_personal_answers_are_never_stored(client: TestClient, path: str) -> None:
    assert client.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PUBLIC)
def test_public_data_is_asked_for_again_only_if_it_changed(client: TestClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["cache-control"].startswith("public")
    mark = first.headers["etag"]
    again = client.get(path, headers={"If-None-Match": f'"other", {mark}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", mark)
    assert client.get(path, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_json_is_compressed_for_those_who_take_it(client: TestClient) -> None:
    path = "/api/v1/trier/stations"
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    for encoding in ("br", "gzip"):
        packed = client.get(path, headers={"Accept-Encoding": encoding})
        assert packed.headers["content-encoding"] == encoding
        assert int(packed.headers.get("content-length", 0)) < len(plain.content) / 3
        assert packed.json() == plain.json()
    assert "content-encoding" not in plain.headers


def test_other_pages_may_read_the_open_data(client: TestClient) -> None:
    assert client.get("/api/v1/trier/stations").headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.get("/readyz").headers


def test_head_is_get_without_the_body(client: TestClient) -> None:
    whole = client.get("/api/v1/regions")
    head = client.head("/api/v1/regions")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(whole.content))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "BREW"])
def test_nothing_here_can_be_changed(client: TestClient, method: str) -> None:
    response = client.request(method, "/api/v1/regions")
    assert response.status_code == 405
    assert "GET" in response.headers["allow"]


def test_a_large_body_is_refused(client: TestClient) -> None:
    assert client.post("/api/v1/regions", content=b"x" * (LARGEST_BODY + 1)).status_code == 413
    assert client.get("/api/v1/regions", headers={"Content-Length": "9" * 30}).status_code == 413


# --- static files ---


@pytest.fixture(scope="module")
def style() -> str:
    return "vendor/kern/kern.min.css"


def test_a_marked_static_file_is_kept_for_good(client: TestClient, style: str) -> None:
    plain = client.get(f"/static/{style}", headers={"Accept-Encoding": "identity"})
    assert plain.content == (FRONTEND / "static" / style).read_bytes()
    assert plain.headers["content-type"].startswith("text/css")
    assert plain.headers["cache-control"] == "no-cache"
    mark = plain.headers["etag"].strip('"')
    assert "immutable" in client.get(f"/static/{style}?v={mark}").headers["cache-control"]
    assert client.get(f"/static/{style}?v=0123456789").headers["cache-control"] == "no-cache"
    assert client.get(f"/static/{style}", headers={"If-None-Match": plain.headers["etag"]}).status_code == 304


def test_static_text_is_packed_small_and_fonts_as_they_are(client: TestClient, style: str) -> None:
    packed = client.get(f"/static/{style}", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "br"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert int(packed.headers["content-length"]) < 30_000
    unpacked = client.get(f"/static/{style}", headers={"Accept-Encoding": "br;q=0, gzip"})
    assert unpacked.headers["content-encoding"] == "gzip"
    font = client.get("/static/vendor/fonts/fira-sans/latin-400.woff2")
    assert font.headers["content-type"] == "font/woff2"
    assert "content-encoding" not in font.headers


@pytest.mark.parametrize(
    "path",
    [
        "",
        "vendor",
        "vendor/kern/",
        "nothing.css",
        "../templates/base.html",
        "%2e%2e/%2e%2e/pyproject.toml",
        "..%2f..%2fpyproject.toml",
        "vendor/../../templates/base.html",
        "%00",
        "vendor%5c..%5c..%5cpyproject.toml",
        "/etc/passwd",
        "//etc/passwd",
        "a" * 5000,
    ],
)
def test_nothing_outside_of_the_static_folder_is_served(client: TestClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code == 404


# --- operations ---


def test_alive_and_ready(client: TestClient, service: FastAPI) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert ready["status"] == "ready"
    assert ready["regions"]["trier"]["transitions"] == len(service.state.networks.get("trier").transitions)
    assert ready["refused"] == []


def test_metrics_know_templates_only_and_are_not_for_the_public(client: TestClient) -> None:
    client.get("/api/v1/trier/records/bf2")
    client.get("/nothing/of/this/kind/x")
    text = client.get("/metrics").text
    assert 'handler="/api/v1/{region}/records/{record_id}"' in text
    assert "bf2" not in text
    assert "nothing" not in text
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404


def test_a_log_line_says_what_it_took_and_nothing_about_the_person(client: TestClient) -> None:
    with structlog.testing.capture_logs() as lines:
        client.get(
            "/api/v1/trier/routes?from=bf2&to=q-qsek1&age=17&day=2026-11-21", headers={"X-Forwarded-For": "192.0.2.1"}
        )
        client.get("/trier/xx/plan/some-secret-id")
    said = [line for line in lines if line["event"] == "request"]
    assert [(line["route"], line["status"]) for line in said] == [("/api/v1/{region}/routes", 200), ("unknown", 404)]
    assert set(said[0]) == {"event", "log_level", "route", "method", "status", "milliseconds"}
    assert not re.search(
        r"bf2|17|secret|192\.0|testclient", json.dumps(lines).replace(str(said[0]["milliseconds"]), "")
    )


def test_a_fault_of_ours_is_a_plain_page_and_a_log_line_without_its_message(tmp_path: Path) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/data.db", reload_seconds=0))

    @app.get("/broken")
    def broken(request: Request) -> None:
        raise KeyError("age=17 and other things told")

    with TestClient(app) as client, structlog.testing.capture_logs() as lines:
        page = client.get("/broken")
        data = client.get("/broken", headers={"Accept": "application/json"})
    assert (page.status_code, data.status_code) == (500, 500)
    assert page.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert page.headers["cache-control"] == "no-store"
    assert "age=17" not in page.text + data.text + json.dumps(lines)
    assert "KeyError" not in page.text + data.text
    assert data.json()["type"].endswith("internal")
    faults = [line for line in lines if line["event"] == "request failed"]
    assert faults[0]["error"] == "KeyError"
    assert any("broken" in frame for frame in faults[0]["frames"])


def test_the_first_request_does_not_wait_for_the_network_to_be_compiled() -> None:
    networks = Networks(Settings().content)
    assert "compiled" in networks.get("trier").__dict__


def test_only_so_much_is_remembered_and_only_for_a_while() -> None:
    memory: Remembered[int] = Remembered(2, seconds=1000)
    made = []

    def make(value: int) -> int:
        made.append(value)
        return value

    for key in (1, 2, 1, 3, 1, 2):
        assert memory.get(key, lambda key=key: make(key)) == key  # type: ignore[misc]
    assert made == [1, 2, 3, 2]
    assert (len(memory), memory.hits) == (2, 2)
    forgetful: Remembered[int] = Remembered(2, seconds=-1)
    forgetful.get(1, lambda: make(7))
    forgetful.get(1, lambda: make(8))
    assert made[-2:] == [7, 8]
