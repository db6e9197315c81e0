"""The waiting list (Warteliste): who wants an earlier time is offered one that becomes free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID, uuid4

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api.appointment_details import Typed, complaint_of, lacking, refused_fields, typed_of
from services.portal.api.times import Wanted, chosen_of, items_of, line_of, places_of, wanted_of
from services.portal.api.waiting_confirm import joined
from services.portal.gateways.appointments import Appointments
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.visits import Visit
from services.portal.web.doors import form_of, limited, page, see_other, text_of, texts_of
from services.portal.web.languages import place_of
from services.portal.web.limits import client_of
from services.portal.web.site import Site

_SPANS: dict[str, tuple[str | None, str | None]] = {
    "any": (None, None),
    "morning": (None, "12:00"),
    "afternoon": ("12:00", None),
}
_LONGEST = timedelta(days=60)


def routes(site: Site) -> list[Endpointed]:
    """State the pages."""
    pages = WaitingPages(site)
    entry = "/termin/warteliste/{token}"
    return [
        *page(site, "GET", "/termin/warteliste", pages.show_form),
        *page(site, "POST", "/termin/warteliste", pages.join),
        *page(site, "GET", entry, pages.show, token_in_path=True),
        *page(site, "POST", f"{entry}/annehmen", pages.accept, token_in_path=True),
        *page(site, "POST", f"{entry}/ablehnen", pages.refuse, token_in_path=True),
        *page(site, "POST", f"{entry}/doch", pages.reconsider, token_in_path=True),
        *page(site, "POST", f"{entry}/austragen", pages.leave, token_in_path=True),
        *page(site, "GET", "/termin/angebot/{token}", pages.show_offer, token_in_path=True),
        *page(site, "GET", "/termin/{token}/frueher", pages.show_form, token_in_path=True),
        *page(site, "POST", "/termin/{token}/frueher", pages.join, token_in_path=True),
    ]


@dataclass(frozen=True, slots=True)
class Entry:
    """A filled-in form."""

    offices: tuple[str, ...]
    first: str
    last: str
    span: str
    typed: Typed


class WaitingPages:
    """Joining, and the entry behind its link."""

    def __init__(self, site: Site) -> None:
        """Show the pages of a site."""
        self._site = site
        self._appointments = Appointments(site.appointments)

    async def show_form(self, request: Request) -> Response:
        """Show the form; behind an appointment's link it is about an earlier time for the same."""
        wanted, visit = await self._wanted(request, request.query_params.get("anliegen", ""))
        if not wanted:
            return see_other(request, "/termin")
        today = self._site.pages.say(request).today()
        last = self._site.pages.say(request).local(visit.starts_at).date() if visit else today + timedelta(days=30)
        typed = Typed(name=visit.name or "") if visit else Typed()
        entry = Entry((), today.isoformat(), last.isoformat(), "any", typed)
        return await self._form(request, wanted, visit, entry, {})

    async def join(self, request: Request) -> Response:
        """Take a place on the list."""
        form = await form_of(request)
        wanted, visit = await self._wanted(request, text_of(form, "anliegen"))
        if not wanted:
            return see_other(request, "/termin")
        entry = _entry(form)
        wrong = {**_lacking_person(entry.typed), **_lacking_days(entry)}
        if wrong:
            return await self._form(request, wanted, visit, entry, wrong)
        limited(self._site, request, self._site.signups)
        try:
            token = await self._appointments.join_waiting_list(self._body(request, form, wanted, visit))
        except Refused as refused:
            wrong = refused_fields(refused)
            complaint = "" if wrong else complaint_of(refused, self._site.pages.say(request))
            return await self._form(request, wanted, visit, entry, wrong, complaint=complaint)
        return joined(self._site, request, token)

    async def show(self, request: Request) -> Response:
        """Show the place on the list, and the time that is offered."""
        token = request.path_params["token"]
        return await self._entry_page(request, token)

    async def show_offer(self, request: Request) -> Response:
        """Show the entry from the mail's link to one offer, which may be over by now."""
        token = request.path_params["token"]
        try:
            return await self._entry_page(request, token)
        except Missing:
            await self._appointments.visit(token)
            return await self._site.pages.render(request, "appointments/offer_gone.html", private=True)

    async def accept(self, request: Request) -> Response:
        """Book the time that is offered."""
        token = request.path_params["token"]
        try:
            visit = await self._appointments.accept_offer(token)
        except (Refused, Missing) as refusal:
            return await self._not_done(request, token, refusal)
        return _to(request, f"/termin/{visit.token}?neu=1")

    async def refuse(self, request: Request) -> Response:
        """Let the time go to the next; the place on the list stays."""
        token = request.path_params["token"]
        try:
            await self._appointments.refuse_offer(token)
        except (Refused, Missing) as refusal:
            return await self._not_done(request, token, refusal)
        return _to(request, f"/termin/warteliste/{token}?abgelehnt=1")

    async def reconsider(self, request: Request) -> Response:
        """Have the time offered again that they have just declined, if nobody else has it by now."""
        token = request.path_params["token"]
        try:
            await self._appointments.offer_again(token)
        except (Refused, Missing) as refusal:
            return await self._not_done(request, token, refusal)
        return _to(request, f"/termin/warteliste/{token}?doch=1")

    async def leave(self, request: Request) -> Response:
        """End the entry."""
        await self._appointments.leave_waiting_list(request.path_params["token"])
        return _to(request, f"/termin/warteliste/{request.path_params['token']}")

    async def _not_done(self, request: Request, token: str, refusal: Refused | Missing) -> Response:
        """Show the entry as it stands, and why an answer did not count."""
        code = refusal.body.get("code") if isinstance(refusal, Refused) else "hold_expired"
        if code in ("hold_expired", "stale"):
            return await self._entry_page(request, token, gone=True)
        say = self._site.pages.say(request)
        by_mail = say.text("waiting.answer_by_mail")
        complaint = complaint_of(refusal, say) if isinstance(refusal, Refused) and code != "by_mail" else by_mail
        return await self._entry_page(request, token, complaint=complaint)

    async def _wanted(self, request: Request, line: str) -> tuple[Wanted, Visit | None]:
        services, token = await self._appointments.services(), request.path_params.get("token")
        if token is None:
            return wanted_of(line, services), None
        visit = await self._appointments.visit(token)
        return chosen_of(visit.items, services), visit

    def _body(self, request: Request, form: FormData, wanted: Wanted, visit: Visit | None) -> dict[str, object]:
        entry = _entry(form)
        starts, ends = _SPANS[entry.span]
        return {
            "waiting_id": str(_id(text_of(form, "kennung"))),
            "offices": list(entry.offices),
            "items": items_of(wanted),
            "first_day": entry.first,
            "last_day": entry.last,
            "from_time": starts,
            "to_time": ends,
            "name": entry.typed.name,
            "email": entry.typed.email,
            "phone": entry.typed.phone or None,
            "language": place_of(request.url.path).language,
            "booking": visit.token if visit else None,
            "client": client_of(request, self._site.settings.client_header),
            "proof": text_of(form, "nachweis") or None,
        }

    async def _form(
        self,
        request: Request,
        wanted: Wanted,
        visit: Visit | None,
        entry: Entry,
        wrong: dict[str, str],
        *,
        complaint: str = "",
    ) -> Response:
        able = places_of(wanted)
        today = self._site.pages.say(request).today()
        return await self._site.pages.render(
            request,
            "appointments/waiting_form.html",
            status=422 if wrong or complaint else 200,
            private=visit is not None,
            wanted=wanted,
            line=line_of(wanted),
            visit=visit,
            entry=entry,
            offices=[each for each in await self._appointments.offices() if each.office in able],
            days=(today.isoformat(), (today + _LONGEST).isoformat()),
            wrong=wrong,
            complaint=complaint,
            page_id=str(uuid4()),
        )

    async def _entry_page(self, request: Request, token: str, *, gone: bool = False, complaint: str = "") -> Response:
        waiting = await self._appointments.waiting(token)
        wanted = chosen_of(waiting.items, await self._appointments.services())
        asked = urlencode({"anliegen": line_of(wanted)})
        return await self._site.pages.render(
            request,
            "appointments/waiting.html",
            private=True,
            own=f"/termin/warteliste/{waiting.token}",
            waiting=waiting,
            wanted=wanted,
            offices={each.office: each for each in await self._appointments.offices()},
            again=f"/termin/zeit?{asked}",
            join_again=f"/termin/warteliste?{asked}",
            token=token,
            gone=gone,
            complaint=complaint,
            done=next((each for each in ("neu", "abgelehnt", "doch") if each in request.query_params), ""),
        )


def _entry(form: FormData) -> Entry:
    span = text_of(form, "zeit")
    return Entry(
        offices=texts_of(form, "ort"),
        first=text_of(form, "von"),
        last=text_of(form, "bis"),
        span=span if span in _SPANS else "any",
        typed=typed_of(form),
    )


def _lacking_person(typed: Typed) -> dict[str, str]:
    wrong = lacking(typed, proven=False)
    return wrong if typed.email else {**wrong, "email": "waiting.no_email"}


def _lacking_days(entry: Entry) -> dict[str, str]:
    wrong = {} if entry.offices else {"ort": "waiting.no_office"}
    try:
        fits = date.fromisoformat(entry.first) <= date.fromisoformat(entry.last)
    except ValueError:
        fits = False
    return wrong if fits else {**wrong, "von": "waiting.no_days"}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _to(request: Request, path: str) -> Response:
    answer = see_other(request, path)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
