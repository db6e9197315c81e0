"""Composition root of the mail gateway."""

from __future__ import annotations

import asyncio

from chassis.clock import utc_now
from chassis.http import service_client
from chassis.service import Service, run
from chassis.storage import assemble
from services.mailgateway import subscribers
from services.mailgateway.api import Api
from services.mailgateway.commands.post import Post
from services.mailgateway.gateways.epost import EpostProvider
from services.mailgateway.gateways.notices import NoticesDoor
from services.mailgateway.schedule import Schedule
from services.mailgateway.settings import MailgatewaySettings


def build(settings: MailgatewaySettings) -> Service:
    """Put the service together."""
    service, database = assemble("mailgateway", settings, package="services.mailgateway")
    provider = EpostProvider(settings.epost_url, settings.credentials(), options=settings.options())
    notices = service_client(settings, "notices", settings.notices_url)
    post = Post(database, provider, NoticesDoor(notices), settings, utc_now)
    subscribers.register(service.consuming, database=database, settings=settings, now=utc_now)
    service.routes = Api(post).routes()
    service.loops = Schedule(post, service.health).loops()
    service.on_stop += [provider.aclose, notices.aclose]
    return service


if __name__ == "__main__":
    asyncio.run(run(build(MailgatewaySettings())))  # pyright: ignore[reportCallIssue] - the environment fills it
