"""A lost link: whoever has the mailbox gets the links of all their appointments to come."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.mails import record_links
from services.appointments.commands.transact import transact
from services.appointments.desk import Desk
from services.appointments.storage import booking_lists
from services.appointments.storage.booking_rows import TO_COME, email_key


async def send_links(email: str, desk: Desk) -> None:
    """Mail them; to an address without appointments nothing goes, and nobody is told which it was."""

    async def work(session: AsyncSession) -> None:
        found = await booking_lists.of_email(session, email_key(email), desk.now())
        coming = [each for each in found if each.state in TO_COME]
        if coming:
            # To the address as it was given when it was booked, whoever asks.
            person = coming[-1].person
            await record_links(session, desk, email if person is None else person.email or email, coming)

    await transact(desk, work)
