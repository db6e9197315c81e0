"""How a page is reached: once per language, forms from our own pages only, errors told in words."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from traceback import extract_tb

import structlog
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from chassis.errors import DependencyDown
from chassis.http import Endpointed, Problem, public_route
from services.portal.gateways.calls import Missing, Refused
from services.portal.web.languages import LANGUAGES, Place, localised, place_of
from services.portal.web.limits import Limit, client_of
from services.portal.web.security import from_here, headers
from services.portal.web.site import Site

log = structlog.stdlib.get_logger()
Handler = Callable[[Request], Awaitable[Response]]
_LARGEST_FORM = 64 * 1024
_MOST_FIELDS = 200
_REDIRECT = 303
_AWAY = 503
_PATHS = {"rest", "name"}
"""Parameters that nobody asks a service for."""
_SERVER_ERRORS = 500
_NAME = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._~-]{1,300}")
"""What stands in one part of an address: never something that would change the address asked of a service."""


class Told(Exception):  # noqa: N818 - says what it is
    """Answer with an error page: `errors.<key>` is its headline, `errors.<key>_help` what to do."""

    def __init__(self, status: int, key: str) -> None:
        """Keep status and words."""
        super().__init__(key)
        self.status = status
        self.key = key


def page(
    site: Site,
    method: str,
    path: str,
    handler: Handler,
    *,
    token_in_path: bool = False,
    checks_origin: bool = True,
) -> list[Endpointed]:
    """State a page in all languages. `checks_origin=False` is for one-click unsubscribing (RFC 8058) only."""

    async def guarded(request: Request) -> Response:
        return await _told(site, request, handler, private=token_in_path)

    async def own(request: Request) -> Response:
        if not from_here(request, site.settings.public_url, token_in_path=token_in_path):
            return await error_page(site, request, 403, "foreign_form", private=token_in_path)
        return await guarded(request)

    endpoint = guarded if method == "GET" or not checks_origin else own
    return [public_route(method, localised(path, language), endpoint) for language in LANGUAGES]


def plain(site: Site, path: str, handler: Handler) -> Endpointed:
    """State a GET address without languages: files, machine interfaces."""

    async def guarded(request: Request) -> Response:
        return await _told(site, request, handler, private=False)

    return public_route("GET", path, guarded)


def program(site: Site, path: str, handler: Handler) -> Endpointed:
    """State a GET address for programs: what is wrong is told as problem+json (RFC 9457)."""

    async def guarded(request: Request) -> Response:
        try:
            return await _handled(request, handler)
        except Refused as refused:
            known = {each: refused.body[each] for each in ("title", "detail", "code") if each in refused.body}
            return _problem(site, refused.status, known)
        except Exception as error:  # noqa: BLE001 - whatever it is, programs get a problem
            status, key = _words_for(error)
            say = site.pages.say(request).text
            return _problem(site, status, {"title": say(f"errors.{key}"), "detail": say(f"errors.{key}_help")})

    return public_route("GET", path, guarded)


def _problem(site: Site, status: int, told: Mapping[str, object]) -> Response:
    named = {**headers(secure=site.settings.secure), "Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
    if status == _AWAY:
        named["Retry-After"] = "10"
    body = {"type": "about:blank", "status": status, **told}
    return JSONResponse(body, status, named, media_type="application/problem+json")


async def _handled(request: Request, handler: Handler) -> Response:
    if not all(_NAME.fullmatch(each) for name, each in request.path_params.items() if name not in _PATHS):
        raise Missing
    return await handler(request)


async def _told(site: Site, request: Request, handler: Handler, *, private: bool) -> Response:
    try:
        return await _handled(request, handler)
    except Exception as error:  # noqa: BLE001 - whatever it is, people get a page in words
        status, key = _words_for(error)
        return await error_page(site, request, status, key, private=private)


def _words_for(error: Exception) -> tuple[int, str]:
    match error:
        case Told():
            return error.status, error.key
        case Missing():
            return 404, "missing"
        case DependencyDown():
            log.warning("portal.away", dependency=error.dependency)
            return 503, "away"
        case Refused():
            log.warning("portal.refused", status=error.status)
            return 502, "unexpected"
        case HTTPException() if error.status_code < _SERVER_ERRORS:
            return error.status_code, "refused"
        case _:
            # The trace stays out of the log: an error about a form quotes what a person has typed.
            log.error("portal.failed", error=type(error).__name__, where=_where(error))
            return 500, "unexpected"


def _where(error: BaseException) -> str:
    """Return file and line, which quote nobody."""
    frames = extract_tb(error.__traceback__)
    return " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed(frames[-3:]))


async def error_page(site: Site, request: Request, status: int, key: str, *, private: bool = False) -> Response:
    """Return a page that says what is wrong and what to do."""
    answer = await site.pages.render(request, "error.html", status=status, private=private, key=key)
    if status in {429, 503}:
        answer.headers["Retry-After"] = "10"
    return answer


def teller(site: Site) -> Callable[[Request, Problem], Response]:
    """Return how a problem outside of all pages is told: an address without such a method, a service that starts."""
    keys = {404: "missing", 405: "missing", 503: "away"}

    def tell(request: Request, problem: Problem) -> Response:
        language = place_of(request.url.path).language
        key = keys.get(problem.status, "unexpected")
        html = site.pages.html("error.html", Place(language, "/"), None, key=key)
        named = {**headers(secure=site.settings.secure), **(problem.headers or {}), "Cache-Control": "no-store"}
        if problem.status == _AWAY:
            named["Retry-After"] = "10"
        return HTMLResponse(html, problem.status, named)

    return tell


def small(request: Request, *, largest: int) -> None:
    """Let only a body through whose length is told and not beyond a limit."""
    if int(request.headers.get("content-length") or 0) > largest or "transfer-encoding" in request.headers:
        raise Told(413, "too_large")


async def form_of(request: Request) -> FormData:
    """Return the fields of a form; files and large bodies are refused."""
    small(request, largest=_LARGEST_FORM)
    return await request.form(max_files=0, max_fields=_MOST_FIELDS)


def text_of(form: FormData, name: str) -> str:
    """Return one field as text, empty when it is not there."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def texts_of(form: FormData, name: str) -> tuple[str, ...]:
    """Return all values of a field."""
    return tuple(dict.fromkeys(each for each in form.getlist(name) if isinstance(each, str)))


def see_other(request: Request, path: str) -> Response:
    """Send the browser to a page in the same language (after a form)."""
    return RedirectResponse(localised(path, place_of(request.url.path).language), _REDIRECT)


def limited(site: Site, request: Request, limit: Limit) -> None:
    """Let a client through, or tell it to wait."""
    if not limit.allows(client_of(request, site.settings.client_header)):
        raise Told(429, "too_often")
