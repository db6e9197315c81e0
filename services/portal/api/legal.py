"""What the law wants to be said: privacy (Datenschutz), accessibility (Barrierefreiheit), imprint (Impressum)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chassis.http import Endpointed
from services.portal.gateways.calls import Missing
from services.portal.web.doors import Handler, page
from services.portal.web.site import Site


def routes(site: Site) -> list[Endpointed]:
    """State the pages."""
    return [
        each
        for path in ("datenschutz", "barrierefreiheit", "impressum")
        for each in page(site, "GET", f"/{path}", _page(site, f"legal/{path}.html"))
    ]


async def unknown(request: Request) -> Response:
    """Answer for every other address; `/einfach/` means `/einfach`."""
    path = request.url.path
    if path.endswith("/") and path.strip("/"):
        return RedirectResponse(f"/{path.strip('/')}")
    raise Missing


def _page(site: Site, template: str) -> Handler:
    async def show(request: Request) -> Response:
        return await site.pages.render(request, template)

    return show
