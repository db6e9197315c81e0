"""Unsubscribing: the link in every mail, and the one click of mail programs (RFC 8058)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from chassis.http import Endpointed
from services.portal.api.forms import names
from services.portal.web.doors import form_of, page, text_of
from services.portal.web.languages import place_of
from services.portal.web.security import headers
from services.portal.web.site import Site

_ONE_CLICK = "One-Click"


def routes(site: Site) -> list[Endpointed]:
    """State the pages. The POST of a mail program comes from anywhere; the token in the path is its only right."""
    pages = FarewellPages(site)
    own = "/abo/abmelden/{token}"
    return [
        *page(site, "GET", own, pages.show, token_in_path=True),
        *page(site, "POST", own, pages.leave, token_in_path=True, checks_origin=False),
        *page(site, "POST", f"{own}/zurueck", pages.undo, token_in_path=True),
    ]


class FarewellPages:
    """The page behind the link of a mail."""

    def __init__(self, site: Site) -> None:
        """Show the pages of a site."""
        self._site = site

    async def show(self, request: Request) -> Response:
        """Ask; changes nothing, mail scanners open every link."""
        return await self._page(request)

    async def leave(self, request: Request) -> Response:
        """Stop the messages; a mail program gets a line of text, a person the page."""
        form = await form_of(request)
        everything = text_of(form, "all") == "1"
        token = await self._site.people.unsubscribe(request.path_params["token"], everything=everything)
        if text_of(form, "List-Unsubscribe") == _ONE_CLICK:
            named = headers(secure=self._site.settings.secure, private=True)
            return PlainTextResponse(self._site.pages.say(request).text("people.one_click_done"), headers=named)
        return await self._page(request, preferences=token)

    async def undo(self, request: Request) -> Response:
        """Give back what this link has stopped."""
        await self._site.people.undo(request.path_params["token"])
        return await self._page(request, undone=True)

    async def _page(self, request: Request, *, preferences: str = "", undone: bool = False) -> Response:
        token = request.path_params["token"]
        told = names(await self._site.subscriptions.topics(), place_of(request.url.path).language)
        return await self._site.pages.render(
            request,
            "unsubscribe.html",
            private=True,
            token=token,
            farewell=await self._site.people.unsubscribe_page(token),
            names=told,
            preferences=preferences,
            undone=undone,
        )
