"""Composition root of appointments."""

from __future__ import annotations

import asyncio
from functools import partial

from chassis.clock import utc_now
from chassis.schedules import Schedules
from chassis.service import Service, run
from chassis.settings import secret
from chassis.storage import assemble
from services.appointments import schedule, subscribers
from services.appointments.api import (
    availability,
    bookings,
    calendar,
    day,
    feeds,
    holds,
    imports,
    proofs,
    releases,
    tickets,
    waiting,
)
from services.appointments.commands.offer import Offers
from services.appointments.desk import Desk
from services.appointments.dispatch import make_dispatch
from services.appointments.first_start import FirstStart
from services.appointments.planner import Planner
from services.appointments.settings import AppointmentsSettings
from services.appointments.storage.master_data import read_master_data

PARTS = (availability, holds, bookings, day, calendar, imports, feeds, proofs, releases, waiting, tickets)


def build(settings: AppointmentsSettings) -> Service:
    """Put the service together."""
    master, first = read_master_data(settings.offices_file)
    service, database = assemble("appointments", settings, package="services.appointments")
    if service.store is not None:
        service.store = FirstStart(service.store, database, master, first, utc_now)
    planner = Planner(database, master, replica_seconds=settings.replica_seconds)
    key = secret(settings.key_file).encode()
    offers = Offers(database)
    desk = Desk(database, master, planner, settings, key, utc_now, freed=offers.wake)
    dispatch = make_dispatch(settings, database, now=utc_now)
    schedules = Schedules(service.consuming.broker, identity="appointments")
    subscribers.register(service.consuming, desk)
    service.routes = [route for part in PARTS for route in part.routes(desk)]
    service.loops = [*dispatch.loops, *schedule.loops(desk, schedules), partial(offers.run, desk)]
    service.on_stop += [dispatch.close]
    return service


if __name__ == "__main__":
    asyncio.run(run(build(AppointmentsSettings())))  # pyright: ignore[reportCallIssue] - the environment fills it
