"""The school guide: for one stage of life the ways explained, the dates, and every institution of the region.

A web page and a PDF from the same view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.calendar_views import Notice, dates_of
from api.elsewhere_views import ElsewhereView, elsewhere_view
from api.frame import Frame, Link
from api.institution_facts import FactRow, fact_rows, offer_text
from api.institution_records import InstitutionRecord
from api.institution_views import profile_link
from api.institution_words import KINDS
from api.leg_views import duration
from api.registration_views import Registration, registrations
from api.views import by_entry, stage_words
from pathways.reaching import leads_on
from pathways.station import STAGES
from pathways.transition import Transition

SCHOOL = ("primary", "lower-secondary", "upper-secondary")
"""Stages for which everybody has to register, so that a missing day is worth a line."""


@dataclass(frozen=True)
class GuideWay:
    """One way through this stage."""

    link: Link
    text: str
    facts: tuple[tuple[str, str], ...]
    goes_on: tuple[Link, ...]
    here: tuple[Link, ...]
    elsewhere: ElsewhereView | None


@dataclass(frozen=True)
class GuideSchool:
    """One institution."""

    id: str
    link: Link
    kind: str
    rows: tuple[FactRow, ...]
    missing: str
    """Fields nobody states anything about, in one line."""
    offers: tuple[str, ...]
    text: str
    year: str
    confidence: str


@dataclass(frozen=True)
class GuidePage:
    """The guide of one stage, or the stages to choose from."""

    title: str
    stage: str
    preline: str
    hint: str
    stages: tuple[Link, ...]
    ways: tuple[GuideWay, ...]
    into: tuple[Registration, ...]
    """When to register for this stage."""
    onward: tuple[Registration, ...]
    """When to register for what comes after it."""
    dates: tuple[Notice, ...]
    schools: tuple[GuideSchool, ...]
    day: str
    pdf: str
    compare: str
    everybody: str


def guide_page(frame: Frame, stage: str, records: Sequence[InstitutionRecord]) -> GuidePage:
    """The guide of a stage, institutions by name; without a stage, what there is to choose from."""
    reader, gettext, network = frame.reader, frame.reader.gettext, frame.network
    words = stage_words(frame)
    used = {one.stage for one in network.stations.values()}
    name, hint = words.get(stage, ("", ""))
    stations = [one for one in network.stations.values() if one.stage == stage]
    own = {one.id for one in stations}
    into = [way for one in sorted(stations, key=by_entry) for way in network.ways_to.get(one.id, ())]
    into = [way for way in into if not own & set(way.origins)]
    gained = {way.target for one in own for way in leads_on(network, one) if way.target in network.qualifications}
    onward = [way for one in (*sorted(own), *sorted(gained)) for way in network.ways_from.get(one, ())]
    onward = [way for way in onward if way.target in network.stations and way.target not in own]
    onward = sorted(dict.fromkeys(onward), key=lambda way: by_entry(network.stations[way.target]))

    def is_school(way: Transition) -> bool:
        return network.stations[way.target].stage in SCHOOL

    dated = own | {way.target for way in onward if is_school(way)}
    title = gettext("Wegweiser für %(region)s") % {"region": frame.region_name}
    return GuidePage(
        title=f"{title}: {name}" if name else title,
        stage=stage,
        preline=gettext("Wegweiser"),
        hint=hint,
        stages=tuple(
            Link(frame.to("guide", urlencode({"stage": one})), *words[one])
            for one in STAGES
            if one in used and one != stage
        ),
        ways=tuple(_way(frame, one.id) for one in sorted(stations, key=by_entry)),
        into=registrations(frame, into, even_unknown=stage in SCHOOL),
        onward=(
            *registrations(frame, (way for way in onward if is_school(way)), even_unknown=True),
            *registrations(frame, (way for way in onward if not is_school(way))),
        ),
        dates=dates_of(frame, (one for one in network.calendar.values() if dated & set(one.stations))),
        schools=tuple(_school(frame, one, own) for one in records),
        day=reader.date(frame.day),
        pdf=frame.to("guide.pdf", urlencode({"stage": stage})) if stage else "",
        compare=frame.to("compare"),
        everybody=frame.to("institutions", urlencode({"stage": stage})) if stage else frame.to("institutions"),
    )


def _way(frame: Frame, station_id: str) -> GuideWay:
    gettext = frame.reader.gettext
    station = frame.network.stations[station_id]

    def said(field: str) -> str:
        return frame.said(station.id, field, getattr(station, field))

    facts = (
        (gettext("Für wen"), said("entry")),
        (gettext("Dauer"), duration(frame, station.months) if not station.open_ended else ""),
        (gettext("Am Ende haben Sie"), said("certificates")),
    )
    following = dict.fromkeys(way.target for way in leads_on(frame.network, station_id))
    goes_on = sorted((frame.link_to(one) for one in following), key=lambda link: link.text.casefold())
    here = (
        frame.institutions_at(frame.network.region, frame.reader.language, station_id) if frame.institutions_at else ()
    )
    return GuideWay(
        link=frame.link_to(station_id),
        text=said("text"),
        facts=tuple((label, text) for label, text in facts if text),
        goes_on=tuple(goes_on),
        here=tuple(here),
        elsewhere=elsewhere_view(frame, station, tuple(here)),
    )


def _school(frame: Frame, record: InstitutionRecord, stations: set[str]) -> GuideSchool:
    rows = [row for row in fact_rows(frame, record) if row.field not in ("kind", "official_number")]
    return GuideSchool(
        id=record.id,
        link=profile_link(frame, record.id, record.name),
        kind=frame.reader.gettext(KINDS[record.kind]),
        rows=tuple(row for row in rows if row.values),
        missing=", ".join(row.label for row in rows if not row.values),
        offers=tuple(dict.fromkeys(offer_text(frame, one) for one in record.offers if one.station in stations)),
        text=frame.reader.gettext(record.profile),
        year=str(record.source_year or ""),
        confidence=record.confidence,
    )
