"""Pages from templates: language, banner, headers."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from services.portal.settings import PortalSettings
from services.portal.web.board import Board, Boards
from services.portal.web.languages import LANGUAGES, NAMES, Language, Place, html_language, localised, place_of
from services.portal.web.say import Say
from services.portal.web.security import headers
from services.portal.web.statics import Statics

_TEMPLATES = Path(__file__).parents[1] / "templates"
_WORTH_PACKING = 1000


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same in another form: a feed, a calendar, JSON (`<link rel="alternate">`)."""

    media_type: str
    title: str
    href: str


class Pages:
    """Renders the templates of this service."""

    def __init__(self, settings: PortalSettings, statics: Statics, boards: Boards, now: Callable[[], datetime]) -> None:
        """Prepare the templates."""
        self.settings = settings
        self.boards = boards
        self.now = now
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._shared: dict[str, object] = {"static": statics.url, "settings": settings}

    def say(self, request: Request) -> Say:
        """Return the words of this request's language."""
        return Say(place_of(request.url.path).language, self.now)

    async def render(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        private: bool = False,
        framed: bool = False,
        alternates: Sequence[Alternate] = (),
        **context: object,
    ) -> Response:
        """Return a page. `private`: it belongs to one person (no-store, noindex, no-referrer)."""
        place = place_of(request.url.path)
        board = None if private else await self.boards.current()
        html = self.html(
            template, place, board, query=request.url.query, private=private, alternates=alternates, **context
        )
        named = headers(secure=self.settings.secure, private=private, framed=framed)
        return _packed(request, html, status, {"Cache-Control": "no-cache", **named}, secret=private)

    def html(
        self,
        template: str,
        place: Place,
        board: Board | None,
        *,
        query: str = "",
        private: bool = False,
        alternates: Sequence[Alternate] = (),
        **context: object,
    ) -> str:
        """Return the text of a page or of a part of one."""
        say = Say(place.language, self.now)

        def url(path: str) -> str:
            return localised(path, place.language)

        return self._environment.get_template(template).render(
            say=say,
            t=say.text,
            lang=html_language(place.language),
            language=place.language,
            path=place.path,
            url=url,
            switch=_switch(place, query),
            board=board,
            now=self.now(),
            private=private,
            alternates=alternates,
            **self._shared,
            **context,
        )


def _switch(place: Place, query: str) -> list[tuple[Language, str, str, bool]]:
    """Return the links of the language switch: language, its name, the address, whether it is this one."""
    tail = f"?{query}" if query else ""
    return [(each, NAMES[each], f"{place.in_language(each)}{tail}", each == place.language) for each in LANGUAGES]


def _packed(request: Request, html: str, status: int, named: dict[str, str], *, secret: bool) -> Response:
    """Compress a public page; a page with secrets stays plain, its length must tell nothing (BREACH)."""
    body = html.encode()
    named = {**named, "Vary": "Accept-Encoding"}
    if not secret and len(body) > _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        named["Content-Encoding"] = "gzip"
        body = gzip.compress(body, 5, mtime=0)
    return Response(body, status_code=status, media_type="text/html", headers=named)
