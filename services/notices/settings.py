"""Settings of notices and of its render workers, from the environment."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings
from contracts.notices import LEVY_FILE_BYTES


class NoticesSettings(ServiceSettings):
    """Settings of the service."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="NOTICES_")

    hash_key_file: Path
    """Secret that makes document references unguessable; the render workers share it."""
    mailgateway_url: str = "http://127.0.0.1:8003"
    intake_url: str = Field(default="", description="where the bodies of reports are fetched; without it they wait")
    output_profile: str = "epost"
    duplex: bool = True
    colour: bool = False
    max_upload_bytes: int = Field(default=LEVY_FILE_BYTES, gt=0)
    redraw_after: timedelta = Field(
        default=timedelta(minutes=10), description="a run whose drawing stands still that long is ordered again"
    )
    chunk_letters: int = Field(default=20, ge=1, le=500, description="letters that a render worker takes at once")


class RenderSettings(ServiceSettings):
    """Settings of a render worker."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="RENDER_")

    hash_key_file: Path
    recycle_after_chunks: int = Field(default=20, ge=1, description="WeasyPrint grows: a worker ends after this many")
    recycle_idle_seconds: float = Field(default=20.0, gt=0, description="a worker that has rendered ends when idle")
