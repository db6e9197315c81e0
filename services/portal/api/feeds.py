"""Feeds and calendars per topic and of everything (`/feeds/<topic>.atom|.rss|.ics`, `/feeds/alle.…`)."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api import told
from services.portal.domain.atom import atom
from services.portal.domain.items import Feed
from services.portal.domain.rss import rss
from services.portal.gateways.calls import Missing
from services.portal.web.doors import page
from services.portal.web.ics import ics
from services.portal.web.languages import Language, html_language, place_of
from services.portal.web.machine import answer
from services.portal.web.site import Site

ALL = "alle"
SECONDS = 60
_TYPES = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "ics": "text/calendar",
}
_NEWEST = 50


def routes(site: Site) -> list[Endpointed]:
    """State them, one per language."""

    async def show(request: Request) -> Response:
        topic, _, kind = str(request.path_params["name"]).rpartition(".")
        if kind not in _TYPES or not topic:
            raise Missing
        feed = await _feed(site, topic, kind, place_of(request.url.path).language)
        body = _written(feed, kind, host=told.host(site.settings))
        return answer(request, body, _TYPES[kind], seconds=SECONDS, modified=feed.updated)

    return page(site, "GET", "/feeds/{name}", show)


def _written(feed: Feed, kind: str, *, host: str) -> bytes:
    if kind == "ics":
        return ics(feed, host=host)
    return atom(feed) if kind == "atom" else rss(feed)


async def _feed(site: Site, topic: str, kind: str, language: Language) -> Feed:
    """Read what is told of a topic; Missing for one that nobody can subscribe to."""
    settings = site.settings
    topics = await site.subscriptions.topics()
    name = settings.town_name if topic == ALL else told.name_of(topic, topics, language)
    if name is None:
        raise Missing
    news = await site.subscriptions.news(topic=None if topic == ALL else topic, limit=_NEWEST)
    self_url = told.address(settings, f"/feeds/{topic}.{kind}", language)
    pool = topic.removeprefix("pool.")
    return Feed(
        urn=f"urn:uuid:{uuid5(NAMESPACE_URL, self_url)}",
        title=name if topic == ALL else f"{name} – {settings.town_name}",
        author=settings.town_name,
        language=html_language(language),
        self_url=self_url,
        page_url=told.address(settings, f"/bad/{pool}" if topic.startswith("pool.") else "/meldungen", language),
        items=told.items_of(news, settings, language, told.names_of(topics, language)),
    )
