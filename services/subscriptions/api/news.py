"""HTTP in: what the public reads of incidents, and why somebody was told or not."""

from __future__ import annotations

from typing import get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.clock import Clock
from chassis.database import Database
from chassis.http import Endpointed, Problem, path_id, route
from services.subscriptions import queries_news, queries_why
from services.subscriptions.api import alert_forms as forms
from services.subscriptions.domain.announcing import Language
from services.subscriptions.domain.topics import is_topic
from services.subscriptions.storage.topics import TopicList


def routes(database: Database, *, key: bytes, topics: TopicList, now: Clock) -> list[Endpointed]:
    """Return the routes; `key` signs the links in mails."""

    async def news(request: Request) -> Response:
        form = forms.from_query(forms.News, request)
        if form.topic is not None and not is_topic(form.topic):
            raise Problem(404, "Dieses Thema gibt es nicht.", "Die Themen nennt GET /topics.")
        async with database.reading() as session:
            found = await queries_news.news(
                session, topic=form.topic, limit=form.limit, now=now(), in_force=form.in_force
            )
        return JSONResponse(found)

    async def one(request: Request) -> Response:
        incident_id = path_id(request, "incident")
        async with database.reading() as session:
            found = await queries_news.one(session, incident_id, now=now())
        if found is None:
            raise Problem(404, "Diese Meldung gibt es nicht.", "Vielleicht ist der Link nicht vollständig.")
        return JSONResponse(found)

    async def why(request: Request) -> Response:
        incident_id = forms.from_query(forms.Why, request).incident
        async with database.reading() as session:
            found = await queries_why.why(session, key, request.path_params["token"], incident_id)
        if found is None:
            raise Problem(404, "Dieser Link gilt nicht (mehr).", "Bitte einen neuen Link anfordern.")
        matched = [each | {"name": _names(topics, each["topic"])} for each in found["matched"]]
        return JSONResponse(found | {"matched": matched})

    return [
        route("GET", "/news", news, callers=["portal"]),
        route("GET", "/news/{incident}", one, callers=["portal"]),
        route("GET", "/preferences/{token}/why", why, callers=["portal"]),
    ]


def _names(topics: TopicList, topic: str) -> dict[str, str]:
    return {language: topics.name(topic, language) for language in get_args(Language)}
