"""Mail each office the list of its day in the morning, so that it can be printed before anything fails."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.mails import day_list_is_recorded, record_day_list
from services.appointments.desk import Desk
from services.appointments.domain.calendar import open_spans
from services.appointments.domain.day_list import sheet_of_day
from services.appointments.domain.master_data import MasterData, Office
from services.appointments.domain.ticks import LOCAL
from services.appointments.storage import booking_lists, calendars
from services.appointments.storage.booking_rows import booking_of

LATE = timedelta(hours=4)
"""A service that was down in the morning sends no list in the afternoon."""


async def mail_day_lists(desk: Desk) -> int:
    """Record what is due; each list once a day, whoever asks and however often. Return how many were."""
    now = desk.now()
    day = now.astimezone(LOCAL).date()
    due_at = datetime.combine(day, time.fromisoformat(desk.settings.day_list_at), tzinfo=LOCAL).astimezone(UTC)
    if not due_at <= now < due_at + LATE:
        return 0
    recorded = 0
    for office in desk.master.offices.values():
        if office.email is not None:
            recorded += await _mail_to(desk, office, office.email, day)
    return recorded


async def _mail_to(desk: Desk, office: Office, email: str, day: date) -> bool:
    now = desk.now()
    async with desk.database.reading() as session:
        if await day_list_is_recorded(session, office.code, day):
            return False
        entries = [booking_of(row) for row in await booking_lists.of_day(session, office.code, day, now=now)]
        if not entries and not await _is_open(session, desk.master, office, day):
            return False
    sheet = sheet_of_day(office, day, entries, desk.master, as_of=now)
    async with desk.database.transaction() as session:
        await record_day_list(session, desk, sheet, email=email, office=office.code, day=day)
    return True


async def _is_open(session: AsyncSession, master: MasterData, office: Office, day: date) -> bool:
    calendar = await calendars.load_calendar(session, master, office.code)
    return any(open_spans(calendar, each.code, day) for each in master.of_office(office.code))
