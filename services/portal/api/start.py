"""The start page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.web.doors import page
from services.portal.web.site import Site


def routes(site: Site) -> list[Endpointed]:
    """State it. It stands on the board alone, so that it answers when other services do not."""

    async def show(request: Request) -> Response:
        return await site.pages.render(request, "start.html")

    return page(site, "GET", "/", show)
