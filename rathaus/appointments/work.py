"""What `rathaus appointments` does, once the town hall stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Literal

import httpx

from rathaus.appointments.answers import OFFICES, Calendar, ImportReport, Row
from rathaus.appointments.tables import HoursTables
from rathaus.embedded.files import write_whole
from rathaus.embedded.hall import TownHall
from rathaus.levy.client import RefusedError, Service
from rathaus.levy.commands import BLOCKED, DONE, REFUSED
from rathaus.levy.tables import Terminal, cell, plain_table

_TIMEOUT_SECONDS = 300.0
"""Thousands of bookings are taken over in one call."""
_SHOWN = 50


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
        for rows, title in ((report.noted, "appointments_noted"), (report.refused, "import_refused")):
            if rows:
                self._rows(rows, title)
        if report.refused or report.noted:
            self._write(report, self._reports / f"{file.stem}-import.csv")
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

    def _rows(self, rows: Sequence[Row], title: str) -> None:
        say = self._terminal.words.say
        table = plain_table(say(title), say("import_line"), say("import_reason"))
        for each in rows[:_SHOWN]:
            table.add_row(str(each.row), cell(each.why))
        self._terminal.console.print(table)
        if len(rows) > _SHOWN:
            self._say("import_more", count=self._terminal.words.number(len(rows) - _SHOWN))

    def _write(self, report: ImportReport, target: Path) -> None:
        say, text = self._terminal.words.say, io.StringIO()
        writer = csv.writer(text, delimiter=";")
        writer.writerow([say("import_line"), say("import_what"), say("import_reason")])
        for rows, what in ((report.refused, "import_refused"), (report.noted, "appointments_noted")):
            writer.writerows([each.row, say(what), each.why] for each in rows)
        write_whole(target, text.getvalue().encode("utf-8-sig"))
        self._say("import_list", file=target)


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
