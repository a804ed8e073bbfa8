"""What the command line prints for people: findings, routes and reach as readable text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.institution_content import read_institutions
from api.institutions import sort_key
from api.language import Reader
from pathways.catalogue import Catalogue
from pathways.checking import explain_origins
from pathways.findings import Finding
from pathways.itinerary import Leg, Route
from pathways.known_facts import known_facts
from pathways.network import Network
from pathways.questioning import question_text
from pathways.reaching import Reach
from pathways.routes import Answer
from pathways.verdict import Verdict

MARKS = {Verdict.MET: "[green]✓[/]", Verdict.UNKNOWN: "[yellow]?[/]", Verdict.UNMET: "[red]✗[/]"}
KINDS = {
    "automatic": "von selbst",
    "duty": "Pflicht",
    "entitled": "Anspruch",
    "selective": "Auswahl",
}


def walked_transitions(content: Path) -> frozenset[str] | None:
    """Transitions that the stories of a checkout walk; None where there are no stories (an installed wheel)."""
    folder = content.parent / "tests" / "people"
    if not folder.is_dir():
        return None
    walked: set[str] = set()
    for path in sorted(folder.rglob("*.yaml")):
        for card in yaml.safe_load(path.read_text(encoding="utf-8")) or ():
            if isinstance(card, dict) and "way" in card:
                walked.add(card["way"])
    return frozenset(walked)


def check_report(catalogue: Catalogue, network: Network, found: Sequence[Finding]) -> dict[str, Any]:
    """Findings and figures of one region."""
    severities = Counter(finding.severity for finding in found)
    kinds = Counter(condition.kind for _, condition in network.conditions())
    total = sum(kinds.values())
    return {
        "region": catalogue.region,
        "errors": severities["error"],
        "warnings": severities["warning"],
        "findings": [finding.as_dict() for finding in found],
        "counts": {
            "stations": len(network.stations),
            "situations": len(network.situations),
            "qualifications": len(network.qualifications),
            "goals": len(network.goals),
            "transitions": len(network.transitions),
            "sources": len(network.sources),
        },
        "conditions": {
            "total": total,
            "typed": total - kinds["ask"],
            "typed_share": round(1 - kinds["ask"] / total, 3) if total else 1.0,
            "by_kind": dict(sorted(kinds.items())),
        },
        "confidence": dict(sorted(Counter(one.confidence for one in network.transitions.values()).items())),
        "facts": [
            {"name": fact.key, "question": fact.question, "answers": fact.answers, "used": len(fact.used_by)}
            for fact in known_facts(network)
        ],
    }


def print_check(console: Console, report: dict[str, Any]) -> None:
    """A check report for the terminal."""
    for finding in report["findings"]:
        colour = {"error": "red", "warning": "yellow"}.get(finding["severity"], "blue")
        place = f"[bold]{escape(finding['file'])}:{finding['line']}[/]"
        console.print(f"{place} [{colour}]{finding['code']}[/] {escape(finding['field'])}")
        console.print(f"  {escape(finding['message'])} {escape(finding['remedy'])}", highlight=False)
    counts = report["counts"]
    conditions = report["conditions"]
    console.print(
        f"\n[bold]{report['region']}[/]: {counts['stations'] + counts['situations']} Halte und Ausgangslagen, "
        f"{counts['qualifications']} Abschlüsse, {counts['goals']} Ziele, {counts['transitions']} Anschlüsse, "
        f"{counts['sources']} Quellen"
    )
    console.print(
        f"Voraussetzungen: {conditions['typed']} von {conditions['total']} maschinell prüfbar "
        f"({conditions['typed_share']:.1%})"
    )
    table = Table(title="Angaben, nach denen Voraussetzungen fragen (--know)", title_justify="left", box=None)
    table.add_column("Name", style="bold")
    table.add_column("Frage")
    table.add_column("Anschlüsse", justify="right")
    for fact in report["facts"]:
        table.add_row(fact["name"], escape(fact["question"]), str(fact["used"]))
    console.print(table)
    colour = "red" if report["errors"] else "green"
    console.print(f"[{colour}]{report['errors']} Fehler, {report['warnings']} Warnungen[/]")


def print_origins(console: Console, catalogue: Catalogue, record_id: str) -> None:
    """Layer, file and line of every field of a record."""
    table = Table(title=f"Herkunft von {record_id}", title_justify="left", box=None)
    for column in ("Feld", "Ebene", "Datei"):
        table.add_column(column)
    for name, layer, place in explain_origins(catalogue, record_id):
        table.add_row(name or "–", layer, place)
    console.print(table)


def print_answer(console: Console, answer: Answer, reader: Reader) -> None:
    """Routes as a person reads them: the ones that differ first, then the rest in one line each."""
    console.print(f"[bold]Ziel: {escape(answer.goal.name)}[/]  (Stand {reader.date(answer.day)})")
    if answer.already_there:
        console.print("Dieses Ziel ist schon erreicht.")
    if not answer.complete:
        console.print("[yellow]Die Suche wurde abgebrochen. Das ist nur ein Teil der Wege.[/]")
    for number, index in enumerate(answer.shown, 1):
        _print_route(console, number, answer.routes[index], reader)
    rest = [route for index, route in enumerate(answer.routes) if index not in answer.shown]
    if rest:
        console.print(f"\n[bold]Weitere {len(rest)} Wege[/]")
        for route in rest:
            stops = " → ".join(_short(leg, reader) for leg in route.legs if leg.transition.station)
            console.print(f"  {reader.month(route.arrival)}: {escape(stops)}", highlight=False)
    if answer.blocked:
        console.print("\n[bold]Zurzeit führt kein Weg dorthin. Es fehlt am wenigsten hier:[/]")
        for number, route in enumerate(answer.blocked, 1):
            _print_route(console, number, route, reader)
    elif not answer.routes and not answer.already_there:
        console.print("\nIn unseren Daten gibt es keinen Weg dorthin. Bitte lassen Sie sich beraten.")
    if answer.questions:
        console.print("\n[bold]Was wir noch fragen würden[/]")
        for question in answer.questions[:3]:
            console.print(f"  {escape(question_text(question.fact, reader))} [dim]({question.fact})[/]")
    sensible = answer.sensible
    console.print(
        f"\n[dim]Gesucht wurde nach Wegen mit höchstens {sensible.max_changes} Umstiegen, {sensible.max_months // 12} "
        f"Jahren, und {sensible.window_months} Monaten oder {sensible.window_share:.0%} länger als der schnellste.[/]"
    )


def _print_route(console: Console, number: int, route: Route, reader: Reader) -> None:
    console.print(
        f"\n[bold]{number}. Ankunft {reader.month(route.arrival)}[/] · {_range(route, reader)} · "
        f"{route.changes} Umstiege · {route.open_points} offene Punkte"
    )
    for leg in route.legs:
        beside = " (nebenher)" if leg.alongside else ""
        console.print(
            f"   {MARKS[leg.verdict]} {reader.month(leg.start)}  [bold]{escape(_short(leg, reader))}[/]{beside} "
            f"[dim]{KINDS[leg.transition.kind]}[/]",
            highlight=False,
        )
        for judged in leg.conditions:
            if judged.verdict != Verdict.MET:
                reason = judged.condition.reason(judged.moment, reader)
                console.print(
                    f"       {MARKS[judged.verdict]} {escape(judged.condition.sentence(reader))} {escape(reason)}",
                    highlight=False,
                )
        if leg.late:
            console.print("       [yellow]Die Anmeldefrist ist vorbei; es gibt höchstens noch Restplätze.[/]")
        elif leg.deadline:
            console.print(f"       Anmelden bis {reader.date(leg.deadline)}")
        for alert in leg.alerts:
            console.print(f"       [yellow]Hinweis:[/] {escape(reader.gettext(alert.text))}", highlight=False)
        if leg.transition.confidence == "unconfirmed":
            console.print("       [yellow]Nicht bestätigt, bitte nachfragen.[/]")
    names = [reader.name(one) for one in route.certificates]
    if names:
        console.print(f"   Abschlüsse unterwegs: {escape(', '.join(names))}", highlight=False)


def _short(leg: Leg, reader: Reader) -> str:
    record = reader.network.record(leg.transition.target)
    return reader.gettext(record.short)


def _range(route: Route, reader: Reader) -> str:
    least, usual = round(route.months.min), round(route.months.typical)
    return f"{usual} Monate" if least == usual else f"{least} bis {usual} Monate"


def print_reach(console: Console, reach: Reach, reader: Reader) -> None:
    """Destinations with their earliest arrival."""
    table = Table(box=None)
    for column in ("Frühestens", "Wohin", "Umstiege", "offen", "Kennung"):
        table.add_column(column)
    for one in reach.destinations:
        table.add_row(
            reader.month(one.arrival), escape(reader.name(one.id)), str(one.route.changes), str(one.open_points), one.id
        )
    console.print(table)
    if not reach.complete:
        console.print("[yellow]Für einige Ziele wurde die Suche abgebrochen; dort kann es schneller gehen.[/]")


def institutions_by_station(content: Path, network: Network) -> dict[str, list[str]]:
    """Local institutions by station, from the shipped content: works without a database."""
    records = [one for layer in network.layers for one in read_institutions(content, layer.id).records.values()]
    found: dict[str, list[str]] = {}
    for record in sorted(records, key=lambda one: (sort_key(one.name), one.id)):
        for station in dict.fromkeys(offer.station for offer in record.offers if offer.station):
            found.setdefault(station, []).append(record.id)
    return found
