"""Proofs of work that were used."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.dialect import insert_if_absent
from services.appointments.domain.proof import Proof
from services.appointments.storage.tables import UsedProofRow


async def use(session: AsyncSession, proof: Proof) -> bool:
    """Note that a proof is used; False when it was before: the key decides, not a look beforehand."""
    row = {"challenge": proof.challenge, "expires_at": proof.expires_at}
    statement = insert_if_absent(session, UsedProofRow).values(row).returning(UsedProofRow.challenge)
    return (await session.execute(statement)).first() is not None
