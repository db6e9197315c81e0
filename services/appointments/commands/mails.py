"""Mails about appointments, recorded in the transaction of their reason."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.mail_ledger import Mail, record_mail
from chassis.mail_tables import OutgoingMail
from services.appointments.desk import Desk
from services.appointments.domain.appointment_mail import About, House, links_sheet, sheet_of
from services.appointments.domain.booking import Allocation, Booking
from services.appointments.domain.letter import Attachment, Posting, Sheet, compose, sender_address
from services.appointments.domain.mail_words import Occasion
from services.appointments.gateways import ics

_METHODS: dict[Occasion, Literal["REQUEST", "CANCEL"]] = {
    "booked": "REQUEST",
    "moved": "REQUEST",
    "cancelled": "CANCEL",
    "restored": "REQUEST",
}
_MAILS = UUID("0e7c29d4-6b1f-5a57-8d0c-5f4b1c9be2a6")
_AT_LEAST = timedelta(hours=1)
_AT_MOST = timedelta(days=3)
"""So long a mail is brought to a relay that is away."""
_DAY_LIST_FOR = timedelta(hours=4)
LINKS_EVERY = timedelta(minutes=10)
"""The links are mailed once within it, however often somebody asks."""


def house_of(desk: Desk) -> House:
    """Return who writes."""
    settings = desk.settings
    return House(settings.town_name, settings.portal_url.rstrip("/"), desk.key, desk.master)


async def record_mail_of(
    session: AsyncSession, desk: Desk, booking: Booking, what: Occasion, *, previous: Allocation | None = None
) -> None:
    """Record the mail, if the person has an address; the same about the same version is one mail."""
    if booking.person is None or booking.person.email is None:
        return
    now, house, method = desk.now(), house_of(desk), _METHODS.get(what)
    attachment = None
    if method is not None:
        organizer = sender_address(desk.settings.mail_from)
        attachment = Attachment(ics.invitation(booking, house, organizer=organizer, method=method, now=now), method)
    posting = Posting(
        uuid5(booking.booking_id, f"{booking.version}|{what}"), desk.settings.mail_from, booking.person.email, now
    )
    sheet = sheet_of(what, About(booking, now, previous), house)
    await _record(session, posting, what, compose(posting, sheet, attachment), expires_at=_expiry(booking, what, now))


async def record_links(session: AsyncSession, desk: Desk, email: str, bookings: Sequence[Booking]) -> None:
    """Record the answer to a lost link: all of these, which are booked under the address."""
    if not bookings:
        return
    now = desk.now()
    address = hmac.new(desk.key, b"links\n" + email.strip().lower().encode(), hashlib.sha256).hexdigest()
    window = int(now.timestamp() // LINKS_EVERY.total_seconds())
    posting = Posting(uuid5(_MAILS, f"links|{address}|{window}"), desk.settings.mail_from, email, now)
    content = compose(posting, links_sheet(bookings, house_of(desk)))
    await _record(session, posting, "links", content, expires_at=now + _AT_LEAST)


async def day_list_is_recorded(session: AsyncSession, office: str, day: date) -> bool:
    """Tell whether the list of a day was mailed already."""
    return await session.get(OutgoingMail, _day_list_id(office, day)) is not None


async def record_day_list(
    session: AsyncSession, desk: Desk, sheet: Sheet, *, email: str, office: str, day: date
) -> None:
    """Record the list of a day; the same office and day is one mail."""
    posting = Posting(_day_list_id(office, day), desk.settings.mail_from, email, desk.now())
    await _record(session, posting, "day_list", compose(posting, sheet), expires_at=desk.now() + _DAY_LIST_FOR)


def _day_list_id(office: str, day: date) -> UUID:
    return uuid5(_MAILS, f"day|{office}|{day}")


async def _record(
    session: AsyncSession, posting: Posting, purpose: str, content: bytes, *, expires_at: datetime
) -> None:
    mail = Mail(posting.mail_id, f"appointment_{purpose}", posting.recipient, content, expires_at)
    await record_mail(session, mail, now=posting.at)


def _expiry(booking: Booking, what: Occasion, now: datetime) -> datetime:
    """Nobody wants to be asked, offered or reminded when it is over."""
    starts_at = booking.allocation.starts_at
    if what in ("confirm", "offered"):
        return booking.expires_at or starts_at
    if what == "reminder":
        return starts_at
    return max(now + _AT_LEAST, min(now + _AT_MOST, starts_at))
