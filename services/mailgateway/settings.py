"""Settings of the mail gateway, from the environment; credentials come from a file."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings, secret
from services.mailgateway.domain.doubt import Patience
from services.mailgateway.gateways.epost import EpostOptions
from services.mailgateway.gateways.epost_session import Credentials

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class MailgatewaySettings(ServiceSettings):
    """Settings of the service."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="MAILGATEWAY_")

    notices_url: str = "http://127.0.0.1:8001"
    epost_url: str = "https://api.epost.docuguide.com"
    epost_credentials_file: Path
    """JSON with vendorID, ekp, secret and password."""
    epost_test_mode: bool = Field(default=True, description="false is production: letters become paper and money")
    cost_centre: str = Field(default="", max_length=8, pattern=r"^[0-9a-zA-Z]*$")
    collect_seconds: float = Field(default=2.0, ge=0, description="how long a part-filled request waits for more")
    poll_seconds: float = Field(default=120.0, gt=0, description="between two looks at the states of a wave")
    time_factor: float = Field(default=1.0, ge=1, description="how much faster than real the simulator's clock runs")

    @model_validator(mode="after")
    def _keep_credentials_safe(self) -> Self:
        address = urlsplit(self.epost_url)
        if address.hostname in _LOOPBACK:
            return self
        if address.scheme != "https":
            message = "MAILGATEWAY_EPOST_URL must be https: credentials and letters travel over it"
            raise ValueError(message)
        if self.time_factor != 1:
            message = "MAILGATEWAY_TIME_FACTOR is for a simulator on this machine only"
            raise ValueError(message)
        return self

    def credentials(self) -> Credentials:
        """Read the provider's credentials."""
        values = json.loads(secret(self.epost_credentials_file))
        return Credentials(
            vendor_id=values["vendorID"], ekp=values["ekp"], secret=values["secret"], password=values["password"]
        )

    def options(self) -> EpostOptions:
        """Return the provider's intervals, as fast as its clock."""
        usual = EpostOptions()
        return EpostOptions(
            min_interval=usual.min_interval / self.time_factor, upload_timeout=usual.upload_timeout / self.time_factor
        )

    def patience(self) -> Patience:
        """Return how long to wait when in doubt, as fast as the provider's clock."""
        usual = Patience()

        def scaled(span: timedelta) -> timedelta:
            return span / self.time_factor

        return Patience(
            settle=scaled(usual.settle),
            longest_call=scaled(usual.longest_call),
            fresh=scaled(usual.fresh),
            window=scaled(usual.window),
            margin=scaled(usual.margin),
        )
