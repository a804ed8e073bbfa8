"""`python -m tests.bench [names…] [--json FILE]`: runs the benches, prints ratios with their targets, writes JSON.

Ratios and counts are what counts: milliseconds of a busy machine are shown in notes at most, and nothing fails on them.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import answers, naive, routing, searching, web
from tests.bench.generated import VERSION
from tests.bench.measures import Figure

ROOT = Path(__file__).resolve().parents[2]
Bench = Callable[[bool], list[Figure]]
BENCHES: dict[str, Bench] = {
    "load": web.load,
    "route-real": routing.route_real,
    "route-land": routing.route_land,
    "route-bund": routing.route_bund,
    "route-dense": routing.route_dense,
    "route-naive": naive.route_naive,
    "reach": answers.reach,
    "whynot": answers.whynot,
    "budget": routing.budget,
    "bounds": answers.bounds,
    "diverse": answers.diverse,
    "web": web.web,
    "search": searching.small_and_middle,
    "search-large": searching.large,
}
BY_NAME_ONLY = ("search-large",)
"""These take minutes, so they run only when they are asked for."""
STYLES = {"reached": "green", "beats the prototype": "yellow", "missed": "red", "not measured": "magenta"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for and report."""
    parser = argparse.ArgumentParser(prog="./dev bench", description="Benchmarks, as ratios within one run.")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="name",
        help=f"one of: {', '.join(BENCHES)}; default: all but {', '.join(BY_NAME_ONLY)}",
    )
    parser.add_argument("--json", type=Path, default=ROOT / "bench.json", help="where to write the figures")
    parser.add_argument("--tiny", action="store_true", help="a few queries only, to see that the benches run")
    given = parser.parse_args(arguments)
    if unknown := [name for name in given.names if name not in BENCHES]:
        parser.error(f"there is no bench {', '.join(unknown)}; there are: {', '.join(BENCHES)}")
    console = Console(stderr=True)
    figures: list[Figure] = []
    seconds: dict[str, float] = {}
    for name in given.names or [one for one in BENCHES if one not in BY_NAME_ONLY]:
        began = time.perf_counter()
        with console.status(f"{name} …"):
            figures += BENCHES[name](given.tiny)
        seconds[name] = round(time.perf_counter() - began, 1)
        console.print(f"{name}: {seconds[name]} s")
        write_json(given.json, figures, seconds)
    print_table(figures, Console(width=None if sys.stdout.isatty() else 150))
    console.print(f"written to {given.json}")
    return 0


def print_table(figures: Sequence[Figure], console: Console) -> None:
    """One table of everything, ratios with their targets."""
    table = Table(title="Benchmarks (ratios within one run; smaller is better where not said)", title_justify="left")
    for column, justify in (("bench", "left"), ("figure", "left"), ("value", "right")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    table.add_column("beat", justify="right")
    table.add_column("reach", justify="right")
    table.add_column("verdict")
    table.add_column("note", overflow="fold")
    last = ""
    for figure in figures:
        sign = "≥ " if figure.higher_is_better else "≤ "
        targets = [sign + shown(target) if target is not None else "" for target in (figure.beat, figure.reach)]
        style = STYLES.get(figure.verdict, "")
        verdict = f"[{style}]{figure.verdict}[/]" if style else figure.verdict
        if last and figure.bench != last:
            table.add_section()
        bench = figure.bench if figure.bench != last else ""
        last = figure.bench
        value = f"{shown(figure.value)} {figure.unit}".strip()
        table.add_row(bench, figure.name, value, *targets, verdict, figure.note)
    console.print(table)


def shown(value: float | str) -> str:
    """A number with as many digits as mean something."""
    if isinstance(value, str):
        return value
    if value == int(value) if abs(value) < 1e15 else False:
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def write_json(place: Path, figures: Sequence[Figure], seconds: dict[str, float]) -> None:
    """The same figures for machines."""
    content = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "generator": VERSION,
        "seconds": seconds,
        "figures": [figure.as_json() for figure in figures],
    }
    place.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
