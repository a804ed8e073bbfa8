"""The school guide as PDF, set by Typst from the same view as the web page. Texts are data there, never markup."""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path

import orjson

from api.frame import Frame, Link
from api.guide_views import GuidePage, GuideWay
from api.institution_facts import FactRow
from api.registration_views import Registration
from pathways.tree import FRONTEND

TEMPLATE = Path(__file__).with_name("guide.typ")
FONTS = FRONTEND / "static" / "vendor" / "fonts" / "vazirmatn" / "print"
"""Arabic and Persian; Typst brings a serif for Latin and Cyrillic letters itself."""
LEFT_TO_RIGHT = "\u2066{}\u2069"
_turn = threading.Lock()
"""One at a time: setting a guide computes without pause."""


def guide_pdf(frame: Frame, page: GuidePage) -> bytes:
    """The guide as a tagged PDF (PDF/UA-1)."""
    return _set(orjson.dumps(_data(frame, page)).decode())


@lru_cache(maxsize=16)
def _set(data: str) -> bytes:
    import typst  # only now: it is large, and few ask for a guide on paper

    with _turn:
        pdf = typst.compile(
            TEMPLATE.read_bytes(),
            format="pdf",
            sys_inputs={"data": data},
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[FONTS]),
            pdf_standards="ua-1",
        )
    assert isinstance(pdf, bytes)
    return pdf


def _data(frame: Frame, page: GuidePage) -> dict[str, object]:
    gettext = frame.reader.gettext
    return {
        "language": frame.reader.locale.language,
        "title": page.title,
        "hint": page.hint,
        "words": {
            "day": gettext("Stand: %(day)s") % {"day": page.day},
            "general": gettext("Das sind allgemeine Informationen. Über Ihren Fall entscheidet die zuständige Stelle."),
            "not_stated": gettext("„Keine Angabe“ heißt: In unseren Quellen steht dazu nichts. Es heißt nicht „nein“."),
            "contents": gettext("Inhalt"),
            "ways": gettext("Die Wege"),
            "on": gettext("So geht es weiter"),
            "here": gettext("Hier in %(region)s und Umgebung") % {"region": frame.region_name},
            "nobody": gettext("In unseren Daten steht dafür noch keine Einrichtung hier."),
            "dates": gettext("Termine"),
            "into": gettext("Anmeldung für diesen Abschnitt"),
            "onward": gettext("Anmeldung für das, was danach kommt"),
            "more_dates": gettext("Weitere Termine"),
            "from": gettext("von:"),
            "schools": gettext("Die Einrichtungen"),
            "order": gettext("Reihenfolge: %(order)s. Das ist keine Wertung.")
            % {"order": gettext("nach Namen (Alphabet)")},
            "offers": gettext("Angebote"),
            "unconfirmed": gettext("nicht bestätigt"),
        },
        "ways": [
            {
                "name": way.link.text,
                "text": way.text,
                "facts": [list(fact) for fact in way.facts],
                "on": [link.text for link in way.goes_on],
                "here": [link.text for link in way.here],
                "elsewhere": _elsewhere(way),
            }
            for way in page.ways
        ],
        "into": [_registration(frame, one) for one in page.into],
        "onward": [_registration(frame, one) for one in page.onward],
        "dates": [
            {"when": one.when, "text": one.text, "where": one.where, "unconfirmed": one.confidence == "unconfirmed"}
            for one in page.dates
        ],
        "schools": [
            {
                "name": school.link.text,
                "kind": school.kind,
                "rows": [[row.label, *_said(frame, row)] for row in school.rows],
                "missing": gettext("keine Angabe zu: %(fields)s") % {"fields": school.missing}
                if school.missing
                else "",
                "offers": list(school.offers),
                "text": school.text,
                "unconfirmed": school.confidence == "unconfirmed",
            }
            for school in page.schools
        ],
    }


def _registration(frame: Frame, one: Registration) -> dict[str, object]:
    days = one.days or frame.reader.gettext("keine Angabe")
    return {
        "name": one.target.text,
        "days": f"{days} ({one.late})" if one.late else days,
        "from": [link.text for link in one.origins],
        "note": one.note,
        "unconfirmed": one.is_doubtful,
    }


def _elsewhere(way: GuideWay) -> str:
    view = way.elsewhere
    if view is None or not view.places:
        return ""
    places = (f"{one.name} ({one.text})" if one.text else one.name for one in view.places)
    return f"{view.label} {'; '.join(places)}"


def _in_its_direction(frame: Frame, link: Link) -> str:
    """Phone numbers and addresses of the net read from left to right, also within Arabic."""
    return LEFT_TO_RIGHT.format(link.text) if link.href and frame.reader.direction == "rtl" else link.text


def _said(frame: Frame, row: FactRow) -> tuple[str, str]:
    """The values of a field, and the years they come from."""
    gettext = frame.reader.gettext
    values = "; ".join(_in_its_direction(frame, link) for link in row.values) or gettext("keine Angabe")
    years = dict.fromkeys(one.year for one in row.origins if one.year)
    said = [gettext("Stand %(year)s") % {"year": year} for year in years]
    if any(one.confidence == "unconfirmed" for one in row.origins):
        said.append(gettext("nicht bestätigt"))
    return values, ", ".join(said)
