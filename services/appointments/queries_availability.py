"""What the public may know of the calendar, as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from services.appointments.desk import Desk
from services.appointments.domain.booking import Allocation, Audience, Item, Wish
from services.appointments.domain.master_data import MasterData, Office, Release, Service
from services.appointments.domain.ticks import TICK_MINUTES, instant_of
from services.appointments.domain.visit import visit_of
from services.appointments.domain.window import STAFF_DAYS
from services.appointments.question import DayFree

FARTHEST_DAYS = STAFF_DAYS + 100
Json = Mapping[str, Any]


def offices(master: MasterData) -> Sequence[Json]:
    """Return every office with what it offers."""
    return [_office(master, each) for each in master.offices.values()]


def services(master: MasterData) -> Sequence[Json]:
    """Return every service with where it is offered."""
    return [_service(each) for each in master.services.values()]


async def availability(
    desk: Desk, wish: Wish, span: tuple[date, int], *, audience: Audience, besides: Allocation | None = None
) -> Json:
    """Return free beginnings by day; `span` is the first day and how many. NotOfferedError when it is not offered."""
    first, count = span
    visit = visit_of(desk.master, wish)
    found = await desk.planner.days(wish, first, count, audience=audience, now=desk.now(), besides=besides)
    minutes = visit.visit_ticks * TICK_MINUTES
    return {"office": wish.office, "minutes": minutes, "days": [_day(each) for each in found]}


async def earliest(desk: Desk, items: tuple[Item, ...], *, audience: Audience) -> Sequence[Json]:
    """Return the first free beginning of each office that offers all of it, the earliest office first."""
    found = await desk.planner.earliest(items, audience=audience, now=desk.now())
    return [{"office": office, "starts_at": None if at is None else _instant(at)} for office, at in found]


async def free_busy(desk: Desk, office: str, first: date, count: int) -> Json:
    """Return when each resource is taken, and by nothing said why."""
    found = await desk.planner.busy(office, first, count, now=desk.now())
    busy: dict[str, list[Json]] = {}
    for each in found:
        ends = {"from": _instant(instant_of(each.first_tick)), "to": _instant(instant_of(each.end_tick))}
        busy.setdefault(each.resource, []).append(ends)
    resources = [
        {"resource": each.code, "name": each.name, "busy": busy.get(each.code, [])}
        for each in desk.master.of_office(office)
    ]
    return {"office": office, "resources": resources}


def _office(master: MasterData, office: Office) -> Json:
    return {
        "office": office.code,
        "name": office.name,
        "address": office.address,
        "phone": office.phone,
        "days_ahead": office.days_ahead,
        "services": [each.code for each in master.services.values() if office.code in each.needs],
        "release": None if office.release is None else _release(office.release),
    }


def _release(release: Release) -> Json:
    return {
        "at": release.at.isoformat("minutes"),
        "gather_minutes": release.gather_minutes,
        "queue_minutes": release.queue_minutes,
    }


def _service(service: Service) -> Json:
    return {
        "service": service.code,
        "name": asdict(service.name),
        "hint": asdict(service.hint),
        "bring": [asdict(each) for each in service.bring],
        "fee": None if service.fee is None else asdict(service.fee),
        "minutes": service.minutes,
        "most": service.most,
        "offices": list(service.needs),
    }


def _day(day: DayFree) -> Json:
    return {
        "day": day.day.isoformat(),
        "starts": [_instant(each) for each in day.starts],
        "closed": day.closed,
        "closed_name": day.closed_name,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
