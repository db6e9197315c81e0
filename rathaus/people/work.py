"""Some work with the services that know people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from rathaus.embedded.hall import TownHall
from rathaus.levy.client import RefusedError, Service
from rathaus.levy.commands import REFUSED
from rathaus.levy.tables import Terminal
from rathaus.people.staff import StaffCommands
from rathaus.people.subscribers import SubscriberCommands

_TIMEOUT_SECONDS = 300.0
"""A list of 100,000 people is taken over in one call."""


@dataclass(frozen=True, slots=True)
class People:
    """The commands of both."""

    staff: StaffCommands
    subscribers: SubscriberCommands


Work = Callable[[People], Awaitable[int]]


async def with_people(hall: TownHall, terminal: Terminal, work: Work) -> int:
    """Do some work; what a service refuses is shown in its own words."""
    async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
        accounts, subscriptions = (Service(hall, name, client) for name in ("accounts", "subscriptions"))
        staff = StaffCommands(terminal, accounts, subscriptions, portal_url=hall.state().portal_url)
        try:
            return await work(People(staff, SubscriberCommands(terminal, subscriptions, reports=hall.home.reports)))
        except RefusedError as error:
            terminal.say("refused", title=error.title)
            if error.detail:
                terminal.line(error.detail)
            return REFUSED
