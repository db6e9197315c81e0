"""HTTP in: signing up by e-mail or push, and one's own preferences."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.http import Endpointed, route
from services.subscriptions import queries_subscribers as queries
from services.subscriptions.api.people import Body, body_of, for_people
from services.subscriptions.commands.change_preferences import Choice, change_preferences
from services.subscriptions.commands.confirm import confirm
from services.subscriptions.commands.forget import forget_person
from services.subscriptions.commands.sign_up import Wish, renew_links, send_link, sign_up, sign_up_staff
from services.subscriptions.commands.subscribe_push import subscribe_push
from services.subscriptions.domain import consent
from services.subscriptions.domain.announcing import Channel, Language
from services.subscriptions.storage.registry import Registry
from services.subscriptions.storage.subscribers import Push

Topic = Annotated[str, Field(max_length=160)]
Email = Annotated[str, Field(min_length=3, max_length=320)]


class _Wish(Body):
    topics: tuple[Topic, ...] = Field(min_length=1, max_length=200)
    language: Language
    text_version: str = Field(max_length=32)

    def wish(self) -> Wish:
        """Return it for the commands."""
        return Wish(tuple(dict.fromkeys(self.topics)), self.language, self.text_version)


class SignupBody(_Wish):
    """What a citizen asks for by e-mail."""

    email: Email


class PushBody(_Wish):
    """What a browser brings."""

    endpoint: str = Field(max_length=1024)
    p256dh: str = Field(max_length=128)
    auth: str = Field(max_length=32)
    staff: bool = False
    preferences: str | None = Field(default=None, max_length=200)


class PreferencesBody(_Wish):
    """All that a person chooses; no topic is a choice too."""

    topics: tuple[Topic, ...] = Field(max_length=200)
    channel: Channel


class LinkBody(Body):
    """Who wants a link."""

    email: Email
    language: Language = "de"


class StaffBody(Body):
    """Somebody who runs a pool."""

    email: Email
    pool: str = Field(max_length=64)
    language: Language = "de"
    by: str = Field(max_length=64)


def routes(registry: Registry, *, push_key: str) -> list[Endpointed]:
    """Return the routes; `push_key` is the town's public key (VAPID) for browsers."""
    return [*_reading(registry, push_key), *_signing_up(registry), *_changing(registry)]


def _reading(registry: Registry, push_key: str) -> list[Endpointed]:
    async def topics(request: Request) -> Response:
        del request
        return JSONResponse(queries.topics(registry))

    async def consent_text(request: Request) -> Response:
        del request
        return JSONResponse({"version": consent.CURRENT, "texts": consent.texts(registry.town_name)})

    async def key(request: Request) -> Response:
        del request
        return JSONResponse({"key": push_key})

    async def signup(request: Request) -> Response:
        async with registry.database.reading() as session:
            return JSONResponse(await queries.signup(session, registry, request.path_params["token"]))

    async def preferences(request: Request) -> Response:
        return await _preferences(registry, request)

    return [
        route("GET", "/topics", for_people(topics), callers=["portal"]),
        route("GET", "/consent-text", for_people(consent_text), callers=["portal"]),
        route("GET", "/push-key", for_people(key), callers=["portal"]),
        route("GET", "/signups/{token}", for_people(signup), callers=["portal"]),
        route("GET", "/preferences/{token}", for_people(preferences), callers=["portal"]),
    ]


def _signing_up(registry: Registry) -> list[Endpointed]:
    async def post_signup(request: Request) -> Response:
        body = await body_of(request, SignupBody)
        await sign_up(registry, body.email, body.wish())
        return JSONResponse({}, status_code=202)

    async def post_staff(request: Request) -> Response:
        body = await body_of(request, StaffBody)
        await sign_up_staff(registry, body.email, body.pool, body.language)
        return JSONResponse({}, status_code=202)

    async def post_confirmation(request: Request) -> Response:
        return JSONResponse({"preferences": await confirm(registry, request.path_params["token"])})

    async def post_push(request: Request) -> Response:
        body = await body_of(request, PushBody)
        push = Push(body.endpoint, body.p256dh.rstrip("="), body.auth.rstrip("="))
        token = await subscribe_push(registry, push, body.wish(), staff=body.staff, preferences=body.preferences)
        return JSONResponse({"preferences": token}, status_code=201)

    return [
        route("POST", "/signups", for_people(post_signup), callers=["portal"]),
        route("POST", "/staff-subscriptions", for_people(post_staff), callers=["portal"]),
        route("POST", "/signups/{token}/confirmation", for_people(post_confirmation), callers=["portal"]),
        route("POST", "/push-subscriptions", for_people(post_push), callers=["portal"]),
    ]


def _changing(registry: Registry) -> list[Endpointed]:
    async def put_preferences(request: Request) -> Response:
        body = await body_of(request, PreferencesBody)
        await change_preferences(registry, request.path_params["token"], Choice(body.wish(), body.channel))
        return await _preferences(registry, request)

    async def delete_preferences(request: Request) -> Response:
        await forget_person(registry, request.path_params["token"])
        return Response(status_code=204)

    async def post_link(request: Request) -> Response:
        body = await body_of(request, LinkBody)
        await send_link(registry, body.email, body.language)
        return JSONResponse({}, status_code=202)

    async def post_renewal(request: Request) -> Response:
        return JSONResponse({"preferences": await renew_links(registry, request.path_params["token"])})

    return [
        route("POST", "/preferences/{token}/renewal", for_people(post_renewal), callers=["portal"]),
        route("PUT", "/preferences/{token}", for_people(put_preferences), callers=["portal"]),
        route("DELETE", "/preferences/{token}", for_people(delete_preferences), callers=["portal"]),
        route("POST", "/preferences/links", for_people(post_link), callers=["portal"]),
    ]


async def _preferences(registry: Registry, request: Request) -> Response:
    async with registry.database.reading() as session:
        return JSONResponse(await queries.preferences(session, registry, request.path_params["token"]))
