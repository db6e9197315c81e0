"""The HTTP side of a service: routes that state who may call them, problems in words, health and metrics."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

import httpx
import structlog
from opentelemetry import propagate, trace
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from chassis.errors import DependencyDown
from chassis.health import Health
from chassis.metrics import HTTP_SECONDS, REGISTRY
from chassis.settings import ServiceSettings
from chassis.tokens import Doorkeeper, token_for

log = structlog.stdlib.get_logger()
_UNAVAILABLE = 503
_TITLES = {404: "Diese Adresse gibt es hier nicht.", 405: "Auf diese Weise ist die Adresse nicht zu erreichen."}
Endpoint = Callable[[Request], Awaitable[Response]]
Telling = Callable[[Request, "Problem"], Response]
"""How a problem is told: as JSON to services, as a page to people."""


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it that
    """An answer that says what is wrong and what to do (problem+json)."""

    def __init__(
        self, status: int, title: str, detail: str = "", *, headers: Mapping[str, str] | None = None, **more: object
    ) -> None:
        """Title is a short German sentence, detail says where and what to do."""
        super().__init__(title)
        self.status = status
        self.headers = headers
        self.body = {"type": "about:blank", "status": status, "title": title, "detail": detail, **more}


@dataclass(frozen=True, slots=True)
class Endpointed:
    """One route and the services that may call it."""

    method: str
    path: str
    endpoint: Endpoint
    callers: frozenset[str] | None
    """None: the endpoint knows its callers by itself."""


def route(method: str, path: str, endpoint: Endpoint, *, callers: Sequence[str]) -> Endpointed:
    """State a route; `callers` names the services whose tokens it accepts."""
    return Endpointed(method, path, endpoint, frozenset(callers))


def public_route(method: str, path: str, endpoint: Endpoint) -> Endpointed:
    """State a route without service tokens: what is public, or a door that checks its callers by itself."""
    return Endpointed(method, path, endpoint, None)


def path_id(request: Request, name: str) -> UUID:
    """Return an id from the path; a Problem when it is none."""
    try:
        return UUID(request.path_params[name])
    except ValueError:
        raise Problem(404, "Diese Kennung gibt es hier nicht.", "Eine Kennung hat die Form einer UUID.") from None


def as_json(_request: Request, problem: Problem) -> Response:
    """Tell a problem to a service."""
    headers = problem.headers or ({"Retry-After": "2"} if problem.status == _UNAVAILABLE else None)
    return JSONResponse(
        problem.body, status_code=problem.status, headers=headers, media_type="application/problem+json"
    )


def make_app(
    settings: ServiceSettings, health: Health, routes: Sequence[Endpointed], *, tell: Telling = as_json
) -> Starlette:
    """Build the ASGI application of a service; it answers 503 to all but health until the service has started."""
    doorkeeper = Doorkeeper(settings.tokens_dir)
    tracer = trace.get_tracer("chassis.http")

    async def told(each: Endpointed, request: Request) -> Response:
        try:
            return await _answered(each, request, doorkeeper, health)
        except Problem as problem:
            return tell(request, problem)

    async def unrouted(request: Request, error: Exception) -> Response:
        return tell(request, _of_http(error))

    def guarded(each: Endpointed) -> Route:
        async def endpoint(request: Request) -> Response:
            started = monotonic()
            status = 500
            with tracer.start_as_current_span(
                f"{each.method} {each.path}",
                context=propagate.extract(dict(request.headers)),
                kind=trace.SpanKind.SERVER,
            ):
                try:
                    response = await told(each, request)
                    status = response.status_code
                    return response
                finally:
                    HTTP_SECONDS.labels(each.path, each.method, str(status)).observe(monotonic() - started)

        return Route(each.path, endpoint, methods=[each.method])

    return Starlette(
        routes=[*_health_routes(health), *(guarded(each) for each in routes)],
        exception_handlers={HTTPException: unrouted},
    )


async def _answered(each: Endpointed, request: Request, doorkeeper: Doorkeeper, health: Health) -> Response:
    if each.callers is not None and doorkeeper.caller(request.headers.get("authorization", "")) not in each.callers:
        raise Problem(401, "Dieser Dienst kennt den Aufrufer nicht.", "Bitte das Diensttoken prüfen.")
    if not health.started:
        raise Problem(503, "Der Dienst startet noch.", "Bitte in einigen Sekunden wiederholen.")
    try:
        return await each.endpoint(request)
    except (Problem, HTTPException):
        raise
    except DependencyDown as error:
        title = f"Im Moment nicht erreichbar: {error.dependency}."
        raise Problem(503, title, "Bitte später wiederholen.") from None
    except Exception:
        log.exception("http.failed", route=each.path)
        detail = "Das Protokoll des Dienstes nennt die Ursache."
        raise Problem(500, "Unerwarteter Fehler im Dienst.", detail) from None


def _of_http(error: Exception) -> Problem:
    if not isinstance(error, HTTPException):
        return Problem(500, "Unerwarteter Fehler im Dienst.")
    title = _TITLES.get(error.status_code, "Diese Anfrage ist hier nicht möglich.")
    return Problem(error.status_code, title, headers=error.headers)


def _health_routes(health: Health) -> list[Route]:
    async def livez(_request: Request) -> Response:
        return PlainTextResponse("alive")

    async def readyz(_request: Request) -> Response:
        problems = await health.problems()
        return JSONResponse({"ready": not problems, "problems": problems}, status_code=503 if problems else 200)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return [Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", metrics)]


def service_client(settings: ServiceSettings, callee: str, url: str, *, timeout: float = 30.0) -> httpx.AsyncClient:
    """Return a client that calls another service with our token and carries the trace along."""

    async def sign(request: httpx.Request) -> None:
        token = token_for(settings.tokens_dir, callee)
        if token is not None:
            request.headers["authorization"] = f"Bearer {token}"
        propagate.inject(request.headers)

    return httpx.AsyncClient(base_url=url, timeout=timeout, event_hooks={"request": [sign]})
