"""What staff see: the day, the week, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.desk import Desk
from services.appointments.domain.booking import Booking, Wish
from services.appointments.domain.calendar import OfficeCalendar, open_spans, why_shut
from services.appointments.domain.queue import Ticket, shown
from services.appointments.domain.refusal import MissingError, NotOfferedError
from services.appointments.domain.ticks import instant_of
from services.appointments.domain.visit import visit_of
from services.appointments.storage import booking_lists, bookings, history, queue
from services.appointments.storage.booking_rows import booking_of as value_of

_WEEK = 7
_PAST = timedelta(days=30)
"""So far back a name is looked for."""


async def day_of(desk: Desk, office: str, day: date) -> dict[str, Any]:
    """Return one day of an office with names; MissingError when there is no such office."""
    _known(desk, office)
    calendar = await desk.planner.calendar(office)
    async with desk.database.reading() as session:
        return await _day(session, desk, calendar, day)


async def week_of(desk: Desk, office: str, day: date) -> dict[str, Any]:
    """Return the week from Monday on in which a day lies, without what is personal."""
    _known(desk, office)
    calendar = await desk.planner.calendar(office)
    monday = day - timedelta(days=day.weekday())
    async with desk.database.reading() as session:
        days = [await _day(session, desk, calendar, monday + timedelta(days=each)) for each in range(_WEEK)]
    return {"days": [{**each, "entries": [_nameless(entry) for entry in each["entries"]]} for each in days]}


async def booking_of(desk: Desk, booking_id: UUID) -> Booking:
    """Return a booking; MissingError when there is none."""
    async with desk.database.reading() as session:
        booking = await bookings.find(session, booking_id)
    if booking is None:
        raise MissingError
    return booking


async def entry_of(desk: Desk, booking_id: UUID) -> dict[str, Any]:
    """Return one booking as staff see it; MissingError when there is none."""
    booking = await booking_of(desk, booking_id)
    async with desk.database.reading() as session:
        return entry(booking, desk, await queue.of_booking(session, booking_id))


async def found(desk: Desk, *, number: str | None, text: str | None) -> list[dict[str, Any]]:
    """Return bookings by their short code, or by a part of the name."""
    async with desk.database.reading() as session:
        several = [] if not (number or text) else await booking_lists.by_number(session, number or text or "")
        if not several and text:
            several = await booking_lists.by_name(session, text, since=desk.now() - _PAST)
        tickets = {each.booking_id: await queue.of_booking(session, each.booking_id) for each in several}
    return [entry(each, desk, tickets[each.booking_id]) for each in several]


async def history_of(desk: Desk, booking_id: UUID) -> list[dict[str, Any]]:
    """Return what was done with a booking, in order; MissingError when there is none."""
    await booking_of(desk, booking_id)
    async with desk.database.reading() as session:
        changes = await history.of_booking(session, booking_id)
    return [{"at": _instant(each.at), "by": each.by, "what": each.what, "details": each.details} for each in changes]


def entry(booking: Booking, desk: Desk, ticket: Ticket | None = None) -> dict[str, Any]:
    """Return a booking as staff see it."""
    where, person = booking.allocation, booking.person
    return {
        "booking_id": str(booking.booking_id),
        "office": where.office,
        "number": booking.number,
        "state": booking.state,
        "resources": list(where.resources),
        "starts_at": _instant(where.starts_at),
        "ends_at": _instant(where.ends_at),
        "free_at": _free_at(booking),
        "may_be_at": _may_be_at(booking, desk),
        "items": [{"service": each.service, "count": each.count} for each in booking.items],
        "name": None if person is None else person.name,
        "email": None if person is None else person.email,
        "phone": None if person is None else person.phone,
        "note": "" if person is None else person.note,
        "channel": booking.channel,
        "version": booking.version,
        "ticket": _ticket(ticket, desk),
    }


async def _day(session: AsyncSession, desk: Desk, calendar: OfficeCalendar, day: date) -> dict[str, Any]:
    office = calendar.office
    resources = desk.master.of_office(office)
    tickets: Mapping[UUID | None, Ticket] = {
        each.booking_id: each for each in await queue.of_day(session, office, day) if each.booking_id is not None
    }
    now = desk.now()
    rows = [value_of(each) for each in await booking_lists.of_day(session, office, day, now=now)]
    return {
        "office": office,
        "day": day.isoformat(),
        "closed_name": _closed_name(calendar, [each.code for each in resources], day),
        "resources": [{"resource": each.code, "name": each.name} for each in resources],
        "open": [
            {
                "resource": each.code,
                "from": _instant(instant_of(span.first_tick)),
                "to": _instant(instant_of(span.end_tick)),
                "audience": span.audience,
            }
            for each in resources
            for span in open_spans(calendar, each.code, day)
        ],
        "entries": [entry(each, desk, tickets.get(each.booking_id)) for each in rows],
        "held": [_held(each) for each in await booking_lists.held_on(session, office, day, now=now)],
    }


def _closed_name(calendar: OfficeCalendar, resources: list[str], day: date) -> str | None:
    """Return the holiday or the reason of a closure for which nothing is open."""
    if any(open_spans(calendar, each, day) for each in resources):
        return None
    _, name = why_shut(calendar, frozenset(resources), day)
    return name


def _held(booking: Booking) -> dict[str, Any]:
    """Return what nobody else may have now, and until when; it is nobody's yet, so it has no name."""
    return {
        "resources": list(booking.allocation.resources),
        "starts_at": _instant(booking.allocation.starts_at),
        "free_at": _free_at(booking),
        "expires_at": None if booking.expires_at is None else _instant(booking.expires_at),
    }


def _may_be_at(booking: Booking, desk: Desk) -> list[str]:
    """Return where all of it can be done; where it stands, when nobody offers that any more."""
    try:
        visit = visit_of(desk.master, Wish(booking.allocation.office, booking.items))
    except NotOfferedError:
        return list(booking.allocation.resources)
    return sorted(visit.resources)


def _free_at(booking: Booking) -> str:
    """Return when its counter is free again: the buffer after a visit is taken too."""
    return _instant(instant_of(booking.allocation.claimed.stop))


def _nameless(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in ("name", "email", "phone", "note")}


def _ticket(ticket: Ticket | None, desk: Desk) -> dict[str, str] | None:
    if ticket is None:
        return None
    return {"number": shown(desk.master.offices[ticket.office], ticket.number), "state": ticket.state}


def _known(desk: Desk, office: str) -> None:
    if office not in desk.master.offices:
        raise MissingError


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
