"""The status page of a pool."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from chassis.errors import DependencyDown
from chassis.http import Endpointed
from services.portal.gateways.calls import Missing
from services.portal.gateways.people import ConsentText
from services.portal.web.doors import page
from services.portal.web.languages import localised, place_of
from services.portal.web.pages import Alternate
from services.portal.web.site import Site


def routes(site: Site) -> list[Endpointed]:
    """State the pages."""

    async def show(request: Request) -> Response:
        pool = await site.subscriptions.pool(request.path_params["pool"])
        topic = f"pool.{pool.pool}"
        feeds = localised(f"/feeds/{topic}", place_of(request.url.path).language)
        return await site.pages.render(
            request,
            "pool.html",
            pool=pool,
            consent=await consent_or_none(site),
            topic=topic,
            feeds=feeds,
            alternates=[
                Alternate("application/atom+xml", pool.name, f"{feeds}.atom"),
                Alternate("text/calendar", pool.name, f"{feeds}.ics"),
                Alternate("application/json", pool.name, f"/api/pools/{pool.pool}"),
            ],
        )

    async def all_pools(request: Request) -> Response:
        return await site.pages.render(request, "pools.html", pools=await site.subscriptions.pools())

    return [*page(site, "GET", "/bad", all_pools), *page(site, "GET", "/bad/{pool}", show)]


async def consent_or_none(site: Site) -> ConsentText | None:
    """Return what people agree to; None leaves the form away, the page still says whether the pool is open."""
    try:
        return await site.people.consent_text()
    except (DependencyDown, Missing):
        return None
