"""The school guide: a brochure of all institutions of one stage, as web page and PDF."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.etags import unless_known
from api.frame import Frame, frame_of, render
from api.guide_pdf import guide_pdf
from api.guide_views import GuidePage, guide_page
from api.institution_desk import desk_of
from api.institutions import InstitutionFilter, list_institutions
from api.views import stage_words
from pathways.errors import UnknownId

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
MOST = 2_000


@router.get("/{region}/{language}/guide")
def guide(request: Request, region: str, language: str, stage: str = "") -> Response:
    """Choose a stage, read its guide."""
    frame = frame_of(request, region, language, "guide")
    return render(request, frame, "pages/guide.html", _page(request, frame, stage))


@router.get("/{region}/{language}/guide.pdf")
def guide_as_pdf(request: Request, region: str, language: str, stage: str = "") -> Response:
    """The same as a PDF to print."""
    frame = frame_of(request, region, language, "guide")
    if not stage:
        raise UnknownId("stage", stage, stage_words(frame))
    body = guide_pdf(frame, _page(request, frame, stage))
    response = unless_known(request, body, "application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="wegweiser-{frame.network.region}-{stage}.pdf"'
    return response


def _page(request: Request, frame: Frame, stage: str) -> GuidePage:
    if not stage:
        return guide_page(frame, "", ())
    if stage not in stage_words(frame):
        raise UnknownId("stage", stage, stage_words(frame))
    with desk_of(request).reading() as session:
        found = list_institutions(session, frame.network, InstitutionFilter(stages=(stage,)), limit=MOST)
    return guide_page(frame, stage, [one.record for one in found.listed])
