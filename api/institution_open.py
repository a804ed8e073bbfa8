"""Institutions as open data: plain JSON, CSV for spreadsheets, GeoJSON for maps, schema.org for search engines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from api.institution_facts import address
from api.institution_records import InstitutionRecord, OfferRecord
from api.institution_words import ACCESSIBLE, ALL_DAY, KINDS
from api.language import Reader
from api.opening_hours import read_hours

LICENCE = "CC BY 4.0"
COLUMNS = (
    *("id", "name", "kind", "kind_name", "carrier", "official_number", "street", "postcode", "town", "district"),
    *("lat", "lon", "phone", "email", "website", "all_day", "all_day_name", "accessible", "accessible_name"),
    *(
        "opening_hours",
        "open_day",
        "register_from",
        "register_by",
        "languages",
        "stations",
        "topics",
        "source_year",
        "confidence",
        "sources",
        "profile",
    ),
)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Beginnings that a spreadsheet would take for a formula."""
SCHEMA_TYPES = {
    "kita": "Preschool",
    "grundschule": "ElementarySchool",
    "grund-und-realschule-plus": "School",
    "grund-und-hauptschule": "School",
    "realschule-plus": "MiddleSchool",
    "realschule": "MiddleSchool",
    "hauptschule": "MiddleSchool",
    "gemeinschaftsschule": "School",
    "igs": "School",
    "gymnasium": "HighSchool",
    "waldorfschule": "School",
    "foerderschule": "School",
    "abendschule": "School",
    "bbs": "School",
    "hochschule": "CollegeOrUniversity",
    "universitaet": "CollegeOrUniversity",
    "vhs": "EducationalOrganization",
    "familienbildung": "EducationalOrganization",
    "bildungstraeger": "EducationalOrganization",
    "musikschule": "EducationalOrganization",
    "bibliothek": "Library",
    "behoerde": "GovernmentOffice",
}


def institution_data(record: InstitutionRecord, reader: Reader, km: float | None = None) -> dict[str, Any]:
    """A record as plain data: what is not known is left out, never guessed."""
    data = record.model_dump(mode="json", exclude_none=True)
    data["kind_name"] = reader.gettext(KINDS[record.kind])
    data["profile"] = reader.gettext(record.profile)
    if km is not None:
        data["km"] = round(km, 2)
    return data


def csv_text(records: Iterable[InstitutionRecord], reader: Reader) -> str:
    """A table with a line per institution, first site; opens in a spreadsheet and holds no formula."""
    text = io.StringIO()
    text.write("\ufeff")
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    table.writerow(COLUMNS)
    for record in records:
        row = _row(record, reader)
        table.writerow([neutral(row[name]) for name in COLUMNS])
    return text.getvalue()


def neutral(value: object) -> str:
    """A cell that a spreadsheet takes for text; a real number stays one."""
    text = "" if value is None else str(value)
    if isinstance(value, int | float):
        return text
    return f"'{text}" if text.startswith(DANGEROUS) else text


def geo_data(records: Iterable[InstitutionRecord], reader: Reader) -> dict[str, Any]:
    """GeoJSON: a feature per site with coordinates, and one without geometry where none is known."""
    features: list[dict[str, Any]] = []
    for record in records:
        row = _row(record, reader)
        told = {name: row[name] for name in COLUMNS if name not in ("lat", "lon") and row[name] not in (None, "")}
        placed = [(number, site) for number, site in enumerate(record.sites, 1) if site.position]
        for number, site in placed:
            where = {"type": "Point", "coordinates": [site.lat, site.lon][::-1]}
            own = {"street": site.street, "postcode": site.postcode, "town": site.town, "district": site.district}
            said = {**told, **{name: value for name, value in own.items() if value}, "site": number}
            features.append({"type": "Feature", "geometry": where, "properties": said})
        if not placed:
            features.append({"type": "Feature", "geometry": None, "properties": told})
    return {"type": "FeatureCollection", "licence": LICENCE, "features": features}


def linked_data(
    record: InstitutionRecord, reader: Reader, programmes: Sequence[tuple[OfferRecord, str]] = ()
) -> dict[str, Any]:
    """schema.org, with nothing that the record does not say. ``programmes``: its offers with their names."""
    addresses = [
        _without_empty(
            {
                "@type": "PostalAddress",
                "streetAddress": site.street,
                "postalCode": site.postcode,
                "addressLocality": site.town,
                "addressCountry": "DE",
            }
        )
        for site in record.sites
        if address(site)
    ]
    places = [
        {"@type": "Place", "geo": {"@type": "GeoCoordinates", "latitude": site.lat, "longitude": site.lon}}
        for site in record.sites
        if site.position
    ]
    return _without_empty(
        {
            "@context": "https://schema.org",
            "@type": SCHEMA_TYPES.get(record.kind, "Organization"),
            "name": record.name,
            "description": reader.gettext(record.profile),
            "address": _one_or_many(addresses),
            "location": _one_or_many(places),
            "telephone": record.phone,
            "email": record.email,
            "url": record.website,
            "parentOrganization": {"@type": "Organization", "name": record.carrier} if record.carrier else None,
            "identifier": record.official_number,
            "openingHours": _one_or_many(read_hours(record.opening_hours or "")),
            "event": _event(record),
            "makesOffer": [_offered(record, offer, name) for offer, name in programmes],
        }
    )


def _event(record: InstitutionRecord) -> dict[str, Any] | None:
    if record.open_day is None:
        return None
    return {"@type": "EducationEvent", "name": "Tag der offenen Tür", "startDate": record.open_day.isoformat()}


def _offered(record: InstitutionRecord, offer: OfferRecord, name: str) -> dict[str, Any]:
    """A programme with its own dates, else those of the house."""

    def day(value: date | None) -> str | None:
        return value.isoformat() if value else None

    programme = {
        "@type": "EducationalOccupationalProgram",
        "name": ": ".join(filter(None, (name, offer.field))),
        "inLanguage": list(offer.languages),
        "startDate": day(offer.starts),
        "endDate": day(offer.ends),
        "applicationStartDate": None if offer.register_by else day(record.register_from),
        "applicationDeadline": day(offer.register_by or record.register_by),
        "maximumEnrollment": offer.places,
    }
    return {"@type": "Offer", "itemOffered": _without_empty(programme)}


def _row(record: InstitutionRecord, reader: Reader) -> dict[str, Any]:
    site = record.sites[0] if record.sites else None
    gettext = reader.gettext
    return {
        "id": record.id,
        "name": record.name,
        "kind": record.kind,
        "kind_name": gettext(KINDS[record.kind]),
        "carrier": record.carrier,
        "official_number": record.official_number,
        "street": site.street if site else None,
        "postcode": site.postcode if site else None,
        "town": site.town if site else None,
        "district": site.district if site else None,
        "lat": site.lat if site else None,
        "lon": site.lon if site else None,
        "phone": record.phone,
        "email": record.email,
        "website": record.website,
        "all_day": record.all_day,
        "all_day_name": gettext(ALL_DAY[record.all_day]) if record.all_day else None,
        "accessible": record.accessible,
        "accessible_name": gettext(ACCESSIBLE[record.accessible]) if record.accessible else None,
        "opening_hours": record.opening_hours,
        "open_day": record.open_day,
        "register_from": record.register_from,
        "register_by": record.register_by,
        "languages": " ".join(dict.fromkeys(one.language for one in record.languages)),
        "stations": " ".join(dict.fromkeys(one.station for one in record.offers if one.station)),
        "topics": " ".join(dict.fromkeys(one.topic for one in record.offers if one.topic)),
        "source_year": record.source_year,
        "confidence": record.confidence,
        "sources": " | ".join(one.text for one in record.sources),
        "profile": gettext(record.profile),
    }


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, "", [])}


def _one_or_many(found: Sequence[Any]) -> Any:
    return found[0] if len(found) == 1 else list(found)
