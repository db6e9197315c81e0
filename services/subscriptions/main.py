"""Composition root of subscriptions."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from chassis.clock import utc_now
from chassis.rebuild import rebuild_routes
from chassis.service import Service, run
from chassis.storage import assemble
from services.subscriptions import schedule, subscribers
from services.subscriptions.api import announcements, imports, links, news
from services.subscriptions.api import subscribers as people
from services.subscriptions.api.pools import PoolsApi
from services.subscriptions.api.weather import WeatherApi
from services.subscriptions.changes import Changes
from services.subscriptions.commands.announce_alert import AlertDesk
from services.subscriptions.commands.watch_weather import Watching
from services.subscriptions.dispatch import make_dispatch
from services.subscriptions.domain.weather_watch import gap_of
from services.subscriptions.gateways.weather import WeatherService
from services.subscriptions.settings import SubscriptionsSettings
from services.subscriptions.storage import alerts
from services.subscriptions.storage.keys import link_key
from services.subscriptions.storage.master_data import read_master_data
from services.subscriptions.storage.registry import registry_of
from services.subscriptions.storage.topics import read_topics


def build(settings: SubscriptionsSettings) -> Service:
    """Put the service together."""
    master = read_master_data(settings.town, settings.pools_file)
    topics, key = read_topics(settings.pools_file), link_key(settings.key_file)
    service, database = assemble("subscriptions", settings, package="services.subscriptions")
    changes = Changes(database)
    dispatch = make_dispatch(settings, database, key=key, topics=topics, now=utc_now)
    sky, gap = WeatherService(settings.weather_url), gap_of(timedelta(seconds=settings.weather_seconds))

    def wake() -> None:
        changes.wake()
        dispatch.fanout.wake()

    database.after_record(wake)
    desk = AlertDesk(database, utc_now, tuple(topics.places), settings.second_person_above, wake)
    registry = registry_of(settings, database, key=key, topics=topics, now=utc_now)
    watching = Watching(database, master, sky, utc_now, gap, wake)
    subscribers.register(service.consuming, database=database, master=master, desk=desk, now=utc_now)
    service.routes = [
        *PoolsApi(database, master, changes, utc_now).routes(),
        *WeatherApi(database, master, utc_now, gap, wake).routes(),
        *people.routes(registry, push_key=dispatch.push_key),
        *links.routes(registry),
        *imports.routes(registry),
        *announcements.routes(desk, house=dispatch.house, topics=topics),
        *news.routes(database, key=key, topics=topics, now=utc_now),
        *rebuild_routes(database, {"subscriptions-alerts": alerts.drop}),
    ]
    service.loops = [
        changes.watch,
        *dispatch.loops,
        *schedule.loops(watching, desk, weather_seconds=settings.weather_seconds),
    ]
    service.on_stop += [dispatch.close, sky.close]
    return service


if __name__ == "__main__":
    asyncio.run(run(build(SubscriptionsSettings())))  # pyright: ignore[reportCallIssue] - the environment fills it
