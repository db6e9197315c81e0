"""Hold a time while a form is filled: exclusive for some minutes, then free again by itself."""

from __future__ import annotations

import secrets
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.replace_hold import Former, OvertakenError, former_of, give_way
from services.appointments.commands.transact import transact_together
from services.appointments.desk import Desk
from services.appointments.domain.booking import Allocation, Audience, Booking, Wish
from services.appointments.domain.client import booking_number, client_mac
from services.appointments.domain.refusal import LimitError, NotOfferedError, StaleError, TakenError
from services.appointments.storage import bookings, claims, limits
from services.appointments.storage.booking_rows import Channel, Language, Origin
from services.appointments.storage.drafts import Also, Draft


@dataclass(frozen=True, slots=True)
class HoldOrder:
    """Who wants which time. The same `booking_id` again is the same hold."""

    booking_id: UUID
    wish: Wish
    starts_at: datetime
    audience: Audience
    channel: Channel
    language: Language
    client: str | None
    """Network address, for the limit; only a keyed hash of it is kept. None: not limited."""
    resource: str | None
    """The counter that they want, or any."""
    by: str | None
    """Who at the counter books; None: people themselves."""
    waiting_id: UUID | None = None
    """The entry of the waiting list to which this is an offer."""
    minutes: float | None = None
    """How long it is held, if not as long as usual."""
    proven: bool = True
    """They have done the proof of work; else only the link in a mail will confirm it."""
    over_quarantine: bool = False
    """May take what was freed and is still kept from the web."""
    replaces: UUID | None = None
    """Their own hold for the same visit: given back in the same moment, or not when this one cannot be had."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One order at one instant."""

    order: HoldOrder
    desk: Desk
    now: datetime
    origin: Origin
    also: Also | None
    former: Former | None

    @property
    def besides(self) -> UUID:
        """Whose claims are no hindrance."""
        return self.order.booking_id if self.former is None else self.former.booking.booking_id

    @property
    def expires_at(self) -> datetime:
        minutes = self.order.minutes
        return self.now + timedelta(minutes=self.desk.settings.hold_minutes if minutes is None else minutes)


async def hold(order: HoldOrder, desk: Desk, *, also: Also | None = None) -> Booking:
    """Hold a time, at whichever counter is free then.

    TakenError, NotOfferedError, LimitError; StaleError when this id is that of another hold, or of one that is over.
    The way that looks free is taken without asking; only when that was wrong is the database asked what is free, so
    that a crowd that comes too late writes nothing. `also` is done in the same transaction.
    """
    now = desk.now()
    origin = _origin_of(order, desk, now)
    attempt = _Attempt(order, desk, now, origin, also, await _former(order, origin, desk, now))
    try:
        ways = await _ways(attempt)
        booking = await _first_of(_likely(ways, desk, now), attempt) or await _second_look(ways, attempt)
    except OvertakenError:
        return await hold(replace(order, replaces=None), desk, also=also)
    except (NotOfferedError, LimitError) as error:
        booking = await _known(attempt)
        if booking is None:
            raise await _with_end(error, attempt) from None
    return booking


async def _former(order: HoldOrder, origin: Origin, desk: Desk, now: datetime) -> Former | None:
    if order.replaces in (None, order.booking_id):
        return None
    return await former_of(order.replaces, order.wish.items, desk, client_mac=origin.client_mac, now=now)


async def _ways(attempt: _Attempt) -> Sequence[Allocation]:
    order, former = attempt.order, attempt.former
    return await attempt.desk.planner.candidates(
        order.wish,
        order.starts_at,
        audience=order.audience,
        now=attempt.now,
        resource=order.resource,
        besides=None if former is None else former.booking.allocation,
    )


async def _second_look(ways: Sequence[Allocation], attempt: _Attempt) -> Booking:
    desk, order = attempt.desk, attempt.order
    async with desk.database.reading() as session:
        known = await bookings.find(session, order.booking_id)
        free = await claims.still_free(
            session, ways, besides=attempt.besides, now=attempt.now, over_quarantine=order.over_quarantine
        )
    booking = _the_same(known, order) or await _first_of(free, attempt) or await _known(attempt)
    if booking is None:
        raise TakenError
    return booking


async def _first_of(ways: Sequence[Allocation], attempt: _Attempt) -> Booking | None:
    """Take the first way that can be had; each try is a transaction of its own."""
    for way in ways:
        booking = _drafted(way, attempt)

        async def work(session: AsyncSession, booking: Booking = booking) -> None:
            await _take(session, booking, attempt)

        try:
            await transact_together(
                attempt.desk,
                work,
                _ticks_of(way) | {booking.booking_id},
                draft=_draft_of(booking, attempt),
                counted=frozenset() if attempt.origin.client_mac is None else frozenset([attempt.origin.client_mac]),
            )
        except (TakenError, IntegrityError):
            continue
        attempt.desk.planner.took(way, expires_at=booking.expires_at)
        return booking
    return None


def _draft_of(booking: Booking, attempt: _Attempt) -> Draft | None:
    """Return what can be written along with others: a hold that overrules and replaces nothing."""
    if attempt.order.over_quarantine or attempt.former is not None:
        return None
    return Draft(booking, attempt.origin, attempt.expires_at, attempt.now, attempt.also)


def _likely(ways: Sequence[Allocation], desk: Desk, now: datetime) -> Sequence[Allocation]:
    """Return the first way that looks free and that nobody else is about to take, if there is one, or that they are."""
    free: list[Allocation] = []
    for way in ways:
        if not desk.planner.looks_free(way, now=now):
            break
        if not desk.together.is_wanted(_ticks_of(way)):
            return [way]
        free.append(way)
    return free[:1]


def _ticks_of(way: Allocation) -> frozenset[Hashable]:
    return frozenset((each, tick) for each in way.resources for tick in way.claimed)


async def _take(session: AsyncSession, booking: Booking, attempt: _Attempt) -> None:
    if attempt.former is not None:
        await give_way(session, attempt.former, attempt.desk)
    await claims.take(
        session,
        booking.allocation,
        booking.booking_id,
        expires_at=booking.expires_at,
        now=attempt.now,
        over_quarantine=attempt.order.over_quarantine,
    )
    await bookings.add(session, booking, attempt.origin)
    if attempt.also is not None:
        await attempt.also(session, booking)


def _drafted(way: Allocation, attempt: _Attempt) -> Booking:
    former = attempt.former
    return Booking(
        booking_id=attempt.order.booking_id,
        state="held",
        allocation=way,
        items=attempt.order.wish.items,
        person=None,
        channel=attempt.order.channel,
        number=booking_number(secrets.randbits(30)),
        version=1,
        expires_at=attempt.expires_at,
        created_at=former.booking.created_at if former is not None and former.counts_on else attempt.now,
        proven=attempt.order.proven,
    )


def _origin_of(order: HoldOrder, desk: Desk, now: datetime) -> Origin:
    return Origin(
        language=order.language,
        client_mac=None if order.client is None else client_mac(desk.key, order.client),
        most=desk.settings.holds_per_client,
        counted_since=now - limits.LIMIT_SPAN,
        waiting_id=order.waiting_id,
    )


async def _known(attempt: _Attempt) -> Booking | None:
    return await held_before(attempt.order, attempt.desk)


async def held_before(order: HoldOrder, desk: Desk) -> Booking | None:
    """Return what this order has got already, if it has; StaleError when its id is that of something else."""
    async with desk.database.reading() as session:
        return _the_same(await bookings.find(session, order.booking_id), order)


def _the_same(known: Booking | None, order: HoldOrder) -> Booking | None:
    """Nobody is told that they have a time which is another than the one they asked for, or which is given up."""
    if known is None:
        return None
    where = known.allocation
    is_it = (where.office, where.starts_at, known.items) == (order.wish.office, order.starts_at, order.wish.items)
    is_it = is_it and known.channel == order.channel and order.resource in (None, *where.resources)
    if not is_it or known.state in ("cancelled", "expired"):
        raise StaleError
    return known


async def _with_end(error: NotOfferedError | LimitError, attempt: _Attempt) -> NotOfferedError | LimitError:
    """Say when a limit ends by itself."""
    mac = attempt.origin.client_mac
    if isinstance(error, NotOfferedError) or mac is None:
        return error
    async with attempt.desk.database.reading() as session:
        oldest = await limits.first_of_client(session, mac, since=attempt.now - limits.LIMIT_SPAN)
    return LimitError("client", None if oldest is None else oldest + limits.LIMIT_SPAN)
