"""The search, with both engines, from a small town to a whole country, and the pages that list institutions.

Every query goes to all sizes and engines in turn; a ratio is the median over the queries. What is asked for: names as
they are written, names with a slip of the finger, and the gold set in six languages.
"""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import structlog.testing
import yaml
from starlette.testclient import TestClient

from api.app import create_app
from api.meili_search import MeiliIndex
from api.search import EngineName, RegionSearch, search, suggest
from api.search_following import Searches
from api.settings import Settings
from tests.bench.generated_institutions import VERSION, generate_institutions
from tests.bench.measures import Figure, Patience, median, percentile, resident_megabytes, seconds_of, share
from tests.bench.search_building import DATABASE, open_town
from tests.bench.workloads import REGION
from tests.search.conftest import KEY, MeiliServer, find_meili, running_meili

ROOT = Path(__file__).resolve().parents[2]
SMALL, MIDDLE, LARGE = 200, 5_000, 100_000
PATIENT = 1_000.0
"""Seconds that a Meilisearch under load may take here before it counts as hanging."""
LISTS = {
    "all": "institutions",
    "two filters": "institutions?" + urlencode({"kind": "grundschule", "all_day": "unknown"}),
    "words": "institutions?" + urlencode({"q": "Martin"}),
}


@dataclass(frozen=True)
class Asked:
    """One query; `wanted` is the institution it should find, if it is a name."""

    text: str
    kind: str
    wanted: str = ""


@dataclass
class Timed:
    """Seconds of one engine over one town, and how often what was wanted came among the first ten."""

    seconds: list[float]
    found: dict[str, list[bool]]

    @property
    def note(self) -> str:
        """In milliseconds, for the note."""
        p50, p99 = (1_000 * percentile(self.seconds, part) for part in (0.5, 0.99))
        return f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, {len(self.seconds)} queries"


def small_and_middle(tiny: bool = False) -> list[Figure]:
    """Two hundred institutions, a town with its surroundings, and five thousand, a Land."""
    return _compare("search", (20, 60) if tiny else (SMALL, MIDDLE), tiny)


def large(tiny: bool = False) -> list[Figure]:
    """A hundred thousand, the country. Takes minutes, so it is measured only when asked for by name."""
    return _compare("search-large", (20, 60) if tiny else (SMALL, LARGE), tiny)


def _compare(bench: str, sizes: Sequence[int], tiny: bool) -> list[Figure]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="navi-bench-")))
        server = stack.enter_context(running_meili()) if find_meili() else None
        built = {size: _in_a_process("build", size, folder) for size in sizes}
        asking = {size: _in_a_process("ask", size, folder) for size in sizes}
        towns = {size: open_town(folder / str(size)) for size in sizes}
        figures = _indexing(bench, built, asking)
        if server is not None:
            for size, town in towns.items():
                town.meili = MeiliIndex(server.url, KEY, f"{REGION}-{size}", seconds=PATIENT)
            figures += _meili_indexing(bench, towns, server)
        else:
            figures.append(Figure(bench, "Meilisearch", "not there: run by ./dev bench"))
        figures += _asking(bench, towns, queries(6 if tiny else 75), Patience(2 if tiny else 30))
        return figures + _pages(bench, folder, sizes, Patience(2 if tiny else 6))


def queries(count: int) -> list[Asked]:
    """A third names, a third names with two letters swapped, a third of the gold set; always the same."""
    chance = random.Random(VERSION)
    each = count // 3
    named = chance.sample(list(generate_institutions(SMALL if count > 10 else 20)), k=each)
    asked = [Asked(one.name, "names", one.id) for one in named]
    for one in named:
        at = chance.randrange(len(one.name) - 1)
        swapped = one.name[:at] + one.name[at + 1] + one.name[at] + one.name[at + 2 :]
        asked.append(Asked(swapped, "names with a slip", one.id))
    gold = yaml.safe_load((ROOT / "tests" / "search" / "gold.yaml").read_text(encoding="utf-8"))
    asked += [Asked(one["q"], "words") for one in chance.sample(gold, k=each)]
    return chance.sample(asked, k=len(asked))


def _in_a_process(what: str, size: int, folder: Path) -> dict[str, float]:
    place = folder / str(size)
    place.mkdir(exist_ok=True)
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.search_building", what, str(size), str(place)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


# --- indexing ---


def _indexing(bench: str, built: dict[int, dict[str, float]], asking: dict[int, dict[str, float]]) -> list[Figure]:
    (small, base), *others = built.items()
    figures = []
    for size, one in built.items():
        note = f"built in {one['seconds']:.1f} s, {one['documents']:,.0f} documents"
        figures.append(Figure(bench, f"embedded {size:,}: index on disk", one["file"], unit="MB", note=note))
        memory = f"embedded {size:,}: memory, building and asking"
        figures.append(
            Figure(
                bench, memory, f"{one['after']:.0f} / {asking[size]['after']:.0f} MB", note=_grown(one, asking[size])
            )
        )
    for size, one in others:
        ratio = (one["seconds"] / one["documents"]) / (base["seconds"] / base["documents"])
        figures.append(Figure(bench, f"embedded: seconds per document, {size:,} / {small:,}", ratio, unit="x"))
    return figures


def _grown(building: dict[str, float], asking: dict[str, float]) -> str:
    grown = [one["after"] - one["before"] for one in (building, asking)]
    return f"{grown[0]:.0f} and {grown[1]:.0f} MB of it for the index"


def _meili_indexing(bench: str, towns: dict[int, RegionSearch], server: MeiliServer) -> list[Figure]:
    figures = []
    for size, town in towns.items():
        took = seconds_of(lambda town=town: town.rebuild(["meilisearch"]))
        memory = resident_megabytes(server.process.pid if server.process else "self")
        figures.append(
            Figure(bench, f"Meilisearch {size:,}: memory after building", memory, unit="MB", note=f"{took:.1f} s")
        )
    return figures


# --- asking ---


def _asking(bench: str, towns: dict[int, RegionSearch], asked: Sequence[Asked], patience: Patience) -> list[Figure]:
    engines: tuple[EngineName, ...] = ("embedded", "meilisearch")
    ways = [(engine, size) for engine in engines for size in towns if engine == "embedded" or towns[size].meili]
    timed = {way: Timed([], {}) for way in ways}
    typed: dict[int, list[float]] = {size: [] for size in towns}
    for engine, size in ways:  # the first question also reads the words of the index
        search("Schule", region=towns[size], engine=engine)
    for one in patience.while_left(asked):
        for engine, size in ways:
            _ask(timed[engine, size], towns[size], engine, one)
        for size, town in towns.items():
            begun = one.text[: 3 + len(one.text) // 3]
            typed[size].append(seconds_of(lambda town=town, begun=begun: suggest(begun, region=town)))
    small = min(towns)
    figures = []
    for size in towns:
        own, base = timed["embedded", size], timed["embedded", small]
        tail = percentile(own.seconds, 0.99) / percentile(own.seconds, 0.5)
        figures.append(Figure(bench, f"embedded {size:,}: p99 / p50", tail, unit="x", note=own.note))
        if size != small:
            figures += _ratio(bench, f"embedded {size:,} / {small:,}", own.seconds, base.seconds)
            suggesting = Timed(typed[size], {}).note
            figures += _ratio(bench, f"suggestions {size:,} / {small:,}", typed[size], typed[small], suggesting)
        if ("meilisearch", size) in timed:
            other = timed["meilisearch", size]
            figures += _ratio(bench, f"Meilisearch / embedded, {size:,}", other.seconds, own.seconds, other.note)
    for (engine, size), one in timed.items():
        for kind, found in one.found.items():
            part = share(sum(found), len(found))
            name = f"{engine} {size:,}: {kind} among the first ten"
            figures.append(Figure(bench, name, part, higher_is_better=True, note=f"{len(found)} queries"))
    return figures


def _ask(timed: Timed, town: RegionSearch, engine: EngineName, one: Asked) -> None:
    results = []
    timed.seconds.append(seconds_of(lambda: results.append(search(one.text, region=town, engine=engine, limit=10))))
    if one.wanted:
        found = one.wanted in {hit.id for hit in results[0].hits}
        timed.found.setdefault(one.kind, []).append(found)


def _ratio(bench: str, name: str, ours: Sequence[float], theirs: Sequence[float], note: str = "") -> list[Figure]:
    each = [one / other for one, other in zip(ours, theirs, strict=True)]
    tails = percentile(ours, 0.99) / percentile(theirs, 0.99)
    return [
        Figure(bench, f"{name}, median of ratios", median(each), unit="x", note=note),
        Figure(bench, f"{name}, p99", tails, unit="x"),
    ]


# --- pages ---


@contextmanager
def _service(folder: Path) -> Iterator[Callable[[str], float]]:
    """The real app over a generated town, and what is shipped besides: seconds it takes for a page."""
    settings = Settings(database_url=f"sqlite:///{folder / DATABASE}", regions=(REGION,), reload_seconds=0)
    app = create_app(settings)
    app.state.searches = Searches(app.state.networks, app.state.desk.engine, folder=folder)
    client = TestClient(app, raise_server_exceptions=False)

    def page(path: str) -> float:
        answers = []
        seconds = seconds_of(lambda: answers.append(client.get(f"/{REGION}/de/{path}")))
        return seconds if answers[0].status_code == 200 else math.nan

    yield page
    app.state.desk.close()


def _pages(bench: str, folder: Path, sizes: Sequence[int], patience: Patience) -> list[Figure]:
    """Lists of institutions with filters, each in turn with the start page."""
    with ExitStack() as stack:
        stack.enter_context(structlog.testing.capture_logs())  # keeps every request out of the report
        services = {size: stack.enter_context(_service(folder / str(size))) for size in sizes}
        took: dict[tuple[int, str], list[float]] = {}
        start: dict[int, list[float]] = {size: [] for size in sizes}
        for page in services.values():
            page("")
        for _ in patience.while_left(range(5)):
            for size, page in services.items():
                start[size].append(page(""))
                for name, path in LISTS.items():
                    took.setdefault((size, name), []).append(page(path))
    figures = []
    for (size, name), seconds in took.items():
        ratio = median([one / other for one, other in zip(seconds, start[size], strict=True)])
        note = "answered with an error" if math.isnan(median(seconds)) else f"{1_000 * median(seconds):.0f} ms"
        figures.append(Figure(bench, f"list of {size:,}, {name} / start page", ratio, unit="x", note=note))
    return figures
