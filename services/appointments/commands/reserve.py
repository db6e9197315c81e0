"""Hold a time for somebody on the web: with their proof of work, and their turn while a day is being released."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.hold import HoldOrder, held_before, hold
from services.appointments.commands.proofs import spend_in
from services.appointments.commands.release import count_pass, may_pass
from services.appointments.desk import Desk
from services.appointments.domain.booking import Booking
from services.appointments.domain.proof import proven
from services.appointments.domain.refusal import NotOfferedError, ProofNeededError
from services.appointments.domain.ticks import local_day, tick_of


async def reserve(order: HoldOrder, desk: Desk, *, proof: str | None, queue: str | None) -> Booking:
    """Hold as `hold` does; a proof is used up only by a hold that succeeds.

    Without a good one the hold is given too, as not proven. NotOfferedError `queue` when it is not their turn.
    """
    day = local_day(tick_of(order.starts_at))
    if not await may_pass(order.wish.office, day, queue, desk):
        return await _held_before(order, desk)

    async def also(session: AsyncSession, booking: Booking) -> None:
        if not await count_pass(session, order.wish.office, day, queue, desk):
            raise NotOfferedError("queue")
        if booking.proven and not await spend_in(session, proof, desk):
            raise ProofNeededError

    try:
        return await hold(replace(order, proven=_looks_proven(proof, desk)), desk, also=also)
    except ProofNeededError:
        return await hold(replace(order, proven=False), desk, also=also)


async def _held_before(order: HoldOrder, desk: Desk) -> Booking:
    known = await held_before(order, desk)
    if known is None:
        raise NotOfferedError("queue")
    return known


def _looks_proven(proof: str | None, desk: Desk) -> bool:
    if desk.settings.proof_difficulty == 0:
        return True
    return proof is not None and proven(desk.key, proof, now=desk.now()) is not None
