"""What calendars show: read only."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from services.appointments.desk import Desk
from services.appointments.domain import tokens
from services.appointments.domain.booking import STANDING, Booking
from services.appointments.domain.refusal import MissingError
from services.appointments.domain.ticks import day_ticks, instant_of
from services.appointments.gateways.ics import Busy
from services.appointments.storage import booking_lists, bookings
from services.appointments.storage.booking_rows import email_key
from services.appointments.storage.occupancy import Stretch, stretches

PAST = timedelta(days=30)
"""So long a visit stays in the personal calendar."""
_SHOWN = (*STANDING, "cancelled")


async def one_appointment(token: str, purpose: tokens.Purpose, desk: Desk) -> Booking:
    """Return the appointment of a link; MissingError when there is none, or none yet, or nobody knows whose it was."""
    booking_id = tokens.read(desk.key, purpose, token)
    if booking_id is None:
        raise MissingError
    async with desk.database.reading() as session:
        booking = await bookings.find(session, booking_id)
    if booking is None or booking.person is None or booking.state not in _SHOWN:
        raise MissingError
    return booking


async def appointments_of_address(token: str, desk: Desk) -> list[Booking]:
    """Return what stands under the e-mail address of a booking: coming, and of the last days.

    Only with the token that is mailed to this address; with any other one of the booking this booking alone.
    """
    if tokens.read(desk.key, "feed", token) is None:
        return [await one_appointment(token, "calendar", desk)]
    booking = await one_appointment(token, "feed", desk)
    if booking.person is None or booking.person.email is None:
        raise MissingError
    async with desk.database.reading() as session:
        key = email_key(booking.person.email)
        found = await booking_lists.of_email(session, key, desk.now() - PAST)
    return [each for each in found if each.state in STANDING]


async def busy_of(office: str, first: date, days: int, desk: Desk) -> tuple[tuple[datetime, datetime], list[Busy]]:
    """Return when the resources of an office are taken, held or kept back, and the span that was looked at."""
    begin, end = day_ticks(first).start, day_ticks(first + timedelta(days=days - 1)).stop
    resources = desk.master.of_office(office)
    async with desk.database.reading() as session:
        found = await stretches(session, [each.code for each in resources], begin, end)
    now = desk.now()
    current = [each for each in found if each.expires_at is None or each.expires_at > now]
    return (instant_of(begin), instant_of(end)), [Busy(each.name, _joined(current, each.code)) for each in resources]


def _joined(found: list[Stretch], resource: str) -> list[tuple[datetime, datetime]]:
    """Join what touches: how many visits it is stays untold."""
    spans: list[tuple[int, int]] = []
    for first, end in sorted((each.first_tick, each.end_tick) for each in found if each.resource == resource):
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((first, end))
    return [(instant_of(first), instant_of(end)) for first, end in spans]
