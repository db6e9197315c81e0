"""HTTP in: what is offered where, and what is free. Nothing in it is personal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.http import Endpointed, Problem, route
from services.appointments import queries_availability as queries
from services.appointments.api.told import refusing
from services.appointments.desk import Desk
from services.appointments.domain import tokens
from services.appointments.domain.booking import Allocation, Audience, Item, Wish
from services.appointments.domain.ticks import LOCAL
from services.appointments.storage import bookings

MOST_DAYS = 92
_MOST_ITEMS = 20
_CALLERS = ["portal", "rathaus"]
_SECONDS_A_CACHE_MAY_KEEP = 300


class _Query(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class _Office(_Query):
    office: str
    first: Annotated[date | None, Field(alias="from")] = None
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 14


class _Items(_Query):
    items: Annotated[str, Field(max_length=1000)]
    audience: Audience = "public"

    def wanted(self) -> tuple[Item, ...]:
        """Read `personalausweis:2,hund`; a Problem when it is something else."""
        try:
            found = tuple(_item(each) for each in self.items.split(","))
        except ValueError:
            found = ()
        if not 1 <= len(found) <= _MOST_ITEMS:
            raise _unreadable("items")
        return found


class _Availability(_Office, _Items):
    besides: str | None = None


QueryT = TypeVar("QueryT", bound=_Query)


def routes(desk: Desk) -> list[Endpointed]:
    """Return the routes that only look."""

    async def offices(request: Request) -> Response:
        del request
        return _public(queries.offices(desk.master))

    async def services(request: Request) -> Response:
        del request
        return _public(queries.services(desk.master))

    async def availability(request: Request) -> Response:
        asked = _read(request, _Availability)
        besides = await _besides(desk, asked)
        wish = Wish(asked.office, asked.wanted())
        span = (_first(desk, asked), asked.days)
        found = await queries.availability(desk, wish, span, audience=asked.audience, besides=besides)
        return JSONResponse(found)

    async def earliest(request: Request) -> Response:
        asked = _read(request, _Items)
        return JSONResponse(await queries.earliest(desk, asked.wanted(), audience=asked.audience))

    async def free_busy(request: Request) -> Response:
        asked = _read(request, _Office)
        return JSONResponse(await queries.free_busy(desk, asked.office, _first(desk, asked), asked.days))

    return [
        route("GET", "/offices", offices, callers=_CALLERS),
        route("GET", "/services", services, callers=_CALLERS),
        route("GET", "/availability", refusing(availability), callers=_CALLERS),
        route("GET", "/earliest", refusing(earliest), callers=_CALLERS),
        route("GET", "/free-busy", refusing(free_busy), callers=_CALLERS),
    ]


async def _besides(desk: Desk, asked: _Availability) -> Allocation | None:
    """Return what a booking takes that is to be moved: by its link, staff also by its id. An unknown one is none."""
    if asked.besides is None:
        return None
    booking_id = tokens.read(desk.key, "booking", asked.besides)
    if booking_id is None and asked.audience == "staff":
        booking_id = _id(asked.besides)
    if booking_id is None:
        return None
    async with desk.database.reading() as session:
        found = await bookings.find(session, booking_id)
    return None if found is None else found.allocation


def _first(desk: Desk, asked: _Office) -> date:
    """Return the first day asked for, today when none is named; far from today nothing is worth working out."""
    today = desk.now().astimezone(LOCAL).date()
    first = asked.first or today
    if abs((first - today).days) > queries.FARTHEST_DAYS:
        raise _unreadable("from")
    return first if asked.first is None else max(first, today - timedelta(days=MOST_DAYS))


def _read(request: Request, model: type[QueryT]) -> QueryT:
    try:
        return model.model_validate(dict(request.query_params))
    except ValidationError as error:
        names = ", ".join(sorted({str(each["loc"][0]) for each in error.errors()}))
        raise _unreadable(names) from None


def _unreadable(names: str) -> Problem:
    title, detail = "So ist die Anfrage nicht zu verstehen.", f"Bitte prüfen: {names}."
    return Problem(422, title, detail, code="invalid", fields=names.split(", "))


def _item(text: str) -> Item:
    service, colon, count = text.strip().partition(":")
    if not service or (colon and not (count.isascii() and count.isdigit() and len(count) <= len("999"))):
        raise ValueError
    return Item(service, int(count) if colon else 1)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _public(content: object) -> Response:
    headers = {"Cache-Control": f"public, max-age={_SECONDS_A_CACHE_MAY_KEEP}"}
    return JSONResponse(content, headers=headers)
