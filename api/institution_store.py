"""Records into rows and back, and the only place that writes institutions: row, revision and outbox together."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col, select

from api.database import lock
from api.institution_content import read_institutions
from api.institution_records import InstitutionRecord
from api.institution_tables import Fact, Institution, LanguageUse, Offer, Outbox, Revision, Site, now
from pathways.errors import UnknownId
from pathways.network import Network

SHIPPED = "shipped"
PARTS: dict[str, type[Site] | type[LanguageUse] | type[Offer] | type[Fact]] = {
    "sites": Site,
    "languages": LanguageUse,
    "offers": Offer,
    "facts": Fact,
}
AT_ONCE = 500
Row = TypeVar("Row", bound=SQLModel)


@dataclass(frozen=True)
class Stored:
    """A record as it is in the database, with who wrote it last."""

    record: InstitutionRecord
    region: str
    changed_by: str


@dataclass
class ShippedLoad:
    """What `load_shipped` did, by id."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Shipped ones that somebody edited since; they stay as they are."""
    withdrawn: list[str] = field(default_factory=list)


def load_shipped(session: Session, network: Network, content: Path) -> ShippedLoad:
    """Bring the institutions shipped with a region into the database.

    Runs as often as one likes: what nobody edited follows the content, what somebody edited stays.
    Needs a `write_session`. Content with faults is left out; `check_institutions` names them.
    """
    lock(session, "load-shipped")
    done = ShippedLoad()
    wanted: dict[str, InstitutionRecord] = {}
    for layer in [one.id for one in network.layers] or [network.region]:
        wanted.update(read_institutions(content, layer).records)
    statement = select(Institution).where(Institution.region == network.region)
    present = {row.id: row for row in session.exec(statement)}
    elsewhere = set(session.exec(select(Institution.id).where(Institution.region != network.region)))
    for record in wanted.values():
        row, digest = present.get(record.id), _digest(record)
        if record.id in elsewhere:
            done.kept.append(record.id)
        elif row is None:
            done.added.append(record.id)
        elif row.changed_by != SHIPPED:
            done.kept.append(record.id)
        elif row.shipped_as != digest or row.withdrawn:
            save_institution(session, network.region, record, SHIPPED)
            done.changed.append(record.id)
        else:
            done.unchanged.append(record.id)
    _add_all(session, network.region, [wanted[one] for one in done.added], SHIPPED)
    for row in present.values():
        if row.id not in wanted and row.changed_by == SHIPPED and not row.withdrawn:
            withdraw_institution(session, row.id, SHIPPED)
            done.withdrawn.append(row.id)
    return done


def save_institution(
    session: Session, region: str, record: InstitutionRecord, author: str, reviewer: str | None = None
) -> None:
    """Write a record, new or changed, with its published revision and the note for the search index."""
    row = session.get(Institution, record.id)
    if row is None:
        _add_all(session, region, [record], author, reviewer)
        return
    for name, value in _values(region, record, author).items():
        setattr(row, name, value)
    session.flush()
    for table in PARTS.values():
        session.exec(delete(table).where(col(table.institution_id) == record.id))
    session.flush()
    session.add_all(_parts(record))
    _remember(session, region, record, author, reviewer, "put")


def withdraw_institution(session: Session, institution_id: str, author: str, reviewer: str | None = None) -> None:
    """Take an institution out of all lists; its history and its id stay."""
    stored = stored_institutions(session, ids=[institution_id])
    if not stored:
        raise UnknownId("institution", institution_id, known_ids(session))
    row = session.get_one(Institution, institution_id)
    row.withdrawn, row.changed_by, row.changed = True, author, now()
    _remember(session, row.region, stored[0].record, author, reviewer, "remove")


def stored_institutions(
    session: Session,
    region: str | None = None,
    ids: Iterable[str] | None = None,
    *,
    withdrawn: bool = False,
) -> list[Stored]:
    """Complete records, in the order of `ids`, otherwise by id."""
    wanted = None if ids is None else list(dict.fromkeys(ids))
    rows: list[Institution] = []
    if wanted is None:
        statement = select(Institution).order_by(Institution.id)
        if region is not None:
            statement = statement.where(Institution.region == region)
        rows = [row for row in session.exec(statement) if withdrawn or not row.withdrawn]
    else:
        for some in _in_batches(wanted):
            rows.extend(session.exec(select(Institution).where(col(Institution.id).in_(some))))
        place = {one: index for index, one in enumerate(wanted)}
        rows = [row for row in rows if region is None or row.region == region]
        rows.sort(key=lambda row: place[row.id])
    parts: dict[str, dict[str, list[dict[str, Any]]]] = {name: defaultdict(list) for name in PARTS}
    for name, table in PARTS.items():
        for some in _in_batches([row.id for row in rows]):
            statement_parts = select(table).where(col(table.institution_id).in_(some)).order_by(col(table.position))
            for part in session.exec(statement_parts):
                fields = part.model_dump(exclude={"id", "position"}, exclude_none=True)
                parts[name][fields.pop("institution_id")].append(fields)
    return [Stored(_record_of(row, parts), row.region, row.changed_by) for row in rows]


def known_ids(session: Session, region: str | None = None) -> list[str]:
    """Ids of all institutions, for "did you mean"."""
    statement = select(Institution.id).order_by(Institution.id)
    if region is not None:
        statement = statement.where(Institution.region == region)
    return list(session.exec(statement))


def snapshot_of(record: InstitutionRecord) -> str:
    """The record as JSON, one field per line, keys sorted."""
    data = record.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1)


def changes_to_index(session: Session, limit: int = 500) -> list[Outbox]:
    """The oldest changes the search index has not followed yet."""
    return list(session.exec(select(Outbox).order_by(col(Outbox.id)).limit(limit)))


def forget_changes(session: Session, done: Iterable[Outbox]) -> None:
    """Remove changes that are in the index now."""
    for some in _in_batches([change.id for change in done]):
        session.exec(delete(Outbox).where(col(Outbox.id).in_(some)))


def _add_all(
    session: Session, region: str, records: Sequence[InstitutionRecord], author: str, reviewer: str | None = None
) -> None:
    """Write records that are new, all at once: the rows first, as everything else refers to them."""
    session.add_all([Institution(**_values(region, record, author)) for record in records])
    session.flush()
    for record in records:
        session.add_all([*_parts(record), *_notes(region, record, author, reviewer, "put")])
    session.flush()


def _values(region: str, record: InstitutionRecord, author: str) -> dict[str, Any]:
    values = record.model_dump(exclude={*PARTS, "sources"}) | {
        "was": list(record.was),
        "refs": list(record.refs),
        "sources": [source.model_dump(exclude_none=True) for source in record.sources],
        "region": region,
        "changed_by": author,
        "withdrawn": False,
        "changed": now(),
    }
    return values | {"shipped_as": _digest(record)} if author == SHIPPED else values


def _parts(record: InstitutionRecord) -> list[SQLModel]:
    parts: list[SQLModel] = []
    for name, table in PARTS.items():
        for position, part in enumerate(getattr(record, name)):
            fields = part.model_dump()
            if "languages" in fields:
                fields["languages"] = list(fields["languages"])
            parts.append(table(institution_id=record.id, position=position, **fields))
    return parts


def _record_of(row: Institution, parts: dict[str, dict[str, list[dict[str, Any]]]]) -> InstitutionRecord:
    fields = row.model_dump(exclude={"region", "changed_by", "shipped_as", "withdrawn", "changed"}, exclude_none=True)
    return InstitutionRecord.model_validate(fields | {name: parts[name].get(row.id, []) for name in PARTS})


def _remember(
    session: Session, region: str, record: InstitutionRecord, author: str, reviewer: str | None, change: str
) -> None:
    session.add_all(_notes(region, record, author, reviewer, change))
    session.flush()


def _notes(
    region: str, record: InstitutionRecord, author: str, reviewer: str | None, change: str
) -> tuple[Outbox, Revision]:
    """The note for the search index, and the published revision."""
    revision = Revision(
        institution_id=record.id,
        region=region,
        snapshot=snapshot_of(record),
        state="published",
        author=author,
        reviewer=reviewer,
        decided=now(),
    )
    return Outbox(region=region, institution_id=record.id, change=change), revision


def _digest(record: InstitutionRecord) -> str:
    return hashlib.sha256(snapshot_of(record).encode()).hexdigest()


def _in_batches(ids: Sequence[Any]) -> Iterable[list[Any]]:
    """Databases take only so many parameters at once."""
    return (list(ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))
