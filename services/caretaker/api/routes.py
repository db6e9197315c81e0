"""HTTP in: each request is one command or query."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.clock import Clock
from chassis.http import Endpointed, Problem, route
from services.caretaker import queries
from services.caretaker.api.forms import Discarding, Latest, Page, Since, Which, from_body, from_query, place_in
from services.caretaker.api.words import in_words
from services.caretaker.commands.discard import Decision, discard
from services.caretaker.commands.redeliver import redeliver_all, redeliver_one
from services.caretaker.commands.replay import replay
from services.caretaker.gateways.bus import Bus
from services.caretaker.gateways.consumers import known
from services.caretaker.gateways.letters import Wanted


@dataclass(frozen=True, slots=True)
class Api:
    """The routes of the caretaker."""

    bus: Bus
    now: Clock

    def routes(self) -> list[Endpointed]:
        """Return this service's routes."""
        return [
            route("GET", "/dead-letters", self.letters, callers=["rathaus"]),
            route("POST", "/dead-letters/redelivery", self.redeliver_all, callers=["rathaus"]),
            route("GET", "/dead-letters/{number}", self.letter, callers=["rathaus"]),
            route("DELETE", "/dead-letters/{number}", self.discard, callers=["rathaus"]),
            route("POST", "/dead-letters/{number}/redelivery", self.redeliver, callers=["rathaus"]),
            route("GET", "/discards", self.discards, callers=["rathaus"]),
            route("GET", "/redeliveries/{durable}/{sequence}", self.standing, callers=["rathaus"]),
            route("POST", "/replays", self.replay, callers=["rathaus"]),
            route("GET", "/durables", self.durables, callers=["rathaus"]),
        ]

    async def letters(self, request: Request) -> Response:
        """List dead letters, oldest first; the next page begins after the last number."""
        page = from_query(Page, request)
        async with in_words():
            if page.durable is not None:
                known(page.durable)
            wanted = Wanted(page.durable, page.reason, after=page.after, most=page.limit)
            return JSONResponse(await queries.list_letters(self.bus, wanted))

    async def letter(self, request: Request) -> Response:
        """Show one."""
        async with in_words():
            return JSONResponse(await queries.show_letter(self.bus, place_in(request, "number")))

    async def redeliver(self, request: Request) -> Response:
        """Send one to its consumer again."""
        async with in_words():
            sent = await redeliver_one(self.bus, place_in(request, "number"))
        answer = {"number": sent.letter.number, "durable": sent.letter.durable, "sequence": sent.sequence}
        return JSONResponse(answer, status_code=202)

    async def redeliver_all(self, request: Request) -> Response:
        """Send all that match now to their consumer again."""
        which = await from_body(Which, request)
        async with in_words():
            sent = await redeliver_all(self.bus, which.durable, which.reason)
        answer = {"redelivered": sent.redelivered, "bodies_gone": sent.bodies_gone, "last_number": sent.last_number}
        return JSONResponse(answer, status_code=202)

    async def discard(self, request: Request) -> Response:
        """Give one up for good."""
        said = from_query(Discarding, request)
        async with in_words():
            decision = Decision(by=said.by, reason=said.reason, at=self.now())
            await discard(self.bus, place_in(request, "number"), decision)
        return Response(status_code=204)

    async def discards(self, request: Request) -> Response:
        """List who has given up what, the newest first; the next page comes before the last record."""
        page = from_query(Latest, request)
        return JSONResponse(await queries.list_discards(self.bus, before=page.before, most=page.limit))

    async def standing(self, request: Request) -> Response:
        """Tell what has become of a redelivered message."""
        page = from_query(Page, request)
        async with in_words():
            durable, sequence = request.path_params["durable"], place_in(request, "sequence")
            return JSONResponse(await queries.standing_of(self.bus, durable, sequence, after=page.after))

    async def replay(self, request: Request) -> Response:
        """Send the past to a consumer; a repeated request with the same Idempotency-Key sends nothing twice."""
        asked = await from_body(Since, request)
        if asked.since is not None and asked.since > self.now():
            raise Problem(
                422, "Dieser Zeitpunkt liegt in der Zukunft.", "„since“ nennt, ab wann noch einmal zugestellt wird."
            )
        key = request.headers.get("idempotency-key") or uuid4().hex
        call = hashlib.sha256(key.encode()).hexdigest()
        async with in_words():
            done = await replay(self.bus, asked.durable, since=asked.since, call=call)
        oldest = done.oldest_at.isoformat() if done.oldest_at is not None else None
        answer = {
            "published": done.published,
            "stream_whole": done.whole,
            "stream_oldest_at": oldest,
            "last_number": done.last_letter,
        }
        return JSONResponse(answer, status_code=202)

    async def durables(self, _request: Request) -> Response:
        """Tell how far each consumer is."""
        return JSONResponse(await queries.list_durables(self.bus, now=self.now))
