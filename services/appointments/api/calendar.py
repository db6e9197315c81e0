"""HTTP in: opening hours, the effect of a change before it is saved, and their history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpoint, Endpointed, Problem, route
from services.appointments.api.calendar_forms import HoursForm, SaveForm, UndoForm, invalid, read_form
from services.appointments.api.told import answer, instant, refusing
from services.appointments.commands import edit_calendar
from services.appointments.commands.edit_calendar import CollisionsError, Draft, Effect
from services.appointments.desk import Desk
from services.appointments.domain.booking import Booking
from services.appointments.domain.calendar_record import Hours, as_record, hours_of
from services.appointments.domain.calendar_rules import InvalidHoursError
from services.appointments.domain.effect import Minutes
from services.appointments.domain.refusal import StaleError
from services.appointments.storage.calendar_changes import Change

_STALE = (
    "Diese Öffnungszeiten hat inzwischen jemand anders geändert.",
    "Bitte die Seite neu laden und die Änderung noch einmal eintragen.",
)


def routes(desk: Desk) -> list[Endpointed]:
    """Return the routes."""

    async def get_calendar(request: Request) -> Response:
        shown = await edit_calendar.show_calendar(desk, _office(request))
        return answer(
            {
                "office": shown.calendar.office,
                "version": shown.calendar.version,
                "resources": [
                    {"resource": each.code, "name": each.name} for each in desk.master.of_office(shown.calendar.office)
                ],
                **as_record(hours_of(shown.calendar)),
                "outside": _bookings(shown.outside),
            }
        )

    async def post_preview(request: Request) -> Response:
        form = await read_form(request, HoursForm)
        return answer(_effect(await edit_calendar.preview(desk, _office(request), form.hours())))

    async def put_calendar(request: Request) -> Response:
        form = await read_form(request, SaveForm)
        draft = Draft(_office(request), form.hours(), form.seen_version, form.by, form.keep_collisions)
        version, effect = await edit_calendar.save(desk, draft)
        return answer({"version": version, **_effect(effect)})

    async def get_history(request: Request) -> Response:
        return answer([_change(each) for each in await edit_calendar.history(desk, _office(request))])

    async def post_undo(request: Request) -> Response:
        form, office = await read_form(request, UndoForm), _office(request)
        seen = form.seen_version
        if seen is None:
            seen = (await edit_calendar.show_calendar(desk, office)).calendar.version
        draft = Draft(office, Hours((), ()), seen, form.by, form.keep_collisions)
        version, effect = await edit_calendar.undo(desk, draft, form.version)
        return answer({"version": version, **_effect(effect)})

    there = "/offices/{office}/calendar"
    return [
        route("GET", there, _telling(get_calendar), callers=["portal", "rathaus"]),
        route("POST", f"{there}/preview", _telling(post_preview), callers=["portal"]),
        route("PUT", there, _telling(put_calendar), callers=["portal"]),
        route("GET", f"{there}/history", _telling(get_history), callers=["portal"]),
        route("POST", f"{there}/undo", _telling(post_undo), callers=["portal"]),
    ]


def _telling(endpoint: Endpoint) -> Endpoint:
    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except InvalidHoursError as error:
            raise invalid(error) from None
        except CollisionsError as error:
            raise _collisions(error) from None
        except StaleError:
            raise Problem(409, *_STALE, code="stale") from None

    return refusing(answered)


def _collisions(error: CollisionsError) -> Problem:
    count = len(error.effect.collisions)
    title = f"{count} Termine lägen" if count > 1 else "Ein Termin läge"
    return Problem(
        409,
        f"{title} danach außerhalb der Öffnungszeiten.",
        "Bitte zuerst verlegen oder absagen, oder bestätigen, dass sie trotzdem bleiben.",
        code="collisions",
        **_effect(error.effect),
    )


def _office(request: Request) -> str:
    return str(request.path_params["office"])


def _effect(effect: Effect) -> dict[str, Any]:
    days = [
        {"day": each.day.isoformat(), "before": _minutes(each.before), "after": _minutes(each.after)}
        for each in effect.days
    ]
    return {"days": days, "summary": effect.summary, "collisions": _bookings(effect.collisions)}


def _minutes(minutes: Minutes) -> dict[str, int]:
    return {"public": minutes.public, "internal": minutes.internal}


def _bookings(bookings: Sequence[Booking]) -> list[dict[str, Any]]:
    return [
        {
            "booking_id": str(each.booking_id),
            "number": each.number,
            "state": each.state,
            "starts_at": instant(each.allocation.starts_at),
            "ends_at": instant(each.allocation.ends_at),
            "resources": list(each.allocation.resources),
            "name": None if each.person is None else each.person.name,
            "email": None if each.person is None else each.person.email,
            "phone": None if each.person is None else each.person.phone,
        }
        for each in bookings
    ]


def _change(change: Change) -> dict[str, Any]:
    return {
        "version": change.version,
        "at": instant(change.at),
        "by": change.by,
        "before": as_record(change.before),
        "after": as_record(change.after),
    }
