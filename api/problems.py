"""The only table from exceptions to answers: a status and words for page and problem JSON (RFC 9457).

`api.problem_pages` sends them, `api.ways_out` knows the links that lead on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from api.language import Reader
from api.remedies import spoken
from api.ways_out import Suggestion, corrected_address, label_of, name_of, start_of, told_about, without
from pathways.errors import BadFact, ContradictoryFacts, PathwaysError, UnknownId, shorten

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:problem-type:bildungsnavi:"


@dataclass(frozen=True)
class Problem:
    """What went wrong, precisely, and how to mend it. Everything is in the reader's language."""

    status: int
    code: str
    title: str
    detail: str
    remedy: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    nearest: tuple[str, ...] = ()
    """Ids that look like an unknown one."""
    facts: tuple[str, ...] = ()
    """Names of the answers it is about."""
    faults: tuple[tuple[str, str], ...] = ()
    """Field and message of everything that has the wrong form."""

    def as_json(self) -> dict[str, Any]:
        """The problem as RFC 9457 wants it; our own members besides."""
        data: dict[str, Any] = {
            "type": TYPES + self.code,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.remedy:
            data["remedy"] = self.remedy
        if self.nearest:
            data["nearest"] = list(self.nearest)
        if self.facts:
            data["facts"] = list(self.facts)
        if self.faults:
            data["faults"] = [{"field": field, "message": message} for field, message in self.faults]
        if self.suggestions:
            data["suggestions"] = [{"label": one.label, "href": one.href} for one in self.suggestions]
        return data


# --- from exception to problem ---


def problem_of(error: Exception, request: Request, words: Reader) -> Problem:
    """The problem for an exception, in the language of `words`."""
    for kind, describe in TABLE:
        if isinstance(error, kind):
            return describe(error, request, words)
    return _internal(words)


def _unknown_id(error: UnknownId, request: Request, words: Reader) -> Problem:
    wrong = shorten(error.wrong)
    said = {
        "region": words.gettext("Eine Region „%(id)s“ gibt es hier nicht."),
        "language": words.gettext("Eine Sprache „%(id)s“ gibt es hier nicht."),
        "goal": words.gettext("Ein Ziel „%(id)s“ kennen wir nicht."),
        "start": words.gettext("Einen Halt „%(id)s“ kennen wir nicht."),
        "qualification": words.gettext("Einen Abschluss „%(id)s“ kennen wir nicht."),
        "institution": words.gettext("Eine Einrichtung „%(id)s“ kennen wir nicht."),
    }
    text = said.get(error.kind, words.gettext("Die Kennung „%(id)s“ gibt es nicht."))
    return Problem(
        status=404,
        code="unknown-id",
        title=words.gettext("Das haben wir nicht gefunden"),
        detail=text % {"id": wrong},
        remedy=words.gettext(
            "Vielleicht ist die Adresse alt oder hat einen Tippfehler. Versuchen Sie einen dieser Wege."
        )
        if error.nearest
        else words.gettext("Vielleicht ist die Adresse alt oder hat einen Tippfehler. Die Startseite führt weiter."),
        suggestions=tuple(
            Suggestion(name_of(one, request, words), href)
            for one in error.nearest
            if (href := corrected_address(request, error.wrong, one))
        ),
        nearest=tuple(error.nearest),
    )


def _bad_fact(error: BadFact, request: Request, words: Reader) -> Problem:
    title = words.gettext("Eine Angabe verstehen wir nicht")
    if error.value:
        detail = words.gettext("Die Angabe „%(name)s“ mit dem Wert „%(value)s“ können wir nicht lesen.")
    elif told_about(request, [error.name])[error.name]:
        detail = words.gettext("Die Angabe „%(name)s“ können wir nicht lesen.")
    else:
        title = words.gettext("Eine Angabe fehlt")
        detail = words.gettext("Es fehlt die Angabe „%(name)s“.")
    return Problem(
        status=400,
        code="bad-fact",
        title=title,
        detail=detail % {"name": label_of(error.name, words), "value": error.value},
        remedy=spoken(error.remedy, words),
        suggestions=without(request, [error.name], words),
        facts=(shorten(error.name),),
    )


def _contradiction(error: ContradictoryFacts, request: Request, words: Reader) -> Problem:
    told = told_about(request, error.names)
    spelt = [
        f"{label_of(name, words)} = {shorten(', '.join(told[name]))}" if told[name] else label_of(name, words)
        for name in error.names
    ]
    return Problem(
        status=422,
        code="contradictory-facts",
        title=words.gettext("Zwei Angaben passen nicht zusammen"),
        detail=words.gettext("Es geht um: %(facts)s.") % {"facts": words.listing(spelt)},
        remedy=spoken(error.reason, words),
        suggestions=without(request, error.names, words),
        facts=tuple(shorten(name) for name in error.names),
    )


def _wrong_form(error: RequestValidationError, request: Request, words: Reader) -> Problem:
    faults = tuple(
        (shorten(".".join(str(part) for part in one["loc"])), shorten(str(one["msg"]), 200))
        for one in error.errors()[:20]
    )
    return Problem(
        status=422,
        code="wrong-form",
        title=words.gettext("Eine Angabe hat die falsche Form"),
        detail=words.gettext("Betroffen sind: %(fields)s.") % {"fields": words.listing([field for field, _ in faults])},
        remedy=words.gettext("Bitte prüfen Sie diese Angaben und versuchen Sie es noch einmal."),
        faults=faults,
    )


def _refused(error: HTTPException, request: Request, words: Reader) -> Problem:
    start = start_of(request, words)
    known = {
        404: (
            "unknown-path",
            words.gettext("Diese Seite gibt es nicht"),
            words.gettext("Unter dieser Adresse finden wir nichts."),
            words.gettext("Vielleicht ist die Adresse alt oder hat einen Tippfehler. Die Startseite führt weiter."),
        ),
        405: (
            "wrong-method",
            words.gettext("So geht es hier nicht"),
            words.gettext("Diese Adresse lässt sich nur ansehen, nicht verändern."),
            words.gettext("Rufen Sie die Adresse mit GET auf."),
        ),
        413: (
            "too-large",
            words.gettext("Das ist zu viel auf einmal"),
            words.gettext("Die Anfrage ist größer, als dieser Dienst sie annimmt."),
            words.gettext("Bitte schicken Sie weniger."),
        ),
        429: (
            "too-often",
            words.gettext("Bitte etwas langsamer"),
            words.gettext("Von Ihrem Anschluss kamen in kurzer Zeit sehr viele Anfragen."),
            words.gettext("Warten Sie einen Augenblick und versuchen Sie es dann noch einmal."),
        ),
    }
    code, title, detail, remedy = known.get(
        error.status_code,
        (
            "refused",
            words.gettext("Das hat nicht geklappt"),
            words.gettext("Diese Anfrage können wir so nicht beantworten."),
            words.gettext("Bitte prüfen Sie die Adresse, oder beginnen Sie auf der Startseite."),
        ),
    )
    return Problem(error.status_code, code, title, detail, remedy, suggestions=start)


def _other(error: PathwaysError, request: Request, words: Reader) -> Problem:
    return Problem(
        status=400,
        code="not-answerable",
        title=words.gettext("Das können wir so nicht beantworten"),
        detail=words.gettext("Die Anfrage passt nicht zu dem, was wir wissen."),
        remedy=words.gettext("Bitte prüfen Sie Ihre Angaben, oder beginnen Sie auf der Startseite."),
        suggestions=start_of(request, words),
    )


def _internal(words: Reader) -> Problem:
    return Problem(
        status=500,
        code="internal",
        title=words.gettext("Da ist uns ein Fehler passiert"),
        detail=words.gettext("Der Fehler liegt bei uns, nicht bei Ihnen."),
        remedy=words.gettext(
            "Bitte versuchen Sie es gleich noch einmal. Bleibt es dabei, sagen Sie uns bitte Bescheid."
        ),
    )


TABLE: tuple[tuple[type[Exception], Callable[[Any, Request, Reader], Problem]], ...] = (
    (UnknownId, _unknown_id),
    (BadFact, _bad_fact),
    (ContradictoryFacts, _contradiction),
    (PathwaysError, _other),
    (RequestValidationError, _wrong_form),
    (HTTPException, _refused),
)
