"""HTTP in: the waiting room of a release (virtueller Warteraum)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed, Problem, route
from services.appointments.api.told import Body, answer, instant, read, refusing
from services.appointments.commands import release
from services.appointments.commands.release import Place, RoomClosedError
from services.appointments.desk import Desk
from services.appointments.domain import tokens


class _Joining(Body):
    client: Annotated[str, Field(min_length=1, max_length=200)]
    token: Annotated[str | None, Field(max_length=100)] = None
    """Of the ticket that the browser has already: it keeps its place."""


@dataclass(frozen=True, slots=True)
class _Releases:
    desk: Desk

    async def show(self, request: Request) -> Response:
        """Tell of the release that goes on or comes; only that there is none when the office has none."""
        office: str = request.path_params["office"]
        opening = await release.next_of(office, self.desk)
        if opening is None:
            return answer({"office": office, "day": None, "phase": "none"})
        return answer(
            {
                "office": office,
                "day": opening.day.isoformat(),
                "opens_at": instant(opening.opens_at),
                "releases_at": instant(opening.releases_at),
                "closes_at": instant(opening.closes_at),
                "phase": opening.phase(self.desk.now()),
                "gathered": await release.gathered(opening, self.desk),
            }
        )

    async def join(self, request: Request) -> Response:
        """Give a ticket."""
        body = await read(request, _Joining)
        try:
            place = await release.join(request.path_params["office"], body.client, self.desk, token=body.token)
        except RoomClosedError as error:
            title, detail = "Der Warteraum ist jetzt geschlossen.", "Er öffnet kurz vor der nächsten Freigabe."
            raise Problem(422, title, detail, code="room_closed", opens_at=instant(error.opens_at)) from None
        return answer(self._view(place), 201)

    async def place(self, request: Request) -> Response:
        """Tell where a ticket stands."""
        return answer(self._view(await release.place(request.path_params["token"], self.desk)))

    def _view(self, place: Place) -> dict[str, object]:
        until = place.turn.admitted_until
        return {
            "token": tokens.sign(self.desk.key, "queue", place.ticket_id),
            "office": place.opening.office,
            "day": place.opening.day.isoformat(),
            "phase": place.phase,
            "releases_at": instant(place.opening.releases_at),
            "ahead": place.turn.ahead,
            "admitted": place.turn.admitted,
            "admitted_until": None if until is None else instant(until),
            "seconds_to_wait": place.turn.seconds_to_wait,
        }


def routes(desk: Desk) -> list[Endpointed]:
    """Return the routes of the waiting room."""
    api = _Releases(desk)
    return [
        route("GET", "/releases/{office}", refusing(api.show), callers=["portal"]),
        route("POST", "/releases/{office}/tickets", refusing(api.join), callers=["portal"]),
        route("GET", "/release-tickets/{token}", refusing(api.place), callers=["portal"]),
    ]
