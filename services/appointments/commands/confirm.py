"""Make a held time theirs: at once, or as soon as the link in a mail is opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.still_offered import check_still_offered
from services.appointments.commands.tell import CITIZEN, tell
from services.appointments.commands.transact import transact
from services.appointments.desk import Desk
from services.appointments.domain.booking import STANDING, Booking, Person
from services.appointments.domain.refusal import HoldExpiredError, LimitError, ProofNeededError, StaleError
from services.appointments.storage import bookings, claims, limits
from services.appointments.storage.booking_rows import email_key


async def confirm(booking_id: UUID, person: Person, desk: Desk, *, by: str = CITIZEN, proven: bool) -> Booking:
    """Book what is held. Not `proven` that a person asks: held on until the link in a mail to them is opened.

    A hold that ran out counts as long as nobody else has the time. MissingError, HoldExpiredError, LimitError;
    ProofNeededError without an address for the link; StaleError when it is no hold (any more); for citizens
    NotOfferedError when the office has closed meanwhile or the time has begun.
    """
    if by == CITIZEN:
        await check_still_offered(booking_id, desk)

    async def work(session: AsyncSession) -> Booking:
        return await confirm_within(session, booking_id, person, desk, by=by, proven=proven)

    booking = await transact(desk, work)
    # Asked again it changes nothing, and what waited for its link too long may be somebody else's by now.
    if booking.expires_at is None or booking.expires_at > desk.now():
        desk.planner.took(booking.allocation, expires_at=booking.expires_at)
    return booking


async def confirm_within(
    session: AsyncSession, booking_id: UUID, person: Person, desk: Desk, *, by: str = CITIZEN, proven: bool
) -> Booking:
    """Do it in the caller's transaction; the caller calls `desk.planner.took` after its commit."""
    held = await bookings.locked(session, booking_id)
    if held.state in ("unconfirmed", "booked") and held.person == person:
        return held
    _check_held(held)
    if by == CITIZEN:
        await _check_limit(session, held, person, desk)
    if proven:
        return await _book(session, replace(held, person=person), desk, by=by)
    if person.email is None:
        raise ProofNeededError
    return await _wait_for_link(session, replace(held, person=person), desk, by=by)


async def confirm_by_link(booking_id: UUID, desk: Desk) -> Booking:
    """Book what waits for its link; opened again, it changes nothing. The same errors as `confirm`."""
    await check_still_offered(booking_id, desk)

    async def work(session: AsyncSession) -> Booking:
        waiting = await bookings.locked(session, booking_id)
        if waiting.state in STANDING:
            return waiting
        if waiting.state == "expired":
            raise HoldExpiredError
        if waiting.state != "unconfirmed":
            raise StaleError
        if waiting.person is not None and waiting.expires_at is not None and waiting.expires_at <= desk.now():
            # Whoever waited that long was not counted meanwhile.
            await _check_limit(session, waiting, waiting.person, desk)
        return await _book(session, waiting, desk, by=CITIZEN)

    booking = await transact(desk, work)
    desk.planner.took(booking.allocation, expires_at=None)
    return booking


def _check_held(booking: Booking) -> None:
    if booking.state == "expired":
        raise HoldExpiredError
    if booking.state != "held":
        raise StaleError


async def _check_limit(session: AsyncSession, held: Booking, person: Person, desk: Desk) -> None:
    if person.email is None:
        return
    key = email_key(person.email)
    coming = await limits.coming_of_email(session, key, now=desk.now(), besides=held.booking_id)
    if coming >= desk.settings.most_per_email:
        raise LimitError("email")


async def _book(session: AsyncSession, held: Booking, desk: Desk, *, by: str) -> Booking:
    booked = await _firm(session, replace(held, state="booked", expires_at=None))
    await tell(session, desk, booked, "booked", by=by)
    return booked


async def _wait_for_link(session: AsyncSession, held: Booking, desk: Desk, *, by: str) -> Booking:
    until = desk.now() + timedelta(minutes=desk.settings.confirm_minutes)
    # Never less than the hold that they have already.
    until = max(min(until, held.allocation.starts_at), held.expires_at or until)
    waiting = await _firm(session, replace(held, state="unconfirmed", expires_at=until))
    await tell(session, desk, waiting, "confirm", by=by)
    return waiting


async def _firm(session: AsyncSession, after: Booking) -> Booking:
    """Write claims and row; the claims decide whether the time is still theirs."""
    ours = await claims.make_firm(session, after.booking_id, expires_at=after.expires_at)
    if ours != after.allocation.size:
        raise HoldExpiredError
    return await bookings.change(session, after)
