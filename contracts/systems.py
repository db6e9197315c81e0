"""The systems of other offices and vendors that may send events in: a file that the town keeps.

It binds each system to its source, its events and its limits. API keys stand in it as hashes, NKeys as public keys,
so it holds no secret. The doors read it anew when it changes.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.base import UtcTime
from contracts.foreign import FOREIGN, Slug

KEY_PREFIX = "rathaus"
"""API keys read `rathaus_<system>_<key id>_<secret>`, so that one found in a wrong place is known for what it is."""
EventName = Annotated[str, Field(max_length=64)]


class ApiKey(BaseModel):
    """One API key of a system; two at once while it is being rotated."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]{6,16}$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the whole key; it is 256 bits of chance, so no salt")
    created_at: UtcTime
    expires_at: UtcTime | None = None

    def opens(self, key: str, *, now: datetime) -> bool:
        """Whether this is the key and still valid."""
        fits = hmac.compare_digest(hashlib.sha256(key.encode()).hexdigest(), self.sha256)
        return fits and (self.expires_at is None or now < self.expires_at)


class ForeignSystem(BaseModel):
    """One system, what it may say and how much of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Slug
    source: str = Field(min_length=1, max_length=256, description="CloudEvents source; the system may use no other")
    may_send: tuple[EventName, ...] = Field(min_length=1, description="names with version, as pool_closed.v1")
    pools: tuple[Slug, ...] = Field(default=(), description="the pools that it may close and reopen")
    all_pools: bool = Field(default=False, description="it may do so with every pool, as the town hall itself")
    rate_per_second: float = Field(default=50, gt=0, le=10_000)
    daily_quota: int = Field(default=100_000, gt=0)
    nkey: str | None = Field(default=None, pattern=r"^U[A-Z2-7]{55}$", description="public NKey for the NATS door")
    api_keys: tuple[ApiKey, ...] = ()

    @model_validator(mode="after")
    def _events_exist(self) -> Self:
        unknown = set(self.may_send) - {event.name for event in FOREIGN}
        if unknown:
            message = f"no such event: {', '.join(sorted(unknown))}"
            raise ValueError(message)
        return self

    def runs_pool(self, pool: str) -> bool:
        """Whether it may close and reopen this pool."""
        return self.all_pools or pool in self.pools


class Systems(BaseModel):
    """All of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    systems: tuple[ForeignSystem, ...] = ()

    @model_validator(mode="after")
    def _are_told_apart(self) -> Self:
        for each in ("name", "source", "nkey"):
            values = [value for system in self.systems if (value := getattr(system, each)) is not None]
            if len(set(values)) != len(values):
                message = f"two systems share a {each}"
                raise ValueError(message)
        return self

    def named(self, name: str) -> ForeignSystem | None:
        """Return the system of a name."""
        return next((each for each in self.systems if each.name == name), None)

    def holder(self, key: str, *, now: datetime) -> tuple[ForeignSystem, ApiKey] | None:
        """Return the system whose API key this is, and which of its keys."""
        parts = key.split("_")
        system = self.named(parts[1]) if len(parts) == 4 and parts[0] == KEY_PREFIX else None  # noqa: PLR2004 - parts
        if system is None:
            return None
        return next(
            ((system, each) for each in system.api_keys if each.id == parts[2] and each.opens(key, now=now)), None
        )


def read_systems(path: Path) -> Systems:
    """Read the file; no file means no systems. ValidationError when it is not as described."""
    if not path.exists():
        return Systems()
    return Systems.model_validate_json(path.read_bytes())
