"""Time in: each tick is one command."""

from __future__ import annotations

import asyncio

from chassis.errors import DependencyDown
from chassis.lease import Lease
from chassis.schedules import Schedules
from chassis.service import Loop
from chassis.tasks import going_on
from services.appointments.commands.forget import forget
from services.appointments.commands.mail_day_list import mail_day_lists
from services.appointments.commands.remind import schedule_reminders
from services.appointments.desk import Desk
from services.appointments.metrics import REMINDERS_WAITING
from services.appointments.storage import reminders

FORGET_SECONDS = 3600.0
DAY_LIST_SECONDS = 60.0
LOOK_SECONDS = 2.0
"""How often one looks for reminders that another replica has recorded; one's own wake the loop at once."""


def loops(desk: Desk, schedules: Schedules) -> list[Loop]:
    """Return the loops for the chassis to run."""
    reminding = Reminding(desk, schedules)

    async def day_list() -> None:
        await mail_day_lists(desk)
        await asyncio.sleep(DAY_LIST_SECONDS)

    async def forgetting() -> None:
        await forget(desk)
        await asyncio.sleep(FORGET_SECONDS)

    return [reminding.run, day_list, forgetting]


class Reminding:
    """Brings reminders to the bus; one replica at a time."""

    def __init__(self, desk: Desk, schedules: Schedules) -> None:
        """Prepare; every commit that records an event wakes it."""
        self._desk = desk
        self._schedules = schedules
        self._lease = Lease(desk.database, name="reminders")
        self._wake = asyncio.Event()
        desk.database.after_record(self._wake.set)

    async def run(self) -> None:
        """Go on for ever; an outage of bus or database only delays."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._lease.keep(on_taken=self._wake.set))
            while going_on():
                try:
                    await self._round()
                except DependencyDown:
                    await asyncio.sleep(LOOK_SECONDS)
                await self._idle()

    async def _round(self) -> None:
        # Once each, and not until nothing is left: what the bus refuses is left.
        if self._lease.held:
            await schedule_reminders(self._desk, self._schedules)
        async with self._desk.database.reading() as session:
            REMINDERS_WAITING.set(await reminders.count_unscheduled(session))

    async def _idle(self) -> None:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return
        finally:
            self._wake.clear()
