"""Opening hours as the terminal shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rathaus.appointments.answers import Calendar, Outside, Series, Special
from rathaus.levy.tables import Terminal, cell, plain_table
from rathaus.words import TOWN_TIME


class HoursTables:
    """The opening hours of one office."""

    def __init__(self, terminal: Terminal, calendar: Calendar) -> None:
        """Show nothing yet."""
        self._terminal = terminal
        self._calendar = calendar
        self._names = {each.resource: each.name for each in calendar.resources}

    def show(self, office: str) -> None:
        """Show series, exceptions, and what lies outside of both."""
        say = self._terminal.say
        if self._calendar.series:
            title = self._word("hours", office=office, version=self._calendar.version)
            rows = [
                self._of_series(each)
                for each in sorted(self._calendar.series, key=lambda each: (each.weekdays, each.from_time))
            ]
            self._table(title, ("days", "time", "where", "who", "valid", "note"), rows)
        else:
            say("appointments_no_hours", office=office)
        if self._calendar.exceptions:
            rows = [self._of_special(each) for each in self._calendar.exceptions]
            self._table(self._word("special"), ("valid", "time", "where", "what", "note"), rows)
        if self._calendar.outside:
            rows = [self._of_outside(each) for each in self._calendar.outside]
            self._table(self._word("outside"), ("number", "time", "where"), rows)

    def _table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        table = plain_table(title, *(self._word(each) for each in columns))
        for row in rows:
            table.add_row(*(cell(text) for text in row))
        self._terminal.console.print(table)

    def _of_series(self, each: Series) -> tuple[str, ...]:
        names = self._word("weekdays").split()
        days = " ".join(names[day] for day in each.weekdays)
        if each.every_weeks > 1:
            days = self._word("every", days=days, weeks=each.every_weeks)
        time = f"{each.from_time}-{each.to_time}"
        valid = self._valid(each.first_day, each.last_day)
        return days, time, self._where(each.resources), self._word(each.audience), valid, each.note

    def _of_special(self, each: Special) -> tuple[str, ...]:
        whole = each.from_time is None and each.to_time is None
        time = self._word("all_day") if whole else f"{each.from_time or '00:00'}-{each.to_time or '24:00'}"
        where = self._word("all") if each.resources is None else self._where(each.resources)
        return self._valid(each.first_day, each.last_day), time, where, self._word(each.kind), each.reason

    def _of_outside(self, each: Outside) -> tuple[str, ...]:
        return each.number, f"{each.starts_at.astimezone(TOWN_TIME):%d.%m.%Y %H:%M}", self._where(each.resources)

    def _valid(self, first: date, last: date | None) -> str:
        if last is None:
            return self._word("from", first=f"{first:%d.%m.%Y}")
        if first == last:
            return f"{first:%d.%m.%Y}"
        return self._word("between", first=f"{first:%d.%m.%Y}", last=f"{last:%d.%m.%Y}")

    def _where(self, resources: Sequence[str]) -> str:
        return "\n".join(self._names.get(each, each) for each in resources)

    def _word(self, key: str, **values: object) -> str:
        return self._terminal.words.say(f"appointments_{key}", **values)
