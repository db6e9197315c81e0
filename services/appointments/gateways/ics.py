"""Appointments as calendars (iCalendar, RFC 5545; invitations: RFC 5546, iTIP)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from icalendar import Calendar, Event, FreeBusy, Timezone, vCalAddress

from services.appointments.domain.appointment_mail import House, item_words, language_of, said, services_of
from services.appointments.domain.booking import Booking
from services.appointments.domain.letter import one_line
from services.appointments.domain.mail_words import FRAMES

_REFRESH = timedelta(minutes=30)
_ZONE = Timezone.from_tzid("Europe/Berlin", first_date=date(2026, 1, 1))
"""Stands in every feed: one without any component is no calendar, and some programs refuse it."""


@dataclass(frozen=True, slots=True)
class Busy:
    """When one resource is not free."""

    name: str
    spans: Sequence[tuple[datetime, datetime]]


def invitation(
    booking: Booking, house: House, *, organizer: str, method: Literal["REQUEST", "CANCEL"], now: datetime
) -> bytes:
    """Return what a mail program enters into somebody's calendar, changes there or takes out of it."""
    calendar = _calendar()
    calendar.add("method", method)
    event = _event(booking, house, now=now)
    event.add("organizer", _address(organizer, house.town))
    if booking.person is not None and booking.person.email is not None:
        attendee = _address(booking.person.email, one_line(booking.person.name, most=60))
        for name, value in (("PARTSTAT", "ACCEPTED"), ("ROLE", "REQ-PARTICIPANT"), ("RSVP", "FALSE")):
            attendee.params[name] = value
        event.add("attendee", attendee)
    calendar.add_component(event)
    return calendar.to_ical()


def feed(bookings: Sequence[Booking], house: House, *, title: str, now: datetime) -> bytes:
    """Return appointments as a calendar that programs fetch again and again."""
    calendar = _calendar()
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT30M")
    calendar.add_component(_ZONE)
    for each in bookings:
        calendar.add_component(_event(each, house, now=now))
    return calendar.to_ical()


def free_busy(busy: Sequence[Busy], *, host: str, office: str, span: tuple[datetime, datetime], now: datetime) -> bytes:
    """Return when each resource is taken; who comes is nobody's business."""
    calendar = _calendar()
    for number, each in enumerate(busy):
        component = FreeBusy()
        component.add("uid", f"{office}-{number}-{span[0]:%Y%m%d}@{host}")
        component.add("dtstamp", now)
        component.add("dtstart", span[0])
        component.add("dtend", span[1])
        component.add("comment", each.name)
        for one in each.spans:
            component.add("freebusy", [one], parameters={"FBTYPE": "BUSY"})
        calendar.add_component(component)
    return calendar.to_ical()


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Digitales Rathaus//Termine//DE")
    calendar.add("version", "2.0")
    return calendar


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{one_line(email)}")
    address.params["CN"] = name.replace('"', "'")
    return address


def _event(booking: Booking, house: House, *, now: datetime) -> Event:
    where, language = booking.allocation, language_of(booking)
    frame, office = FRAMES[language], house.master.offices[where.office]
    page = house.booking_page(language, booking)
    bring = dict.fromkeys(said(text, language) for each in services_of(booking, house.master) for text in each.bring)
    lines = [f"{frame.number}: {booking.number}", *((frame.bring, *(f"- {each}" for each in bring)) if bring else ())]
    gone = booking.state in ("cancelled", "expired")
    event = Event()
    event.add("uid", f"{booking.booking_id}@{urlsplit(house.portal_url).hostname or 'localhost'}")
    event.add("sequence", booking.version - 1)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", where.starts_at)
    event.add("dtend", where.ends_at)
    event.add("summary", ", ".join(item_words(booking.items, house.master, language)) or office.name)
    event.add("location", f"{office.name}, {office.address}")
    event.add("description", "\n".join([*lines, page]))
    event.add("url", page)
    event.add("status", "CANCELLED" if gone else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if gone else "OPAQUE")
    return event
