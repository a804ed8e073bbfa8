"""The facts a person can tell about themselves: every `--know` key, its question, and where it decides."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pathways.network import Network
from pathways.person import GERMAN_LEVELS, NUMBERS, PER_TARGET
from pathways.person_conditions import CompulsorySchooling
from pathways.questioning import question_text
from pathways.wording import GermanWords, Words

TOLD_WITH_CERTIFICATES = ("average", "grades", "level")
"""Facts that are told with the certificate (`--holds`), not with `--know`."""


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A `--know` key: how it is asked, what can be answered, and the transitions it decides."""

    key: str
    question: str
    answers: str
    used_by: tuple[str, ...]


def known_facts(network: Network, words: Words | None = None) -> tuple[KnownFact, ...]:
    """Every key that decides something in this network, by key."""
    words = words or GermanWords(network.name)
    used: dict[str, dict[str, None]] = defaultdict(dict)
    for transition, condition in network.conditions():
        for key in condition.facts(transition.target):
            if key.partition(".")[0] not in TOLD_WITH_CERTIFICATES:
                used[key][transition.id] = None
        if isinstance(condition, CompulsorySchooling):
            used["compulsory_schooling"][transition.id] = None
    return tuple(
        KnownFact(key, _question(key, words), _answers(key, network), tuple(used[key])) for key in sorted(used)
    )


def _question(key: str, words: Words) -> str:
    kind, _, target = key.partition(".")
    name = words.name(target)
    asked = {
        "compulsory_schooling": words.gettext("Ist die Schulpflicht erfüllt?"),
        "place": words.gettext("Haben Sie dort schon einen Platz: %(name)s?") % {"name": name},
        "exam": words.gettext("Haben Sie die Prüfung dafür schon bestanden: %(name)s?") % {"name": name},
        "recommendation": words.gettext("Gibt es schon die Empfehlung dafür: %(name)s?") % {"name": name},
        "permit": words.gettext("Haben Sie schon die Zusage von: %(name)s?") % {"name": name},
    }
    return asked[kind] if kind in asked else question_text(key, words)


def _answers(key: str, network: Network) -> str:
    if key in NUMBERS:
        low, high = NUMBERS[key]
        return f"{low}–{high}"
    if key == "german":
        return " ".join((*GERMAN_LEVELS, "native"))
    if key == "status":
        return " ".join(network.statuses)
    if key == "compulsory_schooling":
        return "fulfilled ongoing"
    assert "." not in key or key.partition(".")[0] in (*PER_TARGET, "contract")
    return "true false"
