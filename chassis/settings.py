"""Settings that every service has. Values come from the environment, secrets from files."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """What the chassis needs to run a service; a service subclasses it with its own prefix."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    town: str = Field(default="15090546", pattern=r"^\d{8}$", description="the town's key (AGS)")
    http_host: str = "127.0.0.1"
    http_port: int = 0
    http_fd: int | None = Field(default=None, description="inherited listening socket, in place of host and port")
    nats_url: str = "nats://127.0.0.1:4222"
    nats_seed_file: Path | None = Field(default=None, description="NKey seed of this identity")
    database_url: str = ""
    documents_url: str = ""
    tokens_dir: Path | None = Field(
        default=None,
        description="service tokens: `to-<service>` to send, `from-<caller>` to accept; one token a line",
    )
    log_format: Literal["json", "console", "auto"] = "auto"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    trace_ratio: float = Field(default=0.1, ge=0, le=1)
    stop_seconds: float = Field(default=20.0, gt=0, description="how long running work may take to finish")


def secret(path: Path) -> str:
    """Return the stripped text of a secret file."""
    return path.read_text("utf-8").strip()
