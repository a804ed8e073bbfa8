"""Views of institutions: profile, list, map and comparison. The order is neutral and said; nothing is ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import orjson
from markupsafe import Markup

from api.frame import Frame, Link
from api.institution_facts import (
    FactRow,
    Origin,
    address,
    fact_rows,
    field_values,
    field_words,
    offer_text,
    origins_of,
)
from api.institution_map import MapView
from api.institution_open import linked_data
from api.institution_records import InstitutionRecord, OfferRecord
from api.institution_words import KINDS, MEASURES
from api.institutions import Found, InstitutionFilter
from api.registration_views import registrations
from api.search_views import DISTANCES, Choice, FilterView, filter_views
from api.views import stage_words

AT_ONCE = 20
MOST_COMPARED = 4


@dataclass(frozen=True)
class OfferView:
    """One programme."""

    link: Link
    details: tuple[tuple[str, str], ...]
    note: str
    year: str
    is_old: bool
    is_unconfirmed: bool


@dataclass(frozen=True)
class ProfilePage:
    """An institution."""

    title: str
    preline: str
    rows: tuple[FactRow, ...]
    offers: tuple[OfferView, ...]
    text: str
    sources: tuple[Link, ...]
    year: str
    is_old: bool
    confidence: str
    feedback: str
    compare: str
    everybody: str
    data: str
    linked_data: Markup


@dataclass(frozen=True)
class LineView:
    """One institution in a list."""

    id: str
    link: Link
    kind: str
    place: str
    distance: str
    all_day: str
    year: str
    is_unconfirmed: bool


@dataclass(frozen=True)
class OnMap:
    """The map, and (id, name) of those whose coordinates nobody knows."""

    map: MapView | None
    beside: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ListPage:
    """Institutions with filters."""

    title: str
    action: str
    stations: tuple[Link, ...]
    """Only those who offer one of these; the note is the id."""
    text: str
    near: str
    distances: tuple[Choice, ...]
    orders: tuple[Choice, ...]
    order_text: str
    filters: tuple[FilterView, ...]
    total: int
    lines: tuple[LineView, ...]
    first: int
    before: str
    more: str
    unknown_place: str
    unplaced: int
    other_view: Link
    map: MapView | None
    beside: tuple[Link, ...]
    everything: str
    compare: str
    downloads: tuple[Link, ...]


@dataclass(frozen=True)
class CompareRow:
    """One field of all that are compared; ``state`` is equal, different or unknown."""

    field: str
    label: str
    state: str
    cells: tuple[tuple[tuple[Link, ...], tuple[Origin, ...]], ...]


@dataclass(frozen=True)
class ComparePage:
    """Up to four side by side."""

    title: str
    action: str
    names: tuple[Link, ...]
    without: tuple[Link, ...]
    ids: tuple[str, ...]
    rows: tuple[CompareRow, ...]
    hidden: int
    hides_equal: bool
    fields: tuple[Choice, ...]
    too_many: bool
    everybody: str


def profile_page(frame: Frame, record: InstitutionRecord) -> ProfilePage:
    """Fixed fields first, then offers, then their own words."""
    gettext = frame.reader.gettext
    return ProfilePage(
        title=record.name,
        preline=gettext(KINDS[record.kind]),
        rows=tuple(row for row in fact_rows(frame, record) if row.field != "kind"),
        offers=tuple(_offer_view(frame, record, offer) for offer in record.offers),
        text=gettext(record.profile),
        sources=tuple(Link(one.url or "", one.text, str(one.year or "")) for one in record.sources),
        year=str(record.source_year or ""),
        is_old=is_old(frame, record.source_year),
        confidence=record.confidence,
        feedback=frame.feedback,
        compare=frame.to("compare", urlencode({"id": record.id})),
        everybody=frame.to("institutions"),
        data=f"/api/v1/{frame.network.region}/institutions/{record.id}",
        linked_data=json_in_html(
            linked_data(record, frame.reader, [(one, offer_text(frame, one)) for one in record.offers if one.station])
        ),
    )


def json_in_html(data: object) -> Markup:
    """JSON that may stand inside a script element: nothing in it can end the element."""
    text = orjson.dumps(data).decode()
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def is_old(frame: Frame, year: int | None) -> bool:
    """True for what was said two years ago or earlier."""
    return bool(year and year <= frame.day.year - 2)


def _offer_view(frame: Frame, record: InstitutionRecord, offer: OfferRecord) -> OfferView:
    reader, gettext = frame.reader, frame.reader.gettext
    text = offer_text(frame, offer)
    is_station = offer.station is not None and offer.station in frame.network.stations
    languages = reader.listing([str(reader.locale.languages.get(one, one)) for one in offer.languages])
    site = address(record.sites[offer.site - 1]) if offer.site else ""
    details: tuple[tuple[str, str], ...] = (
        (gettext("Fachrichtung oder Form"), offer.field or ""),
        (gettext("Zeiten"), offer.times or ""),
        (gettext("Sprachen"), languages),
        (gettext("Beginn"), reader.date(offer.starts) if offer.starts else ""),
        (gettext("Ende"), reader.date(offer.ends) if offer.ends else ""),
        (gettext("Anmelden bis"), reader.date(offer.register_by) if offer.register_by else ""),
        (gettext("Plätze"), reader.number(offer.places) if offer.places is not None else ""),
        (gettext("Ort"), site),
    )
    if is_station and not offer.register_by:
        details += ((gettext("Anmeldung (Regel im ganzen Land)"), _general_days(frame, str(offer.station))),)
    return OfferView(
        link=Link(frame.to(f"station/{offer.station}") if is_station else "", text),
        details=tuple((label, said) for label, said in details if said),
        note=gettext(offer.note) if offer.note else "",
        year=str(offer.year or ""),
        is_old=is_old(frame, offer.year),
        is_unconfirmed=(offer.confidence or record.confidence) == "unconfirmed",
    )


def _general_days(frame: Frame, station_id: str) -> str:
    ways = registrations(frame, frame.network.ways_to.get(station_id, ()))
    said = (f"{one.days} ({one.late})" if one.late else one.days for one in ways if not one.is_doubtful)
    return "; ".join(dict.fromkeys(filter(None, said)))


# --- list and map ---


def list_page(
    frame: Frame,
    found: Found,
    wanted: InstitutionFilter,
    order: str,
    offset: int,
    on_map: OnMap | None,
) -> ListPage:
    """The list, or the map with those beside it that have no coordinates."""
    reader, gettext = frame.reader, frame.reader.gettext
    chosen = chosen_of(wanted)
    asked = asked_of(wanted, order)

    def at(**more: str) -> str:
        return frame.to("institutions", urlencode([*asked, *((name, value) for name, value in more.items() if value)]))

    orders = {"name": gettext("nach Namen (Alphabet)")}
    if wanted.near:
        orders["distance"] = gettext("nach Entfernung")
    view = Link(at(), gettext("Als Liste zeigen")) if on_map else Link(at(view="map"), gettext("Auf der Karte zeigen"))
    data = f"/api/v1/{frame.network.region}/institutions"
    query = urlencode(asked)
    return ListPage(
        title=gettext("Einrichtungen in %(region)s und Umgebung") % {"region": frame.region_name},
        action=frame.to("institutions"),
        stations=tuple(replace(frame.link_to(one), note=one) for one in wanted.stations),
        text=wanted.text,
        near=wanted.near or "",
        distances=tuple(Choice(str(km), f"{km} km", 0, wanted.within_km == km) for km in DISTANCES),
        orders=tuple(Choice(value, text, 0, value == order) for value, text in orders.items()),
        order_text=orders.get(order, orders["name"]),
        filters=filter_views(reader, found.facets, chosen, stage_words(frame)),
        total=found.total,
        lines=() if on_map else tuple(_line(frame, one.record, one.km) for one in found.listed),
        first=offset + 1,
        before=at(offset=str(max(0, offset - AT_ONCE) or "")) if offset and not on_map else "",
        more=at(offset=str(offset + AT_ONCE)) if not on_map and offset + AT_ONCE < found.total else "",
        unknown_place=wanted.near if wanted.near and found.centre is None else "",
        unplaced=found.unplaced if wanted.within_km and found.centre else 0,
        other_view=view,
        map=on_map.map if on_map else None,
        beside=tuple(profile_link(frame, one, name) for one, name in on_map.beside) if on_map else (),
        everything=frame.to("institutions") if asked else "",
        compare=frame.to("compare"),
        downloads=tuple(
            Link(f"{data}{ending}" + (f"?{query}" if query else ""), text)
            for ending, text in ((".csv", "CSV"), ("", "JSON"), (".geojson", "GeoJSON"))
        ),
    )


def chosen_of(wanted: InstitutionFilter) -> dict[str, tuple[str, ...]]:
    """The values chosen for each filter."""
    return {
        "kind": wanted.kinds,
        "stage": wanted.stages,
        "district": wanted.districts,
        "all_day": wanted.all_day,
        "accessible": wanted.accessible,
        "language": wanted.languages,
    }


def asked_of(wanted: InstitutionFilter, order: str = "name") -> list[tuple[str, str]]:
    """The filter as parameters of an address."""
    pairs = [("q", wanted.text), ("near", wanted.near or "")]
    pairs += [("within_km", f"{wanted.within_km:g}")] if wanted.within_km else []
    pairs += [(name, value) for name, values in chosen_of(wanted).items() for value in values]
    pairs += [("station", one) for one in wanted.stations]
    pairs += [("order", order)] if order != "name" else []
    return [(name, value) for name, value in pairs if value]


def profile_link(frame: Frame, institution_id: str, name: str) -> Link:
    """A link to a profile."""
    return Link(frame.to(f"institution/{institution_id}"), name)


def _line(frame: Frame, record: InstitutionRecord, km: float | None) -> LineView:
    reader = frame.reader
    site = record.sites[0] if record.sites else None
    all_day = field_values(frame, record, "all_day")
    return LineView(
        id=record.id,
        link=profile_link(frame, record.id, record.name),
        kind=reader.gettext(KINDS[record.kind]),
        place=", ".join(dict.fromkeys(filter(None, (site.town, site.district)))) if site else "",
        distance="" if km is None else f"{reader.number(round(km, 1))} km",
        all_day=all_day[0].text if all_day else "",
        year=str(record.source_year or ""),
        is_unconfirmed=record.confidence == "unconfirmed",
    )


# --- comparison ---


def compare_page(
    frame: Frame, records: Sequence[InstitutionRecord], fields: Sequence[str], hides_equal: bool, too_many: bool
) -> ComparePage:
    """Side by side by name; a field nobody states anything about is left out unless it was chosen."""
    gettext = frame.reader.gettext
    words = compare_words(frame)
    chosen = [field for field in words if field in fields] or list(words)
    rows = [_compare_row(frame, records, field, words[field]) for field in chosen] if len(records) > 1 else []
    rows = [row for row in rows if fields or any(values for values, _ in row.cells)]
    shown = [row for row in rows if not (hides_equal and row.state == "equal")]
    ids = tuple(one.id for one in records)
    return ComparePage(
        title=gettext("Einrichtungen vergleichen"),
        action=frame.to("compare"),
        names=tuple(profile_link(frame, one.id, one.name) for one in records),
        without=tuple(
            Link(frame.to("compare", urlencode([("id", other) for other in ids if other != one.id])), one.name)
            for one in records
        ),
        ids=ids,
        rows=tuple(shown),
        hidden=len(rows) - len(shown),
        hides_equal=hides_equal,
        fields=tuple(Choice(field, text, 0, field in chosen) for field, text in words.items()),
        too_many=too_many,
        everybody=frame.to("institutions"),
    )


def compare_words(frame: Frame) -> dict[str, str]:
    """What can be compared, in order."""
    gettext = frame.reader.gettext
    words = field_words(frame)
    words.pop("official_number")
    return words | {"offers": gettext("Angebote"), "pupils": gettext(MEASURES["pupils"])}


def _compare_row(frame: Frame, records: Sequence[InstitutionRecord], field: str, label: str) -> CompareRow:
    cells = tuple(_cell(frame, one, field) for one in records)
    said = [tuple(sorted(link.text for link in values)) for values, _ in cells]
    state = "different" if len(set(said)) > 1 else "equal"
    if not all(said):
        state = "unknown"
    return CompareRow(field, label, state, cells)


def _cell(frame: Frame, record: InstitutionRecord, field: str) -> tuple[tuple[Link, ...], tuple[Origin, ...]]:
    if field == "offers":
        offers = dict.fromkeys(
            Link(
                frame.to(f"station/{one.station}") if one.station and one.station in frame.network.stations else "",
                offer_text(frame, one),
            )
            for one in record.offers
        )
        return tuple(offers), ()
    if field == "pupils":
        rows = [row for row in fact_rows(frame, record) if row.field == "pupils"]
        return (rows[0].values, rows[0].origins) if rows else ((), ())
    values = field_values(frame, record, field)
    return values, origins_of(frame, record, field) if values else ()
