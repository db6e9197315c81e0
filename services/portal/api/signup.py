"""Signing up for messages by e-mail, with double opt-in (Double-Opt-in) in one click."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api.forms import Choice, about_the_form, choice_of, grouped, names, ticks
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.people import Signup
from services.portal.web.doors import form_of, limited, page, see_other
from services.portal.web.languages import place_of
from services.portal.web.site import Site

_COOKIE = "anmeldung"
_OPEN_FOR = timedelta(hours=48)
"""As long as the mail's link."""


def routes(site: Site) -> list[Endpointed]:
    """State the pages."""
    pages = SignupPages(site)
    return [
        *page(site, "GET", "/abo", pages.show),
        *page(site, "POST", "/abo", pages.take),
        *page(site, "GET", "/abo/bestaetigen/{token}", pages.show_confirmation, token_in_path=True),
        *page(site, "POST", "/abo/bestaetigen/{token}", pages.confirm, token_in_path=True),
    ]


class SignupPages:
    """The form, the mail's link."""

    def __init__(self, site: Site) -> None:
        """Show the pages of a site."""
        self._site = site

    async def show(self, request: Request) -> Response:
        """Show the form; `?thema=` ticks topics."""
        language = place_of(request.url.path).language
        chosen = tuple(request.query_params.getlist("thema"))
        return await self._form(request, Choice("", chosen, language, "email", ""))

    async def take(self, request: Request) -> Response:
        """Ask for the confirmation mail. The answer is the same whoever it is."""
        choice = choice_of(await form_of(request))
        wrong = _lacking(choice)
        if wrong:
            return await self._form(request, choice, wrong=wrong)
        limited(self._site, request, self._site.signups)
        try:
            await self._site.people.sign_up(
                choice.email, choice.topics, language=choice.language, text_version=choice.text_version
            )
        except Refused as refused:
            return await self._form(request, choice, complaint=about_the_form(refused))
        answer = await self._site.pages.render(request, "signup_sent.html", email=choice.email)
        answer.headers["Cache-Control"] = "no-store"
        until = self._site.now() + _OPEN_FOR
        self._site.cookies.set(answer, _COOKIE, _fingerprint(choice.topics, choice.language), until=until)
        return answer

    async def show_confirmation(self, request: Request) -> Response:
        """Confirm at once in the browser that signed up; elsewhere ask: mail scanners open every link."""
        token = request.path_params["token"]
        signup = await self._site.people.signup(token)
        if signup.state == "open" and self._signed_up_here(request, signup):
            return await self.confirm(request)
        told = names(await self._site.subscriptions.topics(), place_of(request.url.path).language)
        return await self._site.pages.render(request, "confirm.html", private=True, signup=signup, names=told)

    async def confirm(self, request: Request) -> Response:
        """Confirm; show what one gets from now on."""
        try:
            token = await self._site.people.confirm(request.path_params["token"])
        except (Refused, Missing):
            signup = await self._site.people.signup(request.path_params["token"])
            return await self._site.pages.render(request, "confirm.html", private=True, signup=signup, names={})
        answer = see_other(request, f"/abo/einstellungen/{token}?neu=1")
        answer.headers["Referrer-Policy"] = "no-referrer"
        self._site.cookies.drop(answer, _COOKIE)
        return answer

    def _signed_up_here(self, request: Request, signup: Signup) -> bool:
        told = self._site.cookies.get(request, _COOKIE, now=self._site.now())
        return told == _fingerprint(signup.topics, signup.language)

    async def _form(self, request: Request, choice: Choice, *, wrong: str = "", complaint: str = "") -> Response:
        topics = await self._site.subscriptions.topics()
        return await self._site.pages.render(
            request,
            "signup.html",
            status=422 if wrong or complaint else 200,
            groups=grouped(topics),
            choice=choice,
            ticks=ticks(topics, choice.topics, choice.places),
            consent=await self._site.people.consent_text(),
            wrong=wrong,
            complaint=complaint,
        )


def _lacking(choice: Choice) -> str:
    if not choice.topics:
        return "people.signup_no_topics"
    if choice.has_place_without_matter:
        return "people.signup_no_matter"
    return "" if "@" in choice.email else "people.signup_no_email"


def _fingerprint(topics: tuple[str, ...], language: str) -> str:
    """Return a check value of what a sign-up asked for: the cookie names no address, and every choice fits into it."""
    return sha256(" ".join([language, *sorted(set(topics))]).encode()).hexdigest()
