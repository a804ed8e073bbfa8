"""A row into a record: what changes, and what is left because our knowledge is newer or was written by a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from api.imports.comparing import (
    in_words,
    other_place,
    other_street,
    same,
    spell,
    spell_languages,
    spell_offer,
    spell_position,
    spell_row,
)
from api.imports.matching import names_alike
from api.imports.report import Change
from api.imports.rows import CLEAR, LABELS, ImportedRow
from api.institution_records import FactRecord, InstitutionRecord, OfferRecord, SiteRecord, SourceRecord
from api.institution_words import MEASURES, OWN_FIELDS

Policy = Literal["replace", "newer"]
"""`replace`: the row is right (the office's own list). `newer`: gaps are filled, the rest only by newer knowledge."""
SAME_KM, FAR_KM = 0.05, 1.5
EVENT = "integreat:event:"
"""How the `ref` of an event begins; such offers come and go with the list of events."""
VAGUE = ("öffentlich", "privat")
"""Says less than any carrier we know."""
CONTACTS = (
    *("carrier", "website", "phone", "email", "all_day", "accessible"),
    *("opening_hours", "open_day", "register_from", "register_by"),
)


@dataclass
class _Merge:
    """A record while a row is worked into it."""

    record: InstitutionRecord
    row: ImportedRow
    policy: Policy
    by_person: bool
    data: dict[str, Any]
    changes: list[Change]
    hints: list[str]
    touched: list[str]
    elsewhere: bool = False
    """The row speaks of another address than ours, which stays: then its phone and place are not ours either."""

    def may_replace(self, field: str) -> bool:
        """Whether the row knows better than the record about this field."""
        if self.policy == "replace":
            return True
        if self.by_person or self.row.year is None:
            return False
        told = self.record.facts_about(field)
        known = next((fact for fact in told if fact.as_of), None)
        if known is not None and known.day is not None and self.row.day is not None:
            return self.row.day > known.day
        year = known.as_of if known else self.record.source_year
        return year is None or self.row.year > year

    def may_fill(self, field: str) -> bool:
        """Whether the row may fill a gap: not if it is older than what we know, or the gap was left on purpose."""
        if self.policy == "replace" or self.may_replace(field):
            return True
        known = self.record.source_year
        outdated = self.row.year is not None and known is not None and self.row.year < known
        return not outdated and not self.elsewhere and not self.record.facts_about(field)

    def leave(self, field: str, value: str) -> None:
        """Note a difference that is not taken over."""
        why = "von Hand gepflegt" if self.by_person else "unsere Angabe ist neuer oder die Liste ohne Stand"
        self.hints.append(f"{LABELS[field]} in der Liste: {value} ({why}, nicht übernommen)")

    def set(self, field: str, key: str, value: Any, before: str | None, after: str | None) -> None:
        """Take a value over, with its origin."""
        self.data[key] = value
        self.changes.append(Change(field, before, after))
        self.touched.append(field)


def merge(
    record: InstitutionRecord, row: ImportedRow, policy: Policy, source: SourceRecord, *, by_person: bool
) -> tuple[InstitutionRecord, tuple[Change, ...], tuple[str, ...]]:
    """The record as it would be after the row, the changes, and the differences left alone."""
    state = _Merge(record, row, policy, by_person, record.model_dump(), [], list(row.hints), [])
    _merge_name(state)
    _merge_address(state)
    _merge_contacts(state)
    _merge_position(state)
    _merge_lists(state)
    _merge_measures(state, source)
    if row.number and record.official_number is None:
        state.set("official_number", "official_number", row.number, None, row.number)
    if row.ref and row.ref not in record.refs:
        state.data["refs"] = [*record.refs, row.ref]
        state.changes.append(Change("Kennung der Liste", None, row.ref))
    if state.changes:
        _note_origin(state, source)
    return InstitutionRecord.model_validate(state.data), tuple(state.changes), tuple(state.hints)


def new_record(row: ImportedRow, institution_id: str, kind: str, source: SourceRecord) -> InstitutionRecord:
    """A record of what the row says, with its origin."""
    site = {"street": row.street, "postcode": row.postcode, "town": row.town, "district": row.district}
    if row.position:
        site |= {"lat": row.position.lat, "lon": row.position.lon}  # type: ignore[dict-item]
    site = {key: value for key, value in site.items() if value not in (None, CLEAR)}
    told = {name: getattr(row, name) for name in CONTACTS if getattr(row, name) not in (None, CLEAR)}
    fields = [name for name in ("address",) if row.street] + (["position"] if row.position else []) + list(told)
    facts = [_origin(name, row, source) for name in fields]
    return InstitutionRecord.model_validate(
        {
            "id": institution_id,
            "name": row.name,
            "kind": kind,
            "official_number": row.number,
            "refs": (row.ref,) if row.ref else (),
            "sites": (site,) if site else (),
            "languages": row.languages or (),
            "offers": (*(row.offers or ()), *(row.events or ())),
            "profile": row.profile if row.profile and row.profile != CLEAR else "",
            "facts": (*facts, *(fact.model_copy(update={"source": source.id}) for fact in row.measures)),
            "sources": (source,),
            "source_year": row.year,
            "confidence": row.confidence or "part",
            **told,
        }
    )


def _merge_name(state: _Merge) -> None:
    row, record = state.row, state.record
    if state.policy == "replace":
        if row.name != record.name:
            state.set("name", "name", row.name, record.name, row.name)
        if row.kind and row.kind != record.kind:
            state.set("kind", "kind", row.kind, record.kind, row.kind)
        if row.confidence and row.confidence != record.confidence:
            state.set("confidence", "confidence", row.confidence, record.confidence, row.confidence)
    elif names_alike(row.name, record.name, {row.town or "", *record.towns}) < 70:
        state.hints.append(f"In der Liste heißt sie „{row.name}“")


def _merge_contacts(state: _Merge) -> None:
    for name in CONTACTS:
        value, known = getattr(state.row, name), getattr(state.record, name)
        if value is None or (value == CLEAR and known is None) or (name == "carrier" and known and value in VAGUE):
            continue
        if value == CLEAR:
            state.set(name, name, None, in_words(name, known), None)
        elif known is None and state.may_fill(name):
            state.set(name, name, value, None, in_words(name, value))
        elif known is None:
            state.leave(name, in_words(name, value))
        elif same(name, value, known):
            continue
        elif state.may_replace(name):
            state.set(name, name, value, in_words(name, known), in_words(name, value))
        else:
            state.leave(name, in_words(name, value))


def _merge_address(state: _Merge) -> None:
    row, sites = state.row, state.record.sites
    district = row.district if row.district != CLEAR else None
    told = {"street": row.street, "postcode": row.postcode, "town": row.town}
    if not any(told.values()) and district is None:
        return
    if not sites:
        site = {key: value for key, value in {**told, "district": district}.items() if value}
        state.set("address", "sites", [site], None, spell(SiteRecord.model_validate(site)))
        return
    first = sites[0]
    if other_place(row, sites) and not state.may_replace("address"):
        state.elsewhere = True
        state.leave("address", spell_row(row))
        return
    if row.street and first.street and other_street(row, sites):
        moved = {key: value for key, value in told.items() if value}
        if row.position is None and first.position is not None:
            state.hints.append("Koordinaten entfallen, weil die Anschrift neu ist")
        kept = {"quarter": None, "lat": None, "lon": None, "district": district}
        _put_site(state, first.model_copy(update={**moved, **kept}), "address")
        return
    filled: dict[str, Any] = {key: value for key, value in told.items() if value and getattr(first, key) is None}
    if filled and state.may_fill("address"):
        _put_site(state, first.model_copy(update=filled), "address")
    if row.postcode and all(row.postcode != site.postcode for site in sites) and first.postcode:
        place = {"postcode": row.postcode, "town": row.town or first.town}
        _put_site(state, SiteRecord.model_validate(state.data["sites"][0]).model_copy(update=place), "address")
    if district and district != first.district and (first.district is None or state.policy == "replace"):
        before = SiteRecord.model_validate(state.data["sites"][0])
        _put_site(state, before.model_copy(update={"district": district}), "district")


def _merge_position(state: _Merge) -> None:
    place = state.row.position
    if place is None or not state.data["sites"]:
        if place is not None and state.may_fill("position"):
            _put_site(state, SiteRecord(lat=place.lat, lon=place.lon), "position", new=True)
        return
    site = SiteRecord.model_validate(state.data["sites"][0])
    moved = site.model_copy(update={"lat": place.lat, "lon": place.lon})
    if site.position is None:
        if state.may_fill("position"):
            _put_site(state, moved, "position")
        return
    km = site.position.km_to(place)
    if km <= SAME_KM:
        return
    shown = f"{place.lat:.5f}, {place.lon:.5f}, {km:.2f} km entfernt"
    if state.policy == "replace":
        _put_site(state, moved, "position")
    elif km > FAR_KM or not state.may_replace("position"):
        state.leave("position", shown)
    else:
        _put_site(state, moved, "position")


def _merge_lists(state: _Merge) -> None:
    row, record = state.row, state.record
    if row.profile is not None and (row.profile if row.profile != CLEAR else "") != record.profile:
        after = "" if row.profile == CLEAR else row.profile
        state.set("profile", "profile", after, record.profile or None, after or None)
    if row.languages is not None:
        uses = {one.use for one in row.languages}
        kept = [one for one in record.languages if one.use not in uses]
        after_languages = (*kept, *row.languages)
        if set(after_languages) != set(record.languages) and (state.policy == "replace" or not record.languages):
            state.set("languages", "languages", [one.model_dump() for one in after_languages],
                      spell_languages(record.languages), spell_languages(after_languages))  # fmt: skip
    offers: tuple[OfferRecord, ...] = record.offers
    if row.offers is not None and (state.policy == "replace" or not record.offers):
        offers = _with_details(row.offers, record.offers)
        _set_offers(state, "offers", offers)
    if row.events is not None:
        _set_offers(state, "events", (*(one for one in offers if not (one.ref or "").startswith(EVENT)), *row.events))


def _set_offers(state: _Merge, field: str, offers: tuple[OfferRecord, ...]) -> None:
    before = tuple(OfferRecord.model_validate(one) for one in state.data["offers"])
    if before != offers:
        gone, came = [one for one in before if one not in offers], [one for one in offers if one not in before]
        state.set(field, "offers", [one.model_dump() for one in offers],
                  "; ".join(map(spell_offer, gone)) or None, "; ".join(map(spell_offer, came)) or None)  # fmt: skip


def _with_details(told: tuple[OfferRecord, ...], known: tuple[OfferRecord, ...]) -> tuple[OfferRecord, ...]:
    """The offers named, with what was known about them; offers for a topic and events are not in such lists."""
    kept: list[OfferRecord] = []
    for offer in told:
        alike = [one for one in known if one.station == offer.station and offer.field in (None, one.field)]
        kept.extend(alike or [offer])
    return tuple(dict.fromkeys([*kept, *(one for one in known if one.station is None or one.ref)]))


def _merge_measures(state: _Merge, source: SourceRecord) -> None:
    for told in state.row.measures:
        fact = told.model_copy(update={"source": source.id})
        known = [one for one in state.record.facts_about(fact.field) if one.as_of == fact.as_of]
        if any(one.value == fact.value for one in known):
            continue
        if known:
            state.hints.append(
                f"{MEASURES[fact.field]} {fact.as_of}: in der Liste {fact.value}, bei uns {known[0].value}"
            )
            continue
        state.data["facts"] = [*state.data["facts"], fact.model_dump()]
        state.changes.append(Change(f"{MEASURES[fact.field]} {fact.as_of}", None, str(fact.value)))


def _note_origin(state: _Merge, source: SourceRecord) -> None:
    """Facts for the fields that came from the row; their former origin goes."""
    own = [field for field in state.touched if field in OWN_FIELDS]
    facts = [fact for fact in state.data["facts"] if fact["field"] not in own]
    state.data["facts"] = [*facts, *(_origin(field, state.row, source).model_dump() for field in dict.fromkeys(own))]
    used = {fact["source"] for fact in state.data["facts"]}
    if source.id in used and all(one["id"] != source.id for one in state.data["sources"]):
        state.data["sources"] = [*state.data["sources"], source.model_dump()]
    if state.row.year and state.touched:
        state.data["source_year"] = max(state.row.year, state.record.source_year or 0)


def _origin(field: str, row: ImportedRow, source: SourceRecord) -> FactRecord:
    return FactRecord(field=field, source=source.id, day=row.day, year=None if row.day else row.year)


def _put_site(state: _Merge, site: SiteRecord, field: str, *, new: bool = False) -> None:
    before = None if new else SiteRecord.model_validate(state.data["sites"][0])
    rest = [] if new else state.data["sites"][1:]
    show: Callable[[SiteRecord], str | None] = {"position": spell_position, "district": _district}.get(field, spell)
    state.set(field, "sites", [site.model_dump(), *rest], show(before) if before else None, show(site))


def _district(site: SiteRecord) -> str | None:
    return site.district
