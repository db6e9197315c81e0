"""Alerts for warning systems (Common Alerting Protocol): `/cap/<incident>.xml`, `/cap/feed.atom`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api import told
from services.portal.domain.atom import alerts_atom
from services.portal.domain.cap import Matter, Sender, cap
from services.portal.domain.items import Feed
from services.portal.gateways.calls import Missing
from services.portal.gateways.models import Incident, Topic
from services.portal.web.doors import plain
from services.portal.web.languages import Language
from services.portal.web.machine import answer
from services.portal.web.say import Say
from services.portal.web.site import Site

_SECONDS = 10
_NEWEST = 50
_LANGUAGES: tuple[Language, ...] = ("de", "en")


def routes(site: Site) -> list[Endpointed]:
    """State them."""
    settings = site.settings

    async def feed(request: Request) -> Response:
        news = [
            each
            for each in await site.subscriptions.news(limit=_NEWEST, in_force=True)
            if not told.is_over(each, now=site.now())
        ]
        self_url = told.address(settings, "/cap/feed.atom")
        names = told.names_of(await site.subscriptions.topics(), "de")
        found = Feed(
            urn=f"urn:uuid:{uuid5(NAMESPACE_URL, self_url)}",
            title=f"CAP – {settings.town_name}",
            author=settings.town_name,
            language="de",
            self_url=self_url,
            page_url=told.address(settings, "/meldungen"),
            items=told.items_of(news, settings, "de", names),
        )
        links = {str(each.incident): told.address(settings, f"/cap/{each.incident}.xml") for each in found.items}
        body = alerts_atom(found, links)
        return answer(request, body, "application/atom+xml", seconds=_SECONDS, modified=found.updated)

    async def one(request: Request) -> Response:
        incident = await site.subscriptions.incident(_incident(request))
        if incident.newest is None:
            raise Missing
        topics = await site.subscriptions.topics()
        spoken: list[Language] = [each for each in _LANGUAGES if each == "de" or each in incident.newest.texts]
        items = [told.item_of(incident, settings, each, told.names_of(topics, each)) for each in spoken]
        body = cap(items, _matter(site, incident, topics), _sender(site))
        return answer(request, body, "application/cap+xml", seconds=_SECONDS, modified=incident.newest.made_at)

    return [plain(site, "/cap/feed.atom", feed), plain(site, "/cap/{name}", one)]


def _incident(request: Request) -> UUID:
    name = str(request.path_params["name"])
    try:
        return UUID(name.removesuffix(".xml"))
    except ValueError:
        raise Missing from None


def _sender(site: Site) -> Sender:
    settings = site.settings
    return Sender(told.host(settings), settings.town_name, settings.town, settings.contact_email)


def _matter(site: Site, incident: Incident, topics: Sequence[Topic]) -> Matter:
    code = str(incident.facts.get("category") or incident.facts.get("reason") or "other")
    event = "pool_closed" if "pool" in incident.facts else code
    events = {each: Say(each, site.now).code("machine.event", event) for each in _LANGUAGES}
    return Matter(code, events, _area(site, incident.facts, told.places_of(topics)), over=told.was_ended(incident))


def _area(site: Site, facts: Mapping[str, Any], places: Mapping[str, str]) -> str:
    """Return the pool, the places (Ortschaften), or the whole municipality."""
    if facts.get("name"):
        return str(facts["name"])
    areas: list[str] = facts.get("areas") or []
    return ", ".join(places.get(each, each) for each in areas) or site.settings.town_name
