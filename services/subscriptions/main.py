"""Composition root of subscriptions."""

from __future__ import annotations

import asyncio

from chassis.clock import utc_now
from chassis.rebuild import rebuild_routes
from chassis.service import Service, run
from chassis.storage import assemble
from services.subscriptions import subscribers
from services.subscriptions.api import pools
from services.subscriptions.settings import SubscriptionsSettings
from services.subscriptions.storage import alerts


def build(settings: SubscriptionsSettings) -> Service:
    """Put the service together."""
    service, database = assemble("subscriptions", settings, package="services.subscriptions")
    subscribers.register(service.consuming, database=database, town=settings.town, now=utc_now)
    rebuilding = rebuild_routes(database, {"subscriptions-alerts": alerts.drop})
    service.routes = [*pools.routes(database, now=utc_now), *rebuilding]
    return service


if __name__ == "__main__":
    asyncio.run(run(build(SubscriptionsSettings())))
