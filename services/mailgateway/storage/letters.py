"""Queries on waves and letters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.dialect import insert_if_absent
from services.mailgateway.domain.letter_state import LetterState, Progress, is_final
from services.mailgateway.storage.tables import LetterRow, WaveRow

NOT_HANDED_OUT = "not_handed_out"
"""The reason of a letter that waits since notices has no document for it."""
LIVE = (LetterState.SUBMITTED, LetterState.CHECKED, LetterState.PRINTING)
_SLICE = 5_000
"""A statement takes some 32,000 parameters; a wave may hold more letters."""


async def add_wave(session: AsyncSession, wave: dict[str, object]) -> None:
    """Open a wave unless it is open."""
    await session.execute(insert_if_absent(session, WaveRow), [{"sequence": 0, **wave}])


async def add_letter(session: AsyncSession, letter: dict[str, object]) -> None:
    """Take a letter in, once."""
    await session.execute(
        insert_if_absent(session, LetterRow),
        [{"state": LetterState.WAITING, "attempt": 1, "alone": False, "sequence": 0, **letter}],
    )


async def waves_with(session: AsyncSession, states: Iterable[LetterState]) -> Sequence[WaveRow]:
    """Return the waves that hold a letter in one of these states."""
    rows = await session.scalars(
        select(WaveRow)
        .where(WaveRow.batch_id.in_(select(LetterRow.batch_id).where(LetterRow.state.in_(list(states)))))
        .order_by(WaveRow.batch_id)
    )
    return rows.all()


async def unsettled_waves(session: AsyncSession) -> Sequence[WaveRow]:
    """Return the waves of which the provider has, or may have, a letter that has not come to its end."""
    followed = (*LIVE, LetterState.UNCLEAR)
    found: list[WaveRow] = []
    for test in (False, True):
        waves = await waves_with(session, [state for state in followed if not is_final(state, test=test)])
        found += [wave for wave in waves if wave.test is test]
    return found


async def waves(session: AsyncSession, batch_ids: Iterable[int]) -> dict[int, WaveRow]:
    """Return those of the waves that we know."""
    rows = await session.scalars(select(WaveRow).where(WaveRow.batch_id.in_(sorted(batch_ids))))
    return {row.batch_id: row for row in rows}


async def letter(session: AsyncSession, letter_id: UUID) -> LetterRow | None:
    """Return one letter."""
    return await session.get(LetterRow, letter_id)


async def in_doubt(session: AsyncSession, batch_id: int) -> int:
    """Count the letters of a wave whose call has no known outcome yet."""
    counted = await session.scalar(
        select(func.count()).where(LetterRow.batch_id == batch_id, LetterRow.state == LetterState.INTENT)
    )
    return counted or 0


async def waiting(session: AsyncSession, batch_id: int, *, most: int, now: datetime) -> Sequence[LetterRow]:
    """Return the longest waiting letters of a wave that may share a request; not those that were put off."""
    rows = (
        await session.scalars(
            select(LetterRow)
            .where(
                LetterRow.batch_id == batch_id,
                LetterRow.state == LetterState.WAITING,
                LetterRow.collected_at <= now,
            )
            .order_by(LetterRow.alone, LetterRow.collected_at, LetterRow.letter_id)
            .limit(most)
        )
    ).all()
    together = [row for row in rows if not row.alone]
    return together or rows[:1]


async def in_state(session: AsyncSession, state: LetterState) -> Sequence[LetterRow]:
    """Return all letters in a state."""
    rows = await session.scalars(select(LetterRow).where(LetterRow.state == state).order_by(LetterRow.letter_id))
    return rows.all()


async def declare_intent(
    session: AsyncSession, rows: Iterable[LetterRow], *, of: LetterState, now: datetime
) -> set[UUID]:
    """Store the intent to send before the call; return the letters that are ours to send.

    A letter is not if it was moved on, or intended anew, since its row was read: somebody else is about to send it.
    """
    as_read = or_(
        *(
            and_(
                LetterRow.letter_id == row.letter_id,
                LetterRow.attempt == row.attempt,
                LetterRow.last_intent_at.is_not_distinct_from(row.last_intent_at),
            )
            for row in rows
        )
    )
    claimed = await session.execute(
        update(LetterRow)
        .where(as_read, LetterRow.state == of)
        .values(
            state=LetterState.INTENT,
            first_intent_at=func.coalesce(LetterRow.first_intent_at, now),
            last_intent_at=now,
            call_ended_at=None,
            batch_asked_at=None,
            custom1_asked_at=None,
            reason=None,
        )
        .returning(LetterRow.letter_id)
    )
    return set(claimed.scalars())


async def note(session: AsyncSession, letter_ids: Iterable[UUID], *, of: LetterState, **values: object) -> None:
    """Write something about letters that are still in the state in which they were read."""
    await session.execute(
        update(LetterRow).where(LetterRow.letter_id.in_(list(letter_ids)), LetterRow.state == of).values(**values)
    )


async def undo_intent(session: AsyncSession, letter_ids: Iterable[UUID], *, since: datetime, alone: bool) -> None:
    """Let letters wait again whose one and only intent is of `since`; what was in doubt before it still is."""
    values: dict[str, object] = {"state": LetterState.WAITING, "first_intent_at": None, "last_intent_at": None}
    await session.execute(
        update(LetterRow)
        .where(_intended(letter_ids, since), LetterRow.first_intent_at == since)
        .values(values | ({"alone": True} if alone else {}))
    )


async def note_call(session: AsyncSession, letter_ids: Iterable[UUID], *, since: datetime, **values: object) -> None:
    """Write something about letters whose latest intent is of `since`, and whose doubt nothing has ended yet."""
    await session.execute(update(LetterRow).where(_intended(letter_ids, since)).values(**values))


def _intended(letter_ids: Iterable[UUID], since: datetime) -> ColumnElement[bool]:
    return and_(
        LetterRow.letter_id.in_(list(letter_ids)),
        LetterRow.state == LetterState.INTENT,
        LetterRow.last_intent_at == since,
    )


async def concerned(
    session: AsyncSession, letter_ids: Iterable[UUID], provider_ids: Iterable[int]
) -> Sequence[LetterRow]:
    """Return the letters that statuses speak of, by their own id or the provider's; nobody else moves them now."""
    wanted, numbers = sorted(letter_ids), sorted(provider_ids)
    found: dict[UUID, LetterRow] = {}
    for start in range(0, max(len(wanted), len(numbers)), _SLICE):
        part = slice(start, start + _SLICE)
        rows = await session.scalars(
            select(LetterRow)
            .where(or_(LetterRow.letter_id.in_(wanted[part]), LetterRow.provider_id.in_(numbers[part])))
            .order_by(LetterRow.letter_id)
            # Two tasks or processes that read the same state would tell the same step twice, or undo one.
            .with_for_update()
        )
        found |= {row.letter_id: row for row in rows}
    return list(found.values())


def following(sequence: int, now: datetime) -> int:
    """Return the next number of an aggregate's events; by the clock, since a restored database forgets numbers."""
    return max(sequence + 1, int(now.timestamp()))


async def next_sequence(session: AsyncSession, batch_id: int, *, now: datetime) -> int:
    """Number the wave's next event as `following` does, in the database."""
    seconds = int(now.timestamp())
    number = await session.scalar(
        update(WaveRow)
        .where(WaveRow.batch_id == batch_id)
        .values(sequence=case((WaveRow.sequence < seconds, seconds), else_=WaveRow.sequence + 1))
        .returning(WaveRow.sequence)
    )
    if number is None:
        raise LookupError(str(batch_id))
    return number


def progress_of(row: LetterRow) -> Progress:
    """Return the letter's progress as the domain sees it."""
    return Progress(row.letter_id, LetterState(row.state), row.attempt, row.provider_id, row.posted_at)
