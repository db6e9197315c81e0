"""Settings of subscriptions, from the environment."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class SubscriptionsSettings(ServiceSettings):
    """The chassis settings with the prefix of this service."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="SUBSCRIPTIONS_")
