"""All pages of the staff (Dienst)."""

from __future__ import annotations

from chassis.http import Endpointed
from services.portal.api import staff_push
from services.portal.api.staff_alerts import StaffAlerts
from services.portal.api.staff_booking import StaffBooking
from services.portal.api.staff_calls import StaffCalls
from services.portal.api.staff_compose import StaffCompose
from services.portal.api.staff_counter import CounterDesk
from services.portal.api.staff_day import StaffDay
from services.portal.api.staff_door import StaffDoor
from services.portal.api.staff_hours import StaffHours
from services.portal.api.staff_phone import StaffPhone
from services.portal.api.staff_pool import StaffPool
from services.portal.web.site import Site


def routes(site: Site) -> list[Endpointed]:
    """State them; the door comes last, because `/dienst/{token}` looks like any of them."""
    door = StaffDoor(site)
    desk = CounterDesk(door)
    days = StaffDay(desk)
    return [
        *StaffPool(door).routes(),
        *staff_push.routes(door),
        *StaffCompose(door).routes(),
        *StaffAlerts(door).routes(),
        *days.routes(),
        *StaffPhone(desk).routes(),
        *StaffHours(desk).routes(),
        *StaffBooking(desk, days).routes(),
        *StaffCalls(door).routes(),
        *door.routes(),
    ]
