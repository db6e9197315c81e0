"""The door behind the counter: what arrived, ordered faults, a hand on the clock. Never in the real interface."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.epost.clock import iso
from simulators.epost.faults import BadRuleError, parsed_rules
from simulators.epost.letters import FAILED

if TYPE_CHECKING:
    from starlette.requests import Request

    from simulators.epost.clock import SimulatedClock
    from simulators.epost.faults import Faults
    from simulators.epost.store import Store


@dataclass(frozen=True)
class Control:
    """The routes below /_control."""

    store: Store
    clock: SimulatedClock
    faults: Faults

    def routes(self) -> list[Route]:
        """Every route; none asks for a login."""
        return [
            Route("/_control/faults", self.order_faults, methods=["POST"]),
            Route("/_control/faults", self.list_faults, methods=["GET"]),
            Route("/_control/faults", self.clear_faults, methods=["DELETE"]),
            Route("/_control/letters", self.letters),
            Route("/_control/letters/{letter_id:int}.pdf", self.pdf),
            Route("/_control/summary", self.summary),
            Route("/_control/clock", self.show_clock, methods=["GET"]),
            Route("/_control/clock", self.advance_clock, methods=["POST"]),
            Route("/_control/account", self.set_account, methods=["POST"]),
        ]

    async def order_faults(self, request: Request) -> Response:
        """Add rules."""
        try:
            rules = parsed_rules(await request.json())
        except (ValueError, TypeError, BadRuleError) as error:
            return JSONResponse({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        await asyncio.to_thread(self.faults.add, rules)
        return await self.list_faults(request)

    async def list_faults(self, _request: Request) -> Response:
        """Rules with their counts."""
        return JSONResponse(await asyncio.to_thread(self.faults.listed))

    async def clear_faults(self, _request: Request) -> Response:
        """Drop every rule, and hide nothing any longer."""
        await asyncio.to_thread(self.faults.clear)
        await asyncio.to_thread(self.store.show_all)
        return JSONResponse([])

    async def letters(self, _request: Request) -> Response:
        """Every letter received, without addresses."""
        return JSONResponse(await asyncio.to_thread(self._letters))

    async def pdf(self, request: Request) -> Response:
        """Return the bytes of one document as received."""
        letter_id = request.path_params["letter_id"]
        if not await asyncio.to_thread(self.store.letters, "letter_id = ?", (letter_id,)):
            return JSONResponse({"error": "unknown letter"}, HTTPStatus.NOT_FOUND)
        return Response(await asyncio.to_thread(self.store.pdf, letter_id), media_type="application/pdf")

    async def summary(self, _request: Request) -> Response:
        """Return the counts a reconciliation needs."""
        return JSONResponse(await asyncio.to_thread(self._summary))

    async def show_clock(self, _request: Request) -> Response:
        """Tell the simulated time."""
        return self._time(self.clock.now())

    async def advance_clock(self, request: Request) -> Response:
        """Move the simulated time forward."""
        seconds = (await request.json()).get("advance_seconds")
        if not isinstance(seconds, int | float) or seconds < 0:
            return JSONResponse({"error": "advance_seconds is a number from 0"}, HTTPStatus.BAD_REQUEST)
        return self._time(await asyncio.to_thread(self.clock.advance, seconds))

    async def set_account(self, request: Request) -> Response:
        """Release the customer for the print centre, or not (E319)."""
        released = bool((await request.json()).get("released", True))
        await asyncio.to_thread(self.store.set_setting, "released", "yes" if released else "no")
        return JSONResponse({"released": released})

    def _time(self, now: float) -> Response:
        return JSONResponse({"now": iso(now), "epoch": now, "speed": self.clock.speed})

    def _letters(self) -> list[dict[str, Any]]:
        now = self.clock.now()
        return [
            {
                "letterID": row.letter_id,
                "custom1": row.custom1,
                "batchID": row.batch_id,
                "fileName": row.fields["fileName"],
                "statusID": row.status(now),
                "testFlag": row.test,
                "examined": row.examined,
                "sha256": row.sha256,
                "noOfPages": row.pages,
                "submissions": row.submissions,
                "codes": [problem.code for problem in row.problems],
            }
            for row in self.store.letters()
        ]

    def _summary(self) -> dict[str, Any]:
        now = self.clock.now()
        by_status: Counter[str] = Counter()
        attempts: defaultdict[str, int] = defaultdict(int)
        for row in self.store.letters():
            status = row.status(now)
            by_status[str(status)] += 1
            if row.custom1:
                attempts[row.custom1.rpartition(".")[0] or row.custom1] += int(status != FAILED)
        return {
            "received": by_status.total(),
            "byStatus": dict(sorted(by_status.items())),
            "distinctCustom1Letters": len(attempts),
            "lettersWithMoreThanOne": sum(1 for count in attempts.values() if count > 1),
            "duplicates": int(self.store.setting("duplicates") or 0),
        }
