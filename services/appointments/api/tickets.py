"""HTTP in: numbers of the waiting hall, check-in, calls, the display."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpoint, Endpointed, Problem, path_id, route
from contracts.foreign import Slug
from services.appointments import queries_queue as queries
from services.appointments.api.told import Body, answer, instant, read, refusing
from services.appointments.commands.call import Action, act, call_next
from services.appointments.commands.queue import check_in, take_number
from services.appointments.commands.tell import CITIZEN
from services.appointments.desk import Desk
from services.appointments.domain.booking import Item
from services.appointments.domain.hall import Hall
from services.appointments.domain.queue import ArrivalError, Ticket, shown
from services.appointments.domain.refusal import MissingError
from services.appointments.domain.ticks import LOCAL
from services.appointments.domain.tokens import read as read_token
from services.appointments.domain.tokens import sign
from services.appointments.storage import queue

_By = Annotated[str, Field(min_length=1, max_length=64)]


class _Wanted(Body):
    service: Slug
    count: int = Field(default=1, ge=1, le=20)


class _Taking(Body):
    ticket_id: UUID = Field(default_factory=uuid4)
    office: Slug
    items: tuple[_Wanted, ...] = Field(min_length=1, max_length=10)
    by: _By | None = None


class _Arriving(Body):
    number: str | None = Field(default=None, min_length=1, max_length=40)
    booking: str | None = Field(default=None, max_length=64)
    office: Slug | None = None
    by: _By = CITIZEN
    """The clerk who checks them in."""


class _Calling(Body):
    by: _By


class _Acting(Body):
    action: Action
    by: _By


def routes(desk: Desk) -> list[Endpointed]:
    """Return the routes of the queue."""
    hall, counter = _Hall(desk), _Counter(desk)
    stated: list[tuple[str, str, Endpoint]] = [
        ("GET", "/walk-ins", hall.walk_ins),
        ("POST", "/tickets", hall.take),
        ("GET", "/tickets/{token}", hall.show),
        ("POST", "/arrivals", hall.arrive),
        ("GET", "/displays/{office}", hall.display),
        ("GET", "/counters", counter.all),
        ("GET", "/queues/{office}", counter.queue),
        ("POST", "/counters/{resource}/next", counter.next),
        ("POST", "/counters/{resource}/tickets/{ticket_id}", counter.act),
    ]
    return [route(method, path, refusing(endpoint), callers=["portal"]) for method, path, endpoint in stated]


class _Hall:
    """For those who wait."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def walk_ins(self, _request: Request) -> Response:
        async with self._desk.database.reading() as session:
            halls = [await queries.hall_of(session, self._desk, each) for each in self._desk.master.offices]
        return answer([queries.walk_in(each) for each in halls])

    async def take(self, request: Request) -> Response:
        form = await read(request, _Taking)
        items = [Item(each.service, each.count) for each in form.items]
        hall, ticket = await take_number(
            form.office, items, self._desk, ticket_id=form.ticket_id, by_staff=form.by is not None
        )
        return answer(self._own(hall, ticket), 201)

    async def arrive(self, request: Request) -> Response:
        form = await read(request, _Arriving)
        try:
            hall, ticket = await check_in(self._wanted(form), form.office, self._desk, by=form.by)
        except ArrivalError as error:
            raise self._not_now(error) from None
        return answer(self._own(hall, ticket), 201)

    async def show(self, request: Request) -> Response:
        ticket_id = read_token(self._desk.key, "ticket", request.path_params["token"])
        async with self._desk.database.reading() as session:
            ticket = None if ticket_id is None else await queue.find(session, ticket_id)
            if ticket is None or ticket.office not in self._desk.master.offices:
                raise MissingError
            hall = await queries.hall_of(session, self._desk, ticket.office)
        return answer(self._own(hall, ticket))

    async def display(self, request: Request) -> Response:
        return answer(queries.display(await _hall(request, self._desk)))

    def _own(self, hall: Hall, ticket: Ticket) -> queries.Json:
        return {"token": sign(self._desk.key, "ticket", ticket.ticket_id), **queries.own(hall, ticket)}

    def _wanted(self, form: _Arriving) -> UUID | str:
        if form.number is not None:
            return "".join(form.number.split()).upper()
        booking_id = read_token(self._desk.key, "booking", form.booking or "")
        if booking_id is None:
            raise MissingError
        return booking_id

    def _not_now(self, error: ArrivalError) -> Problem:
        office = self._desk.master.offices.get(error.office)
        name, at = error.office if office is None else office.name, error.at.astimezone(LOCAL)
        titles = {
            "early": f"Sie sind früh da: Ihr Termin beginnt um {at:%H:%M} Uhr.",
            "other_day": f"Ihr Termin ist am {at:%d.%m.%Y} um {at:%H:%M} Uhr.",
            "other_office": f"Ihr Termin ist woanders: {name}.",
            "over": "Dieser Termin ist abgesagt oder schon vorbei.",
        }
        detail = "Bitte melden Sie sich zur richtigen Zeit am richtigen Ort an."
        starts_at = instant(error.at)
        title = titles[error.reason]
        return Problem(422, title, detail, code=error.reason, office_name=name, starts_at=starts_at)


class _Counter:
    """For those who call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def all(self, _request: Request) -> Response:
        return answer(queries.counters(self._desk.master))

    async def queue(self, request: Request) -> Response:
        hall = await _hall(request, self._desk)
        async with self._desk.database.reading() as session:
            names = await queue.names(session, hall.tickets)
        return answer(queries.staff(hall, names))

    async def next(self, request: Request) -> Response:
        await read(request, _Calling)
        ticket = await call_next(request.path_params["resource"], self._desk)
        return answer({"ticket": None if ticket is None else self._short(ticket)})

    async def act(self, request: Request) -> Response:
        form = await read(request, _Acting)
        ticket_id = path_id(request, "ticket_id")
        ticket = await act(request.path_params["resource"], ticket_id, form.action, self._desk, by=form.by)
        return answer({"ticket": self._short(ticket)})

    def _short(self, ticket: Ticket) -> queries.Json:
        office = self._desk.master.offices[ticket.office]
        number = shown(office, ticket.number)
        return {"ticket_id": str(ticket.ticket_id), "number": number, "state": ticket.state, "calls": ticket.calls}


async def _hall(request: Request, desk: Desk) -> Hall:
    office = request.path_params["office"]
    if office not in desk.master.offices:
        raise MissingError
    async with desk.database.reading() as session:
        return await queries.hall_of(session, desk, office)
