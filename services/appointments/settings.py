"""Settings of appointments, from the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class AppointmentsSettings(ServiceSettings):
    """The chassis settings with the prefix of this service."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="APPOINTMENTS_")

    town_name: str = Field(default="Stadt Tangerhütte", description="who speaks in mails")
    portal_url: str = Field(default="http://127.0.0.1:8080", description="where citizens find the portal; for links")
    key_file: Path = Field(description="secret that signs links and challenges, at least 32 bytes")
    offices_file: Path | None = Field(default=None, description="offices, resources, services (TOML); else the shipped")
    mail_relay: str = Field(default="127.0.0.1:25", description="host:port of the town's mail relay")
    mail_tls: bool = Field(default=False, description="STARTTLS to the relay, certificate checked")
    mail_user: str = ""
    mail_password_file: Path | None = None
    mail_from: str = Field(default="Stadt Tangerhütte <termine@tangerhuette.example>")
    hold_minutes: float = Field(default=15.0, gt=0, description="how long a time is held while the form is filled")
    offer_minutes: float = Field(default=15.0, gt=0, description="how long a freed time waits for one on the list")
    confirm_minutes: float = Field(default=60.0, gt=0, description="how long the link in a mail confirms a booking")
    quarantine_minutes: tuple[float, float] = Field(
        default=(10.0, 40.0), description="a freed time comes back to the web after a while drawn from this span"
    )
    reminder_hours: float = Field(default=24.0, gt=0, description="how long before its start a reminder goes out")
    most_per_email: int = Field(default=3, ge=1, description="appointments to come under one e-mail address")
    holds_per_client: int = Field(default=6, ge=1, description="holds of one client address within an hour")
    proof_difficulty: int = Field(
        default=50_000, ge=0, description="guesses a proof of work takes at most; 0: none asked"
    )
    day_list_at: str = Field(default="06:30", pattern=r"^\d\d:\d\d$", description="when the list of the day is mailed")
    replica_seconds: float = Field(default=2.0, gt=0, description="how old what another replica has booked may look")

    @model_validator(mode="after")
    def _passwords_go_through_tls(self) -> Self:
        if self.mail_user and not self.mail_tls:
            message = "a login at the mail relay needs TLS: without it everybody on the way reads the password"
            raise ValueError(message)
        return self
