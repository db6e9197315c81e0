"""One's own appointment behind a link: see, move, cancel, keep in a calendar. Without an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api.times import Ask, chosen_of, instant_of, line_of, pick
from services.portal.api.told import address
from services.portal.gateways.appointments import Appointments, instant
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.visits import Visit
from services.portal.web.doors import form_of, page, see_other, text_of
from services.portal.web.site import Site

_CALENDAR = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "X-Content-Type-Options": "nosniff"}
_NOTICES = {"stale", "closed", "too_soon", "too_far", "queue"}
_CHECK_IN = timedelta(hours=1)
"""So long before its time one may check in."""
_REMINDED = timedelta(days=1)
_DONE = ("neu", "verlegt", "abgesagt", "stale")


def routes(site: Site) -> list[Endpointed]:
    """State the pages."""
    pages = OwnPages(site)
    own = "/termin/{token}"
    return [
        *page(site, "GET", "/termin/kalender/{token}.ics", pages.feed, token_in_path=True),
        *page(site, "GET", own, pages.show, token_in_path=True),
        *page(site, "GET", f"{own}/termin.ics", pages.calendar, token_in_path=True),
        *page(site, "GET", f"{own}/verlegen", pages.ask_to_move, token_in_path=True),
        *page(site, "POST", f"{own}/verlegen", pages.move, token_in_path=True),
        *page(site, "GET", f"{own}/absagen", pages.ask_to_cancel, token_in_path=True),
        *page(site, "POST", f"{own}/absagen", pages.cancel, token_in_path=True),
    ]


class OwnPages:
    """The pages behind the link."""

    def __init__(self, site: Site) -> None:
        """Show the pages of a site."""
        self._site = site
        self._appointments = Appointments(site.appointments)

    async def show(self, request: Request) -> Response:
        """Show the appointment as it stands."""
        visit = await self._appointments.visit(request.path_params["token"])
        if visit.state == "held":
            return _to(request, f"/termin/angaben/{visit.token}")
        return await self._page(request, "appointments/own.html", visit)

    async def calendar(self, request: Request) -> Response:
        """Return the appointment for a calendar."""
        token = request.path_params["token"]
        body = await self._appointments.calendar(f"/bookings/{token}/calendar.ics")
        named = {**_CALENDAR, "Content-Disposition": 'attachment; filename="termin.ics"'}
        return Response(body, media_type="text/calendar", headers=named)

    async def feed(self, request: Request) -> Response:
        """Return all appointments of a person, for a calendar that follows them."""
        body = await self._appointments.calendar(f"/calendars/{request.path_params['token']}.ics")
        return Response(body, media_type="text/calendar", headers=_CALENDAR)

    async def ask_to_move(self, request: Request) -> Response:
        """Show the times; then old and new beside each other, before anything changes."""
        visit = await self._appointments.visit(request.path_params["token"])
        if not visit.may_move:
            return _to(request, f"/termin/{visit.token}")
        chosen = instant_of(request.query_params.get("neu", ""))
        if chosen is not None:
            office = request.query_params.get("ort", visit.office)
            return await self._page(request, "appointments/move.html", visit, chosen=chosen, goal=office)
        services, offices = await self._appointments.services(), await self._appointments.offices()
        base, wanted = f"/termin/{visit.token}/verlegen", chosen_of(visit.items, services)
        query = {"ort": visit.office, **request.query_params}
        ask = Ask(base, wanted, query, offices, besides=visit)
        picked = await pick(self._appointments, ask, self._site.pages.say(request))
        taken, told = instant_of(query.get("vergeben", "")), query.get("hinweis", "")
        told = told if told in _NOTICES else ""
        return await self._page(
            request, "appointments/move_times.html", visit, pick=picked, taken=taken, told=told, instant=instant
        )

    async def move(self, request: Request) -> Response:
        """Take the new time and give back the old one."""
        token, form = request.path_params["token"], await form_of(request)
        starts_at, version = instant_of(text_of(form, "beginn")), text_of(form, "version")
        if starts_at is None or not version.isascii() or not version.isdecimal():
            raise Missing
        office = text_of(form, "ort")
        try:
            await self._appointments.move(token, office, starts_at, seen_version=int(version))
        except Refused as refused:
            code = str(refused.body.get("code"))
            if code == "stale":
                return _to(request, f"/termin/{token}?stale=1")
            say = self._site.pages.say(request)
            day = say.local(starts_at).date().isoformat()
            asked = {"ort": office, "ab": day, "tag": day, **_why(code, instant(starts_at))}
            return _to(request, f"/termin/{token}/verlegen?{urlencode(asked)}")
        return _to(request, f"/termin/{token}?verlegt=1")

    async def ask_to_cancel(self, request: Request) -> Response:
        """Ask before the time is given back."""
        visit = await self._appointments.visit(request.path_params["token"])
        if not visit.may_cancel:
            return _to(request, f"/termin/{visit.token}")
        return await self._page(request, "appointments/cancel.html", visit)

    async def cancel(self, request: Request) -> Response:
        """Give the time back."""
        token, version = request.path_params["token"], text_of(await form_of(request), "version")
        if not version.isascii() or not version.isdecimal():
            raise Missing
        try:
            await self._appointments.cancel(token, seen_version=int(version))
        except Refused:
            return _to(request, f"/termin/{token}?stale=1")
        return _to(request, f"/termin/{token}?abgesagt=1")

    async def _page(self, request: Request, template: str, visit: Visit, **more: Any) -> Response:
        offices = {each.office: each for each in await self._appointments.offices()}
        wanted = chosen_of(visit.items, await self._appointments.services())
        calendar = visit.calendar_token
        return await self._site.pages.render(
            request,
            template,
            private=True,
            visit=visit,
            own=f"/termin/{visit.token}",
            offices=offices,
            office=offices.get(visit.office),
            wanted=wanted,
            again=f"/termin/zeit?{urlencode({'anliegen': line_of(wanted)})}",
            feed=address(self._site.settings, f"/termin/kalender/{calendar}.ics") if calendar else "",
            comes=self._comes(request, visit),
            reminded=visit.starts_at - self._site.now() > _REMINDED,
            done=next((each for each in _DONE if each in request.query_params), ""),
            **more,
        )

    def _comes(self, request: Request, visit: Visit) -> bool:
        """Say whether somebody may check in from here now; who has done so sees the waiting number."""
        say, now = self._site.pages.say(request), self._site.now()
        is_now = say.local(visit.starts_at).date() == say.today() and visit.starts_at - _CHECK_IN <= now
        return is_now and visit.state in ("booked", "arrived")


def _why(code: str, taken: str) -> Mapping[str, str]:
    return {"vergeben": taken} if code == "taken" else {"hinweis": code if code in _NOTICES else "closed"}


def _to(request: Request, path: str) -> Response:
    answer = see_other(request, path)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
