"""When two spellings mean the same, and how values are shown in a difference."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from api.imports.matching import plain, plain_street
from api.imports.rows import ImportedRow
from api.institution_records import LanguageRecord, OfferRecord, SiteRecord
from api.institution_words import ACCESSIBLE, ALL_DAY


def other_street(row: ImportedRow, sites: tuple[SiteRecord, ...]) -> bool:
    """Whether the row names a street that none of the sites has."""
    return bool(row.street) and all(plain_street(row.street) != plain_street(site.street) for site in sites)


def other_place(row: ImportedRow, sites: tuple[SiteRecord, ...]) -> bool:
    """Whether the address of the row contradicts those of all sites."""

    def differs(site: SiteRecord) -> bool:
        if row.street and site.street and plain_street(row.street) != plain_street(site.street):
            return True
        if row.postcode and site.postcode:
            return row.postcode != site.postcode
        return bool(row.town and site.town) and plain(row.town) != plain(site.town)

    return all(differs(site) for site in sites)


def same(field: str, one: str | date, other: str | date) -> bool:
    """Whether two spellings of a contact mean the same."""
    if isinstance(one, date) or isinstance(other, date):
        return one == other
    if field == "phone":
        return _digits(one) == _digits(other)
    if field == "website":
        return _bare(one) == _bare(other)
    return one.casefold() == other.casefold()


def in_words(field: str, value: str | date) -> str:
    """A coded value or a day in German."""
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    words = {"all_day": ALL_DAY, "accessible": ACCESSIBLE}.get(field, {})
    return words.get(value, value)


def _digits(phone: str) -> str:
    return re.sub(r"^(?:\+49|0049)0?", "0", re.sub(r"[^\d+]", "", phone))


def _bare(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", url.casefold()).rstrip("/")


def spell(site: SiteRecord) -> str:
    """An address in one line."""
    return ", ".join(part for part in (site.street, " ".join(filter(None, (site.postcode, site.town)))) if part)


def spell_row(row: ImportedRow) -> str:
    """The address a row gives."""
    return ", ".join(part for part in (row.street, " ".join(filter(None, (row.postcode, row.town)))) if part)


def spell_position(site: SiteRecord) -> str | None:
    """Coordinates, if there are any."""
    return f"{site.lat:.5f}, {site.lon:.5f}" if site.position else None


def spell_languages(languages: Iterable[LanguageRecord]) -> str | None:
    """Languages and what they are used for."""
    return ", ".join(f"{one.language} ({one.use})" for one in languages) or None


def spell_offer(offer: OfferRecord) -> str:
    """An offer in a few words."""
    when = f" ({offer.starts:%d.%m.%Y})" if isinstance(offer.starts, date) else ""
    return f"{offer.station or offer.topic}{f': {offer.field}' if offer.field else ''}{when}"
