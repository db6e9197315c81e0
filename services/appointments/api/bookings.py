"""HTTP in: one's own appointment, by its link. No account: whoever has the link may see and change it."""

from __future__ import annotations

from typing import Annotated, Literal
from unicodedata import category, normalize
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed, route
from contracts.foreign import Slug
from services.appointments.api.told import Body, answer, instant, offering, read, refusing
from services.appointments.commands.cancel import cancel
from services.appointments.commands.confirm import confirm, confirm_by_link
from services.appointments.commands.links import send_links
from services.appointments.commands.move import move
from services.appointments.commands.tell import CITIZEN
from services.appointments.desk import Desk
from services.appointments.domain import tokens
from services.appointments.domain.booking import Booking, Person, Wish
from services.appointments.domain.refusal import MissingError
from services.appointments.storage import bookings

_SHOWN = 1


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        message = "is no e-mail address"
        raise ValueError(message) from None


def _without_controls(text: str) -> str:
    """PostgreSQL takes no NUL; of the others only the line break means anything, in a note."""
    return "".join(each if each == "\n" or category(each) != "Cc" else " " for each in text)


def _on_one_line(text: str) -> str:
    return normalize("NFC", " ".join(_without_controls(text).split()))


def _empty_is_none(text: str | None) -> str | None:
    return text or None


Name = Annotated[str, AfterValidator(_on_one_line), Field(min_length=1, max_length=120)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_email)]
_Digits = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=r"^[0-9+()/ .-]*$")]
Phone = Annotated[_Digits | None, AfterValidator(_empty_is_none)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(_without_controls)]
Language = Literal["de", "en", "plain"]


class PersonBody(Body):
    """Who comes."""

    name: Name
    email: Email | None = None
    phone: Phone = None
    note: Note = ""
    language: Language = "de"

    def person(self) -> Person:
        """Return it as a value."""
        return Person(self.name, self.email, self.phone, self.language, self.note)


class _Move(Body):
    office: Slug | None = None
    starts_at: AwareDatetime
    seen_version: int


class _Cancellation(Body):
    seen_version: int | None = None


class _Links(Body):
    email: Email


def view(booking: Booking, desk: Desk) -> dict[str, object]:
    """Return an appointment as its owner sees it."""
    where, person = booking.allocation, booking.person
    is_to_come = where.starts_at > desk.now()
    return {
        "token": tokens.sign(desk.key, "booking", booking.booking_id),
        "booking_id": str(booking.booking_id),
        "state": booking.state,
        "office": where.office,
        "items": [{"service": each.service, "count": each.count} for each in booking.items],
        "resources": list(where.resources),
        "starts_at": instant(where.starts_at),
        "ends_at": instant(where.ends_at),
        "number": booking.number,
        "version": booking.version,
        "expires_at": None if booking.expires_at is None else instant(booking.expires_at),
        "language": "de" if person is None else person.language,
        "name": None if person is None else person.name,
        "email_masked": None if person is None or person.email is None else masked(person.email),
        "has_phone": person is not None and person.phone is not None,
        "proven": booking.proven,
        "may_move": booking.state == "booked" and is_to_come,
        "may_cancel": booking.state in ("held", "unconfirmed") or (booking.state == "booked" and is_to_come),
        "calendar_token": tokens.sign(desk.key, "calendar", booking.booking_id) if booking.state == "booked" else None,
    }


def routes(desk: Desk) -> list[Endpointed]:
    """Return the routes of one's own appointment."""
    api = _Bookings(desk)
    stated = [
        # Before those with a token in their place.
        ("POST", "/bookings/links", api.links),
        ("GET", "/bookings/{token}", api.show),
        ("POST", "/bookings/{token}/confirmation", api.confirm),
        ("POST", "/bookings/{token}/link-confirmation", api.confirm_by_link),
        ("POST", "/bookings/{token}/move", api.move),
        ("POST", "/bookings/{token}/cancellation", api.cancel),
    ]
    return [route(method, path, refusing(endpoint), callers=["portal"]) for method, path, endpoint in stated]


class _Bookings:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, request: Request) -> Response:
        return self._answer(await self._booking(request))

    async def confirm(self, request: Request) -> Response:
        person = (await read(request, PersonBody)).person()
        booking = await self._booking(request)
        return self._answer(await confirm(booking.booking_id, person, self._desk, proven=booking.proven))

    async def confirm_by_link(self, request: Request) -> Response:
        return self._answer(await confirm_by_link(self._id(request, "confirm"), self._desk))

    async def move(self, request: Request) -> Response:
        body = await read(request, _Move)
        booking = await self._booking(request)
        wish = Wish(body.office or booking.allocation.office, booking.items)
        async with offering(self._desk, wish, body.starts_at):
            moved = await move(
                booking.booking_id,
                wish,
                body.starts_at,
                self._desk,
                by=CITIZEN,
                seen_version=body.seen_version,
                audience="public",
            )
        return self._answer(moved)

    async def cancel(self, request: Request) -> Response:
        body = await read(request, _Cancellation)
        booking_id = self._id(request, "booking")
        return self._answer(await cancel(booking_id, self._desk, by=CITIZEN, seen_version=body.seen_version))

    async def links(self, request: Request) -> Response:
        await send_links((await read(request, _Links)).email, self._desk)
        return answer({}, 202)

    async def _booking(self, request: Request) -> Booking:
        async with self._desk.database.reading() as session:
            booking = await bookings.find(session, self._id(request, "booking"))
        if booking is None:
            raise MissingError
        return booking

    def _id(self, request: Request, purpose: tokens.Purpose) -> UUID:
        booking_id = tokens.read(self._desk.key, purpose, request.path_params["token"])
        if booking_id is None:
            raise MissingError
        return booking_id

    def _answer(self, booking: Booking) -> Response:
        return answer(view(booking, self._desk))


def masked(email: str) -> str:
    """Return enough of an address to recognise one's own."""
    local, _, domain = email.rpartition("@")
    return f"{local[:_SHOWN]}***@{domain}"
