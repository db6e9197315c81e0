"""Composition root of appointments."""

from __future__ import annotations

import asyncio

from chassis.clock import utc_now
from chassis.service import Service, run
from chassis.settings import secret
from chassis.storage import assemble
from services.appointments.desk import Desk
from services.appointments.planner import Planner
from services.appointments.settings import AppointmentsSettings
from services.appointments.storage.master_data import read_master_data


def build(settings: AppointmentsSettings) -> Service:
    """Put the service together."""
    master, _series = read_master_data(settings.offices_file)
    service, database = assemble("appointments", settings, package="services.appointments")
    planner = Planner(database, master, replica_seconds=settings.replica_seconds)
    key = secret(settings.key_file).encode()
    _desk = Desk(database, master, planner, settings, key, utc_now, freed=lambda: None)
    return service


if __name__ == "__main__":
    asyncio.run(run(build(AppointmentsSettings())))  # pyright: ignore[reportCallIssue] - the environment fills it
