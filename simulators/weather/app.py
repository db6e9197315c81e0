"""The service's routes, its faults and the door behind the counter (`/_control`)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from chassis.clock import Clock
from simulators.epost.connections import Connections
from simulators.weather import answers
from simulators.weather.faults import Fault, Faults, Kind, parsed_faults
from simulators.weather.sky import BadOrderError, Sky

Ordered = dict[Kind, Fault]
Answer = Callable[[Request, Ordered], dict[str, Any]]
_FAR = 90.0, 180.0


class AskedWronglyError(Exception):
    """A question that the service answers with 400 or 404."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


@dataclass
class Simulator:
    """The state of one process; a restart brings the fair summer day back."""

    now: Clock
    sky: Sky = field(default_factory=Sky)
    faults: Faults = field(default_factory=Faults)
    connections: Connections = field(default_factory=Connections)
    asked: Counter[str] = field(default_factory=Counter[str])

    def app(self) -> Starlette:
        """Build the ASGI application."""
        return Starlette(
            routes=[
                Route("/current_weather", self._answered(self._current)),
                Route("/weather", self._answered(self._weather)),
                Route("/alerts", self._answered(self._alerts)),
                Route("/sources", self._answered(self._sources)),
                Route("/_control/state", self._order_state, methods=["POST"]),
                Route("/_control/state", self._show_state, methods=["GET"]),
                Route("/_control/faults", self._order_faults, methods=["POST"]),
                Route("/_control/faults", self._show_faults, methods=["GET"]),
                Route("/_control/faults", self._clear_faults, methods=["DELETE"]),
                Route("/_control/summary", self._summary),
            ]
        )

    def _current(self, request: Request, faults: Ordered) -> dict[str, Any]:
        record = answers.current(self.sky, now=self.now(), old=_age(faults))
        return {"weather": record, "sources": [self._station(request, faults)]}

    def _weather(self, request: Request, faults: Ordered) -> dict[str, Any]:
        try:
            date = datetime.fromisoformat(request.query_params["date"])
        except (KeyError, ValueError):
            raise AskedWronglyError(400, "date is required, as ISO 8601") from None
        return {"weather": answers.hourly(self.sky, date=date), "sources": [self._station(request, faults)]}

    def _sources(self, request: Request, faults: Ordered) -> dict[str, Any]:
        return {"sources": [self._station(request, faults)]}

    def _alerts(self, request: Request, faults: Ordered) -> dict[str, Any]:
        wanted = request.query_params.get("warn_cell_id")
        if wanted is None:
            _place(request)
        elif not wanted.isdecimal():
            raise AskedWronglyError(400, "warn_cell_id is a number")
        asked = answers.CELL if wanted is None else int(wanted)
        cell = int(answers.ELSEWHERE["cell"]) if "wrong_place" in faults else asked
        told = answers.alerts(self.sky, asked, old=_age(faults))
        return {"alerts": told, "location": answers.location(cell)}

    def _station(self, request: Request, faults: Ordered) -> dict[str, Any]:
        lat, lon = _place(request)
        return answers.source(lat, lon, now=self.now(), elsewhere="wrong_place" in faults)

    def _answered(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            path = request.url.path
            self.asked[path] += 1
            faults = self.faults.of_request(path)
            if "slow" in faults:
                await asyncio.sleep(faults["slow"].seconds)
            if "down" in faults:
                await self.connections.drop(request.scope, request.receive)
                return Response()
            return _disturbed(faults) or self._body(request, faults, answer)

        return endpoint

    def _body(self, request: Request, faults: Ordered, answer: Answer) -> Response:
        try:
            body = answer(request, faults)
        except AskedWronglyError as error:
            return JSONResponse({"detail": str(error)}, error.status)
        return JSONResponse(answers.hollow(body) if "null_fields" in faults else body)

    async def _order_state(self, request: Request) -> Response:
        try:
            self.sky.order(await request.json(), now=self.now())
        except (BadOrderError, ValueError) as error:
            return JSONResponse({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        return await self._show_state(request)

    async def _show_state(self, _request: Request) -> Response:
        return JSONResponse(self.sky.shown())

    async def _order_faults(self, request: Request) -> Response:
        try:
            self.faults.orders += parsed_faults(await request.json())
        except (BadOrderError, ValueError) as error:
            return JSONResponse({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        return await self._show_faults(request)

    async def _show_faults(self, _request: Request) -> Response:
        return JSONResponse(self.faults.listed())

    async def _clear_faults(self, _request: Request) -> Response:
        self.faults.orders.clear()
        return JSONResponse([])

    async def _summary(self, _request: Request) -> Response:
        return JSONResponse({"asked": dict(self.asked)})


def _disturbed(faults: Ordered) -> Response | None:
    if "http_error" in faults:
        return PlainTextResponse("The service is unavailable.", faults["http_error"].status)
    if "body" in faults:
        return Response(faults["body"].text, media_type="application/json")
    if "garbage" in faults:
        return Response(b'<html>{"weather": \xff\xfe', media_type="application/json")
    return None


def _age(faults: Ordered) -> float:
    return faults["stale"].minutes if "stale" in faults else 0.0


def _place(request: Request) -> tuple[float, float]:
    try:
        lat, lon = float(request.query_params["lat"]), float(request.query_params["lon"])
    except (KeyError, ValueError):
        raise AskedWronglyError(400, "lat and lon are required") from None
    if abs(lat) > _FAR[0] or abs(lon) > _FAR[1]:
        raise AskedWronglyError(404, "no sources match your criteria")
    return lat, lon
