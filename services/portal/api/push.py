"""Messages into the browser (Web Push): the script subscribes, we hand it on."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.errors import DependencyDown
from chassis.http import Endpointed
from services.portal.api.forms import about_the_form
from services.portal.domain.choices import narrowed
from services.portal.gateways.calls import Refused
from services.portal.web.doors import limited, page, small
from services.portal.web.languages import Language, localised, place_of
from services.portal.web.site import Site

_LARGEST = 8 * 1024
Short = Annotated[str, Field(max_length=200)]


class Wish(BaseModel):
    """What the script sends: the browser's address and keys, and the ticked topics."""

    endpoint: Annotated[str, Field(max_length=1500)]
    p256dh: Short
    auth: Short
    topics: Annotated[list[Short], Field(min_length=1, max_length=200)]
    places: Annotated[list[Short], Field(max_length=200)] = []
    """To which matters are limited."""
    language: Language
    text_version: Short
    preferences: Annotated[str, Field(max_length=200)] | None = None
    """The link of a person who gets this browser in place of the mails."""


def routes(site: Site) -> list[Endpointed]:
    """State the addresses of the script."""

    async def key(_request: Request) -> Response:
        return JSONResponse({"key": await site.people.push_key()}, headers={"Cache-Control": "no-store"})

    async def subscribe(request: Request) -> Response:
        limited(site, request, site.signups)
        small(request, largest=_LARGEST)
        try:
            wish = Wish.model_validate_json(await request.body())
            if wish.places and not any(each.startswith("matter.") for each in wish.topics):
                return _no(site, request, "people.signup_no_matter")
            topics = narrowed(wish.topics, wish.places)
            token = await site.people.subscribe_push(
                {**wish.model_dump(exclude={"places"}), "topics": topics, "staff": False}
            )
        except ValidationError:
            return _no(site, request, "people.push_unreadable")
        except Refused as refused:
            return JSONResponse({"error": about_the_form(refused)}, status_code=422)
        except DependencyDown:
            return _no(site, request, "people.push_away", status=503)
        address = localised(f"/abo/einstellungen/{token}?neu=1", place_of(request.url.path).language)
        return JSONResponse({"preferences": address}, status_code=201, headers={"Cache-Control": "no-store"})

    return [*page(site, "GET", "/abo/push-schluessel", key), *page(site, "POST", "/abo/push", subscribe)]


def _no(site: Site, request: Request, key: str, *, status: int = 422) -> Response:
    return JSONResponse({"error": site.pages.say(request).text(key)}, status_code=status)
