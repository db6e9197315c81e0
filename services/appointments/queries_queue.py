"""What people in the waiting hall, clerks and the display read of the queue."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.desk import Desk
from services.appointments.domain.booking import Item
from services.appointments.domain.calendar import OfficeCalendar, open_mask
from services.appointments.domain.hall import Awaited, Hall, planned_minutes, rounded
from services.appointments.domain.masks import runs
from services.appointments.domain.master_data import MasterData
from services.appointments.domain.queue import LATE, Ticket, counters_for, shown
from services.appointments.domain.ticks import LOCAL, day_ticks, instant_of, tick_of
from services.appointments.storage import booking_lists, queue
from services.appointments.storage.booking_rows import TO_COME
from services.appointments.storage.calendars import load_calendar

Json = dict[str, Any]
_SHOWN = 5
"""So many numbers are still readable from five metres."""
_LAST = 5


async def hall_of(session: AsyncSession, desk: Desk, office: str) -> Hall:
    """Read how it stands in an office."""
    now, day = desk.now(), local_day(desk.now())
    to_come = [
        Awaited(instant_of(row.first_tick), tuple(Item(each["service"], each["count"]) for each in row.items))
        for row in await booking_lists.of_day(session, office, day, now=now)
        if row.state in TO_COME and instant_of(row.first_tick) > now - LATE
    ]
    tickets = await queue.of_day(session, office, day)
    open_until = _open_until(await load_calendar(session, desk.master, office), desk.master, now)
    return Hall(desk.master, office, now, tuple(tickets), tuple(to_come), open_until)


def _open_until(calendar: OfficeCalendar, master: MasterData, now: datetime) -> dict[str, datetime]:
    """Return the resources that are open now, for whomever, and until when; midnight ends nothing by itself."""
    day = local_day(now)
    today, tomorrow = day_ticks(day), day_ticks(day + timedelta(days=1))
    found: dict[str, datetime] = {}
    for each in master.of_office(calendar.office):
        mask = open_mask(calendar, each.code, day, "staff")
        mask |= open_mask(calendar, each.code, day + timedelta(days=1), "staff") << (tomorrow.start - today.start)
        for first, end in runs(mask):
            if first <= tick_of(now) - today.start < end:
                found[each.code] = instant_of(today.start + end)
    return found


def local_day(at: datetime) -> date:
    """Return the local day of an instant."""
    return at.astimezone(LOCAL).date()


def own(hall: Hall, ticket: Ticket) -> Json:
    """Return a ticket as its holder sees it."""
    office = hall.master.offices[ticket.office]
    waits = ticket.state == "waiting" and ticket.day == local_day(hall.now)
    ahead = hall.ahead_of(ticket) if waits else []
    minutes = hall.minutes(ticket.items, ahead, ticket.due_at) if waits else None
    return {
        "number": shown(office, ticket.number),
        "office": office.code,
        "office_name": office.name,
        "day": ticket.day.isoformat(),
        "state": ticket.state,
        "ahead": len(ahead),
        "minutes_to_wait": rounded(minutes),
        "counter": name_of(hall.master, ticket.resource),
        "calls": ticket.calls,
        "due_at": instant(ticket.due_at),
    }


def walk_in(hall: Hall) -> Json:
    """Return for what numbers are given out now, and how long somebody would wait."""
    office = hall.master.offices[hall.office]
    offered = [each for each in hall.master.services.values() if office.code in each.needs]
    return {
        "office": office.code,
        "name": office.name,
        "waiting": len(hall.queue),
        "services": [
            {
                "service": each.code,
                "name": {"de": each.name.de, "en": each.name.en, "plain": each.name.plain},
                "most": each.most,
                "open": hall.is_offered([Item(each.code)]),
                "minutes_to_wait": rounded(hall.minutes([Item(each.code)], hall.queue)),
            }
            for each in offered
            if counters_for(hall.master, office.code, [Item(each.code)])
        ],
    }


def staff(hall: Hall, names: dict[Any, str]) -> Json:
    """Return the queue as clerks see it."""
    ended = [each for each in hall.tickets if each.state in ("done", "missed") and each.ended_at is not None]
    ended.sort(key=lambda each: each.ended_at or hall.now, reverse=True)
    office = hall.master.offices[hall.office]

    def entry(ticket: Ticket) -> Json:
        return {
            "ticket_id": str(ticket.ticket_id),
            "number": shown(office, ticket.number),
            "state": ticket.state,
            "items": [{"service": each.service, "count": each.count} for each in ticket.items],
            "services": [_title(hall.master, each) for each in ticket.items],
            "minutes": planned_minutes(hall.master, ticket.items),
            "can": sorted(counters_for(hall.master, ticket.office, ticket.items)),
            "name": names.get(ticket.booking_id),
            "due_at": instant(ticket.due_at),
            "joined_at": instant(ticket.joined_at),
            "called_at": instant(ticket.called_at),
            "calls": ticket.calls,
            "resource": ticket.resource,
            "counter": name_of(hall.master, ticket.resource),
        }

    def those(*states: str) -> list[Json]:
        return [entry(each) for each in hall.tickets if each.state in states]

    return {
        "office": office.code,
        "name": office.name,
        "waiting": [entry(each) for each in hall.queue],
        "called": those("called", "serving"),
        "parked": those("parked"),
        "ended": [entry(each) for each in ended[:_LAST]],
    }


def display(hall: Hall) -> Json:
    """Return the call display: numbers and counters, nothing else."""
    office = hall.master.offices[hall.office]
    called = [each for each in hall.tickets if each.state in ("called", "serving") and each.called_at is not None]
    called.sort(key=lambda each: (each.state != "called", -(each.called_at or hall.now).timestamp()))
    return {
        "now": instant(hall.now),
        "office": office.code,
        "name": office.name,
        "called": [
            {
                "number": shown(office, each.number),
                "counter": name_of(hall.master, each.resource),
                "called_at": instant(each.called_at),
                "fresh": each.state == "called",
            }
            for each in called[:_SHOWN]
        ],
        "waiting": len(hall.queue),
    }


def counters(master: MasterData) -> list[Json]:
    """Return all counters that can call people."""
    return [
        {
            "resource": each.code,
            "name": each.name,
            "office": each.office,
            "office_name": master.offices[each.office].name,
        }
        for each in master.resources.values()
        if each.kind != "room"
    ]


def name_of(master: MasterData, resource: str | None) -> str | None:
    """Return what a counter is called."""
    found = None if resource is None else master.resources.get(resource)
    return None if found is None else found.name


def instant(at: datetime | None) -> str | None:
    """Return an instant as the interface has it."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def _title(master: MasterData, item: Item) -> str:
    known = master.services.get(item.service)
    name = item.service if known is None else known.name.de
    return name if item.count == 1 else f"{item.count} × {name}"
