"""The service put together: settings, networks, routes and what surrounds every request."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from prometheus_fastapi_instrumentator import Instrumentator
from pydantic.json_schema import models_json_schema
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette_compress import CompressMiddleware

from api import (
    guide,
    institution_pages,
    institutions_json,
    map_file,
    operations,
    pages,
    routes_json,
    search_json,
    search_page,
)
from api.edge import LARGEST_BODY, Faults, Gate, Headers, RequestLog
from api.institution_desk import Desk
from api.json_models import ProblemModel
from api.networks import Networks
from api.problem_pages import handle_problems
from api.results import Results
from api.search_commands import index_folder
from api.search_following import Searches
from api.settings import Settings, read_settings
from api.static_files import StaticFiles
from pathways.tree import FRONTEND


class Service(FastAPI):
    """FastAPI with the schema of problems in its description, which is made when somebody asks for it."""

    def openapi(self) -> dict[str, Any]:
        """Problems have a media type of their own, so the routes name their schema by reference; this adds it."""
        if not self.openapi_schema:
            described = super().openapi()
            _, problems = models_json_schema(
                [(ProblemModel, "serialization")], ref_template="#/components/schemas/{model}"
            )
            described["components"]["schemas"].update(problems["$defs"])
        return super().openapi()


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service, ready to serve. Raises `BrokenContent` rather than serve content with error findings."""
    settings = settings or read_settings()
    networks = Networks(settings.content, settings.regions)
    results = Results(settings.search_milliseconds)
    networks.on_change(results.forget)
    desk = Desk(networks, settings.database_url)
    searches = Searches(
        networks,
        lambda: desk.engine,
        folder=index_folder(settings.database_url),
        meili_url=settings.meili_url,
        meili_key=settings.meili_key,
    )

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(lambda: desk.engine)
        running = [
            asyncio.create_task(networks.watch(settings.reload_seconds)),
            asyncio.create_task(searches.follow_forever()),
        ]
        yield
        for task in running:
            task.cancel()
        for task in running:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        desk.close()

    app = Service(
        title="Bildungsnavi",
        summary="Bildungswege wie ein Streckennetz",
        version=version("bildungsnavi"),
        license_info={"name": "EUPL-1.2; Inhalte CC BY 4.0"},
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # the usual pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.networks = networks
    app.state.results = results
    app.state.desk = desk
    app.state.searches = searches
    app.state.institutions_at = desk.links
    app.state.registry = CollectorRegistry()
    app.mount("/static", StaticFiles(FRONTEND / "static"), name="static")
    app.include_router(operations.router)
    app.include_router(map_file.router)
    app.include_router(routes_json.router)
    app.include_router(institutions_json.router)
    app.include_router(institution_pages.router)
    app.include_router(guide.router)
    app.include_router(search_json.router)
    app.include_router(search_page.router)
    app.include_router(pages.router)
    handle_problems(app)
    # From the inside outwards: the last one sees a request first.
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY)
    app.add_middleware(CompressMiddleware, zstd=False, brotli_quality=5)
    app.add_middleware(Faults)
    Instrumentator(registry=app.state.registry, should_group_status_codes=False).instrument(app)
    app.add_middleware(Gate)
    app.add_middleware(Headers)
    app.add_middleware(RequestLog)
    return app
