"""Composition root of the caretaker."""

from __future__ import annotations

import asyncio

from chassis.clock import utc_now
from chassis.service import Service, assemble_worker, run
from contracts.topology import CARETAKER
from services.caretaker.api.routes import Api
from services.caretaker.gateways.bus import Bus
from services.caretaker.gateways.shape import SystemsFile
from services.caretaker.schedule import Schedule
from services.caretaker.settings import CaretakerSettings


def build(settings: CaretakerSettings) -> Service:
    """Put the service together."""
    service = assemble_worker(CARETAKER, settings)
    bus = Bus(service.consuming.broker)
    service.routes = Api(bus, utc_now).routes()
    service.loops = Schedule(bus, SystemsFile(settings.systems_file), service.health, utc_now).loops()
    return service


if __name__ == "__main__":
    asyncio.run(run(build(CaretakerSettings())))
