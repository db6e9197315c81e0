"""Composition root of the portal."""

from __future__ import annotations

import asyncio

from chassis.clock import utc_now
from chassis.http import service_client
from chassis.service import Service, assemble_worker, run
from chassis.settings import secret
from services.portal.api.routes import routes
from services.portal.gateways.calls import Calls
from services.portal.gateways.people import People
from services.portal.gateways.subscriptions import Subscriptions
from services.portal.settings import PortalSettings
from services.portal.web.board import Boards
from services.portal.web.cookies import Cookies
from services.portal.web.doors import teller
from services.portal.web.pages import Pages
from services.portal.web.site import Site
from services.portal.web.statics import Statics


def build(settings: PortalSettings) -> Service:
    """Put the service together."""
    service = assemble_worker("portal", settings)
    calls = [
        Calls(service_client(settings, name, url, timeout=settings.answer_seconds), name)
        for name, url in (
            ("subscriptions", settings.subscriptions_url),
            ("accounts", settings.accounts_url),
            ("appointments", settings.appointments_url),
        )
    ]
    subscriptions = Subscriptions(calls[0])
    statics = Statics()
    boards = Boards(subscriptions, utc_now)
    site = Site(
        settings=settings,
        pages=Pages(settings, statics, boards, utc_now),
        statics=statics,
        cookies=Cookies(secret(settings.key_file).encode(), secure=settings.secure),
        boards=boards,
        subscriptions=subscriptions,
        people=People(calls[0]),
        accounts=calls[1],
        appointments=calls[2],
        now=utc_now,
    )
    service.routes = routes(site)
    service.tell = teller(site)
    service.loops = [boards.follow]
    service.on_stop = [*(each.close for each in calls), boards.release]
    return service


if __name__ == "__main__":
    asyncio.run(run(build(PortalSettings())))  # pyright: ignore[reportCallIssue] - the environment fills it
