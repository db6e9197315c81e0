"""Settings of intake, from the environment."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class IntakeSettings(ServiceSettings):
    """The chassis settings and those of the doors."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="INTAKE_")

    systems_file: Path | None = Field(default=None, description="the systems that may send (contracts.systems)")
    keep_fetched_days: int = Field(default=7, ge=0, description="how long a report is kept after it was fetched")
