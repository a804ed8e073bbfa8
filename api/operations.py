"""For those who run the service: is it alive, is it ready, what does it measure."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException

from api.networks import networks_of

router = APIRouter(include_in_schema=False)
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request) -> dict[str, Any]:
    """What is being served, and what is wrong with content that came later."""
    networks = networks_of(request)
    refused = networks.refused
    return {
        "status": "last-good" if refused else "ready",
        "regions": {
            region: {
                "stations": len(networks.get(region).stations),
                "transitions": len(networks.get(region).transitions),
                "loaded": networks.loaded(region).isoformat(timespec="seconds"),
            }
            for region in networks.regions
        },
        "refused": [
            {
                "region": one.region,
                "since": one.since.isoformat(timespec="seconds"),
                "findings": list(one.findings),
            }
            for one in refused.values()
        ],
    }


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Figures for Prometheus, asked for directly: what came through the public proxy gets nothing."""
    if any(name in request.headers for name in FORWARDED):
        raise HTTPException(404)
    return Response(generate_latest(request.app.state.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
