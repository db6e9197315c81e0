"""What attendants (Badpersonal) do and read: a pool, its water, the weather."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.portal.gateways.calls import Calls

_VALUE = ConfigDict(frozen=True, extra="ignore")


class Watch(BaseModel):
    """How well the weather watcher sees."""

    model_config = _VALUE

    state: str
    since: datetime | None = None
    last_success: datetime | None = None
    seen: Mapping[str, Any] = Field(default_factory=dict)


class Proposal(BaseModel):
    """What the weather watcher proposes, and on what grounds."""

    model_config = _VALUE

    proposal_id: UUID
    action: Literal["close", "reopen"]
    rule: str
    evidence: Mapping[str, Any] = Field(default_factory=dict)
    made_at: datetime
    expires_at: datetime | None = None


class Weather(BaseModel):
    """The weather of one pool."""

    model_config = _VALUE

    watch: Watch
    proposals: tuple[Proposal, ...] = ()


class Duty:
    """Changes of a pool; each names the device that asks for it."""

    def __init__(self, calls: Calls) -> None:
        """Ask subscriptions."""
        self._calls = calls

    async def weather(self, pool: str) -> Weather:
        """Return watch and open proposals."""
        return Weather.model_validate(await self._calls.get(f"/pools/{pool}/weather"))

    async def close_pool(self, pool: str, body: Mapping[str, object]) -> None:
        """Close it, or correct reason and end; Refused (409) when somebody was faster."""
        await self._calls.post(f"/pools/{pool}/closures", body)

    async def open_pool(self, pool: str, body: Mapping[str, object]) -> None:
        """Open it; Refused (409) when somebody was faster."""
        await self._calls.post(f"/pools/{pool}/openings", body)

    async def measured(self, pool: str, celsius: str, *, by: str) -> None:
        """Keep the water temperature."""
        await self._calls.post(f"/pools/{pool}/water", {"celsius": celsius, "by": by})

    async def confirm(self, proposal: UUID, *, by: str) -> None:
        """Do what is proposed."""
        await self._calls.post(f"/proposals/{proposal}/confirmation", {"by": by})

    async def dismiss(self, proposal: UUID, *, by: str) -> None:
        """Turn it down."""
        await self._calls.post(f"/proposals/{proposal}/dismissal", {"by": by})

    async def subscribe(self, email: str, pool: str, *, by: str) -> None:
        """Ask for a confirmation mail to an attendant."""
        await self._calls.post("/staff-subscriptions", {"email": email, "pool": pool, "by": by, "language": "de"})
