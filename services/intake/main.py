"""Composition root of intake."""

from __future__ import annotations

import asyncio

from chassis.clock import utc_now
from chassis.service import Service, run
from chassis.storage import assemble
from services.intake import subscribers
from services.intake.api import routes
from services.intake.commands.check_event import Checker
from services.intake.commands.reception import Reception
from services.intake.commands.shared_commit import SharedCommits
from services.intake.schedule import Schedule
from services.intake.settings import IntakeSettings
from services.intake.storage.systems_file import SystemsFile


def build(settings: IntakeSettings) -> Service:
    """Put the service together."""
    service, database = assemble("intake", settings, package="services.intake")
    systems = SystemsFile(settings.systems_file)
    commits = SharedCommits(database, town=settings.town, now=utc_now)
    reception = Reception(systems, Checker(), commits, utc_now)
    subscribers.register(service.consuming, reception=reception)
    service.routes = routes(reception, database, utc_now)
    service.loops = Schedule(database, settings, utc_now).loops()
    service.health.add("systems file", systems.problem)
    return service


if __name__ == "__main__":
    asyncio.run(run(build(IntakeSettings())))
