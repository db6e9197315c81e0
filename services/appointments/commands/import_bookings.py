"""Take over bookings of an earlier system: each claims its time like any other, and gets no mail."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.import_hours import BY, Report
from services.appointments.commands.tell import tell
from services.appointments.commands.transact import transact
from services.appointments.desk import Desk
from services.appointments.domain.booking import Allocation, Booking, Wish
from services.appointments.domain.bookings_file import read_bookings
from services.appointments.domain.client import booking_number
from services.appointments.domain.effect import OpenTimes
from services.appointments.domain.foreign_booking import ForeignBooking
from services.appointments.domain.refusal import NotOfferedError, TakenError
from services.appointments.domain.table_file import Refused, RowError
from services.appointments.domain.ticks import LOCAL, tick_of, ticks_in
from services.appointments.domain.visit import visit_of
from services.appointments.gateways.calendar_file import read_calendar
from services.appointments.storage import bookings, claims, imports
from services.appointments.storage.booking_rows import Origin

log = structlog.stdlib.get_logger()
_OUTSIDE = "Der Termin liegt außerhalb der Öffnungszeiten; er ist trotzdem übernommen."
_TOGETHER = "An dem angegebenen Ort gibt es diese Anliegen nicht (zusammen)."


async def import_bookings(desk: Desk, content: bytes, *, is_calendar: bool) -> Report:
    """Take over what is to come, row by row; the same file again changes nothing. UnreadableError when it is none."""
    read = read_calendar if is_calendar else read_bookings
    report, now = Report(), desk.now()
    for row in await asyncio.to_thread(lambda: list(read(content, desk.master, now=now))):
        try:
            await _count(desk, row, report)
        except RowError as error:
            report.refused.append(Refused(row.row, str(error)))
    report.refused.sort(key=lambda each: each.row)
    log.info("bookings.imported", added=report.added, unchanged=report.unchanged, refused=len(report.refused))
    return report


async def _count(desk: Desk, row: ForeignBooking | Refused, report: Report) -> None:
    if isinstance(row, Refused):
        report.refused.append(row)
        return
    taken = await _take(desk, row)
    if taken is None:
        report.unchanged += 1
        return
    report.added += 1
    desk.planner.took(taken, expires_at=None)
    if not OpenTimes(await desk.planner.calendar(row.office)).hold(taken):
        report.noted.append(Refused(row.row, _OUTSIDE))


async def _take(desk: Desk, row: ForeignBooking) -> Allocation | None:
    """Book it on the first counter that is free; None when it has been imported before, RowError when nothing is."""
    ways = _ways(desk, row)
    for way in ways:
        try:
            return await _book(desk, row, way)
        except TakenError:
            continue
        except IntegrityError:
            return None  # somebody imports the same file at the same time
    async with desk.database.reading() as session:
        if await _is_known(session, row):
            return None  # the same, and it was quicker
        raise RowError(await _overlap(session, ways, now=desk.now()))


async def _book(desk: Desk, row: ForeignBooking, allocation: Allocation) -> Allocation | None:
    booking = _booking(row, allocation, now=desk.now())

    async def work(session: AsyncSession) -> Allocation | None:
        if await _is_known(session, row):
            return None
        await claims.take(
            session, allocation, booking.booking_id, expires_at=None, now=desk.now(), over_quarantine=True
        )
        await bookings.add(session, booking, Origin(foreign_id=row.foreign_id))
        await tell(session, desk, booking, "booked", by=BY)
        return allocation

    return await transact(desk, work)


async def _is_known(session: AsyncSession, row: ForeignBooking) -> bool:
    """Tell whether it has been imported before; RowError when that was with another time."""
    known = await imports.imported_start(session, row.foreign_id)
    if known is not None and known != row.starts_at:
        local = f"{known.astimezone(LOCAL):%d.%m.%Y %H:%M}"
        raise RowError(f"Diese Kennung ist schon mit anderer Zeit übernommen ({local} Uhr); bitte hier verlegen.")
    return known is not None


def _ways(desk: Desk, row: ForeignBooking) -> Sequence[Allocation]:
    try:
        visit = visit_of(desk.master, Wish(row.office, row.items))
    except NotOfferedError:
        raise RowError(_TOGETHER) from None
    length = visit.visit_ticks if row.minutes is None else ticks_in(row.minutes)
    ways = [way for way in visit.ways if set(row.resources) <= set(way)]
    if not ways:
        raise RowError(_TOGETHER)
    after = visit.ticks - visit.visit_ticks
    return [Allocation(row.office, way, tick_of(row.starts_at), length + after, length) for way in ways]


async def _overlap(session: AsyncSession, ways: Sequence[Allocation], *, now: datetime) -> str:
    for way in ways:
        obstacle = await imports.in_the_way(session, way, now=now)
        if obstacle is not None:
            held = ", der gerade gebucht wird; bitte in einer Stunde noch einmal einlesen" if obstacle.is_held else ""
            return f"Der Termin überschneidet sich mit Termin {obstacle.number}{held}."
    return "Die Zeit war eben noch vergeben; bitte noch einmal einlesen."


def _booking(row: ForeignBooking, allocation: Allocation, *, now: datetime) -> Booking:
    return Booking(
        booking_id=uuid4(),
        state="booked",
        allocation=allocation,
        items=row.items,
        person=row.person,
        channel="import",
        number=booking_number(secrets.randbits(30)),
        version=1,
        expires_at=None,
        created_at=now,
    )
