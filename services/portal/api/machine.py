"""The public interface: pools and messages as JSON, described at `/api` and in `/api/openapi.json`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from chassis.errors import DependencyDown
from chassis.http import Endpointed
from services.portal.api import told
from services.portal.api.openapi import description
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.models import Incident, Topic, places_of
from services.portal.web.doors import Told, page, program
from services.portal.web.languages import place_of
from services.portal.web.machine import answer
from services.portal.web.site import Site

SECONDS = 10
_MOST = 100
_USUAL = 20


def routes(site: Site) -> list[Endpointed]:
    """State them; browsers of any site may read them."""
    machine = _Machine(site)
    return [
        *page(site, "GET", "/api", machine.about),
        program(site, "/api/openapi.json", machine.openapi),
        program(site, "/api/pools", machine.pools),
        program(site, "/api/pools/{pool}", machine.pool),
        program(site, "/api/news", machine.news),
        program(site, "/api/news/{incident}", machine.incident),
    ]


class _Machine:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def about(self, request: Request) -> Response:
        home, language = told.address(self._site.settings, "").rstrip("/"), place_of(request.url.path).language
        try:
            topics = await self._site.subscriptions.topics()
        except DependencyDown:
            topics = ()
        names = told.names_of(topics, language)
        examples = [(names[each], each) for each in _examples(topics)]
        examples += [(told.name_of(each, topics, language) or each, each) for each in _narrowed(topics)]
        return await self._site.pages.render(request, "embed/api.html", home=home, examples=examples, names=names)

    async def openapi(self, request: Request) -> Response:
        return _json(request, description(told.address(self._site.settings, "")))

    async def pools(self, request: Request) -> Response:
        return _json(request, [_plain(each) for each in await self._site.subscriptions.pools()])

    async def pool(self, request: Request) -> Response:
        return _json(request, _plain(await self._site.subscriptions.pool(request.path_params["pool"])))

    async def news(self, request: Request) -> Response:
        topic, limit = request.query_params.get("topic"), request.query_params.get("limit", str(_USUAL))
        if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:4]) <= _MOST):
            raise Told(422, "refused")
        try:
            found = await self._site.subscriptions.news(topic=topic, limit=int(limit))
        except Refused:
            raise Told(422, "refused") from None
        return _json(request, [self._incident(each) for each in found])

    async def incident(self, request: Request) -> Response:
        try:
            incident = UUID(request.path_params["incident"])
        except ValueError:
            raise Missing from None
        return _json(request, self._incident(await self._site.subscriptions.incident(incident)))

    def _incident(self, incident: Incident) -> dict[str, Any]:
        over = told.is_over(incident, now=self._site.now())
        return _plain(incident) | {"ended": over, "mistaken": incident.facts.get("mistaken") is True}


def _examples(topics: Sequence[Topic]) -> list[str]:
    """Return the first topic of each group."""
    return list({each.group: each.topic for each in reversed(topics)}.values())[::-1]


def _narrowed(topics: Sequence[Topic]) -> list[str]:
    """Return a matter in one place, as an example."""
    matters, places = [each.topic for each in topics if each.group == "matter"], list(places_of(topics))
    return [f"{matters[0]}.{places[0]}"] if matters and places else []


def _plain(value: BaseModel) -> dict[str, Any]:
    return value.model_dump(mode="json", by_alias=True)


def _json(request: Request, value: object) -> Response:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return answer(request, body, "application/json", seconds=SECONDS)
