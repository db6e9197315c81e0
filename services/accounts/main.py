"""Composition root of accounts."""

from __future__ import annotations

import asyncio

from chassis.clock import utc_now
from chassis.service import Service, run
from chassis.storage import assemble
from services.accounts import subscribers
from services.accounts.api import routing, staff
from services.accounts.schedule import sweeping
from services.accounts.settings import AccountsSettings


def build(settings: AccountsSettings) -> Service:
    """Put the service together."""
    service, database = assemble("accounts", settings, package="services.accounts")
    subscribers.register(service.consuming, database=database, town=settings.town, now=utc_now)
    service.routes = [*routing.routes(database), *staff.routes(database, now=utc_now)]
    service.loops = [sweeping(database, utc_now)]
    return service


if __name__ == "__main__":
    asyncio.run(run(build(AccountsSettings())))
