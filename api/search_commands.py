"""`bildungsnavi search` and `bildungsnavi index`, as functions with plain arguments; the command line hooks them in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine, make_url

from api.database import open_database, write_session
from api.institution_store import load_shipped
from api.language import Reader
from api.meili_errors import MeiliUnusable
from api.migrations import migrate
from api.search import EngineName, RegionSearch, open_search, search
from api.search_data import hit_name, hit_path, hit_place, hit_text, result_data, snippet
from api.search_question import SearchFilters
from api.settings import Settings
from pathways.catalogue import regions
from pathways.loading import load_network
from pathways.network import Network

FOUND, NOT_FOUND, FAILED = 0, 3, 1


def index_folder(database_url: str) -> Path:
    """Where the embedded index lies: beside the SQLite file, else in `data`."""
    url = make_url(database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    return Path(str(url.database)).parent if is_file else Path("data")


def run_search(
    settings: Settings,
    query: str,
    *,
    region: str,
    lang: str,
    console: Console,
    engine: EngineName = "auto",
    filters: SearchFilters | None = None,
    limit: int = 10,
    as_json: bool = False,
) -> int:
    """Search and print. Returns the exit code: 0 with results, 3 with none. Raises `UnknownId` for the region."""
    network = load_network(settings.content, region)
    asked = _open(settings, network)
    if not asked.embedded.is_usable():
        asked.rebuild(["embedded"])
    reader = Reader(network, lang)
    result = search(query, region=asked, lang=lang, filters=filters, engine=engine, limit=limit)
    if as_json:
        print(json.dumps(result_data(result, reader), ensure_ascii=False, indent=2))
        return FOUND if result.hits else NOT_FOUND
    for number, hit in enumerate(result.hits, 1):
        place = f" ({hit_place(hit)})" if hit_place(hit) else ""
        console.print(f"{number}. [bold]{_plain(hit_name(hit, reader))}[/bold]{_plain(place)}", highlight=False)
        console.print(f"   {hit_path(hit) or hit.type}", style="cyan", highlight=False, markup=False)
        if text := snippet(hit_text(hit, reader)):
            console.print(f"   {text}", style="dim", highlight=False, markup=False)
    if not result.hits:
        console.print(f"Nichts gefunden für „{result.query}“.", highlight=False, markup=False)
    if result.spellings:
        console.print(f"Meinten Sie: {', '.join(result.spellings)}?", highlight=False, markup=False)
    handed = f"; Meilisearch: {result.handed_over}" if result.handed_over else ""
    console.print(f"{result.total} Treffer ({result.engine}{handed})", style="dim", highlight=False, markup=False)
    return FOUND if result.hits else NOT_FOUND


def run_index(settings: Settings, *, region: str | None, console: Console) -> int:
    """Rebuild the indexes of one region or all, with a progress bar. Returns the exit code: 1 if one failed."""
    failed = False
    for name in [region] if region else settings.regions or regions(settings.content):
        failed |= not _rebuild(_open(settings, load_network(settings.content, name)), console)
    return FAILED if failed else 0


def _rebuild(asked: RegionSearch, console: Console) -> bool:
    total = sum(1 for _ in asked.documents())
    engines: Sequence[str] = ["embedded", "meilisearch"] if asked.meili is not None else ["embedded"]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bars = {one: progress.add_task(f"{asked.network.region}: {one}", total=total) for one in engines}
        for one in engines:
            try:
                asked.rebuild([one], lambda engine, count: progress.update(bars[engine], completed=count))
            except MeiliUnusable as error:
                progress.console.print(
                    f"Meilisearch wurde nicht aufgebaut ({error}). Die eingebaute Suche läuft weiter.", style="red"
                )
                return False
    return True


def _open(settings: Settings, network: Network) -> RegionSearch:
    return open_search(
        network,
        settings.content,
        _database(settings, network),
        folder=index_folder(settings.database_url),
        meili_url=settings.meili_url,
        meili_key=settings.meili_key,
    )


def _database(settings: Settings, network: Network) -> Engine:
    engine = open_database(settings.database_url)
    migrate(engine)
    with write_session(engine) as session:
        load_shipped(session, network, settings.content)
    return engine


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
