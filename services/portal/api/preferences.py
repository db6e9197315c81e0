"""What one person gets and how: reached by a link, without an account."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api.forms import Choice, about_the_form, choice_of, grouped, kept, names, ticks
from services.portal.gateways.calls import Missing, Refused
from services.portal.web.doors import form_of, limited, page, see_other, text_of
from services.portal.web.languages import place_of
from services.portal.web.site import Site

_DONE = ("neu", "gespeichert", "zurueck", "erneuert")


def routes(site: Site) -> list[Endpointed]:
    """State the pages."""
    pages = PreferencePages(site)
    own = "/abo/einstellungen/{token}"
    return [
        *page(site, "GET", "/abo/link", pages.ask_for_link),
        *page(site, "POST", "/abo/link", pages.send_link),
        *page(site, "GET", own, pages.show, token_in_path=True),
        *page(site, "POST", own, pages.save, token_in_path=True),
        *page(site, "GET", f"{own}/warum", pages.why, token_in_path=True),
        *page(site, "POST", f"{own}/links", pages.renew_links, token_in_path=True),
        *page(site, "GET", f"{own}/loeschen", pages.ask_to_erase, token_in_path=True),
        *page(site, "POST", f"{own}/loeschen", pages.erase, token_in_path=True),
    ]


class PreferencePages:
    """The pages behind the link."""

    def __init__(self, site: Site) -> None:
        """Show the pages of a site."""
        self._site = site

    async def show(self, request: Request) -> Response:
        """Show everything we hold about this person."""
        done = next((each for each in _DONE if each in request.query_params), "")
        return await self._page(request, done=done)

    async def save(self, request: Request) -> Response:
        """Replace topics, language and channel."""
        token, choice = request.path_params["token"], choice_of(await form_of(request))
        if not choice.topics and not await self._is_on_duty(token):
            return await self._page(request, wrong=True)
        if choice.has_place_without_matter and not await self._has_matters(token):
            words = self._site.pages.say(request).text("people.signup_no_matter")
            return await self._page(request, complaint=words, choice=choice)
        body = {
            "topics": list(choice.topics),
            "language": choice.language,
            "channel": choice.channel,
            "text_version": choice.text_version,
        }
        try:
            await self._site.people.change(token, body)
        except Refused as refused:
            return await self._page(request, complaint=about_the_form(refused), choice=choice)
        return see_other(request, f"/abo/einstellungen/{token}?gespeichert=1")

    async def why(self, request: Request) -> Response:
        """Say why a message came, or why it did not."""
        token = request.path_params["token"]
        try:
            incident = UUID(request.query_params.get("meldung", ""))
        except ValueError:
            raise Missing from None
        answer = await self._site.people.why(token, str(incident))
        return await self._site.pages.render(request, "why.html", private=True, why=answer, token=token)

    async def renew_links(self, request: Request) -> Response:
        """Make the links of all mails so far invalid; the new one goes to the address, if there is one."""
        try:
            token = await self._site.people.renew_links(request.path_params["token"])
        except Refused as refused:
            return await self._page(request, complaint=about_the_form(refused))
        if token:
            return see_other(request, f"/abo/einstellungen/{token}?erneuert=1")
        return await self._site.pages.render(request, "renewed.html", private=True)

    async def ask_to_erase(self, request: Request) -> Response:
        """Ask before everything is erased."""
        token = request.path_params["token"]
        held = await self._site.people.preferences(token)
        return await self._site.pages.render(request, "erase.html", private=True, token=token, held=held, done=False)

    async def erase(self, request: Request) -> Response:
        """Forget this person (Art. 17 DSGVO)."""
        await self._site.people.erase(request.path_params["token"])
        return await self._site.pages.render(request, "erase.html", private=True, token="", held=None, done=True)

    async def ask_for_link(self, request: Request) -> Response:
        """Show the form of those who have lost their link."""
        return await self._site.pages.render(request, "link.html", sent=False, wrong=False)

    async def send_link(self, request: Request) -> Response:
        """Mail the link to whom it belongs; the answer is the same whoever it is."""
        limited(self._site, request, self._site.signups)
        email = text_of(await form_of(request), "email")
        if "@" not in email:
            return await self._site.pages.render(request, "link.html", status=422, sent=False, wrong=True)
        try:
            await self._site.people.send_link(email)
        except Refused:
            return await self._site.pages.render(request, "link.html", status=422, sent=False, wrong=True)
        return await self._site.pages.render(request, "link.html", sent=True, wrong=False)

    async def _is_on_duty(self, token: str) -> bool:
        """Say whether this person has topics of the town's own people: the last of them can be ended here too."""
        return any(each.startswith("staff.") for each in (await self._site.people.preferences(token)).topics)

    async def _has_matters(self, token: str) -> bool:
        """Say whether matters are held now: who ends the last of them may leave its places ticked."""
        return any(each.startswith("matter.") for each in (await self._site.people.preferences(token)).topics)

    async def _page(
        self,
        request: Request,
        *,
        done: str = "",
        wrong: bool = False,
        complaint: str = "",
        choice: Choice | None = None,
    ) -> Response:
        """Show the preferences, with `choice` as somebody has just ticked them."""
        token = request.path_params["token"]
        topics, held = await self._site.subscriptions.topics(), await self._site.people.preferences(token)
        language = place_of(request.url.path).language
        shown = (held.topics, ()) if choice is None else (choice.topics, choice.places)
        ticked = ticks(topics, *(((), ()) if wrong else shown))
        return await self._site.pages.render(
            request,
            "preferences.html",
            status=422 if wrong or complaint else 200,
            private=True,
            token=token,
            held=held,
            groups=grouped(topics) + kept(topics, ticked.topics, language),
            ticks=ticked,
            names=names(topics, language),
            consent=await self._site.people.consent_text(),
            done=done,
            wrong=wrong,
            complaint=complaint,
        )
