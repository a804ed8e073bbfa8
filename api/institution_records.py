"""What may be said about an institution: the checked record, the same for content files, imports, pages and JSON.

Nothing is guessed: an empty field was not seen. A fact carries its source and the year it comes from; a fact without
`value` says where a field of the record itself (phone, address, all_day …) comes from.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from api.distance import Position
from api.institution_words import KINDS, MEASURES, OWN_FIELDS
from pathways.conditions import Confidence, Record

AllDay = Literal["none", "offered", "open", "compulsory"]
"""No all-day school; all-day for those who choose it (Angebotsform); open form; all-day for everybody."""
Accessible = Literal["full", "part", "none"]
LanguageUse = Literal["lessons", "courses", "advice"]

_ID = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_HOST = re.compile(r"^[a-z0-9-]+(?:\.[a-z0-9-]+)+$", re.I)
_EMAIL = re.compile(r"^[^@\s<>,;]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+$", re.I)
_PHONE = re.compile(r"^\+?[\d ()/.\-]+$")


def _check_id(value: str) -> str:
    if not _ID.match(value) or len(value) > 120:
        raise ValueError("an id has small letters, digits and single hyphens, at most 120 characters")
    return value


def _check_kind(value: str) -> str:
    if value not in KINDS:
        raise ValueError(f"{value!r} is no kind of institution; there are {', '.join(KINDS)}")
    return value


def check_url(value: str) -> str:
    """A complete address a browser can open."""
    if re.search(r"[\s…<>\"]", value):
        raise ValueError("a web address holds no spaces, dots of omission or quotes")
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in ("http", "https") or not (_HOST.match(host) or _HOST.match(_ascii(host))):
        raise ValueError("a web address is complete: https://, then the name with its ending")
    return value


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return ""


def check_email(value: str) -> str:
    """An address with one @ and a complete domain."""
    if not _EMAIL.match(value):
        raise ValueError("an e-mail address looks like name@domain.de")
    return value


def check_phone(value: str) -> str:
    """Digits with the usual separators."""
    if not _PHONE.match(value) or not 3 <= sum(one.isdigit() for one in value) <= 20:
        raise ValueError("a phone number has digits, spaces, ( ) / - and may start with +")
    return value


def check_postcode(value: str) -> str:
    """Five digits."""
    if not re.fullmatch(r"\d{5}", value):
        raise ValueError("a postcode has five digits; quote it so that a leading zero stays")
    return value


Id = Annotated[str, AfterValidator(_check_id)]
Url = Annotated[str, AfterValidator(check_url)]
Year = Annotated[int, Field(ge=1900, le=2100)]
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Line = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^\S(?:[^\n\t]*\S)?$")]


class SiteRecord(Record):
    """A place where the institution works. `quarter` is a part of the district; `note` what helps to find it."""

    street: Line | None = None
    postcode: Annotated[str, AfterValidator(check_postcode)] | None = None
    town: Line | None = None
    district: Line | None = None
    quarter: Line | None = None
    lat: float | None = Field(default=None, ge=47.2, le=55.1)
    lon: float | None = Field(default=None, ge=5.8, le=15.1)
    note: Text | None = None

    @model_validator(mode="after")
    def _sound(self) -> SiteRecord:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("`lat` and `lon` stand together or not at all")
        if not self.model_dump(exclude_none=True):
            raise ValueError("an empty site says nothing; leave it out")
        return self

    @property
    def position(self) -> Position | None:
        """Where it is on the globe, if a source says."""
        return None if self.lat is None or self.lon is None else Position(self.lat, self.lon)


class LanguageRecord(Record):
    """A language (two letters) and what it is used for."""

    language: str = Field(pattern=r"^[a-z]{2,3}$")
    use: LanguageUse
    note: Line | None = None


class OfferRecord(Record):
    """A programme at this institution: a station of the network, or a `topic` where no station exists."""

    station: Id | None = None
    topic: Id | None = None
    field: Line | None = None
    languages: tuple[str, ...] = ()
    times: Line | None = None
    starts: date | None = None
    ends: date | None = None
    register_by: date | None = None
    places: int | None = Field(default=None, ge=0)
    site: int | None = Field(default=None, ge=1)
    """Which of the sites, counted from 1; none: all, or not known."""
    year: Year | None = None
    confidence: Confidence | None = None
    """None: as confident as the whole record."""
    note: Text | None = None
    ref: Line | None = None
    """Id in the list it was imported from."""

    @model_validator(mode="after")
    def _sound(self) -> OfferRecord:
        if (self.station is None) == (self.topic is None):
            raise ValueError("an offer names either a `station` or a `topic`")
        if self.starts and self.ends and self.ends < self.starts:
            raise ValueError("the offer ends before it starts")
        return self


class SourceRecord(Record):
    """Where something was read. `url` only if the address is complete."""

    id: Id
    text: Text
    url: Url | None = None
    year: Year | None = None


class FactRecord(Record):
    """One fact with its source and its year or day. Without `value`: where a field of the record comes from."""

    field: str
    value: int | float | Line | None = None
    source: Id | None = None
    year: Year | None = None
    day: date | None = None
    period: Line | None = None
    """As the source says it where a year alone would mislead: "Schuljahr 2025/26"."""
    confidence: Confidence | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _sound(self) -> FactRecord:
        if self.field not in OWN_FIELDS and self.field not in MEASURES:
            raise ValueError(f"{self.field!r} is no field for facts; see api/institution_records.py")
        if (self.field in OWN_FIELDS) != (self.value is None):
            raise ValueError("fields of the record stand there, without `value` here; every other fact has a `value`")
        return self

    @property
    def as_of(self) -> int | None:
        """The year it is from."""
        return self.day.year if self.day else self.year


class InstitutionRecord(Record):
    """An institution: the legal house with its sites and offers."""

    id: Id
    was: tuple[Id, ...] = ()
    name: Line
    kind: Annotated[str, AfterValidator(_check_kind)]
    carrier: Line | None = None
    official_number: str | None = Field(default=None, pattern=r"^[0-9A-Za-z-]{3,20}$")
    refs: tuple[str, ...] = ()
    """Ids in other registers, as `register:id`."""
    sites: tuple[SiteRecord, ...] = ()
    website: Url | None = None
    phone: Annotated[str, AfterValidator(check_phone)] | None = None
    email: Annotated[str, AfterValidator(check_email)] | None = None
    all_day: AllDay | None = None
    accessible: Accessible | None = None
    opening_hours: Line | None = None
    """As readers see it: "Mo–Fr 8:00–12:00; Do 14:00–18:00"."""
    open_day: date | None = None
    """Day on which the house opens its doors to everybody."""
    register_from: date | None = None
    register_by: date | None = None
    """First and last day on which one can register here, as the house itself says it."""
    languages: tuple[LanguageRecord, ...] = ()
    offers: tuple[OfferRecord, ...] = ()
    profile: str = ""
    facts: tuple[FactRecord, ...] = ()
    sources: tuple[SourceRecord, ...] = ()
    source_year: Year | None = None
    confidence: Confidence

    @model_validator(mode="after")
    def _sound(self) -> InstitutionRecord:
        sources = {source.id for source in self.sources}
        if len(sources) != len(self.sources):
            raise ValueError("two sources share an id")
        for fact in self.facts:
            if fact.source is not None and fact.source not in sources:
                raise ValueError(f"the fact `{fact.field}` names the source {fact.source!r}, which is not listed")
        if self.register_from and self.register_by and self.register_by < self.register_from:
            raise ValueError("the registration ends before it begins")
        told = [(offer.station, offer.topic, offer.field, offer.site, offer.ref) for offer in self.offers]
        if len(set(told)) != len(told):
            raise ValueError("an offer stands twice; tell them apart by `field` or `site`")
        if any(offer.site is not None and offer.site > len(self.sites) for offer in self.offers):
            raise ValueError("an offer names a site that is not listed")
        return self

    def offers_at(self, station: str) -> tuple[OfferRecord, ...]:
        """The offers at this station of the network."""
        return tuple(offer for offer in self.offers if offer.station == station)

    def facts_about(self, field: str) -> tuple[FactRecord, ...]:
        """All facts of one field, latest first."""
        found = [fact for fact in self.facts if fact.field == field]
        return tuple(sorted(found, key=lambda fact: -(fact.as_of or 0)))

    def source(self, source_id: str) -> SourceRecord | None:
        """The source with this id."""
        return next((source for source in self.sources if source.id == source_id), None)

    @property
    def towns(self) -> tuple[str, ...]:
        """Towns of all sites, each once."""
        return tuple(dict.fromkeys(site.town for site in self.sites if site.town))

    def km_from(self, centre: Position) -> float | None:
        """Distance of the nearest site whose coordinates are known."""
        known = [centre.km_to(site.position) for site in self.sites if site.position]
        return min(known, default=None)
