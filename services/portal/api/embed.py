"""The state of a pool elsewhere: a frame for other sites, a poster (Aushang) with a QR code."""

from __future__ import annotations

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api import told
from services.portal.web.doors import page
from services.portal.web.languages import LANGUAGES, NAMES, place_of
from services.portal.web.say import Say
from services.portal.web.site import Site


def routes(site: Site) -> list[Endpointed]:
    """State the pages."""

    async def widget(request: Request) -> Response:
        """Show the state in a frame; it renews itself, with script and without."""
        pool = await site.subscriptions.pool(request.path_params["pool"])
        language = place_of(request.url.path).language
        home = told.address(site.settings, f"/bad/{pool.pool}", language)
        return await site.pages.render(request, "embed/widget.html", framed=True, pool=pool, home=home)

    async def snippet(request: Request) -> Response:
        """Show the lines to copy into another site."""
        pool = await site.subscriptions.pool(request.path_params["pool"])
        frames = [(NAMES[each], told.address(site.settings, f"/bad/{pool.pool}/widget", each)) for each in LANGUAGES]
        return await site.pages.render(request, "embed/snippet.html", pool=pool, frames=frames)

    async def poster(request: Request) -> Response:
        """Show one page to print, in German and English."""
        pool = await site.subscriptions.pool(request.path_params["pool"])
        home = told.address(site.settings, f"/bad/{pool.pool}")
        code = segno.make(home, error="q", micro=False)
        picture = code.svg_inline(border=2, omitsize=True, svgclass="code", lineclass=None)
        drawn = Markup(picture)  # noqa: S704 - made of our address alone; nothing in it was typed by anybody
        shown = home.partition("://")[2]
        return await site.pages.render(
            request, "poster/poster.html", pool=pool, code=drawn, shown=shown, english=Say("en", site.now)
        )

    return [
        *page(site, "GET", "/bad/{pool}/widget", widget),
        *page(site, "GET", "/bad/{pool}/einbetten", snippet),
        *page(site, "GET", "/bad/{pool}/plakat", poster),
    ]
