"""Settings of subscriptions, from the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class SubscriptionsSettings(ServiceSettings):
    """The chassis settings with the prefix of this service."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="SUBSCRIPTIONS_")

    town_name: str = Field(default="Stadt Tangerhütte", description="to whom people give their consent")
    portal_url: str = Field(default="http://127.0.0.1:8080", description="where citizens find the portal; for links")
    key_file: Path = Field(description="secret that signs links and Message-IDs, at least 32 bytes")
    vapid_key_file: Path = Field(description="private key (PEM, P-256) that names the town to push services")
    vapid_contact: str = Field(default="mailto:it@tangerhuette.example", description="whom a push service may ask")
    pools_file: Path | None = Field(default=None, description="master data of the pools (TOML); else the shipped one")
    mail_relay: str = Field(default="127.0.0.1:25", description="host:port of the town's mail relay")
    mail_tls: bool = Field(default=False, description="STARTTLS to the relay, certificate checked")
    mail_user: str = ""
    mail_password_file: Path | None = None
    mail_from: str = Field(default="Stadt Tangerhütte <meldungen@tangerhuette.example>")
    mail_connections: int = Field(default=16, ge=1, description="connections to the relay at once")
    mail_per_host: int = Field(default=4, ge=1, description="mails to one mail host on their way at once")
    push_hosts: tuple[str, ...] = Field(
        default=(
            "fcm.googleapis.com",
            "updates.push.services.mozilla.com",
            "*.push.services.mozilla.com",
            "*.push.apple.com",
            "*.notify.windows.com",
        ),
        description="push services that we call; an endpoint elsewhere is refused",
    )
    second_person_above: int = Field(default=500, ge=0, description="a larger circle needs a second person")
    signups_an_hour: int = Field(
        default=300, ge=1, description="strangers written to in one hour; beyond that somebody plays with the form"
    )
    weather_url: str = Field(default="https://api.brightsky.dev", description="Bright Sky API")
    weather_seconds: float = Field(default=300.0, gt=0, description="how often the weather is asked for")

    @model_validator(mode="after")
    def _passwords_go_through_tls(self) -> Self:
        if self.mail_user and not self.mail_tls:
            message = "a login at the mail relay needs TLS: without it everybody on the way reads the password"
            raise ValueError(message)
        return self
