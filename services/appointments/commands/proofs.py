"""Proof of work instead of a captcha: asks nothing of people, and something of whoever books a thousand times."""

from __future__ import annotations

import secrets

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.desk import Desk
from services.appointments.domain.proof import Challenge, challenge_of, proven
from services.appointments.storage import proofs


def challenge(desk: Desk) -> Challenge:
    """Return a new challenge; it is signed and not stored."""
    difficulty = desk.settings.proof_difficulty
    number = secrets.randbelow(difficulty + 1)
    return challenge_of(desk.key, number=number, nonce=secrets.token_hex(12), difficulty=difficulty, now=desk.now())


async def spend(proof: str | None, desk: Desk) -> bool:
    """Use a solution, once and for all; False when it is none, too old, or was used before."""
    if desk.settings.proof_difficulty == 0:
        return True
    # What is wrong by itself costs no transaction.
    if proof is None or proven(desk.key, proof, now=desk.now()) is None:
        return False
    async with desk.database.transaction() as session:
        return await spend_in(session, proof, desk)


async def spend_in(session: AsyncSession, proof: str | None, desk: Desk) -> bool:
    """Do the same in the transaction of what it is spent on: rolled back, it is unspent."""
    if desk.settings.proof_difficulty == 0:
        return True
    found = None if proof is None else proven(desk.key, proof, now=desk.now())
    return found is not None and await proofs.use(session, found)
