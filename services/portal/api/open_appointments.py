"""The public interface of the appointments (offene Schnittstelle): offices, services, free times, free/busy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, RootModel
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.gateways.appointments import OFFICES, SERVICES, Appointments
from services.portal.gateways.visits import Availability, FreeBusy
from services.portal.web.doors import program
from services.portal.web.machine import answer
from services.portal.web.site import Site

_SECONDS = 10
_ASKED = {"office", "items", "from", "days"}


def routes(site: Site) -> list[Endpointed]:
    """State them; browsers of any site may read them."""
    api = _Open(site)
    return [
        program(site, "/api/termine/offices", api.offices),
        program(site, "/api/termine/services", api.services),
        program(site, "/api/termine/availability", api.availability),
        program(site, "/api/termine/free-busy", api.free_busy),
        program(site, "/api/termine/free-busy.ics", api.free_busy_calendar),
    ]


class _Open:
    def __init__(self, site: Site) -> None:
        self._appointments = Appointments(site.appointments)

    async def offices(self, request: Request) -> Response:
        return _json(request, OFFICES.validate_python(await self._ask("/offices", {})))

    async def services(self, request: Request) -> Response:
        return _json(request, SERVICES.validate_python(await self._ask("/services", {})))

    async def availability(self, request: Request) -> Response:
        asked = {**_asked(request), "audience": "public"}
        return _json(request, Availability.model_validate(await self._ask("/availability", asked)))

    async def free_busy(self, request: Request) -> Response:
        return _json(request, FreeBusy.model_validate(await self._ask("/free-busy", _asked(request))))

    async def free_busy_calendar(self, request: Request) -> Response:
        body = await self._appointments.calendar("/free-busy.ics", office=request.query_params.get("office", ""))
        return answer(request, body, "text/calendar", seconds=_SECONDS)

    async def _ask(self, path: str, asked: Mapping[str, str]) -> Any:
        return await self._appointments.raw(path, **asked)


def _json(request: Request, value: BaseModel | Sequence[BaseModel]) -> Response:
    found = value if isinstance(value, BaseModel) else RootModel(value)
    body = found.model_dump_json(by_alias=True).encode()
    return answer(request, body, "application/json", seconds=_SECONDS)


def _asked(request: Request) -> dict[str, str]:
    return {key: value for key, value in request.query_params.items() if key in _ASKED}
