"""Sign in on a staff device, and sign out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from chassis.clock import Clock
from chassis.database import Database
from services.accounts.domain.credentials import PinSecret, new_token, token_hash
from services.accounts.domain.staff import SESSION_FOR, Locked, SignedIn, SignIn, Tries, WrongPin
from services.accounts.storage import staff
from services.accounts.storage.tables import StaffSessionRow


@dataclass(frozen=True, slots=True)
class _Guess:
    """A guess that was booked; the PIN is looked at outside of any transaction."""

    secret: PinSecret
    tries: Tries


async def sign_in(token: str, pin: str, *, database: Database, now: Clock) -> SignIn | None:
    """Begin a session; None when the link opens no device."""
    guess = await _book(token, database=database, now=now())
    if not isinstance(guess, _Guess):
        return guess
    if await asyncio.to_thread(guess.secret.fits, pin):
        return await _begin(token, guess, database=database, now=now())
    until = guess.tries.lock(now())
    return Locked(until) if until is not None else WrongPin(guess.tries.left)


async def _book(token: str, *, database: Database, now: datetime) -> _Guess | Locked | None:
    async with database.transaction() as session:
        row = await staff.locked_by_token(session, token)
        if row is None:
            return None
        tries = staff.tries_of(row)
        until = tries.lock(now)
        if until is not None:
            return Locked(until)
        booked = tries.one_more(now)
        staff.set_tries(row, booked)
        return _Guess(staff.pin_of(row), booked)


async def _begin(token: str, guess: _Guess, *, database: Database, now: datetime) -> SignedIn | WrongPin | None:
    """Begin the session, unless link or PIN have changed since the guess was booked."""
    begun = SignedIn(new_token(), now + SESSION_FOR)
    async with database.transaction() as session:
        row = await staff.locked_by_token(session, token)
        if row is None:
            return None
        if staff.pin_of(row) != guess.secret:
            return WrongPin(staff.tries_of(row).left)
        staff.set_tries(row, Tries())
        row.last_used_at = now
        session.add(
            StaffSessionRow(
                session_hash=token_hash(begun.session), device_id=row.device_id, expires_at=begun.expires_at
            )
        )
    return begun


async def sign_out(session_token: str, *, database: Database) -> None:
    """End a session; one that has ended stays so."""
    async with database.transaction() as session:
        await staff.end_session(session, session_token)


async def sweep_sessions(*, database: Database, now: Clock) -> int:
    """Forget the sessions that have expired, and say how many."""
    async with database.transaction() as session:
        return await staff.sweep(session, now=now())
