"""What everybody may read: the catalogue of events, its schemas and the description of this door."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from chassis.http import Endpoint, Endpointed, Problem, public_route
from services.intake.openapi import document

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_FILES = {
    "/catalogue": ("catalogue.html", "text/html"),
    "/catalogue.js": ("catalogue.js", "text/javascript"),
    "/catalogue.css": ("catalogue.css", "text/css"),
    "/asyncapi.json": ("asyncapi.json", "application/json"),
}
_CONTRACTS = resources.files("contracts")


def routes() -> list[Endpointed]:
    """Return the public pages."""
    return [
        public_route("GET", "/", _start),
        *(public_route("GET", path, _file(*file)) for path, file in _FILES.items()),
        public_route("GET", "/schemas/{name}", _schema),
        public_route("GET", "/openapi.json", _openapi),
    ]


async def _start(request: Request) -> Response:
    del request
    return RedirectResponse("/catalogue", headers=dict(HEADERS))


def _file(name: str, media_type: str) -> Endpoint:
    async def page(request: Request) -> Response:
        del request
        return Response(_CONTRACTS.joinpath(name).read_bytes(), media_type=media_type, headers=dict(HEADERS))

    return page


async def _schema(request: Request) -> Response:
    """Only names that are there lead to a file, so that no path leads out of the folder."""
    for schema in _CONTRACTS.joinpath("schemas").iterdir():
        if schema.name == request.path_params["name"]:
            return Response(schema.read_bytes(), media_type="application/schema+json", headers=dict(HEADERS))
    raise Problem(404, "Dieses Schema gibt es nicht.", "Der Katalog unter /catalogue nennt alle.")


async def _openapi(request: Request) -> Response:
    del request
    return JSONResponse(document(), headers=dict(HEADERS))
