"""What follows from a change of an appointment, in its transaction: event, history, reminder and mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal, get_args

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import outbox
from contracts.appointments import AppointmentBooked, AppointmentCancelled, AppointmentMissed, AppointmentMoved
from contracts.base import Message, envelope, source_of
from services.appointments.commands.mails import record_mail_of
from services.appointments.desk import Desk
from services.appointments.domain.booking import Allocation, Booking
from services.appointments.metrics import APPOINTMENTS
from services.appointments.storage import history, reminders
from services.appointments.storage.reminders import Wanted
from services.appointments.storage.tables import BookingChangeRow

Told = Literal["booked", "moved", "cancelled", "restored", "missed", "confirm", "offered"]
"""confirm: booked as soon as the link in the mail is opened. offered: held for somebody on the waiting list.

restored: a cancellation was taken back; for everybody else it is booked again.
"""
Noted = Literal["arrived", "done", "undone"]
"""What only the history knows of."""
CITIZEN = "citizen"


async def tell(
    session: AsyncSession,
    desk: Desk,
    booking: Booking,
    what: Told,
    *,
    previous: Allocation | None = None,
    by: str = CITIZEN,
) -> None:
    """Record all of it after the rows are written; `previous` is where a moved appointment was.

    Of something cancelled that was never booked (a hold, a link that nobody opened) only the history is told.
    """
    silent = what == "cancelled" and not await history.was_booked(session, booking.booking_id)
    await note(session, desk, booking, what, previous=previous, by=by)
    if silent:
        return
    fact = _fact(booking, what, previous, by)
    if fact is not None:
        source = source_of(desk.settings.town, "appointments")
        aggregate, at = str(booking.booking_id), desk.now()
        sealed = envelope(fact, source=source, aggregate=aggregate, sequence=booking.version, time=at)
        await outbox.record(session, [sealed])
    if what in ("booked", "moved", "cancelled", "restored"):
        await _remind(session, desk, booking, gone=what == "cancelled")
    if what != "missed" and not _is_imported(booking, what):
        await record_mail_of(session, desk, booking, what, previous=previous)


async def note(
    session: AsyncSession,
    desk: Desk,
    booking: Booking,
    what: Told | Noted,
    *,
    previous: Allocation | None = None,
    by: str = CITIZEN,
) -> None:
    """Add to the history (Änderungsverlauf) and count; `tell` does it too."""
    word = "imported" if what in get_args(Told) and _is_imported(booking, what) else what
    details = {"now": _told_of(booking.allocation)}
    if previous is not None:
        details["before"] = _told_of(previous)
    session.add(BookingChangeRow(booking_id=booking.booking_id, at=desk.now(), by=by[:64], what=word, details=details))
    await session.flush()
    counter = APPOINTMENTS.labels(booking.allocation.office, booking.channel, word)

    def count(_session: object) -> None:
        counter.inc()

    event.listen(session.sync_session, "after_commit", count, once=True)


def _is_imported(booking: Booking, what: str) -> bool:
    return what == "booked" and booking.channel == "import"


async def _remind(session: AsyncSession, desk: Desk, booking: Booking, *, gone: bool) -> None:
    """Nobody is reminded of what they have booked so shortly before."""
    remind_at = booking.allocation.starts_at - timedelta(hours=desk.settings.reminder_hours)
    has_email = booking.person is not None and booking.person.email is not None
    wanted = has_email and not gone and remind_at > desk.now()
    await reminders.want(session, Wanted(booking.booking_id, booking.version, remind_at if wanted else None))


def _told_of(allocation: Allocation) -> dict[str, object]:
    return {
        "office": allocation.office,
        "resources": list(allocation.resources),
        "starts_at": allocation.starts_at.isoformat(),
        "ends_at": allocation.ends_at.isoformat(),
    }


def _fact(booking: Booking, what: Told, previous: Allocation | None, by: str) -> Message | None:
    where = booking.allocation
    common: dict[str, Any] = {"booking": booking.booking_id, "office": where.office, "starts_at": where.starts_at}
    if what in ("booked", "restored"):
        return AppointmentBooked(
            **common,
            services=tuple(each.service for each in booking.items),
            resources=where.resources,
            ends_at=where.ends_at,
            channel=booking.channel,
        )
    if what == "moved" and previous is not None:
        return AppointmentMoved(
            **common,
            resources=where.resources,
            ends_at=where.ends_at,
            previous_office=previous.office,
            previous_starts_at=previous.starts_at,
            previous_ends_at=previous.ends_at,
        )
    if what == "cancelled":
        cancelled_by = "citizen" if by == CITIZEN else "staff"
        return AppointmentCancelled(**common, ends_at=where.ends_at, cancelled_by=cancelled_by)
    return AppointmentMissed(**common) if what == "missed" else None
