"""Booking an appointment, second half: who comes, and the link in the mail."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api.appointments import COOKIE
from services.portal.api.forms import about_the_form
from services.portal.api.times import chosen_of, line_of
from services.portal.gateways.appointments import Appointments, subject_of
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.visits import Visit
from services.portal.web.cookies import in_hours
from services.portal.web.doors import form_of, limited, page, see_other, text_of
from services.portal.web.languages import place_of
from services.portal.web.say import Say
from services.portal.web.site import Site

_TYPED = "termin-angaben"
"""What somebody has typed, kept while they choose another time."""
_TYPED_HOURS = 0.5
_LONGEST = {"name": 120, "email": 254, "phone": 40, "note": 500}
_LIMITS = 429
_UNREADABLE = {
    "name": "appointments.no_name",
    "email": "people.signup_no_email",
    "phone": "appointments.no_phone",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A filled-in form."""

    name: str = ""
    email: str = ""
    phone: str = ""
    note: str = ""


def routes(site: Site) -> list[Endpointed]:
    """State the pages."""
    pages = DetailPages(site)
    return [
        *page(site, "GET", "/termin/angaben/{token}", pages.show, token_in_path=True),
        *page(site, "POST", "/termin/angaben/{token}", pages.book, token_in_path=True),
        *page(site, "POST", "/termin/angaben/{token}/zeit", pages.change_time, token_in_path=True),
        *page(site, "GET", "/termin/bestaetigen/{token}", pages.show_confirmation, token_in_path=True),
        *page(site, "POST", "/termin/bestaetigen/{token}", pages.confirm, token_in_path=True),
        *page(site, "GET", "/termin/link", pages.ask_for_link),
        *page(site, "POST", "/termin/link", pages.send_link),
    ]


class DetailPages:
    """The form, and the mail's link."""

    def __init__(self, site: Site) -> None:
        """Show the pages of a site."""
        self._site = site
        self._appointments = Appointments(site.appointments)

    async def show(self, request: Request) -> Response:
        """Show the form of a time that is held; what is booked already shows itself."""
        visit = await self._appointments.visit(request.path_params["token"])
        if visit.state == "expired":
            return await self._again(request, visit)
        if visit.state != "held":
            return _own(request, visit.token)
        return await self._form(request, visit, self._typed(request), {})

    async def book(self, request: Request) -> Response:
        """Book what is held."""
        token = request.path_params["token"]
        form, visit = await form_of(request), await self._appointments.visit(token)
        typed = typed_of(form)
        wrong = lacking(typed, proven=visit.proven)
        if wrong:
            return await self._form(request, visit, typed, wrong)
        language = place_of(request.url.path).language
        person = {**{key: value or None for key, value in asdict(typed).items()}, "note": typed.note}
        try:
            booked = await self._appointments.confirm(token, {**person, "language": language})
        except Missing:
            return self._keep(await self._again(request, visit), typed)
        except Refused as refused:
            if visit.state != "held" or refused.body.get("code") == "stale":
                return self._changed(request, visit)
            wrong, say = refused_fields(refused), self._site.pages.say(request)
            return await self._form(request, visit, typed, wrong, complaint="" if wrong else complaint_of(refused, say))
        answer = _own(request, booked.token, new=True)
        self._site.cookies.drop(answer, _TYPED)
        until = in_hours(self._site.now(), 2)
        self._site.cookies.set(answer, COOKIE, booked.token, until=until)
        return answer

    def _changed(self, request: Request, visit: Visit) -> Response:
        """Lead to what it has become: another window has booked it, or given it back."""
        answer = see_other(request, f"/termin/{visit.token}?stale=1")
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    async def change_time(self, request: Request) -> Response:
        """Go back to the times; nothing that is typed is lost."""
        typed = typed_of(await form_of(request))
        visit = await self._appointments.visit(request.path_params["token"])
        day = self._site.pages.say(request).local(visit.starts_at).date().isoformat()
        line = await self._line(visit)
        asked = urlencode({"anliegen": line, "ort": visit.office, "ab": day, "tag": day})
        return self._keep(see_other(request, f"/termin/zeit?{asked}"), typed)

    async def show_confirmation(self, request: Request) -> Response:
        """Confirm at once in the browser that has booked; elsewhere ask: mail scanners open every link."""
        token = request.path_params["token"]
        booked = self._site.cookies.get(request, COOKIE, now=self._site.now())
        if booked is not None and subject_of(booked) == subject_of(token) is not None:
            return await self.confirm(request)
        return await self._site.pages.render(request, "appointments/confirm.html", private=True, over=False)

    async def confirm(self, request: Request) -> Response:
        """Book what waits for the mail's link."""
        try:
            visit = await self._appointments.confirm_by_link(request.path_params["token"])
        except (Refused, Missing):
            return await self._site.pages.render(request, "appointments/confirm.html", private=True, over=True)
        return _own(request, visit.token, new=True)

    async def ask_for_link(self, request: Request) -> Response:
        """Show the form of those who have lost their link."""
        return await self._link_page(request)

    async def send_link(self, request: Request) -> Response:
        """Mail the links to whom they belong; the answer is the same whoever it is."""
        limited(self._site, request, self._site.signups)
        email = text_of(await form_of(request), "email")
        if "@" not in email:
            return await self._link_page(request, wrong=True)
        try:
            await self._appointments.send_links(email)
        except Refused:
            return await self._link_page(request, wrong=True)
        return await self._link_page(request, sent=True)

    async def _link_page(self, request: Request, *, sent: bool = False, wrong: bool = False) -> Response:
        status = 422 if wrong else 200
        return await self._site.pages.render(request, "appointments/link.html", status=status, sent=sent, wrong=wrong)

    async def _form(
        self, request: Request, visit: Visit, typed: Typed, wrong: dict[str, str], complaint: str = ""
    ) -> Response:
        offices = {each.office: each for each in await self._appointments.offices()}
        return await self._site.pages.render(
            request,
            "appointments/details.html",
            status=422 if wrong or complaint else 200,
            private=True,
            visit=visit,
            office=offices.get(visit.office),
            wanted=chosen_of(visit.items, await self._appointments.services()),
            typed=typed,
            wrong=wrong,
            complaint=complaint,
        )

    async def _again(self, request: Request, visit: Visit) -> Response:
        """Lead to the times near the one that was held too long."""
        day = self._site.pages.say(request).local(visit.starts_at).date().isoformat()
        asked = {"anliegen": await self._line(visit), "ort": visit.office, "ab": day, "tag": day, "hinweis": "expired"}
        return see_other(request, f"/termin/zeit?{urlencode(asked)}")

    async def _line(self, visit: Visit) -> str:
        return line_of(chosen_of(visit.items, await self._appointments.services()))

    def _keep(self, answer: Response, typed: Typed) -> Response:
        answer.headers["Referrer-Policy"] = "no-referrer"
        if typed != Typed():
            until = in_hours(self._site.now(), _TYPED_HOURS)
            self._site.cookies.set(answer, _TYPED, json.dumps(asdict(typed), ensure_ascii=False), until=until)
        return answer

    def _typed(self, request: Request) -> Typed:
        kept = self._site.cookies.get(request, _TYPED, now=self._site.now())
        return Typed(**json.loads(kept)) if kept else Typed()


def typed_of(form: FormData) -> Typed:
    """Read a form; what is too long is cut."""
    return Typed(**{name: text_of(form, name)[:most] for name, most in _LONGEST.items()})


def lacking(typed: Typed, *, proven: bool = True) -> dict[str, str]:
    """Return what is missing, by field: a name, and one way to reach the person."""
    wrong: dict[str, str] = {}
    if not typed.name:
        wrong["name"] = "appointments.no_name"
    if typed.email and "@" not in typed.email:
        wrong["email"] = "people.signup_no_email"
    elif not typed.email and not proven:
        wrong["email"] = "appointments.no_email"
    elif not typed.email and not typed.phone:
        wrong["email"] = "appointments.no_way"
    return wrong


def refused_fields(refused: Refused) -> dict[str, str]:
    """Return which fields the service does not take."""
    named: Sequence[str] = refused.body.get("fields") or ()
    return {name: key for name, key in _UNREADABLE.items() if name in named}


def complaint_of(refused: Refused, say: Say) -> str:
    """Return why it was refused, in the words of the page; a refusal that is not about the form goes on its way."""
    key = f"appointments.notice.{refused.body.get('code')}"
    if say.has(key):
        return say.text(key)
    return about_the_form(Refused(422, refused.body) if refused.status == _LIMITS else refused)


def _own(request: Request, token: str, *, new: bool = False) -> Response:
    answer = see_other(request, f"/termin/{token}{'?neu=1' if new else ''}")
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
