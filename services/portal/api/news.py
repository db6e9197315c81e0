"""Public messages and their history."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api import told
from services.portal.gateways.calls import Missing
from services.portal.web.doors import page
from services.portal.web.languages import localised, place_of
from services.portal.web.pages import Alternate
from services.portal.web.site import Site

_MOST = 50


def routes(site: Site) -> list[Endpointed]:
    """State the pages."""

    async def every(request: Request) -> Response:
        news = await site.subscriptions.news(limit=_MOST, in_force=True)
        news, now = [each for each in news if each.announcements], site.now()
        over = [each for each in news if told.is_over(each, now=now)]
        coming = [each for each in news if each not in over and each.begins_later(now)]
        going_on = [each for each in news if each not in over and each not in coming]
        feed = localised("/feeds/alle", place_of(request.url.path).language)
        feeds = [
            Alternate("application/atom+xml", "Atom", f"{feed}.atom"),
            Alternate("application/rss+xml", "RSS", f"{feed}.rss"),
        ]
        return await site.pages.render(
            request, "news.html", going_on=going_on, coming=coming, over=over, alternates=feeds
        )

    async def one(request: Request) -> Response:
        try:
            incident = UUID(request.path_params["incident"])
        except ValueError:
            raise Missing from None
        found = await site.subscriptions.incident(incident)
        if not found.announcements:
            raise Missing
        history = sorted(found.announcements, key=lambda each: each.number, reverse=True)
        return await site.pages.render(request, "incident.html", incident=found, history=history)

    return [*page(site, "GET", "/meldungen", every), *page(site, "GET", "/meldungen/{incident}", one)]
