"""The banner of open pages, renewed without reload (server-sent events)."""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chassis.http import Endpointed
from services.portal.web.board import Board
from services.portal.web.doors import Told, page
from services.portal.web.languages import Language, Place, place_of
from services.portal.web.limits import client_of
from services.portal.web.security import headers
from services.portal.web.site import Site

_BEAT_SECONDS = 20.0
_RETRY = "retry: 3000\n\n"
_SHARE = 10
"""One client may hold a tenth of all streams: a school behind one address, not one machine that wants them all."""


@dataclass(frozen=True, slots=True)
class _Rendered:
    board: Board | None
    beat: int
    event: str


def routes(site: Site) -> list[Endpointed]:
    """State the stream, one per language."""
    streams = Streams(site)
    return page(site, "GET", "/ereignisse", streams.open)


class Streams:
    """Open streams, counted."""

    def __init__(self, site: Site) -> None:
        """None are open yet."""
        self._site = site
        self._open: Counter[str] = Counter()
        self._most = _most(site.settings.open_streams)
        self._rendered: dict[Language, _Rendered] = {}

    async def open(self, request: Request) -> Response:
        """Answer with a stream; pages beyond the limit do without and ask again later."""
        client = client_of(request, self._site.settings.client_header)
        if self._open.total() >= self._most or self._open[client] >= max(1, self._most // _SHARE):
            raise Told(503, "away")
        # A proxy that collects before it hands on would hold the banner back.
        named = {**headers(secure=self._site.settings.secure), "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        if request.method == "HEAD":
            return Response(media_type="text/event-stream", headers=named)
        events = self._events(place_of(request.url.path).language, client)
        return StreamingResponse(events, media_type="text/event-stream", headers=named)

    async def _events(self, language: Language, client: str) -> AsyncIterator[str]:
        """Tell the banner now and after each change; end with the process, so that it need not wait for us."""
        self._open[client] += 1
        try:
            board = await self._site.boards.current()
            told = self._event(board, language)
            yield _RETRY + told
            while not self._site.boards.released:
                board = await self._site.boards.after(board, seconds=_BEAT_SECONDS)
                event = self._event(board, language)
                yield ": there\n\n" if event == told else event
                told = event
        finally:
            self._open[client] -= 1
            self._open += Counter()

    def _event(self, board: Board | None, language: Language) -> str:
        """Render once per change, beat (messages expire) and language, whatever the number of open pages."""
        beat = int(self._site.now().timestamp() / _BEAT_SECONDS)
        known = self._rendered.get(language)
        if known is None or known.board is not board or known.beat != beat:
            html = self._site.pages.html("parts/banner.html", Place(language, "/"), board)
            lines = "".join(f"data: {line}\n" for line in html.splitlines() if line.strip())
            known = _Rendered(board, beat, _framed(lines))
            self._rendered[language] = known
        return known.event


def _most(wanted: int) -> int:
    """Return how many streams this process can hold: half of its files stay for pages, or it could take no more."""
    return min(wanted, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)


def _framed(lines: str) -> str:
    return "event: banner\n" + (lines or "data:\n") + "\n"
