"""Bookings of an earlier system, checked against the master data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.appointments.domain.booking import Item, Person
from services.appointments.domain.master_data import MasterData, Office, Service
from services.appointments.domain.named import office_of, resource_of, service_of
from services.appointments.domain.table_file import RowError
from services.appointments.domain.ticks import TICK_MINUTES

LONGEST_ID = 255
LONGEST_NAME = 120
LONGEST_PHONE = 40
LONGEST_NOTE = 1000
LONGEST_EMAIL = 254
MOST_MINUTES = 600
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True, slots=True)
class Given:
    """A booking as a file states it."""

    row: int
    foreign_id: str
    office: str
    services: tuple[tuple[str, int], ...]
    """By code or name, and how often."""
    starts_at: datetime
    minutes: int | None
    """None: as long as these services take."""
    resources: tuple[str, ...]
    name: str
    email: str = ""
    phone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ForeignBooking:
    """A booking that may be taken over, if its time is free."""

    row: int
    foreign_id: str
    office: str
    items: tuple[Item, ...]
    starts_at: datetime
    minutes: int | None
    resources: tuple[str, ...]
    """Where it has to be; empty: wherever these services are offered."""
    person: Person


def checked(given: Given, master: MasterData, *, now: datetime) -> ForeignBooking:
    """Find what a booking speaks of; RowError says what is wrong with it."""
    if not given.foreign_id or len(given.foreign_id) > LONGEST_ID:
        raise RowError(f"Die Kennung fehlt oder ist länger als {LONGEST_ID} Zeichen.")
    _check_time(given, now)
    office = office_of(master, given.office)
    return ForeignBooking(
        row=given.row,
        foreign_id=given.foreign_id,
        office=office.code,
        items=_items(given.services, master, office),
        starts_at=given.starts_at,
        minutes=given.minutes,
        resources=tuple(dict.fromkeys(resource_of(master, office, each).code for each in given.resources)),
        person=_person(given),
    )


def _check_time(given: Given, now: datetime) -> None:
    if given.starts_at <= now:
        raise RowError("Der Termin liegt in der Vergangenheit.")
    if given.starts_at.second or given.starts_at.microsecond or given.starts_at.minute % TICK_MINUTES:
        raise RowError(f"Der Termin beginnt nicht auf vollen {TICK_MINUTES} Minuten.")
    if given.minutes is not None and not 0 < given.minutes <= MOST_MINUTES:
        raise RowError(f"Der Termin dauert nicht zwischen 1 und {MOST_MINUTES} Minuten.")


def _items(wanted: Sequence[tuple[str, int]], master: MasterData, office: Office) -> tuple[Item, ...]:
    counts: dict[str, int] = {}
    for text, count in wanted:
        service = _offered(service_of(master, text), office, master)
        counts[service.code] = counts.get(service.code, 0) + count
        if counts[service.code] > service.most:
            raise RowError(f"„{service.name.de}“ geht in einem Termin höchstens {service.most}-mal.")
    if not counts:
        raise RowError("Es ist kein Anliegen angegeben.")
    return tuple(Item(code, count) for code, count in counts.items())


def _offered(service: Service | None, office: Office, master: MasterData) -> Service:
    if service is None:
        raise RowError(f"Das Anliegen gibt es hier nicht. Es gibt: {', '.join(master.services)}.")
    if office.code not in service.needs:
        raise RowError(f"„{service.name.de}“ wird in „{office.name}“ nicht angeboten.")
    return service


def _person(given: Given) -> Person:
    name = " ".join(given.name.split())
    if not name or len(name) > LONGEST_NAME:
        raise RowError(f"Der Name fehlt oder ist länger als {LONGEST_NAME} Zeichen.")
    email = given.email.strip()
    if email and (len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email)):
        raise RowError("Die E-Mail-Adresse ist nicht lesbar.")
    phone = " ".join(given.phone.split())
    if len(phone) > LONGEST_PHONE:
        raise RowError(f"Die Telefonnummer ist länger als {LONGEST_PHONE} Zeichen.")
    if len(given.note) > LONGEST_NOTE:
        raise RowError(f"Die Notiz ist länger als {LONGEST_NOTE} Zeichen.")
    return Person(name=name, email=email or None, phone=phone or None, note=given.note)
