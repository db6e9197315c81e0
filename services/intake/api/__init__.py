"""HTTP in: the door for other systems, the reports for those who may see them, and the catalogue for everybody."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.database import Database
from chassis.http import Endpointed
from services.intake.api import events, pages, reports
from services.intake.commands.reception import Reception


def routes(reception: Reception, database: Database, now: Clock) -> list[Endpointed]:
    """Return this service's routes."""
    return [
        *events.routes(reception),
        *reports.routes(database, reception.systems, now),
        *pages.routes(),
    ]
