"""The HTTP door: CloudEvents with an API key."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from chassis.http import Endpointed, Problem, public_route
from contracts.systems import ApiKey, ForeignSystem, Systems
from services.intake.commands.reception import UNKNOWN, Reception, count
from services.intake.domain import binding
from services.intake.domain.binding import Mode
from services.intake.domain.decision import Outcome
from services.intake.domain.refusals import Refusal, refused

BODY_SECONDS = 10.0
_EXPECTED = "Erwartet wird die Kopfzeile Authorization: Bearer rathaus_<system>_<schlüssel>_<geheimnis>."


@dataclass(frozen=True, slots=True)
class Door:
    """What the one endpoint needs."""

    reception: Reception
    nobody: ApiKey
    """A key that opens nothing: a stranger's key is hashed as often as a friend's."""

    async def post(self, request: Request) -> Response:
        """Take in one event or a batch."""
        system = self._sender(request)
        if system is None:
            refusal = refused("unknown_key", (), _EXPECTED)
            count(UNKNOWN, "http", refusal)
            raise _problem(refusal)
        answer = await self._answer(request, system)
        if isinstance(answer, Refusal):
            count(system.name, "http", answer)
            raise _problem(answer)
        count(system.name, "http", [outcome for _, outcome in answer])
        return JSONResponse(
            {"events": [{"id": event_id, "outcome": outcome} for event_id, outcome in answer]}, status_code=202
        )

    def _sender(self, request: Request) -> ForeignSystem | None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        systems: Systems = self.reception.systems.current()
        now = self.reception.now()
        found = systems.holder(key.strip(), now=now) if scheme.lower() == "bearer" else None
        if found is None:
            self.nobody.opens(key, now=now)
            return None
        return found[0]

    async def _answer(self, request: Request, system: ForeignSystem) -> list[tuple[str, Outcome]] | Refusal:
        refusal = self.reception.admit(system)
        if refusal is not None:
            return refusal
        headers = request.headers.items()
        mode = binding.mode_of(headers)
        if isinstance(mode, Refusal):
            return mode
        body = bytearray()
        broken = await _read(request, mode, body)
        heavy = self.reception.weigh(system, len(body))
        return broken or heavy or await self.reception.over_http(system, mode, headers, bytes(body))


async def _read(request: Request, mode: Mode, body: bytearray) -> Refusal | None:
    """Read no more than is allowed, and wait no longer than is decent."""
    most = binding.limit_of(mode)
    if int(request.headers.get("content-length") or 0) > most:
        return binding.too_large(mode)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    return binding.too_large(mode)
    except TimeoutError:
        return refused("too_slow", (), f"Der Inhalt muss binnen {BODY_SECONDS:.0f} Sekunden da sein.")
    except ClientDisconnect:
        return refused("broken_off", (), "Die Verbindung endete vor dem Inhalt.")
    return None


def _problem(refusal: Refusal) -> Problem:
    headers: dict[str, str] = {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    if refusal.code == "unknown_key":
        headers["WWW-Authenticate"] = 'Bearer realm="rathaus"'
    findings = [{"pointer": each.pointer, "message": each.message} for each in refusal.findings]
    detail = findings[0]["message"] if findings else ""
    return Problem(refusal.status, refusal.title, detail, headers=headers or None, code=refusal.code, findings=findings)


def routes(reception: Reception) -> list[Endpointed]:
    """Return the door."""
    nobody = ApiKey(id="nobody", sha256="0" * 64, created_at=reception.now())
    return [public_route("POST", "/events", Door(reception, nobody).post)]
