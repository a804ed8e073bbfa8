"""Tables for institutions, their history, and the list of changes the search index still has to follow.

Rows are made from checked records only (`institution_store`): classes with `table=True` do not validate.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, Column, ForeignKey, Index, Text
from sqlmodel import Field, SQLModel

from api.database import UTCDateTime

RevisionState = Literal["draft", "proposed", "published", "rejected"]


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def _owner() -> Any:
    return Field(sa_column=Column(ForeignKey("institution.id", ondelete="CASCADE"), nullable=False, index=True))


class Institution(SQLModel, table=True):
    """The legal house. `changed_by` is who wrote it last: `shipped`, `person:<name>` or the name of an import."""

    __tablename__ = "institution"

    id: str = Field(primary_key=True, max_length=120)
    region: str = Field(index=True, max_length=60)
    was: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    name: str = Field(max_length=300)
    kind: str = Field(index=True, max_length=60)
    carrier: str | None = Field(default=None, max_length=300)
    official_number: str | None = Field(default=None, index=True, max_length=20)
    refs: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    website: str | None = Field(default=None, max_length=2000)
    phone: str | None = Field(default=None, max_length=60)
    email: str | None = Field(default=None, max_length=300)
    all_day: str | None = Field(default=None, index=True, max_length=20)
    accessible: str | None = Field(default=None, index=True, max_length=20)
    opening_hours: str | None = Field(default=None, max_length=300)
    open_day: date | None = None
    register_from: date | None = None
    register_by: date | None = None
    profile: str = Field(default="", sa_column=Column(Text, nullable=False))
    sources: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    source_year: int | None = None
    confidence: str = Field(max_length=20)
    changed_by: str = Field(max_length=120)
    shipped_as: str | None = Field(default=None, max_length=64)
    """Digest of the shipped record that is in here, or was before somebody else changed it."""
    withdrawn: bool = Field(default=False, index=True)
    changed: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))


class Site(SQLModel, table=True):
    """A place where the institution works."""

    __tablename__ = "site"
    __table_args__ = (Index("ix_site_lat_lon", "lat", "lon"),)

    id: int | None = Field(default=None, primary_key=True)
    institution_id: str = _owner()
    position: int
    street: str | None = Field(default=None, max_length=300)
    postcode: str | None = Field(default=None, index=True, max_length=5)
    town: str | None = Field(default=None, index=True, max_length=300)
    district: str | None = Field(default=None, index=True, max_length=300)
    quarter: str | None = Field(default=None, max_length=300)
    lat: float | None = None
    lon: float | None = None
    note: str | None = Field(default=None, sa_column=Column(Text))


class LanguageUse(SQLModel, table=True):
    """A language and what it is used for."""

    __tablename__ = "language_use"

    id: int | None = Field(default=None, primary_key=True)
    institution_id: str = _owner()
    position: int
    language: str = Field(index=True, max_length=3)
    use: str = Field(max_length=20)
    note: str | None = Field(default=None, max_length=300)


class Offer(SQLModel, table=True):
    """A programme at an institution: a station of the network or, where none exists, a topic."""

    __tablename__ = "offer"

    id: int | None = Field(default=None, primary_key=True)
    institution_id: str = _owner()
    position: int
    station: str | None = Field(default=None, index=True, max_length=120)
    topic: str | None = Field(default=None, index=True, max_length=120)
    field: str | None = Field(default=None, max_length=300)
    languages: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    times: str | None = Field(default=None, max_length=300)
    starts: date | None = None
    ends: date | None = None
    register_by: date | None = None
    places: int | None = None
    site: int | None = None
    year: int | None = None
    confidence: str | None = Field(default=None, max_length=20)
    note: str | None = Field(default=None, sa_column=Column(Text))
    ref: str | None = Field(default=None, index=True, max_length=300)


class Fact(SQLModel, table=True):
    """A fact with its source and its year or day."""

    __tablename__ = "fact"

    id: int | None = Field(default=None, primary_key=True)
    institution_id: str = _owner()
    position: int
    field: str = Field(index=True, max_length=60)
    value: int | float | str | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    source: str | None = Field(default=None, max_length=120)
    year: int | None = None
    day: date | None = None
    period: str | None = Field(default=None, max_length=300)
    confidence: str | None = Field(default=None, max_length=20)
    note: str | None = Field(default=None, sa_column=Column(Text))


class Outbox(SQLModel, table=True):
    """A change the search index has yet to follow; written in the same transaction as the change itself."""

    __tablename__ = "outbox"

    id: int | None = Field(default=None, primary_key=True)
    region: str = Field(max_length=60)
    institution_id: str = Field(max_length=120)
    change: str = Field(max_length=10)
    """`put` or `remove`."""
    created: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))


class Revision(SQLModel, table=True):
    """How an institution was said to be, by whom, and who looked at it. Outlives the institution."""

    __tablename__ = "revision"

    id: int | None = Field(default=None, primary_key=True)
    institution_id: str = Field(index=True, max_length=120)
    region: str = Field(index=True, max_length=60)
    snapshot: str = Field(sa_column=Column(Text, nullable=False))
    """The record as JSON with sorted keys, so that two revisions compare line by line."""
    state: str = Field(index=True, max_length=20)
    author: str = Field(max_length=120)
    reviewer: str | None = Field(default=None, max_length=120)
    created: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))
    decided: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
