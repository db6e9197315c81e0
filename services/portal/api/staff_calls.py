"""Calling the next person (Aufruf): one counter, one big button, and what became of whom."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api.staff_door import StaffDoor
from services.portal.api.tickets import (
    STAFF_ARRIVAL,
    UNCHANGED,
    arrival_told,
    chosen,
    id_of,
    is_renewal,
    mark_of,
    office_of,
)
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.staff import Device
from services.portal.gateways.tickets import CallingCounter, Tickets
from services.portal.web.doors import form_of, see_other, text_of

CALLS = "/dienst/aufruf"
_COOKIE = "schalter"
_KEPT = timedelta(days=365)
_CHANGED, _FORM = 409, 422
_ACTIONS = {
    "aufrufen": "call",
    "nochmal": "recall",
    "da": "serve",
    "zurueckstellen": "park",
    "nicht-da": "miss",
    "fertig": "done",
    "fertig-naechste": "done",
    "warteschlange": "back",
}
_AND_NEXT = "fertig-naechste"
_SEEN = ("aufrufen", "da")
"""What they did stands on the page in large letters."""


class StaffCalls:
    """Choose a counter once, then call."""

    def __init__(self, door: StaffDoor) -> None:
        """Show the page behind the door."""
        self._door = door
        self._site = door.site
        self._tickets = Tickets(door.site.appointments)

    def routes(self) -> list[Endpointed]:
        """State the page and its buttons."""
        stated = [
            ("GET", "", self._show),
            ("POST", "/schalter", self._choose),
            ("POST", "/naechste", self._next),
            ("POST", "/person", self._act),
            ("POST", "/nummer", self._give),
            ("POST", "/ankunft", self._arrive),
        ]
        return [
            each
            for method, path, handler in stated
            for each in self._door.page(method, f"{CALLS}{path}", handler, "counter")
        ]

    async def _show(self, request: Request, device: Device) -> Response:
        counter = None if "wechseln" in request.query_params else await self._counter(request)
        if counter is None:
            counters = await self._tickets.counters()
            return await self._door.render(request, "counters.html", device=device, counters=counters)
        return await self._page(request, device, counter)

    async def _counter(self, request: Request) -> CallingCounter | None:
        """Return the counter at which this device stands."""
        code = self._site.cookies.get(request, _COOKIE, now=self._site.now())
        return next((each for each in await self._tickets.counters() if each.resource == code), None)

    async def _sure(self, request: Request) -> CallingCounter:
        counter = await self._counter(request)
        if counter is None:
            raise Missing
        return counter

    async def _page(
        self, request: Request, device: Device, counter: CallingCounter, *, status: int = 200, wrong: str = ""
    ) -> Response:
        queue = await self._tickets.queue(counter.office)
        mark = mark_of(queue)
        if is_renewal(request, mark):
            return Response(headers=UNCHANGED)
        place = office_of(await self._tickets.walk_ins(), counter.office)
        return await self._door.render(
            request,
            "calls.html",
            status=status,
            device=device,
            counter=counter,
            queue=queue,
            mine=queue.at(counter.resource),
            hall=place,
            mark=mark,
            wrong=wrong,
            done=request.query_params.get("getan", ""),
            given=request.query_params.get("nummer", "")[:8],
            ticket_id=uuid4(),
        )

    async def _choose(self, request: Request, _device: Device) -> Response:
        wanted = text_of(await form_of(request), "schalter")
        if wanted not in {each.resource for each in await self._tickets.counters()}:
            raise Missing
        answer = see_other(request, CALLS)
        until = self._site.now() + _KEPT
        self._site.cookies.set(answer, _COOKIE, wanted, until=until, samesite="strict")
        return answer

    async def _next(self, request: Request, device: Device) -> Response:
        counter = await self._sure(request)
        return await self._call(request, device, counter)

    async def _call(self, request: Request, device: Device, counter: CallingCounter) -> Response:
        found = await self._tickets.call_next(counter.resource, by=device.name)
        return see_other(request, CALLS if found else f"{CALLS}?getan=niemand")

    async def _act(self, request: Request, device: Device) -> Response:
        """Do what was tapped; a tap that somebody has overtaken is told, and done by nobody."""
        counter, form = await self._sure(request), await form_of(request)
        what = text_of(form, "was")
        if what not in _ACTIONS:
            raise Missing
        try:
            await self._tickets.act(counter.resource, _id(text_of(form, "person")), _ACTIONS[what], by=device.name)
        except Refused as refused:
            if refused.status != _CHANGED:
                raise
            said = self._site.pages.say(request).text("calls.overtaken")
            return await self._page(request, device, counter, status=_CHANGED, wrong=said)
        if what == _AND_NEXT:
            return await self._call(request, device, counter)
        return see_other(request, CALLS if what in _SEEN else f"{CALLS}?getan={what}")

    async def _give(self, request: Request, device: Device) -> Response:
        """Give a number to somebody who has no phone."""
        counter, form = await self._sure(request), await form_of(request)
        items = chosen(form)
        say = self._site.pages.say(request)
        if not items:
            return await self._page(request, device, counter, status=_FORM, wrong=say.text("calls.nothing"))
        try:
            ticket = await self._tickets.take(counter.office, items, ticket_id=id_of(form), by=device.name)
        except Refused as refused:
            if refused.status != _FORM:
                raise
            said = say.code("tickets.refused", str(refused.body.get("code")))
            return await self._page(request, device, counter, status=_FORM, wrong=said)
        return see_other(request, f"{CALLS}?getan=nummer&nummer={ticket.number}")

    async def _arrive(self, request: Request, device: Device) -> Response:
        """Check somebody in who stands at the counter with the number of an appointment."""
        counter, form = await self._sure(request), await form_of(request)
        try:
            number = text_of(form, "termin")[:40]
            ticket = await self._tickets.arrive(number=number or "-", office=counter.office, by=device.name)
        except (Missing, Refused) as error:
            said = arrival_told(self._site.pages.say(request), error, family=STAFF_ARRIVAL)
            return await self._page(request, device, counter, status=_FORM, wrong=said)
        return see_other(request, f"{CALLS}?getan=nummer&nummer={ticket.number}")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Missing from None
