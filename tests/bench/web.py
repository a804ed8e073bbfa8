"""The program as a whole: how soon it is ready, what it weighs, how much one worker answers."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlencode

import httpx

from pathways.network import Network
from pathways.routes import find_routes
from tests.bench.measures import Figure, Patience, median, resident_megabytes, seconds_of
from tests.bench.workloads import REGION, Query, sixty, trier

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
LOADING = """
import json, time
began = time.perf_counter()
from pathways.catalogue import load_catalogue
from pathways.checking import check_catalogue
from pathways.network import network_of
from pathways.routes import compiled
from pathways.tree import CONTENT
imported = time.perf_counter()
catalogue = load_catalogue(CONTENT, "trier")
network = network_of(catalogue)
loaded = time.perf_counter()
check_catalogue(catalogue, network)
checked = time.perf_counter()
compiled(network)
ready = time.perf_counter()
from tests.bench.measures import resident_megabytes
light = resident_megabytes()
for goal in network.goals:
    compiled(network).for_goal(goal)
print(json.dumps({
    "import": imported - began, "load": loaded - imported, "check": checked - loaded, "compile": ready - checked,
    "goals": time.perf_counter() - ready, "light": light, "all_goals": resident_megabytes(),
}))
"""


def load(tiny: bool = False) -> list[Figure]:
    """A fresh process from nothing to a checked and compiled network."""
    runs = []
    for _ in Patience(15).while_left(range(1 if tiny else 5)):
        began = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", LOADING], cwd=ROOT, capture_output=True, text=True, check=True)
        runs.append({**json.loads(done.stdout), "process": time.perf_counter() - began})
    ready = [run["load"] + run["check"] + run["compile"] for run in runs]
    with_imports = [run["import"] + one for run, one in zip(runs, ready, strict=True)]
    parts = ", ".join(f"{name} {median([run[name] for run in runs]):.2f} s" for name in ("import", "load", "check"))
    return [
        Figure("load", "content loaded, checked, compiled", median(ready), reach=2.0, unit="s", note=parts),
        Figure("load", "the same with imports", median(with_imports), unit="s"),
        Figure("load", "all goals of the content compiled", median([run["goals"] for run in runs]), unit="s"),
        Figure("load", "memory, network loaded", median([run["light"] for run in runs]), unit="MB"),
        Figure("load", "memory, all goals compiled", median([run["all_goals"] for run in runs]), unit="MB"),
    ]  # fmt: skip


def has_web_service() -> bool:
    """True once `api.app` is there."""
    return importlib.util.find_spec("api.app") is not None


@contextlib.contextmanager
def serving(place: str) -> Iterator[tuple[str, int, float]]:
    """The service on a free port: its address, process id, and seconds until it was ready. `place` is its folder."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{place}/bench.db", "MEILI_URL": ""}
    command = [sys.executable, "-m", "api", "serve", "--port", str(port)]
    with httpx.Client(base_url=address) as client:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if client.get("/readyz").status_code == 200:
                        break
                if process.poll() is not None or time.perf_counter() - began > START_SECONDS:
                    raise RuntimeError("the service did not get ready; try `./dev run` to see why")
                time.sleep(0.02)
            yield address, process.pid, time.perf_counter() - began
        finally:
            process.kill()
            process.wait()


def _starts(runs: int) -> tuple[list[float], list[float], list[float]]:
    """Seconds to ready with nothing there, with a database there, and megabytes a moment after a later start."""
    first, later, weights = list[float](), list[float](), list[float]()
    for _ in Patience(20).while_left(range(runs)):
        with tempfile.TemporaryDirectory() as place:
            with serving(place) as (address, _, ready):
                first.append(ready)
                httpx.get(f"{address}/api/v1/{REGION}/search?q=Schule", timeout=60)  # until the index is built
            with serving(place) as (_, pid, ready):
                later.append(ready)
                time.sleep(1)
                weights.append(resident_megabytes(pid))
    return first, later, weights


def _compile() -> None:
    """As in an installed service: Python compiles no source at the start."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", "api", "pathways"], cwd=ROOT, check=False)


class NoAnswer(Exception):
    """The service answered with an error, which is told in the report instead of a number."""


def _address(kind: str, query: Query) -> str:
    asked = urlencode({"from": ",".join(query.person.at), "to": query.goal, "day": query.day.isoformat()})
    return f"/api/v1/{REGION}/routes?{asked}" if kind == "JSON" else f"/{REGION}/de/route?{asked}"


def _per_second(client: httpx.Client, paths: Sequence[str], seconds: float) -> tuple[float, list[float]]:
    took: list[float] = []
    began = time.perf_counter()
    while not took or time.perf_counter() - began < seconds:
        path = paths[len(took) % len(paths)]
        before = time.perf_counter()
        answer = client.get(path)
        took.append(time.perf_counter() - before)
        if answer.status_code != 200:
            raise NoAnswer(f"answered {answer.status_code}")
    return len(took) / (time.perf_counter() - began), took


def web(tiny: bool = False) -> list[Figure]:
    """Pages and JSON answers per second with one worker on loopback, one caller, connection kept."""
    if not has_web_service():
        return [Figure("web", "pages and JSON answers per second", "not there yet")]
    network = trier()
    queries = sixty(network)[:2] if tiny else sixty(network)[::3]
    seconds = 0.5 if tiny else 4.0
    plain = {"start page": f"/{REGION}/de/", "station page": f"/{REGION}/de/station/{sorted(network.stations)[0]}"}
    _compile()
    first, later, weights = _starts(1 if tiny else 3)
    figures = [
        Figure("web", "process start to ready", median(later), reach=2.0, unit="s"),
        Figure("web", "process start to ready, nothing there yet", median(first), unit="s"),
        Figure("web", "memory of the service, just started", median(weights), unit="MB"),
    ]
    with (
        tempfile.TemporaryDirectory() as place,
        serving(place) as (address, pid, _),
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        for name, path in plain.items():
            figures += _page_rate(client, name, path, seconds / 2)
        for kind, own in (("JSON", queries[::2]), ("page", queries[1::2])):  # the service remembers what it found
            figures += _route_rate(client, network, own, kind, seconds)
        figures.append(Figure("web", "memory of the service, after all of these", resident_megabytes(pid), unit="MB"))
    return figures


def _page_rate(client: httpx.Client, name: str, path: str, seconds: float) -> list[Figure]:
    try:
        rate, _ = _per_second(client, [path], seconds)
    except NoAnswer as problem:
        return [Figure("web", f"{name}s per second", str(problem))]
    return [Figure("web", f"{name}s per second", rate, unit="1/s")]


def _route_rate(
    client: httpx.Client, network: Network, queries: Sequence[Query], kind: str, seconds: float
) -> list[Figure]:
    """Route answers per second, each asked for the first time and then again, and what they cost beside the search."""
    paths = [_address(kind, query) for query in queries]
    try:
        first = [_per_second(client, [path], 0)[1][0] for path in Patience(12).while_left(paths)]
        rate, again = _per_second(client, paths[: len(first)], seconds)
    except NoAnswer as problem:
        return [Figure("web", f"route answers per second, {kind}", str(problem))]
    return [
        Figure("web", f"first route answers per second, {kind}", len(first) / sum(first), unit="1/s"),
        Figure("web", f"the same routes asked again per second, {kind}", rate, unit="1/s"),
        Figure("web", f"asked again / the search itself, {kind}", _beside_search(network, queries, again), unit="x"),
    ]


def _beside_search(network: Network, queries: Sequence[Query], again: Sequence[float]) -> float:
    """A request whose search is remembered, so all that is left is to tell it, over that search: in the median."""
    ratios = []
    for query, seconds in Patience(10).while_left(list(zip(queries, again, strict=False))):
        ratios.append(
            seconds / seconds_of(lambda query=query: find_routes(network, query.person, query.goal, query.day))
        )
    return median(ratios)
