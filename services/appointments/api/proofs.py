"""HTTP in: challenges of the proof of work."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.http import Endpointed, route
from services.appointments.commands import proofs
from services.appointments.desk import Desk


def routes(desk: Desk) -> list[Endpointed]:
    """Return the route of challenges."""

    async def challenge(_request: Request) -> Response:
        return JSONResponse(asdict(proofs.challenge(desk)), headers={"cache-control": "no-store"})

    return [route("GET", "/proofs", challenge, callers=["portal"])]
