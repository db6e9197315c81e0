"""Composition root of accounts."""

from __future__ import annotations

import asyncio

from chassis.clock import utc_now
from chassis.service import Service, run
from chassis.storage import assemble
from services.accounts import api, subscribers
from services.accounts.settings import AccountsSettings


def build(settings: AccountsSettings) -> Service:
    """Put the service together."""
    service, database = assemble("accounts", settings, package="services.accounts")
    subscribers.register(service.consuming, database=database, town=settings.town, now=utc_now)
    service.routes = api.routes(database)
    return service


if __name__ == "__main__":
    asyncio.run(run(build(AccountsSettings())))
