"""What the portal asks of accounts: staff devices (Dienstgeräte), their PIN and session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.portal.gateways.calls import Calls, Missing, Refused

_VALUE = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
_WRONG = 401
_LOCKED = 423


class Device(BaseModel):
    """One staff device and what its holder may do."""

    model_config = _VALUE

    device_id: UUID
    name: str
    roles: tuple[str, ...]
    pools: tuple[str, ...] = ()

    def may(self, *roles: str) -> bool:
        """Say whether it has one of these roles."""
        return any(role in self.roles for role in roles)

    def serves(self, pool: str) -> bool:
        """Say whether its holder runs this pool."""
        return "attendant" in self.roles and pool in self.pools


class _Begun(BaseModel):
    model_config = _VALUE

    session: str
    device: Device
    expires_at: datetime


class _Checked(BaseModel):
    model_config = _VALUE

    device: Device


class _WrongPin(BaseModel):
    model_config = _VALUE

    tries_left: int = 0


class _Locked(BaseModel):
    model_config = _VALUE

    locked_until: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session has begun."""

    session: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class WrongPin:
    """It was not the PIN."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class LockedOut:
    """Too many wrong ones."""

    until: datetime


class Staff:
    """Sign in, check, sign out."""

    def __init__(self, calls: Calls) -> None:
        """Ask accounts."""
        self._calls = calls

    async def device(self, token: str) -> Device:
        """Return the device of a link; Missing when there is none (any more)."""
        return Device.model_validate(await self._calls.post("/staff/devices/find", {"token": token}))

    async def sign_in(self, token: str, pin: str) -> SignedIn | WrongPin | LockedOut:
        """Try a PIN."""
        try:
            answer = await self._calls.post("/staff/sessions", {"token": token, "pin": pin})
        except Refused as refused:
            if refused.status == _WRONG:
                return WrongPin(_WrongPin.model_validate(refused.body).tries_left)
            if refused.status == _LOCKED:
                return LockedOut(_Locked.model_validate(refused.body).locked_until)
            raise
        begun = _Begun.model_validate(answer)
        return SignedIn(begun.session, begun.expires_at)

    async def signed_in(self, session: str) -> Device | None:
        """Return whose session it is; None when it has ended."""
        try:
            return _Checked.model_validate(await self._calls.post("/staff/sessions/check", {"session": session})).device
        except Refused as refused:
            if refused.status == _WRONG:
                return None
            raise
        except Missing:
            return None

    async def sign_out(self, session: str) -> None:
        """End a session."""
        await self._calls.post("/staff/sessions/end", {"session": session})
