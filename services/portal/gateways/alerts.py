"""What clerks (Sachbearbeitung) do and read: announcements with their delivery."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from services.portal.gateways.calls import Calls
from services.portal.gateways.models import Wording

_VALUE = ConfigDict(frozen=True, extra="ignore")


class FailingHost(BaseModel):
    """A mail host that takes nothing."""

    model_config = _VALUE

    host: str
    failures: int


class Deliveries(BaseModel):
    """What became of one announcement: counts of people, by state of the ledger."""

    model_config = _VALUE

    people: int = 0
    by_state: Mapping[str, int] = Field(default_factory=dict)
    by_channel: Mapping[str, Mapping[str, int]] = Field(default_factory=dict)
    uncertain: int = 0
    handed_over: int = 0
    first_handed_at: datetime | None = None
    last_handed_at: datetime | None = None
    within_10_seconds: int = 0
    failing_hosts: tuple[FailingHost, ...] = ()


class Reach(BaseModel):
    """Whom something would reach now."""

    model_config = _VALUE

    reaches: int
    by_channel: Mapping[str, int] = Field(default_factory=dict)
    by_language: Mapping[str, int] = Field(default_factory=dict)
    without_channel: int = 0


class Mail(BaseModel):
    """How it reads as a mail."""

    model_config = _VALUE

    subject: str
    text: str


class Push(BaseModel):
    """How it reads as a push message."""

    model_config = _VALUE

    title: str
    body: str


class Preview(BaseModel):
    """How it reads in one language."""

    model_config = _VALUE

    email: Mail
    push: Push
    translated: bool


class DryRun(Reach):
    """What sending would do."""

    needs_second_person: bool
    previews: Mapping[str, Preview]


class Told(BaseModel):
    """One announcement as the list shows it."""

    model_config = _VALUE

    announcement_id: int
    incident: UUID
    subject: str
    facts: Mapping[str, Any] = Field(default_factory=dict)
    ended_at: datetime | None = None
    number: int
    kind: str
    urgency: Any = None
    headline: str
    state: str
    made_at: datetime
    made_by: str | None = None
    released_at: datetime | None = None
    released_by: str | None = None
    rejection: Mapping[str, Any] | None = None
    expires_at: datetime | None = None
    progress: Mapping[str, int] | None = None

    @property
    def is_of_pool(self) -> bool:
        """Say whether it changes with the state of a pool, not here."""
        return self.subject.startswith("pool:")


class Report(Told):
    """One announcement and what became of it."""

    texts: Mapping[str, Wording] = Field(default_factory=dict)
    deliveries: Deliveries = Deliveries()
    reach: Reach | None = None


_TOLD = TypeAdapter(tuple[Told, ...])


class Alerts:
    """Preview, send, release, update, end."""

    def __init__(self, calls: Calls) -> None:
        """Ask subscriptions."""
        self._calls = calls

    async def newest(self, *, limit: int = 50) -> tuple[Told, ...]:
        """Return the newest announcements."""
        return _TOLD.validate_python(await self._calls.get("/announcements", limit=limit))

    async def report(self, number: int) -> Report:
        """Return one with its delivery."""
        return Report.model_validate(await self._calls.get(f"/announcements/{number}"))

    async def dry_run(self, body: Mapping[str, object]) -> DryRun:
        """Say what sending would do."""
        return DryRun.model_validate(await self._calls.post("/announcements/dry-run", body))

    async def announce(self, body: Mapping[str, object]) -> Report:
        """Send, or hold for a second person."""
        return Report.model_validate(await self._calls.post("/announcements", body))

    async def release(self, number: int, *, by: str) -> None:
        """Let a held one go out."""
        await self._calls.post(f"/announcements/{number}/release", {"by": by})

    async def reject(self, number: int, *, by: str, why: str) -> None:
        """Let a held one never go out."""
        await self._calls.post(f"/announcements/{number}/rejection", {"by": by, "why": why})

    async def update(self, incident: UUID, body: Mapping[str, object]) -> Report:
        """Tell what has changed."""
        return Report.model_validate(await self._calls.post(f"/incidents/{incident}/updates", body))

    async def end(self, incident: UUID, body: Mapping[str, object]) -> Report:
        """Give the all-clear (Entwarnung), or say that it was a mistake."""
        return Report.model_validate(await self._calls.post(f"/incidents/{incident}/end", body))
