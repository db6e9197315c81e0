"""The mail to who has joined the waiting list."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.mail_ledger import Mail, record_mail
from services.appointments.commands.mails import house_of
from services.appointments.desk import Desk
from services.appointments.domain.letter import Posting, compose
from services.appointments.domain.waiting import Entry
from services.appointments.domain.waiting_mail import joined_sheet

_KEEP_TRYING = timedelta(days=3)


async def record_joined(session: AsyncSession, desk: Desk, entry: Entry) -> None:
    """Record it in the transaction that puts them on the list."""
    person = entry.person
    if person is None or person.email is None:
        return
    now, settings = desk.now(), desk.settings
    posting = Posting(uuid5(entry.waiting_id, "joined"), settings.mail_from, person.email, now)
    sheet = joined_sheet(entry, person.language, house_of(desk), offer_minutes=settings.offer_minutes)
    mail = Mail(posting.mail_id, "appointment_waiting", person.email, compose(posting, sheet), now + _KEEP_TRYING)
    await record_mail(session, mail, now=now)
