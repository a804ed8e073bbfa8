"""`python -m tests.bench.search_building build|ask COUNT FOLDER`: one generated town in a process of its own.

So that what it needs of memory is its own. Prints what it measured as JSON; the search bench reads that.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from api.database import open_database
from api.migrations import migrate
from api.search import RegionSearch, open_search, search
from pathways.tree import CONTENT
from tests.bench.generated_institutions import fill_database, generate_institutions
from tests.bench.measures import resident_megabytes
from tests.bench.workloads import REGION, trier

DATABASE = "town.db"
ASKED = ("Grundschule", "Kita", "Gesammtschule", "дитячий садок", "Gymnasium", "Beratung", "primary school")


def open_town(folder: Path) -> RegionSearch:
    """The search over the database in this folder."""
    engine = open_database(f"sqlite:///{folder / DATABASE}")
    return open_search(trier(), CONTENT, engine, folder=folder)


def build(count: int, folder: Path) -> dict[str, float]:
    """Database and embedded index of a town with so many institutions."""
    trier()
    engine = open_database(f"sqlite:///{folder / DATABASE}")
    migrate(engine)
    fill_database(engine, REGION, generate_institutions(count))
    before, town = resident_megabytes(), open_town(folder)
    began = time.perf_counter()
    documents = town.rebuild(["embedded"])["embedded"]
    took = time.perf_counter() - began
    size = (folder / f"search-{REGION}.db").stat().st_size / 1e6
    return {"documents": documents, "seconds": took, "before": before, "after": resident_megabytes(), "file": size}


def ask(folder: Path) -> dict[str, float]:
    """A process that only asks."""
    town = open_town(folder)
    before = resident_megabytes()
    for query in ASKED:
        search(query, region=town, engine="embedded")
    return {"before": before, "after": resident_megabytes()}


def main(arguments: list[str]) -> None:
    """Build or ask, then tell."""
    what, count, folder = arguments
    measured = build(int(count), Path(folder)) if what == "build" else ask(Path(folder))
    print(json.dumps(measured))


if __name__ == "__main__":
    main(sys.argv[1:])
