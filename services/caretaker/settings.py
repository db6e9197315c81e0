"""Settings of the caretaker, from the environment."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class CaretakerSettings(ServiceSettings):
    """The chassis settings with the prefix of this service."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="CARETAKER_")

    systems_file: Path | None = Field(default=None, description="the registered foreign systems; no file, no systems")
