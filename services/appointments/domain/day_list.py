"""The list of the day (Tagesliste) for the counter: what one needs when screens stay dark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from services.appointments.domain.appointment_mail import item_words
from services.appointments.domain.booking import Booking
from services.appointments.domain.letter import Sheet, Table, one_line
from services.appointments.domain.master_data import MasterData, Office
from services.appointments.domain.when import clock, day_words, time_words

_HEADS = ("Zeit", "Nummer", "Wo", "Anliegen", "Name", "Telefon", "Bemerkung")
_UNCONFIRMED = "(noch nicht bestätigt)"
_LONGEST_NOTE = 80
_LONGEST = 60


def sheet_of_day(
    office: Office, day: date, entries: Sequence[Booking], master: MasterData, *, as_of: datetime
) -> Sheet:
    """Compose the list of one office; `entries` by time."""
    title = f"Tagesliste {office.name}: {day_words(day, 'de')}"
    count = "1 Termin" if len(entries) == 1 else f"{len(entries)} Termine"
    intro = f"{title}\n{count}, Stand {time_words(as_of, 'de')}. Spätere Änderungen stehen nur im Programm."
    rows = tuple(_row(each, master) for each in entries)
    table = (Table(_HEADS, rows),) if rows else ("Für heute ist kein Termin gebucht.",)
    privacy = "Diese Liste enthält persönliche Angaben. Bitte vernichten Sie den Ausdruck nach Dienstschluss."
    return Sheet("de", title, (intro, *table, privacy), is_wide=True)


def _row(booking: Booking, master: MasterData) -> tuple[str, ...]:
    where, person = booking.allocation, booking.person
    counters = [master.resources[each].name if each in master.resources else each for each in where.resources]
    name = "" if person is None else one_line(person.name, most=_LONGEST)
    return (
        f"{clock(where.starts_at)}-{clock(where.ends_at)}",
        booking.number,
        ", ".join(counters),
        ", ".join(item_words(booking.items, master, "de")),
        f"{name} {_UNCONFIRMED}" if booking.state == "unconfirmed" else name,
        "" if person is None or person.phone is None else one_line(person.phone, most=_LONGEST),
        "" if person is None else one_line(person.note, most=_LONGEST_NOTE),
    )
