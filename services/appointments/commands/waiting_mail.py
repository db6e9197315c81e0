"""Mails to people on the waiting list, recorded in the transaction of their reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.mail_ledger import Mail, record_mail
from services.appointments.commands.mails import house_of
from services.appointments.desk import Desk
from services.appointments.domain.booking import Person
from services.appointments.domain.letter import Posting, Sheet, compose
from services.appointments.domain.waiting import Entry
from services.appointments.domain.waiting_mail import confirm_sheet, joined_sheet, over_sheet

_KEEP_TRYING = timedelta(days=3)


async def record_joined(session: AsyncSession, desk: Desk, entry: Entry) -> None:
    """Record it in the transaction that puts them on the list: what they have got, or what they must confirm."""
    if entry.person is None:
        return
    language, minutes = entry.person.language, desk.settings.offer_minutes
    if entry.state == "unconfirmed":
        sheet = confirm_sheet(entry, language, house_of(desk), offer_minutes=minutes)
        await _record(session, desk, entry, entry.person, ("waiting_confirm", sheet), until=entry.confirm_until)
    else:
        sheet = joined_sheet(entry, language, house_of(desk), offer_minutes=minutes)
        await _record(session, desk, entry, entry.person, ("waiting", sheet))


async def record_over(session: AsyncSession, desk: Desk, entry: Entry, *, own: datetime | None) -> None:
    """Record it in the transaction that ends the entry; `own`: the appointment that they have still."""
    if entry.person is not None:
        sheet = over_sheet(entry, entry.person.language, house_of(desk), own=own)
        await _record(session, desk, entry, entry.person, ("waiting_over", sheet))


async def _record(
    session: AsyncSession,
    desk: Desk,
    entry: Entry,
    person: Person,
    what: tuple[str, Sheet],
    *,
    until: datetime | None = None,
) -> None:
    """Record one mail for one purpose of one entry."""
    if person.email is None:
        return
    purpose, sheet = what
    now = desk.now()
    posting = Posting(uuid5(entry.waiting_id, purpose), desk.settings.mail_from, person.email, now)
    content = compose(posting, sheet)
    mail = Mail(posting.mail_id, f"appointment_{purpose}", person.email, content, until or now + _KEEP_TRYING)
    await record_mail(session, mail, now=now)
