"""The waiting list at work: what becomes free is held for whoever is first, before the web gets it.

An offer is a hold; it and the entry to which it goes change in one transaction, so that neither a kill nor a second
round at the same moment can lose or double one.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.errors import DependencyDown
from chassis.lease import Lease
from chassis.tasks import going_on
from services.appointments.commands.answer import GIVEN_UP, give_up, let_go, show
from services.appointments.commands.cancel import Freed
from services.appointments.commands.end_waiting import end_over
from services.appointments.commands.hold import HoldOrder, hold
from services.appointments.commands.tell import tell
from services.appointments.commands.transact import transact
from services.appointments.desk import Desk
from services.appointments.domain.booking import STANDING, Booking, Person, Wish
from services.appointments.domain.master_data import Office
from services.appointments.domain.refusal import NotOfferedError, TakenError
from services.appointments.domain.release_queue import is_queued
from services.appointments.domain.ticks import LOCAL
from services.appointments.domain.waiting import Chance, Entry, chances, earliest_offer
from services.appointments.storage import bookings, claims, waiting

log = structlog.stdlib.get_logger()

ROUND_SECONDS = 30.0
GRACE = timedelta(minutes=2)
"""So long the claims outlive an offer that nobody answers: the next round hands the time on before the web sees it."""
_BY = "appointments"
_TRIES = 5


class _OvertakenError(Exception):
    """Another round, or they themselves, were quicker."""


@dataclass(slots=True)
class _Round:
    """One pass over the list; remembers what is free for a wish until it has taken something there."""

    desk: Desk
    now: datetime
    _free: dict[Wish, list[datetime]] = field(default_factory=dict[Wish, list[datetime]])

    async def offer(self, entry: Entry, person: Person, *, before: datetime | None) -> bool:
        """Hold the earliest time for somebody, if there is one; True when there was."""
        for chance in (await self._chances(entry, before=before))[:_TRIES]:
            try:
                await self._hold(entry, person, chance)
            except _OvertakenError:
                return False
            except (TakenError, NotOfferedError):
                # The picture was old.
                continue
            self._free = {wish: starts for wish, starts in self._free.items() if wish.office != chance.office}
            return True
        return False

    async def _chances(self, entry: Entry, *, before: datetime | None) -> list[Chance]:
        free = [
            Chance(starts_at, preference, wish.office)
            for preference, wish in enumerate(entry.wanted.wishes())
            for starts_at in entry.wanted.within(await self._starts(wish), before=before)
        ]
        return chances(entry, free, before=before)

    async def _starts(self, wish: Wish) -> list[datetime]:
        found = self._free.get(wish)
        if found is None:
            found = self._free[wish] = await self._looked_up(wish)
        return found

    async def _looked_up(self, wish: Wish) -> list[datetime]:
        """Return what the list may have: days that are being released are for the waiting room."""
        office = self.desk.master.offices.get(wish.office)
        if office is None:
            return []
        today = self.now.astimezone(LOCAL).date()
        try:
            days = await self.desk.planner.days_over_quarantine(wish, today, office.days_ahead + 1, now=self.now)
        except NotOfferedError:
            return []
        first = self._first(office)
        free = [at for each in days if not is_queued(office, each.day, self.now) for at in each.starts]
        return [at for at in free if at >= first]

    def _first(self, office: Office) -> datetime:
        to_answer = timedelta(minutes=self.desk.settings.offer_minutes)
        return earliest_offer(self.now, to_answer=to_answer, notice=timedelta(minutes=office.latest_minutes))

    async def _hold(self, entry: Entry, person: Person, chance: Chance) -> None:
        desk = self.desk

        async def offered(session: AsyncSession, booking: Booking) -> None:
            if not await waiting.offered(session, entry, booking.booking_id):
                raise _OvertakenError
            await claims.make_firm(session, booking.booking_id, expires_at=_end_of(booking))
            await tell(session, desk, replace(booking, person=person), "offered", by=_BY)

        booking = await hold(_order(entry, person, chance, desk), desk, also=offered)
        desk.planner.took(booking.allocation, expires_at=_end_of(booking))
        log.info("waiting.offered", waiting=str(entry.waiting_id), booking=str(booking.booking_id))


class Offers:
    """Runs the rounds: at once when something was freed, and from time to time anyway, then on one replica only."""

    def __init__(self, database: Database) -> None:
        """Prepare."""
        self._lease = Lease(database, name="waiting-list")
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Look at the list now."""
        self._wake.set()

    async def run(self, desk: Desk) -> None:
        """Offer for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._lease.keep(on_taken=self.wake))
            while going_on():
                try:
                    if await self._woken() or self._lease.held:
                        await offer_freed(desk)
                except DependencyDown as error:
                    log.warning("waiting.waiting", dependency=error.dependency)
                    await asyncio.sleep(1)
                    self.wake()

    async def _woken(self) -> bool:
        try:
            async with asyncio.timeout(ROUND_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return False
        self._wake.clear()
        return True


async def offer_freed(desk: Desk) -> int:
    """Do one round: take back what was not answered, then offer in order of the list; return how many offers.

    Safe beside another round.
    """
    await _take_back(desk)
    await end_over(desk)
    now, made = desk.now(), 0
    here = _Round(desk, now)
    for entry, person, before in await _in_order(desk, now):
        made += await here.offer(entry, person, before=before)
    return made


async def _in_order(desk: Desk, now: datetime) -> list[tuple[Entry, Person, datetime | None]]:
    async with desk.database.reading() as session:
        before = await waiting.given_up(session, states=GIVEN_UP, now=now)
        return [
            (entry, entry.person, before.get(entry.waiting_id))
            for entry in await waiting.in_order(session, now)
            if entry.person is not None
        ]


async def _take_back(desk: Desk) -> None:
    now = desk.now()
    async with desk.database.reading() as session:
        late = await waiting.run_out(session, now)
    for waiting_id in late:

        async def work(session: AsyncSession, waiting_id: UUID = waiting_id) -> Freed | None:
            return await _settle(session, waiting_id, desk, now)

        show(await transact(desk, work), desk)


async def _settle(session: AsyncSession, waiting_id: UUID, desk: Desk, now: datetime) -> Freed | None:
    """Take an offer back; unless they have booked it without the list knowing, through the link of the appointment."""
    entry = await waiting.locked(session, waiting_id)
    if entry.state != "offered":
        return None
    booking = None if entry.offer_id is None else await bookings.find(session, entry.offer_id)
    if booking is not None and booking.state in STANDING:
        await waiting.close(session, entry, "taken")
        return await give_up(session, entry, desk)
    if booking is not None and booking.expires_at is not None and booking.expires_at > now:
        return None
    is_answered = booking is not None and booking.state == "cancelled"
    return await let_go(session, entry, desk, is_answered=is_answered)


def _order(entry: Entry, person: Person, chance: Chance, desk: Desk) -> HoldOrder:
    return HoldOrder(
        booking_id=uuid4(),
        wish=Wish(chance.office, entry.wanted.items),
        starts_at=chance.starts_at,
        audience="public",
        channel="waiting_list",
        language=person.language,
        client=None,
        resource=None,
        by=None,
        waiting_id=entry.waiting_id,
        minutes=desk.settings.offer_minutes,
        over_quarantine=True,
    )


def _end_of(booking: Booking) -> datetime | None:
    return None if booking.expires_at is None else booking.expires_at + GRACE
