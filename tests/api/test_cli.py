"""The command line as a real process: exit codes, JSON keys, readable text, precise refusals."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest

from pathways.tree import CONTENT

FOUND = ["route", "--region", "trier", "--from", "rsplus-koop-br", "--to", "goal-ahr", "--day", "2026-11-21"]
NONE = ["route", "--region", "trier", "--from", "start-ausl-hochschule", "--to", "zab", "--day", "2026-11-21"]
NONE += ["--know", "degree-recognised-at-home=false"]


def bildungsnavi(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as people do."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("bildungsnavi")), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "120", **environment},
        timeout=180,
        check=False,
    )


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Content with an error."""
    content = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    path = content / "rp/stations/bf2.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\nunknown_key: 1\n", encoding="utf-8")
    return content


def test_a_route_as_json_ends_with_0() -> None:
    done = bildungsnavi(*FOUND, "--holds", "q-berufsreife:avg=2.8", "--know", "age=16", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    answer: Any = json.loads(done.stdout)
    assert {"region", "day", "person", "goal", "complete", "routes", "blocked", "questions"} <= set(answer)
    assert answer["person"]["age"] == 16
    assert answer["person"]["holds"] == [{"qualification": "q-berufsreife", "average": 2.8}]
    assert answer["routes"]
    leg = answer["routes"][0]["legs"][0]
    assert {"from", "transition", "kind", "verdict", "conditions", "start", "end", "months", "plan_b"} <= set(leg)


def test_no_route_ends_with_3_and_says_what_is_missing() -> None:
    done = bildungsnavi(*NONE, "--format", "json")
    assert done.returncode == 3
    answer = json.loads(done.stdout)
    assert answer["routes"] == []
    assert answer["blocked"][0]["unmet"]
    text = bildungsnavi(*NONE)
    assert text.returncode == 3
    assert "Zurzeit führt kein Weg dorthin" in text.stdout


def test_text_is_for_reading() -> None:
    done = bildungsnavi(*FOUND, "--format", "text")
    assert done.returncode == 0
    for word in ("Ziel:", "Allgemeine Hochschulreife", "1. Ankunft", "Umstiege", "Gesucht wurde nach"):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["route", "--region", "trier", "--from", "bf22", "--to", "goal-ahr"], "bf2"),
        (["route", "--region", "trier", "--from", "bf2", "--to", "goal-arh"], "goal-ahr"),
        (["route", "--region", "treir", "--from", "bf2", "--to", "goal-ahr"], "trier"),
        ([*FOUND, "--know", "age=sixteen"], "ganze Zahl"),
        ([*FOUND, "--know", "age"], "Name=Wert"),
        ([*FOUND, "--know", "place.hbff=true"], "hbf"),
        (["reach", "--region", "trier", "--from", "bf2", "--know", "exam.hbff=true"], "hbf"),
        ([*FOUND, "--know", "age=12", "--know", "work_months=120"], "Welche Angabe stimmt?"),
        ([*FOUND, "--holds", "q-qsek1:avg=9"], "1,0 bis 6,0"),
        ([*FOUND[:-1], "morgen"], "JJJJ-MM-TT"),
        ([*FOUND, "--lang", "tlh"], "tlh"),
        (["route", "--region", "trier"], "--from"),
        (["fly"], "fly"),
        (["serve", "--port", "99999999"], "--port"),
    ],
)
def test_wrong_arguments_end_with_2_and_a_remedy(arguments: list[str], said: str) -> None:
    done = bildungsnavi(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_reach_as_json() -> None:
    done = bildungsnavi("reach", "--region", "trier", "--from", "bf2", "--day", "2026-11-21", "--format", "json")
    assert done.returncode == 0
    reach = json.loads(done.stdout)
    assert {"region", "day", "complete", "destinations"} <= set(reach)
    assert {"id", "kind", "name", "arrival"} <= set(reach["destinations"][0])


def test_the_real_content_is_sound() -> None:
    done = bildungsnavi("check", "--region", "trier", "--format", "json")
    assert done.returncode == 0, done.stdout[-2000:]
    report = json.loads(done.stdout)
    assert report["errors"] == 0
    assert report["conditions"]["typed_share"] >= 0.75


def test_broken_content_ends_with_1(broken: Path) -> None:
    checked = bildungsnavi("check", "--content", str(broken))
    assert checked.returncode == 1
    assert "unknown_key" in checked.stdout
    asked = bildungsnavi(*FOUND, BILDUNGSNAVI_CONTENT=str(broken))
    assert asked.returncode == 1
    assert "unknown_key" in asked.stderr


def test_broken_content_is_never_served(broken: Path) -> None:
    served = bildungsnavi("serve", "--port", str(free_port()), BILDUNGSNAVI_CONTENT=str(broken))
    assert served.returncode == 1
    assert "unknown_key" in served.stderr
    assert "bf2.yaml" in served.stderr
    assert "Traceback" not in served.stderr


def test_a_wrong_setting_names_the_variable() -> None:
    served = bildungsnavi("serve", BILDUNGSNAVI_RELOAD_SECONDS="often")
    assert served.returncode == 2
    assert "BILDUNGSNAVI_RELOAD_SECONDS" in served.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_serving_starts_answers_and_stops_when_told(tmp_path: Path) -> None:
    port = free_port()
    command = [str(Path(sys.executable).with_name("bildungsnavi")), "serve", "--port", str(port)]
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/data.db"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            answer = wait_for(f"http://127.0.0.1:{port}/readyz", process)
        finally:
            process.terminate()
        out, err = process.communicate(timeout=30)
    assert answer.json()["status"] == "ready"
    assert "server" not in answer.headers
    assert process.returncode in (0, -15)
    assert err == ""
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["route"] for line in lines if line["event"] == "request"] == ["/readyz"]
    assert "127.0.0.1:" not in "".join(line for line in out.splitlines() if "request" in line)


def wait_for(address: str, process: subprocess.Popen[str]) -> httpx2.Response:
    """The first answer of a service that is starting."""
    end = time.monotonic() + 90
    while time.monotonic() < end and process.poll() is None:
        try:
            return httpx2.get(address)
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError("the service did not start")
