"""School types as the official lists of the Länder call them: our kind, and the stations such a school surely offers.

Only stations a school of that type always has; a Realschule plus is not said to be cooperative or integrative here.
"""

from __future__ import annotations

from collections.abc import Container

from api.imports.matching import plain
from api.institution_records import OfferRecord

_TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "grundschule": ("grundschule", ("grundschule",)),
    "realschule plus": ("realschule-plus", ("os-rsplus", "rsplus-10")),
    "realschule plus und fachoberschule": ("realschule-plus", ("os-rsplus", "rsplus-10", "fos-11", "fos-12")),
    "organisatorisch verbundene grund und realschule plus": (
        "grund-und-realschule-plus",
        ("grundschule", "os-rsplus", "rsplus-10"),
    ),
    "organisatorisch verbundene grund und hauptschule": ("grund-und-hauptschule", ("grundschule",)),
    "realschule": ("realschule", ()),
    "erweiterte realschule": ("realschule", ()),
    "erweiterte realschule abendform": ("abendschule", ()),
    "hauptschule": ("hauptschule", ()),
    "gemeinschaftsschule": ("gemeinschaftsschule", ()),
    "integrierte gesamtschule": ("igs", ("igs-sek1", "igs-10")),
    "gesamtschule": ("igs", ()),
    "gymnasium": ("gymnasium", ("os-gym",)),
    "foerderschule": ("foerderschule", ()),
    "freie waldorfschule": ("waldorfschule", ("waldorfschule",)),
    "kolleg": ("abendschule", ("kolleg",)),
    "kolleg und abendgymnasium": ("abendschule", ("kolleg", "abendgymnasium")),
    "kolleg und abendgymnasium org verbunden": ("abendschule", ("kolleg", "abendgymnasium")),
    "abendgymnasium saarland kolleg": ("abendschule", ()),
    "berufsbildende schule": ("bbs", ()),
    "berufsbildende schulen": ("bbs", ()),
}
_IN_NAMES = (
    ("kita", "kita"),
    ("kinderhaus", "kita"),
    ("grund und realschule plus", "grund-und-realschule-plus"),
    ("realschule plus", "realschule-plus"),
    ("gemeinschaftsschule", "gemeinschaftsschule"),
    ("gesamtschule", "igs"),
    ("grundschule", "grundschule"),
    ("gymnasium", "gymnasium"),
    ("waldorfschule", "waldorfschule"),
    ("foerderschule", "foerderschule"),
    ("berufsbildende", "bbs"),
    ("berufsbildungszentrum", "bbs"),
    ("fachschule", "bbs"),
    ("volkshochschule", "vhs"),
    ("musikschule", "musikschule"),
    ("bibliothek", "bibliothek"),
    ("buecherei", "bibliothek"),
)


def kind_of_type(school_type: str | None) -> str | None:
    """Our kind for an official school type."""
    found = _TYPES.get(plain(school_type))
    return found[0] if found else None


def kind_in_name(name: str) -> str | None:
    """The kind a name says outright ("Grundschule am Dom")."""
    text = plain(name)
    return next((kind for word, kind in _IN_NAMES if word in text), None)


def offers_of_type(school_type: str | None, stations: Container[str]) -> tuple[OfferRecord, ...] | None:
    """What such a school surely offers, as far as the region's network has it; nothing if that is not known."""
    found = _TYPES.get(plain(school_type))
    offers = tuple(OfferRecord(station=one) for one in (found[1] if found else ()) if one in stations)
    return offers or None
