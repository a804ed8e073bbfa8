"""What a record says, field by field, in words: value, origin, year, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from api.frame import Frame, Link
from api.institution_records import FactRecord, InstitutionRecord, OfferRecord, SiteRecord
from api.institution_words import ACCESSIBLE, ALL_DAY, KINDS, MEASURES, SCHOOLS, TOPICS

YEARS_OLD = 2
"""A fact from so many years ago or earlier carries the advice to ask."""
ALWAYS = ("carrier", "address", "phone", "email", "website", "opening_hours", "accessible", "languages")
"""Fields that are shown even where nothing is known about them."""
REGISTERING = SCHOOLS | {"kita", "abendschule", "bbs", "musikschule"}
"""Kinds of institutions of which everybody asks when to register."""
UNITS = ("founded", "focus")
"""Measures that are no count."""


@dataclass(frozen=True)
class Origin:
    """Where a fact comes from."""

    source: Link | None
    year: str
    confidence: str
    note: str
    is_old: bool


@dataclass(frozen=True)
class FactRow:
    """One field of a profile. No values: not stated, which is not "no"."""

    field: str
    label: str
    values: tuple[Link, ...]
    origins: tuple[Origin, ...]


def fact_rows(frame: Frame, record: InstitutionRecord) -> tuple[FactRow, ...]:
    """The fixed fields in their fixed order, then the figures that a source gives."""
    labels = field_words(frame)
    values = {field: field_values(frame, record, field) for field in labels}
    shown = [*ALWAYS, *(("register",) if record.kind in REGISTERING else ())]
    shown += ("all_day", "open_day") if record.kind in SCHOOLS else ()
    rows = [
        FactRow(field, label, values[field], origins_of(frame, record, field) if values[field] else ())
        for field, label in labels.items()
        if values[field] or field in shown
    ]
    return (*rows, *_measures(frame, record))


def field_words(frame: Frame) -> dict[str, str]:
    """The fixed fields with their names, in order."""
    gettext = frame.reader.gettext
    return {
        "kind": gettext("Art der Einrichtung"),
        "carrier": gettext("Träger"),
        "address": gettext("Anschrift"),
        "district": gettext("Stadtteil oder Ort"),
        "phone": gettext("Telefon"),
        "email": gettext("E-Mail"),
        "website": gettext("Internet"),
        "opening_hours": gettext("Öffnungszeiten"),
        "register": gettext("Anmeldung"),
        "open_day": gettext("Tag der offenen Tür"),
        "all_day": gettext("Ganztag"),
        "accessible": gettext("Barrierefreiheit"),
        "languages": gettext("Sprachen"),
        "official_number": gettext("Schulnummer"),
    }


def field_values(frame: Frame, record: InstitutionRecord, field: str) -> tuple[Link, ...]:
    """What the record says about a field, as links or text; nothing if it says nothing."""
    gettext = frame.reader.gettext
    if field == "kind":
        return _plain(gettext(KINDS[record.kind]))
    if field == "address":
        return tuple(
            Link("", address(site), gettext(site.note) if site.note else "") for site in record.sites if address(site)
        )
    if field == "district":
        places = (", ".join(filter(None, (site.district, site.quarter))) or site.town or "" for site in record.sites)
        return _plain(*places)
    if field == "phone" and record.phone:
        digits = "".join(one for one in record.phone if one.isdigit() or one == "+")
        return (Link(f"tel:{digits}", record.phone),)
    if field == "email" and record.email:
        return (Link(f"mailto:{record.email}", record.email),)
    if field == "website" and record.website:
        return (Link(record.website, record.website.split("://", 1)[-1].rstrip("/")),)
    if field == "all_day" and record.all_day:
        return _plain(gettext(ALL_DAY[record.all_day]))
    if field == "accessible" and record.accessible:
        return _plain(gettext(ACCESSIBLE[record.accessible]))
    if field == "languages":
        return _languages(frame, record)
    if field == "register":
        return _plain(registration(frame, record.register_from, record.register_by))
    if field == "open_day" and record.open_day:
        return _plain(_day(frame, record.open_day))
    if field in ("carrier", "official_number", "opening_hours"):
        return _plain(getattr(record, field) or "")
    return ()


def registration(frame: Frame, first: date | None, last: date | None) -> str:
    """When to register, and whether that is over; empty if no day is known."""
    gettext, reader = frame.reader.gettext, frame.reader
    if last is not None and last < frame.day:
        return gettext("war bis %(day)s") % {"day": reader.date(last)}
    if first is not None and last is not None:
        return gettext("%(first)s bis %(last)s") % {"first": reader.date(first), "last": reader.date(last)}
    if last is not None:
        return gettext("bis %(day)s") % {"day": reader.date(last)}
    return gettext("ab %(day)s") % {"day": reader.date(first)} if first is not None else ""


def _day(frame: Frame, day: date) -> str:
    said = frame.reader.date(day)
    return said if day >= frame.day else frame.reader.gettext("war am %(day)s") % {"day": said}


def address(site: SiteRecord) -> str:
    """Street and town in a line; empty if neither is known."""
    return ", ".join(filter(None, (site.street, " ".join(filter(None, (site.postcode, site.town))))))


def language_name(frame: Frame, code: str) -> str:
    """A language by its name in the reader's language."""
    return str(frame.reader.locale.languages.get(code, code))


def offer_text(frame: Frame, offer: OfferRecord) -> str:
    """What is offered, by the name of the station or topic."""
    if offer.station is not None and offer.station in frame.network.stations:
        return frame.short(offer.station)
    name = offer.topic or offer.station or ""
    return frame.reader.gettext(TOPICS.get(name, name.replace("-", " ").capitalize()))


def origins_of(frame: Frame, record: InstitutionRecord, field: str) -> tuple[Origin, ...]:
    """Where a field comes from, latest first; the record's own year where no fact says more."""
    names = ("register_by", "register_from") if field == "register" else (field,)
    facts = [fact for name in names for fact in record.facts_about(name)]
    if facts:
        return tuple(dict.fromkeys(origin(frame, record, fact) for fact in facts))
    if field in ("kind", "official_number", "district"):
        return ()
    return (_origin(frame, None, record.source_year, "", record.confidence, ""),)


def origin(frame: Frame, record: InstitutionRecord, fact: FactRecord) -> Origin:
    """Source, year and confidence of one fact."""
    source = record.source(fact.source) if fact.source else None
    said = frame.reader.date(fact.day) if fact.day else fact.period or ""
    return _origin(
        frame,
        Link(source.url or "", source.text) if source else None,
        fact.as_of or (source.year if source else None),
        said,
        fact.confidence or record.confidence,
        fact.note or "",
    )


def _origin(frame: Frame, source: Link | None, year: int | None, said: str, confidence: str, note: str) -> Origin:
    return Origin(
        source=source,
        year=said or (str(year) if year else ""),
        confidence=confidence,
        note=frame.reader.gettext(note),
        is_old=bool(year and year <= frame.day.year - YEARS_OLD),
    )


def _measures(frame: Frame, record: InstitutionRecord) -> Iterable[FactRow]:
    for field, words in MEASURES.items():
        facts = record.facts_about(field)
        for fact in facts:
            value = fact.value
            is_count = isinstance(value, int | float) and field not in UNITS
            text = frame.reader.number(value) if is_count and isinstance(value, int | float) else str(value)
            yield FactRow(field, frame.reader.gettext(words), _plain(text), (origin(frame, record, fact),))


def _languages(frame: Frame, record: InstitutionRecord) -> tuple[Link, ...]:
    gettext = frame.reader.gettext
    uses = {"lessons": gettext("im Unterricht"), "courses": gettext("als Kurs"), "advice": gettext("in der Beratung")}
    return tuple(
        Link("", f"{language_name(frame, one.language)} ({uses[one.use]})", gettext(one.note) if one.note else "")
        for one in record.languages
    )


def _plain(*texts: str) -> tuple[Link, ...]:
    return tuple(Link("", text) for text in dict.fromkeys(texts) if text)
