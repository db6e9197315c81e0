"""What `rathaus appointments` does, once the town hall stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

import httpx

from rathaus.appointments.answers import OFFICES, Calendar, ImportReport
from rathaus.appointments.tables import HoursTables
from rathaus.embedded.hall import TownHall
from rathaus.import_report import Remarks, tell_of
from rathaus.levy.client import RefusedError, Service
from rathaus.levy.commands import BLOCKED, DONE, REFUSED
from rathaus.levy.tables import Terminal

_TIMEOUT_SECONDS = 300.0
"""Thousands of bookings are taken over in one call."""


Work = Callable[["AppointmentCommands"], Awaitable[int]]


class AppointmentCommands:
    """The commands on one town hall; each returns an exit status."""

    def __init__(self, terminal: Terminal, appointments: Service, *, reports: Path) -> None:
        """Do nothing yet."""
        self._terminal = terminal
        self._say = terminal.say
        self._appointments = appointments
        self._reports = reports

    async def take(self, what: Literal["opening-hours", "bookings"], content: bytes, file: Path, *, kind: str) -> int:
        """Hand in a file; the same file again changes nothing."""
        answer = await self._appointments.call(
            "POST", f"/imports/{what}", content=content, headers={"content-type": kind}
        )
        report = ImportReport.model_validate_json(answer)
        remarks = [
            Remarks(title, [(each.row, each.why) for each in rows])
            for rows, title in ((report.noted, "appointments_noted"), (report.refused, "import_refused"))
        ]
        counted = "import_entry" if kind == "text/calendar" else "import_line"
        tell_of(self._terminal, remarks, file=self._reports / f"{file.name}-import.csv", counted=counted)
        number = self._terminal.words.number
        counts = {"added": report.added, "unchanged": report.unchanged, "refused": len(report.refused)}
        self._say("appointments_counts", **{name: number(count) for name, count in counts.items()})
        return BLOCKED if report.refused else DONE

    async def show(self, office: str) -> int:
        """Show opening hours, closures, and what lies outside."""
        known = [each.office for each in OFFICES.validate_json(await self._appointments.get("/offices"))]
        if office not in known:
            self._say("appointments_no_office", office=office, known=", ".join(known))
            return REFUSED
        calendar = Calendar.model_validate_json(await self._appointments.get(f"/offices/{office}/calendar"))
        HoursTables(self._terminal, calendar).show(office)
        return DONE


async def with_appointments(hall: TownHall, terminal: Terminal, work: Work) -> int:
    """Do some work; what the service refuses is shown in its own words."""
    async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
        desk = AppointmentCommands(terminal, Service(hall, "appointments", client), reports=hall.home.reports)
        try:
            return await work(desk)
        except RefusedError as error:
            terminal.say("refused", title=error.title)
            if error.detail:
                terminal.line(error.detail)
            return REFUSED
