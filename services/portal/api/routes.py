"""All addresses of the portal."""

from __future__ import annotations

from chassis.http import Endpointed
from services.portal.api import (
    appointment_details,
    appointment_own,
    appointments,
    cap,
    embed,
    farewell,
    feeds,
    files,
    legal,
    machine,
    news,
    open_appointments,
    pools,
    preferences,
    push,
    signup,
    staff,
    start,
    stream,
    tickets,
    waiting_confirm,
    waiting_list,
    waiting_room,
)
from services.portal.web.doors import page
from services.portal.web.site import Site


def routes(site: Site) -> list[Endpointed]:
    """Return them in the order in which they are tried; the last takes what nobody knows."""
    return [
        *files.routes(site),
        *start.routes(site),
        *pools.routes(site),
        *news.routes(site),
        *push.routes(site),
        *farewell.routes(site),
        *preferences.routes(site),
        *signup.routes(site),
        *appointments.routes(site),
        *appointment_details.routes(site),
        *waiting_room.routes(site),
        *waiting_list.routes(site),
        *waiting_confirm.routes(site),
        *appointment_own.routes(site),
        *open_appointments.routes(site),
        *tickets.routes(site),
        *legal.routes(site),
        *stream.routes(site),
        *feeds.routes(site),
        *cap.routes(site),
        *machine.routes(site),
        *embed.routes(site),
        *staff.routes(site),
        *page(site, "GET", "/{rest:path}", legal.unknown),
    ]
