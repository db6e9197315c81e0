"""Booking an appointment, first half: what for, and where and when (Terminvergabe)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.http import Endpointed
from services.portal.api.times import Wanted, ask_of, instant_of, items_of, line_of, pick, places_of, wanted_of
from services.portal.api.waiting_room import ticket_of
from services.portal.gateways.appointments import Appointments, instant
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.visits import Visit
from services.portal.web.cookies import in_hours
from services.portal.web.doors import form_of, page, plain, see_other, text_of, texts_of
from services.portal.web.languages import place_of
from services.portal.web.limits import client_of
from services.portal.web.site import Site

COOKIE = "termin"
"""The hold or booking that this browser made last: its mail's link needs no second button here."""
_HOURS = 2
_NOTICES = {"queue", "limit_client", "closed", "too_soon", "too_far", "expired", "nothing", "not_together"}


def routes(site: Site) -> list[Endpointed]:
    """State the pages."""
    pages = AppointmentPages(site)
    return [
        *page(site, "GET", "/termin", pages.show_services),
        *page(site, "POST", "/termin", pages.choose_services),
        *page(site, "GET", "/termin/zeit", pages.show_times),
        *page(site, "GET", "/termin/halten", pages.begin_again),
        *page(site, "POST", "/termin/halten", pages.hold),
        plain(site, "/termin/nachweis", pages.proof),
    ]


class AppointmentPages:
    """What for; where and when."""

    def __init__(self, site: Site) -> None:
        """Show the pages of a site."""
        self._site = site
        self._appointments = Appointments(site.appointments)

    async def show_services(self, request: Request) -> Response:
        """Show what one can come for; `?anliegen=` ticks some."""
        services = await self._appointments.services()
        wanted = wanted_of(request.query_params.get("anliegen", ""), services)
        return await self._services(request, wanted, told_of(request), _goal(request.query_params))

    async def choose_services(self, request: Request) -> Response:
        """Go on to the times of what is ticked."""
        form, services = await form_of(request), await self._appointments.services()
        wanted, goal = wanted_of(_line(form), services), _goal(form)
        if not wanted:
            return await self._services(request, (), "nothing", goal)
        if not places_of(wanted):
            return await self._services(request, wanted, "not_together", goal)
        return see_other(request, f"/termin/zeit?{urlencode({'anliegen': line_of(wanted), **goal})}")

    async def show_times(self, request: Request) -> Response:
        """Show where and when; each time is a button that holds it."""
        services = await self._appointments.services()
        wanted = wanted_of(request.query_params.get("anliegen", ""), services)
        ask = ask_of(request, wanted, await self._appointments.offices())
        picked = await pick(self._appointments, ask, self._site.pages.say(request))
        if picked is None:
            told = "not_together" if wanted else "nothing"
            return see_other(request, f"/termin?{urlencode({'anliegen': line_of(wanted), 'hinweis': told})}")
        return await self._site.pages.render(
            request,
            "appointments/times.html",
            pick=picked,
            told=told_of(request),
            taken=instant_of(request.query_params.get("vergeben", "")),
            page_id=str(uuid4()),
            instant=instant,
        )

    async def begin_again(self, request: Request) -> Response:
        """Somebody reloads where only a form leads to."""
        return see_other(request, "/termin")

    async def hold(self, request: Request) -> Response:
        """Hold a time; one that is gone leads back to those near it."""
        form, services = await form_of(request), await self._appointments.services()
        wanted, office = wanted_of(text_of(form, "anliegen"), services), text_of(form, "ort")
        starts_at = instant_of(text_of(form, "beginn"))
        if not wanted or starts_at is None:
            return see_other(request, "/termin")
        try:
            visit = await self._hold(self._order(request, form, wanted, starts_at))
        except (Refused, Missing) as refusal:
            day = self._site.pages.say(request).local(starts_at).date()
            return see_other(request, _back(wanted, office, starts_at, day, refusal))
        answer = see_other(request, f"/termin/angaben/{visit.token}")
        answer.headers["Referrer-Policy"] = "no-referrer"
        self._site.cookies.set(answer, COOKIE, visit.token, until=in_hours(self._site.now(), _HOURS))
        return answer

    async def _hold(self, order: dict[str, object]) -> Visit:
        """Hold; what this page has held and given back for another time, it may hold anew."""
        try:
            return await self._appointments.hold(order)
        except Refused as refusal:
            if refusal.body.get("code") != "stale":
                raise
            return await self._appointments.hold({**order, "booking_id": str(uuid4())})

    async def proof(self, _request: Request) -> Response:
        """Pass on a task for the browser, which takes the place of riddles (proof of work)."""
        return JSONResponse(await self._appointments.proof(), headers={"Cache-Control": "no-store"})

    def _order(self, request: Request, form: FormData, wanted: Wanted, starts_at: datetime) -> dict[str, object]:
        office = text_of(form, "ort")
        return {
            "booking_id": str(_booking_id(text_of(form, "kennung"), f"{office} {line_of(wanted)} {starts_at}")),
            "office": office,
            "items": items_of(wanted),
            "starts_at": instant(starts_at),
            "language": place_of(request.url.path).language,
            "client": client_of(request, self._site.settings.client_header),
            "proof": text_of(form, "nachweis") or None,
            "queue": ticket_of(self._site, request, office),
            # What this browser has held for the same before: a second choice replaces the first.
            "replaces": self._site.cookies.get(request, COOKIE, now=self._site.now()),
        }

    async def _services(self, request: Request, wanted: Wanted, told: str, goal: Mapping[str, str]) -> Response:
        offered = await self._appointments.services()
        return await self._site.pages.render(
            request,
            "appointments/services.html",
            status=422 if request.method == "POST" else 200,
            services=[each for each in offered if goal.get("ort") in (None, *each.offices)],
            counts={service.service: count for service, count in wanted},
            told=told,
            goal=goal,
        )


def told_of(request: Request) -> str:
    """Return why somebody is sent back here, when it is one of our reasons."""
    told = request.query_params.get("hinweis", "")
    return told if told in _NOTICES else ""


def _goal(given: Mapping[str, Any]) -> dict[str, str]:
    """Return office and day to which the waiting room has led."""
    return {name: str(given[name]) for name in ("ort", "ab") if given.get(name)}


def _line(form: FormData) -> str:
    return ",".join(f"{each}:{text_of(form, f'zahl-{each}') or 1}" for each in texts_of(form, "anliegen"))


def _back(wanted: Wanted, office: str, starts_at: datetime, day: date, refusal: Refused | Missing) -> str:
    """Return the page of times again, near to what somebody wanted."""
    code = str(refusal.body.get("code")) if isinstance(refusal, Refused) else "too_soon"
    asked = {"anliegen": line_of(wanted), "ort": office}
    if code == "taken":
        asked |= {"ab": day.isoformat(), "tag": day.isoformat(), "vergeben": instant(starts_at)}
    else:
        asked["hinweis"] = code if code in _NOTICES else "closed"
    return f"/termin/zeit?{urlencode(asked)}"


def _booking_id(page_id: str, what: str) -> UUID:
    """Return one id for one time of one page: a second tap is the same hold."""
    try:
        return uuid5(UUID(page_id), what)
    except ValueError:
        return uuid5(NAMESPACE_URL, f"{uuid4()} {what}")
