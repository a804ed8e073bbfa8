"""How to report an error: the page knows which station, certificate, goal or institution the link came from."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.frame import RECORD_PAGE, Frame, Link, frame_of, render
from api.institution_desk import desk_of
from api.institution_records import check_email
from api.institutions import get_institution
from pathways.errors import UnknownId

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@dataclass(frozen=True)
class FeedbackPage:
    """What to send where. `about`: the page in question, `address` of the operator, `mail` a prepared message."""

    title: str
    about: Link | None
    place: str
    """Address of the page in question, to copy."""
    operator: str
    address: str
    mail: str


@router.get("/{region}/{language}/feedback")
def feedback(request: Request, region: str, language: str, about: str = "") -> Response:
    """How to report an error in a fact."""
    frame = frame_of(request, region, language, "feedback")
    found = _about(request, frame, about)
    return render(request, frame, "pages/feedback.html", _page(frame, found, str(request.base_url)))


def _about(request: Request, frame: Frame, about: str) -> Link | None:
    """The record of `station/bf2`; nothing for anything else."""
    match = RECORD_PAGE.fullmatch(about)
    if match is None:
        return None
    kind, record_id = match.groups()
    network = frame.network
    try:
        if kind == "institution":
            with desk_of(request).reading() as session:
                return Link(frame.to(about), get_institution(session, record_id, network.region).name)
        kinds = {"station": {**network.stations, **network.situations}, "goal": network.goals}
        if record_id in kinds.get(kind, network.qualifications):
            return Link(frame.to(about), frame.short(record_id))
    except UnknownId:
        pass
    return None


def _page(frame: Frame, about: Link | None, base: str) -> FeedbackPage:
    gettext, settings = frame.reader.gettext, frame.settings
    place = (settings.public_address or base).rstrip("/") + about.href if about else ""
    return FeedbackPage(
        title=gettext("Fehler melden"),
        about=about,
        place=place,
        operator=settings.operator,
        address=settings.operator_address,
        mail=_mail(settings.operator_address, gettext("Fehler melden"), about, place),
    )


def _mail(address: str, subject: str, about: Link | None, place: str) -> str:
    """A `mailto:` with the page in question, if the operator is reached by mail alone."""
    try:
        check_email(address)
    except ValueError:
        return ""
    subject = f"{subject}: {about.text}" if about else subject
    body = f"{place}\r\n\r\n" if place else ""
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject)}&body={quote(body)}"
