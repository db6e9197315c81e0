"""Files: style sheets, scripts, icons, the manifest, the service worker."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from chassis.http import Endpointed
from services.portal.gateways.calls import Missing
from services.portal.web.doors import page, plain
from services.portal.web.site import Site

_ROBOTS = "User-agent: *\nDisallow: /abo/\nDisallow: /en/abo/\nDisallow: /einfach/abo/\nDisallow: /dienst\n"


def routes(site: Site) -> list[Endpointed]:
    """State the addresses of files."""

    async def static(request: Request) -> Response:
        found = site.statics.serve(request)
        if found is None:
            raise Missing
        return found

    async def worker(request: Request) -> Response:
        return site.statics.serve_fixed(request, "sw.js")

    async def manifest(request: Request) -> Response:
        return site.statics.serve_fixed(request, "manifest.webmanifest")

    async def icon(request: Request) -> Response:
        return site.statics.serve_fixed(request, "icons/icon.svg")

    async def robots(_request: Request) -> Response:
        return PlainTextResponse(_ROBOTS)

    async def offline(request: Request) -> Response:
        return await site.pages.render(request, "offline.html")

    return [
        plain(site, "/static/{name:path}", static),
        plain(site, "/sw.js", worker),
        plain(site, "/manifest.webmanifest", manifest),
        plain(site, "/favicon.ico", icon),
        plain(site, "/robots.txt", robots),
        *page(site, "GET", "/offline", offline),
    ]
