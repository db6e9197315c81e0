"""HTTP in: the waiting list (Warteliste)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed, Problem, route
from contracts.foreign import Slug
from services.appointments.api.bookings import Email, Language, Name, Phone, masked, view
from services.appointments.api.holds import Items
from services.appointments.api.told import Body, answer, instant, read, refusing
from services.appointments.commands.answer import accept, leave, reconsider, refuse
from services.appointments.commands.waiting import Standing, confirm_joining, join, standing, whose_offer
from services.appointments.desk import Desk
from services.appointments.domain import tokens
from services.appointments.domain.booking import Booking, Item, Person
from services.appointments.domain.refusal import MissingError
from services.appointments.domain.waiting import Joining, Wanted


def _on_the_minute(at: time) -> time:
    if at.tzinfo is not None:
        message = "is a local time"
        raise ValueError(message)
    return at.replace(second=0, microsecond=0)


_Time = Annotated[time, AfterValidator(_on_the_minute)]


class _Joining(Body):
    waiting_id: UUID
    offices: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=20)]
    items: Items
    first_day: date
    last_day: date
    from_time: _Time | None = None
    to_time: _Time | None = None
    name: Name
    email: Email
    phone: Phone = None
    language: Language = "de"
    booking: Annotated[str | None, Field(max_length=100)] = None
    """Token of the appointment that they would give up."""
    client: Annotated[str | None, Field(max_length=200)] = None
    proof: Annotated[str | None, Field(max_length=4000)] = None

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.last_day < self.first_day:
            message = "last_day is before first_day"
            raise ValueError(message)
        if self.from_time is not None and self.to_time is not None and self.to_time <= self.from_time:
            message = "to_time is not after from_time"
            raise ValueError(message)
        return self

    def wanted(self) -> Wanted:
        """Return which times they would take; an office named twice counts once."""
        items = tuple(Item(each.service, each.count) for each in self.items)
        offices = tuple(dict.fromkeys(self.offices))
        return Wanted(offices, items, self.first_day, self.last_day, self.from_time, self.to_time)


@dataclass(frozen=True, slots=True)
class _Waiting:
    desk: Desk

    async def join(self, request: Request) -> Response:
        body = await read(request, _Joining)
        person = Person(body.name, body.email, body.phone, body.language)
        given_up = None if body.booking is None else self._read("booking", body.booking)
        joining = Joining(body.waiting_id, body.wanted(), person, given_up, body.client, body.proof)
        entry = await join(joining, self.desk)
        return answer({"token": self._token(entry.waiting_id), "state": entry.state}, 201)

    async def confirm(self, request: Request) -> Response:
        """Confirm by the link of the mail only."""
        entry = await confirm_joining(self._read("join", request.path_params["token"]), self.desk)
        return await self._answer(entry.waiting_id)

    async def show(self, request: Request) -> Response:
        waiting_id = await self._entry(request)
        return await self._answer(waiting_id, mailed=self._is_mailed(request))

    async def leave(self, request: Request) -> Response:
        waiting_id = await self._entry(request)
        await leave(waiting_id, self.desk)
        return await self._answer(waiting_id)

    async def accept(self, request: Request) -> Response:
        waiting_id, offer_id = await self._answered(request)
        return answer(view(await accept(waiting_id, self.desk, offer_id=offer_id), self.desk))

    async def refuse(self, request: Request) -> Response:
        waiting_id, offer_id = await self._answered(request)
        await refuse(waiting_id, self.desk, offer_id=offer_id)
        return await self._answer(waiting_id)

    async def reconsider(self, request: Request) -> Response:
        waiting_id, offer_id = await self._answered(request)
        await reconsider(waiting_id, self.desk, offer_id=offer_id)
        return await self._answer(waiting_id)

    async def _answered(self, request: Request) -> tuple[UUID, UUID]:
        """Return the entry and the offer that is answered: by the link of the mail only.

        Whoever joined with an invented address has no such link, and whoever joined with somebody else's cannot have us
        write to them again and again.
        """
        offer_id = tokens.read(self.desk.key, "booking", request.path_params["token"])
        if offer_id is None:
            raise Problem(
                403,
                "Bitte antworten Sie über den Link in unserer E-Mail.",
                "So stellen wir sicher, dass Sie unter dieser Adresse zu erreichen sind.",
                code="by_mail",
            )
        return await whose_offer(offer_id, self.desk), offer_id

    async def _answer(self, waiting_id: UUID, *, mailed: bool = False) -> Response:
        return answer(self._view(await standing(waiting_id, self.desk), mailed=mailed))

    def _is_mailed(self, request: Request) -> bool:
        return tokens.read(self.desk.key, "booking", request.path_params["token"]) is not None

    async def _entry(self, request: Request) -> UUID:
        """Return whose link it is: that of the entry, or in a mail that confirms it or that of the offered time."""
        token: str = request.path_params["token"]
        waiting_id = tokens.read(self.desk.key, "waiting", token) or tokens.read(self.desk.key, "join", token)
        return waiting_id or await whose_offer(self._read("booking", token), self.desk)

    def _read(self, purpose: tokens.Purpose, token: str) -> UUID:
        found = tokens.read(self.desk.key, purpose, token)
        if found is None:
            raise MissingError
        return found

    def _token(self, waiting_id: UUID) -> str:
        return tokens.sign(self.desk.key, "waiting", waiting_id)

    def _view(self, found: Standing, *, mailed: bool) -> dict[str, object]:
        told = mailed or found.entry.state == "taken"
        entry, wanted = found.entry, found.entry.wanted
        person = entry.person
        return {
            "token": self._token(entry.waiting_id),
            "state": entry.state,
            "place": found.ahead + 1,
            "joined_at": instant(entry.joined_at),
            "confirm_until": instant(entry.confirm_until) if entry.state == "unconfirmed" else None,
            "instead_of": None if found.instead_of is None else instant(found.instead_of),
            "offices": list(wanted.offices),
            "items": [{"service": each.service, "count": each.count} for each in wanted.items],
            "first_day": wanted.first_day.isoformat(),
            "last_day": wanted.last_day.isoformat(),
            "from_time": _told(wanted.from_time),
            "to_time": _told(wanted.to_time),
            "email_masked": None if person is None or person.email is None else masked(person.email),
            "offer": None if found.offer is None else self._offer(found.offer, told=told),
        }

    def _offer(self, booking: Booking, *, told: bool) -> dict[str, object]:
        where = booking.allocation
        return {
            "token": tokens.sign(self.desk.key, "booking", booking.booking_id) if told else None,
            "state": booking.state,
            "office": where.office,
            "starts_at": instant(where.starts_at),
            "ends_at": instant(where.ends_at),
            "expires_at": None if booking.expires_at is None else instant(booking.expires_at),
        }


def routes(desk: Desk) -> list[Endpointed]:
    """Return the routes of the waiting list."""
    api = _Waiting(desk)
    stated = [
        ("POST", "/waiting-list", api.join),
        ("GET", "/waiting-list/{token}", api.show),
        ("DELETE", "/waiting-list/{token}", api.leave),
        ("POST", "/waiting-list/{token}/confirmation", api.confirm),
        ("POST", "/waiting-list/{token}/acceptance", api.accept),
        ("POST", "/waiting-list/{token}/refusal", api.refuse),
        ("POST", "/waiting-list/{token}/reconsideration", api.reconsider),
    ]
    return [route(method, path, refusing(endpoint), callers=["portal"]) for method, path, endpoint in stated]


def _told(at: time | None) -> str | None:
    return None if at is None else at.strftime("%H:%M")
