"""Settings of the portal, from the environment."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class PortalSettings(ServiceSettings):
    """The chassis settings with the prefix of this service."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="PORTAL_")

    public_url: str = Field(default="http://127.0.0.1:8080", description="where citizens find the portal")
    subscriptions_url: str = Field(default="http://127.0.0.1:8004", description="pools, subscribers, messages")
    accounts_url: str = Field(default="http://127.0.0.1:8001", description="staff devices and sessions")
    appointments_url: str = Field(default="http://127.0.0.1:8006", description="appointments")
    key_file: Path = Field(description="secret that signs cookies, at least 32 bytes")
    town_name: str = Field(default="Stadt Tangerhütte", description="who speaks here")
    contact_email: str = Field(default="info@tangerhuette.example", description="for questions, and about barriers")
    contact_address: str = Field(default="Bismarckstraße 5, 39517 Tangerhütte", description="for the imprint")
    client_header: str = Field(
        default="", description="header in which a reverse proxy names the client, as x-forwarded-for; its last entry"
    )
    answer_seconds: float = Field(default=4.0, gt=0, description="how long a page waits for another service")
    open_streams: int = Field(default=2000, ge=1, description="pages that may listen for changes at once")

    @property
    def secure(self) -> bool:
        """Say whether browsers reach the portal over TLS."""
        return self.public_url.startswith("https://")
