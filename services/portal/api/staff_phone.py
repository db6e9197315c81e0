"""Booking for somebody on the phone or at the counter: what for, when and who, the number to read out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import uuid4

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api.staff_booking import said, time_of
from services.portal.api.staff_counter import (
    COUNTER,
    DAY,
    CounterDesk,
    Where,
    day_of,
    id_of,
    instant_of,
    listed,
    teller_of,
)
from services.portal.gateways.appointments import instant
from services.portal.gateways.calls import Refused
from services.portal.gateways.staff import Device
from services.portal.gateways.visits import Chosen, Day, Service
from services.portal.web.doors import form_of, see_other, text_of
from services.portal.web.say import ZONE, Say

_NEW = f"{DAY}/neu"
_TIME = f"{_NEW}/zeit"
_CHOICE_DAYS = 14
_MATTER = "anzahl-"
_MOST = 9
_INVALID = 422
_PERSON = ("name", "phone", "email", "note")


@dataclass(frozen=True, slots=True)
class Order:
    """What was chosen and typed so far."""

    items: tuple[Chosen, ...]
    first: date
    """From here on days are offered."""
    starts_at: str
    clock: str
    """Typed, when none of those that are offered fits."""
    resource: str
    """The counter that it has to be; empty: any."""
    booking_id: str
    person: Mapping[str, str]

    def again(self, where: Where) -> str:
        """Return the address of the choice of services with what was chosen."""
        counts = {f"{_MATTER}{each.service}": each.count for each in self.items}
        return f"{where.address(_NEW)}&{urlencode(counts)}"


class StaffPhone:
    """Three screens: services, time and person, the number."""

    def __init__(self, desk: CounterDesk) -> None:
        """Show the pages behind the door."""
        self._desk = desk
        self._counter = desk.counter

    def routes(self) -> list[Endpointed]:
        """State the pages."""
        door = self._desk.door
        return [
            *door.page("GET", _NEW, self._services, COUNTER),
            *door.page("GET", _TIME, self._time, COUNTER),
            *door.page("POST", _TIME, self._other_day, COUNTER),
            *door.page("POST", _NEW, self._book, COUNTER),
        ]

    async def _services(self, request: Request, device: Device) -> Response:
        return await self._choose(request, device, await self._desk.where(request))

    async def _choose(self, request: Request, device: Device, where: Where, *, wrong: str = "") -> Response:
        matters = await self._counter.matters()
        order = order_of(request.query_params, matters, where.day)
        return await self._desk.door.render(
            request,
            "appointments/new.html",
            status=_INVALID if wrong else 200,
            device=device,
            where=where,
            offered=[matters[code] for code in where.place.services if code in matters],
            counts={each.service: each.count for each in order.items},
            starts_at=request.query_params.get("ab", ""),
            resource=request.query_params.get("schalter", ""),
            wrong=wrong,
        )

    async def _time(self, request: Request, device: Device) -> Response:
        where = await self._desk.where(request)
        order = order_of(request.query_params, await self._counter.matters(), where.day)
        if not order.items:
            return await self._choose(
                request, device, where, wrong=self._desk.say(request).text("counter.wrong_services")
            )
        try:
            return await self._form(request, device, where, order)
        except Refused as refused:
            return await self._choose(request, device, where, wrong=said(refused, self._desk.say(request)))

    async def _other_day(self, request: Request, device: Device) -> Response:
        """Show the times of another day; what was typed stays."""
        return await self._again(request, device, await form_of(request))

    async def _again(
        self, request: Request, device: Device, form: FormData, *, status: int = 200, wrong: str = ""
    ) -> Response:
        where = await self._desk.where(request, text_of(form, "ort"), text_of(form, "tag"))
        order = order_of(form, await self._counter.matters(), where.day)
        return await self._form(request, device, where, order, status=status, wrong=wrong)

    async def _form(
        self, request: Request, device: Device, where: Where, order: Order, *, status: int = 200, wrong: str = ""
    ) -> Response:
        first = self._desk.bookable(request, order.first)
        free = await self._counter.free(where.place.office, order.items, first, days=_CHOICE_DAYS)
        return await self._desk.door.render(
            request,
            "appointments/new_time.html",
            status=status,
            device=device,
            where=where,
            order=order,
            free=free,
            shown=shown_day(free, where.day),
            nearest=_nearest(free, order.starts_at),
            clock=order.clock or (_clicked(free, order.starts_at) if request.method == "GET" else ""),
            resources=(await self._counter.day(where.place.office, first)).resources,
            what=teller_of(await self._counter.matters()),
            wrong=wrong,
        )

    async def _book(self, request: Request, device: Device) -> Response:
        """Book it; the same page sent twice is one booking."""
        form = await form_of(request)
        order = order_of(form, await self._counter.matters(), self._desk.say(request).today())
        say, starts_at = self._desk.say(request), time_of(form)
        if not order.person["name"] or starts_at is None:
            wrong = say.text("counter.wrong_name" if starts_at else "counter.wrong_time")
            return await self._again(request, device, form, status=_INVALID, wrong=wrong)
        body = {
            "booking_id": str(id_of(order.booking_id)),
            "office": text_of(form, "ort"),
            "items": [each.model_dump() for each in order.items],
            "starts_at": instant(starts_at),
            "resource": order.resource or None,
            "name": order.person["name"],
            "phone": order.person["phone"] or None,
            "email": order.person["email"] or None,
            "note": order.person["note"],
            "language": "de",
            "by": device.name,
        }
        try:
            made = await self._counter.book(body)
        except Refused as refused:
            wrong = wrong_fields(refused, say) or said(refused, say)
            return await self._again(request, device, form, status=refused.status, wrong=wrong)
        return see_other(request, f"{DAY}/{made.booking_id}?getan=gebucht")


def order_of(fields: FormData | QueryParams, matters: Mapping[str, Service], day: date) -> Order:
    """Read what a form or an address says; each page has an id of its own for its booking."""

    def text(name: str) -> str:
        value = fields.get(name)
        return value.strip() if isinstance(value, str) else ""

    counts = [(code, text(f"{_MATTER}{code}")) for code in matters]
    chosen = [(code, min(int(count), _MOST)) for code, count in counts if count.isascii() and count.isdecimal()]
    return Order(
        items=tuple(Chosen(service=code, count=count) for code, count in chosen if count),
        first=day_of(text("erster"), day),
        starts_at=text("starts_at"),
        clock=text("uhrzeit"),
        resource=text("resource"),
        booking_id=text("booking_id") or str(uuid4()),
        person={name: text(name) for name in _PERSON},
    )


def wrong_fields(refused: Refused, say: Say) -> str:
    """Return which fields cannot be read, as the page names them; empty when that is not the reason."""
    fields: object = refused.body.get("fields")
    names = [say.text(f"counter.{each}") for each in _PERSON if isinstance(fields, list) and each in fields]
    return say.text("counter.wrong_fields", names=listed(names)) if names else ""


def shown_day(free: Sequence[Day], wanted: date) -> Day | None:
    """Return the wanted day, or the next one on which something is free."""
    return next((each for each in free if each.day >= wanted and each.starts), None)


def _nearest(free: Sequence[Day], wanted: str) -> str:
    """Return the free time that was clicked on in the day, or the first one after it on that day."""
    at = instant_of(wanted)
    if at is None:
        return ""
    later = (each for day in free for each in day.starts if each >= at and _local_day(each) == _local_day(at))
    return next(later, at).isoformat()


def _clicked(free: Sequence[Day], wanted: str) -> str:
    """Return the time that was clicked on in the day when nothing is offered then or later; it may be possible."""
    at = instant_of(wanted)
    offered = {each.isoformat() for day in free for each in day.starts}
    return "" if at is None or _nearest(free, wanted) in offered else at.astimezone(ZONE).strftime("%H:%M")


def _local_day(at: datetime) -> date:
    return at.astimezone(ZONE).date()
