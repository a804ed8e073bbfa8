"""Local offices and events from Integreat, the app in which municipalities inform newcomers.

Reads the interface (`/api/v3/<region>/<language>/locations/` and `…/events/`) or a saved answer of it. Addresses and
contacts are facts and taken over; the texts people wrote there stay there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.imports.merging import EVENT
from api.imports.rows import (
    BadRow,
    ImportedRow,
    Rejected,
    UnusableFile,
    clean,
    clean_name,
    read_day,
    read_json,
    read_position,
    read_postcode,
)
from api.imports.running import ReadList
from api.imports.school_types import kind_in_name
from api.institution_records import OfferRecord, SourceRecord

if TYPE_CHECKING:
    import httpx

SECONDS = 20.0
MAX_BYTES = 20_000_000
_OFFICES = (("jobcenter", "beratungsstelle"), ("agentur fuer arbeit", "beratungsstelle"), ("amt", "behoerde"))


def fetch_integreat(base_url: str, region: str, client: httpx.Client | None = None) -> dict[str, Any]:
    """Ask the interface for locations and events, in German. Raises `UnusableFile` with what went wrong."""
    import httpx  # only now: the service starts sooner without

    own = client or httpx.Client(timeout=SECONDS, follow_redirects=False)
    answers: dict[str, Any] = {}
    try:
        for name in ("locations", "events"):
            url = f"{base_url.rstrip('/')}/api/v3/{region}/de/{name}/"
            with own.stream("GET", url, headers={"Accept": "application/json"}) as reply:
                if reply.status_code != 200:
                    raise UnusableFile(
                        f"{url} antwortet mit {reply.status_code}. Stimmt der Name der Region „{region}“?"
                    )
                body = bytearray()
                for chunk in reply.iter_bytes():
                    body += chunk
                    if len(body) > MAX_BYTES:
                        raise UnusableFile(f"Die Antwort von {url} ist größer als {MAX_BYTES // 1_000_000} MB.")
            answers[name] = httpx.Response(200, content=bytes(body)).json()
    except httpx.HTTPError as error:
        raise UnusableFile(
            f"Integreat ist nicht erreichbar ({type(error).__name__}). Versuchen Sie es später."
        ) from error
    except ValueError as error:
        raise UnusableFile("Integreat hat etwas geschickt, das kein JSON ist.") from error
    finally:
        if client is None:
            own.close()
    return answers


def read_saved(path: Path) -> ReadList:
    """Read a saved answer: locations, events, or an object with both."""
    data = read_json(path)
    if isinstance(data, list) and (not data or any(isinstance(one, dict) for one in data)):
        events = [one for one in data if isinstance(one, dict) and "event" in one]
        places = [one for one in data if not (isinstance(one, dict) and "event" in one)]
        data = {"locations": places, "events": events} if events else {"locations": places}
    return read_answers(data, path.name)


def read_answers(answers: Any, name: str) -> ReadList:
    """Rows out of the answers of the interface."""
    if not isinstance(answers, dict) or not any(isinstance(answers.get(key), list) for key in ("locations", "events")):
        raise UnusableFile(f"{name} enthält weder Orte noch Veranstaltungen von Integreat.")
    places, events = answers.get("locations") or [], answers.get("events") or []
    bad: list[Rejected] = []
    rows: dict[str, ImportedRow] = {}
    for number, place in enumerate(places, start=1):
        try:
            row = _place(number, place)
            rows[row.ref or str(number)] = row
        except BadRow as fault:
            bad.append(Rejected(number, str(fault), _title(place)))
    for number, event in enumerate(events, start=len(places) + 1):
        try:
            _add_event(number, event, rows)
        except BadRow as fault:
            bad.append(Rejected(number, str(fault), _title(event)))
    source = SourceRecord(id="integreat", text="Integreat-App der Kommune", url="https://integreat.app")
    whole = isinstance(answers.get("events"), list)
    if whole:
        for row in rows.values():
            row.events = row.events or ()
    return ReadList(list(rows.values()), bad, len(places) + len(events), source, whole_events=whole)


def _place(number: int, place: Any) -> ImportedRow:
    where = place.get("location") if isinstance(place, dict) else None
    if not isinstance(where, dict):
        raise BadRow("Der Eintrag hat keinen Ort.")
    row = _row(number, where, clean_name(place.get("title")))
    row.as_of = read_day(place.get("last_updated") or place.get("modified_gmt"))
    organisation = place.get("organization")
    if isinstance(organisation, dict):
        row.carrier = clean(organisation.get("name"))
    free = place.get("barrier_free")
    row.accessible = None if free is None else "full" if free is True else "none"
    row.take("website", place.get("website"))
    row.take("email", place.get("email"))
    row.take("phone", place.get("phone_number"))
    if place.get("temporarily_closed"):
        row.hints.append("Laut Integreat vorübergehend geschlossen")
    return row


def _row(number: int, where: Mapping[str, Any], name: str) -> ImportedRow:
    known = clean(where.get("id"))
    text = name.casefold().replace("ü", "ue")
    office = next((kind for word, kind in _OFFICES if word in text), "beratungsstelle")
    return ImportedRow(
        line=number,
        name=name,
        kind=kind_in_name(name) or office,
        ref=f"integreat:location:{known}" if known else None,
        street=clean(where.get("address")),
        postcode=read_postcode(where.get("postcode")),
        town=clean(where.get("town")),
        position=read_position(where.get("latitude"), where.get("longitude")),
    )


def _add_event(number: int, event: Any, rows: dict[str, ImportedRow]) -> None:
    where = event.get("location") if isinstance(event, dict) else None
    if not isinstance(where, dict) or clean(where.get("id")) is None:
        raise BadRow("Die Veranstaltung hat keinen Ort und lässt sich keiner Einrichtung zuordnen.")
    dates = event.get("event")
    if not isinstance(dates, dict) or dates.get("id") is None:
        raise BadRow("Die Veranstaltung hat keine Zeit.")
    starts, ends = _moment(dates.get("start")), _moment(dates.get("end"))
    ref = f"integreat:location:{clean(where.get('id'))}"
    row = rows.get(ref)
    if row is None:
        row = rows[ref] = _row(number, where, clean_name(where.get("name")))
        row.kind = None  # a place of events alone is no reason for a profile
    offer = OfferRecord(
        topic="veranstaltung",
        field=clean_name(event.get("title"))[:300],
        times=None if dates.get("all_day") else _hours(starts, ends),
        starts=starts.date() if starts else None,
        ends=ends.date() if ends and starts and ends.date() >= starts.date() else None,
        note=_link(event.get("url")),
        ref=f"{EVENT}{dates['id']}:{starts.date().isoformat() if starts else ''}",
    )
    told = row.events or ()
    if all(one.ref != offer.ref for one in told):
        row.events = tuple(sorted((*told, offer), key=lambda one: (one.starts or date.max, one.ref or "")))


def _hours(starts: datetime | None, ends: datetime | None) -> str | None:
    if starts is None:
        return None
    return f"{starts:%H:%M} bis {ends:%H:%M} Uhr" if ends else f"{starts:%H:%M} Uhr"


def _moment(value: Any) -> datetime | None:
    text = clean(value)
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None
    except ValueError:
        raise BadRow(f"„{text}“ ist keine Zeit.") from None


def _link(value: Any) -> str | None:
    text = clean(value)
    return text if text and text.startswith(("https://", "http://")) and len(text) < 2000 else None


def _title(entry: Any) -> str:
    return (clean(entry.get("title")) if isinstance(entry, dict) else None) or ""
