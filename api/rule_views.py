"""How a rule, a source and a doubt are shown: the small views that routes and records share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from api.frame import Frame, Link
from pathways.conditions import Combination, Condition, Moment
from pathways.verdict import Verdict


@dataclass(frozen=True)
class SourceView:
    """A source: its title, a link where the address is complete, else the address as text, and the place in it."""

    id: str
    title: str
    url: str
    address: str
    at: str = ""


@dataclass(frozen=True)
class Evidence:
    """Where a fact comes from, when it was checked, and how sure it is."""

    sources: tuple[SourceView, ...]
    checked: str
    is_old: bool
    confidence: str
    """``confirmed``, ``part`` or ``unconfirmed``."""


@dataclass(frozen=True)
class Rule:
    """One condition in words. ``verdict`` is empty where nobody asked about a person."""

    verdict: str
    text: str
    reason: str
    remedy: str
    ask: tuple[Link, ...]
    unconfirmed: bool
    source: SourceView | None
    offices: bool = False
    """True if the words name who decides."""
    gained_at: tuple[Link, ...] = ()
    """Pages of the missing certificates, with all ways to them."""
    parts: tuple[Rule, ...] = ()
    count: int = 0
    """How many of the parts are needed; 0 where the rule has none."""


SAYS_WHO = frozenset({"ask", "permit", "recommendation"})
"""Kinds of rules whose sentence names who decides."""


def sentence(text: str) -> str:
    """A text that begins a line: with a capital letter."""
    return type(text)(text[:1].upper() + text[1:])


def source_view(frame: Frame, source_id: str, at: str | None = None) -> SourceView:
    """A source by its id."""
    source = frame.network.sources.get(source_id)
    if source is None:
        return SourceView(source_id, source_id, "", "", at or "")
    address = "" if source.url else "; ".join(filter(None, (source.address, *source.addresses)))
    return SourceView(source_id, source.title, source.url or "", address, at or "")


def evidence(frame: Frame, sources: Iterable[str], checked: date | None, confidence: str) -> Evidence:
    """Sources and date of a record or a way."""
    return Evidence(
        sources=tuple(source_view(frame, one) for one in dict.fromkeys(sources)),
        checked=frame.reader.date(checked) if checked else "",
        is_old=frame.is_old(checked) if checked else False,
        confidence=confidence,
    )


def help_link(frame: Frame, help_id: str) -> Link:
    """A counselling point on the help page."""
    return Link(frame.to("help") + f"#{help_id}", frame.reader.name(help_id))


def help_links(frame: Frame, ids: Iterable[str]) -> tuple[Link, ...]:
    """Counselling points that the content knows, each once."""
    return tuple(help_link(frame, one) for one in dict.fromkeys(ids) if one in frame.network.help)


def condition_words(frame: Frame, condition: Condition) -> str:
    """The sentence of a condition, so that it stands alone."""
    said = condition.sentence(frame.reader)
    if condition.kind == "completed":
        return frame.reader.gettext("Abgeschlossen: %(what)s") % {"what": said}
    return sentence(said)


def rule(frame: Frame, condition: Condition, moment: Moment | None = None, target: str = "") -> Rule:
    """A condition in words, with its verdict if there is a moment to judge."""
    reader = frame.reader
    verdict = condition.judge(moment) if moment else None
    parts: tuple[Rule, ...] = ()
    count = 0
    if isinstance(condition, Combination) and len(condition.of) > 1:
        parts = tuple(rule(frame, part, moment, target) for part in condition.of)
        count = {"all_of": len(parts), "any_of": 1}.get(condition.kind, getattr(condition, "count", 1))
    because = condition.because
    is_open = verdict != Verdict.MET
    return Rule(
        verdict=verdict.key if verdict is not None else "",
        text=condition_words(frame, condition),
        reason=condition.reason(moment, reader) if moment and not parts else "",
        remedy=condition.remedy(reader) if verdict == Verdict.UNMET and not parts else "",
        ask=help_links(frame, condition.offices()) if is_open and condition.kind != "ask" and not parts else (),
        unconfirmed=condition.confidence == "unconfirmed",
        source=source_view(frame, because.source, because.at) if because else None,
        offices=condition.kind in SAYS_WHO,
        parts=parts,
        count=count,
    )


def rules(frame: Frame, conditions: Iterable[Condition], moment: Moment | None = None) -> tuple[Rule, ...]:
    """Conditions that must all be met, those inside an `all_of` taken out."""
    found: list[Rule] = []
    for condition in conditions:
        if condition.kind == "all_of" and isinstance(condition, Combination):
            found += rules(frame, condition.of, moment)
        else:
            found.append(rule(frame, condition, moment))
    return tuple(found)


def doubts(frame: Frame, fields: Iterable[str]) -> tuple[str, ...]:
    """Fields that no source confirms, in words."""
    gettext = frame.reader.gettext
    words = {
        "isced": gettext("Einordnung nach ISCED"),
        "dqr": gettext("Niveau im Deutschen Qualifikationsrahmen"),
        "months": gettext("Dauer"),
        "stay": gettext("Dauer"),
        "cost": gettext("Kosten"),
        "money": gettext("Geld und Förderung"),
        "register": gettext("Anmeldung"),
        "starts": gettext("Beginn"),
        "conditions": gettext("Voraussetzungen"),
        "note": gettext("Hinweis"),
        "providers": gettext("Anbieter"),
        "certificates": gettext("Abschlüsse"),
        "opens": gettext("Was der Abschluss öffnet"),
        "obtained": gettext("Wie man ihn erwirbt"),
        "recognition": gettext("Anerkennung"),
        "mode": gettext("Form"),
        "entry": gettext("Für wen"),
        "entry_age": gettext("Alter"),
        "who": gettext("Für wen"),
        "what": gettext("Aufgaben"),
        "text": gettext("Beschreibung"),
        "paid": gettext("Vergütung"),
        "address": gettext("Anschrift"),
        "phone": gettext("Telefon"),
        "amount": gettext("Betrag"),
        "effect": gettext("Wirkung"),
        "when": gettext("Datum"),
        "name": gettext("Name"),
    }
    return tuple(dict.fromkeys(words.get(field, gettext("weitere Angaben")) for field in fields))
