"""Routes without service tokens: open to all, and as well-behaved as the others."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from chassis.health import Health
from chassis.http import Problem, make_app, public_route, route
from chassis.settings import ServiceSettings


async def show(request: Request) -> Response:
    return PlainTextResponse(f"shown to {request.headers.get('authorization', 'anybody')}")


async def refuse(request: Request) -> Response:
    del request
    raise Problem(429, "Zu viele Ereignisse.", headers={"Retry-After": "17"}, code="rate")


async def fail(request: Request) -> Response:
    raise KeyError(await request.body())


@asynccontextmanager
async def serving(*, started: bool = True) -> AsyncGenerator[httpx.AsyncClient]:
    health = Health()
    health.started = started
    routes = [
        public_route("GET", "/shown", show),
        public_route("POST", "/refused", refuse),
        public_route("POST", "/failing", fail),
        route("GET", "/guarded", show, callers=["rathaus"]),
        route("GET", "/guarded-from-all", show, callers=[]),
    ]
    app = make_app(ServiceSettings(), health, routes)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client:
        yield client


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer rathaus_baederamt_key1_secret"}])
async def test_a_public_route_answers_anybody_and_leaves_the_key_to_its_endpoint(headers: dict[str, str]) -> None:
    async with serving() as client:
        response = await client.get("/shown", headers=headers)

    assert (response.status_code, response.text) == (200, f"shown to {headers.get('authorization', 'anybody')}")


async def test_a_public_route_opens_no_other() -> None:
    async with serving() as client:
        answers = [(await client.get(path)).status_code for path in ("/guarded", "/guarded-from-all")]

    assert answers == [401, 401]


async def test_a_public_route_waits_for_the_start_of_its_service() -> None:
    async with serving(started=False) as client:
        response = await client.get("/shown")

    assert (response.status_code, response.headers["retry-after"]) == (503, "2")


async def test_a_problem_brings_its_own_headers_and_fields() -> None:
    async with serving() as client:
        response = await client.post("/refused")

    assert (response.status_code, response.headers["retry-after"]) == (429, "17")
    assert (response.headers["content-type"], response.json()["code"]) == ("application/problem+json", "rate")


async def test_an_error_behind_a_public_route_tells_nothing_of_what_was_sent() -> None:
    async with serving() as client:
        response = await client.post("/failing", content="Erika Mustermann")

    assert response.status_code == 500
    assert "Mustermann" not in response.text
