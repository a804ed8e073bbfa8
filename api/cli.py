"""The command line. Exit codes: 0 found, 1 error findings, 2 wrong arguments, 3 no route."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from api import reports
from api.answers import check_target
from api.clock import today
from api.data import answer_data, reach_data
from api.database import open_database, write_session
from api.imports import UnusableFile, import_file
from api.imports.decisions import Decisions, read_decisions, write_decisions
from api.institution_content import check_institutions
from api.institution_store import load_shipped
from api.language import LANGUAGES, SOURCE, Reader
from api.messages import write_messages
from api.migrations import migrate
from api.search_commands import run_index, run_search
from api.search_words import WORD_LANGUAGES
from api.settings import read_settings
from api.word_checking import check_words
from pathways.catalogue import load_catalogue, regions
from pathways.checking import check_catalogue
from pathways.errors import BrokenContent, PathwaysError
from pathways.loading import load_network
from pathways.network import Network, network_of
from pathways.person import Person, read_person
from pathways.reaching import find_reach
from pathways.routes import find_routes
from pathways.searching import Sensible


class Engine(StrEnum):
    """Which search engine answers."""

    auto = "auto"
    embedded = "embedded"
    meilisearch = "meilisearch"


class Format(StrEnum):
    """How results are printed."""

    text = "text"
    json = "json"


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Wege durch das Bildungssystem: prüfen, suchen, anbieten.",
)
console = Console()
errors = Console(stderr=True)

RegionOption = Annotated[str, typer.Option("--region", help="Region, zum Beispiel trier.")]
FromOption = Annotated[str, typer.Option("--from", help="Wo Sie stehen: eine oder mehrere Kennungen, mit Komma.")]
HoldsOption = Annotated[list[str] | None, typer.Option("--holds", help="Abschluss, etwa q-qsek1:avg=2.4.")]
KnowOption = Annotated[list[str] | None, typer.Option("--know", help="Angabe, etwa age=16.")]
DayOption = Annotated[str, typer.Option("--day", help="Tag JJJJ-MM-TT, sonst heute.")]
LangOption = Annotated[str, typer.Option("--lang", help="Sprache.")]
FormatOption = Annotated[Format, typer.Option("--format", help="text oder json.")]
ContentOption = Annotated[Path | None, typer.Option("--content", help="Ordner mit den Inhalten.")]


def main() -> None:
    """Run the command line; every known fault ends with its remedy, not with a traceback."""
    try:
        app()
    except BrokenContent as error:
        errors.print(str(error), style="red", highlight=False, markup=False)
        raise SystemExit(1) from None
    except PathwaysError as error:
        errors.print(str(error), style="red", highlight=False, markup=False)
        raise SystemExit(2) from None


@app.command()
def check(
    region: Annotated[str | None, typer.Option("--region", help="Nur diese Region.")] = None,
    content: ContentOption = None,
    format: FormatOption = Format.text,
    origins: Annotated[str | None, typer.Option("--origins", help="Herkunft jedes Feldes eines Eintrags.")] = None,
) -> None:
    """Check the content: all findings at once, with file, line, field and remedy."""
    folder = content or read_settings().content
    names = [region] if region else regions(folder)
    if not names:
        errors.print(f"Kein Ordner mit einer Region in {folder}. Eine Region braucht <name>/layer.yaml.", style="red")
        raise typer.Exit(2)
    stories = reports.walked_transitions(folder)
    results = []
    for name in names:
        catalogue = load_catalogue(folder, name)
        network = network_of(catalogue)
        layers = [layer.id for layer in catalogue.layers]
        found = [
            *check_catalogue(catalogue, network, today=today(), stories=stories),
            *check_institutions(folder, layers, network.stations),
            *check_words(folder, layers, network),
        ]
        results.append(reports.check_report(catalogue, network, found))
        if origins:
            reports.print_origins(console, catalogue, origins)
    if format is Format.json:
        _print_json(results[0] if region else {"regions": results})
    else:
        for report in results:
            reports.print_check(console, report)
    if any(report["errors"] for report in results):
        raise typer.Exit(1)


@app.command()
def route(
    region: RegionOption,
    start: FromOption,
    goal: Annotated[str, typer.Option("--to", help="Ziel: Kennung eines Ziels, Abschlusses oder Halts.")],
    holds: HoldsOption = None,
    know: KnowOption = None,
    day: DayOption = "",
    lang: LangOption = SOURCE,
    format: FormatOption = Format.text,
    max_changes: Annotated[int, typer.Option(min=1, max=20)] = Sensible().max_changes,
    max_months: Annotated[int, typer.Option(min=12, max=360)] = Sensible().max_months,
) -> None:
    """Every sensible way from where somebody stands to a goal."""
    network = load_network(read_settings().content, region)
    reader = Reader(network, _language(lang))
    sensible = Sensible(max_changes=max_changes, max_months=max_months)
    answer = find_routes(network, _person(network, start, holds, know), goal, _day(day), sensible=sensible)
    if format is Format.json:
        _print_json(answer_data(answer, reader, reports.institutions_by_station(read_settings().content, network)))
    else:
        reports.print_answer(console, answer, reader)
    if not answer.is_found:
        raise typer.Exit(3)


@app.command()
def reach(
    region: RegionOption,
    start: FromOption,
    holds: HoldsOption = None,
    know: KnowOption = None,
    day: DayOption = "",
    lang: LangOption = SOURCE,
    format: FormatOption = Format.text,
) -> None:
    """Everything within reach, with the earliest arrival."""
    network = load_network(read_settings().content, region)
    reader = Reader(network, _language(lang))
    found = find_reach(network, _person(network, start, holds, know), _day(day))
    if format is Format.json:
        _print_json(reach_data(found, network, reader))
    else:
        reports.print_reach(console, found, reader)
    if not found.destinations:
        raise typer.Exit(3)


@app.command()
def search(
    region: RegionOption,
    query: Annotated[str, typer.Argument(help="Suchwörter.")],
    lang: LangOption = SOURCE,
    engine: Annotated[Engine, typer.Option("--engine", help="auto, embedded oder meilisearch.")] = Engine.auto,
    format: FormatOption = Format.text,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100)] = 10,
) -> None:
    """Search stations, qualifications, goals, institutions and counselling points."""
    code = run_search(
        read_settings(),
        query,
        region=region,
        lang=_language(lang, (*LANGUAGES, *WORD_LANGUAGES)),
        console=console,
        engine=engine.value,
        limit=limit,
        as_json=format is Format.json,
    )
    if code:
        raise typer.Exit(code)


@app.command()
def index(region: Annotated[str | None, typer.Option("--region", help="Nur diese Region.")] = None) -> None:
    """Rebuild the search indexes."""
    code = run_index(read_settings(), region=region, console=console)
    if code:
        raise typer.Exit(code)


@app.command(name="import")
def import_list(
    source: Annotated[str, typer.Argument(help="csv, jedeschule, integreat oder geojson.")],
    file: Annotated[Path, typer.Argument(help="Die Datei.")],
    region: RegionOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Nur zeigen, was sich ändern würde.")] = False,
    as_of: Annotated[str, typer.Option("--as-of", help="Tag oder Jahr, für das die Liste gilt.")] = "",
    decisions: Annotated[
        Path | None,
        typer.Option("--decisions", help="Tabelle mit Ihren Entscheidungen über fragliche Zeilen; sie wird ergänzt."),
    ] = None,
    format: FormatOption = Format.text,
) -> None:
    """Take a list of institutions into the database, or show what that would change."""
    settings = read_settings()
    network = load_network(settings.content, region)
    engine = open_database(settings.database_url)
    migrate(engine)
    with write_session(engine) as session:
        load_shipped(session, network, settings.content)
    try:
        decided = read_decisions(decisions) if decisions else Decisions()
        with write_session(engine) as session:
            report = import_file(
                source,
                file,
                session,
                network,
                dry_run=dry_run,
                as_of=_as_of(as_of),
                decisions=decided.by_key,
                content=settings.content,
            )
        waiting = write_decisions(decisions, decided, report) if decisions else 0
    except UnusableFile as error:
        errors.print(str(error), style="red", highlight=False, markup=False)
        raise typer.Exit(2) from None
    if format is Format.json:
        _print_json(report.as_dict())
    else:
        typer.echo(report.as_text())
        if waiting:
            typer.echo(f"\nIn {decisions} warten {waiting} weitere Zeilen auf Ihre Entscheidung.")
        elif report.doubtful and not decisions:
            typer.echo("\nZum Entscheiden: denselben Befehl mit --decisions entscheidungen.csv wiederholen.")


@app.command()
def messages() -> None:
    """Write the translation template anew."""
    typer.echo(str(write_messages(read_settings().content)))


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8000,
) -> None:
    """Serve the pages and the JSON interface."""
    gc.disable()  # as in __main__: what is made until the service is ready stays
    import uvicorn

    from api.app import create_app
    from api.logs import configure_logs

    try:
        settings = read_settings()
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    configure_logs()
    service = create_app(settings)
    service.state.networks.on_change(gc.unfreeze)  # then the old network is garbage
    gc.freeze()
    gc.enable()
    uvicorn.run(
        service,
        host=host,
        port=port,
        access_log=False,  # paths and query strings say what people told; our own lines do not
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


def _person(network: Network, start: str, holds: list[str] | None, know: list[str] | None) -> Person:
    places = [place.strip() for place in start.split(",") if place.strip()]
    for entry in know or ():
        check_target(entry.partition("=")[0].strip(), network)
    return read_person(places, holds or (), know or (), questions=network.questions, statuses=network.statuses)


def _day(text: str) -> date:
    if not text:
        return today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} ist kein Tag. Schreiben Sie JJJJ-MM-TT, zum Beispiel 2026-11-21.") from None
    if not 2000 <= day.year <= 2100:
        raise typer.BadParameter("Der Tag muss zwischen 2000 und 2100 liegen.")
    return day


def _as_of(text: str) -> date | int | None:
    if not text:
        return None
    return int(text) if text.isdigit() and len(text) == 4 else _day(text)


def _language(language: str, known: Iterable[str] = LANGUAGES) -> str:
    accepted = list(dict.fromkeys(known))
    if language not in accepted:
        raise typer.BadParameter(f"{language!r} gibt es nicht. Möglich: {', '.join(accepted)}.", param_hint="--lang")
    return language


def _print_json(data: Any) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
