"""Composition root of notices."""

from __future__ import annotations

import asyncio

from chassis.clock import utc_now
from chassis.documents import Documents
from chassis.http import service_client
from chassis.service import Service, run
from chassis.settings import secret
from chassis.storage import assemble
from contracts.output_profile import output_profile
from services.notices import subscribers
from services.notices.api import Api
from services.notices.gateways.intake import Reports
from services.notices.gateways.mailgateway import PriorSubmissions
from services.notices.queries.overview import Output
from services.notices.schedule import Schedule
from services.notices.settings import NoticesSettings


def build(settings: NoticesSettings) -> Service:
    """Put the service together."""
    service, database = assemble("notices", settings, package="services.notices")
    documents = Documents(settings.documents_url, key=secret(settings.hash_key_file))
    mailgateway = service_client(settings, "mailgateway", settings.mailgateway_url)
    intake = service_client(settings, "intake", settings.intake_url)
    subscribers.register(
        service.consuming, database=database, documents=documents, reports=Reports(intake), now=utc_now
    )
    output = Output(output_profile(settings.output_profile), duplex=settings.duplex, colour=settings.colour)
    service.routes = Api(
        database=database,
        documents=documents,
        submissions=PriorSubmissions(mailgateway),
        settings=settings,
        output=output,
        now=utc_now,
    ).routes()
    service.loops = Schedule(database, documents, settings, utc_now).loops()
    service.on_stop += [mailgateway.aclose, intake.aclose]
    return service


if __name__ == "__main__":
    asyncio.run(run(build(NoticesSettings())))  # pyright: ignore[reportCallIssue] - the environment fills it
