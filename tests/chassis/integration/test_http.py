"""The HTTP side: who may call, what an answer says, and a readiness that really asks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.database import Database
from chassis.errors import DependencyDown
from chassis.health import PROBE_SECONDS, Health, bus_probe, database_probe
from chassis.http import Problem, make_app, route, service_client
from chassis.settings import ServiceSettings
from tests.support.databases import opened
from tests.support.eventually import eventually
from tests.support.nats import Bus
from tests.support.postgres import Postgres
from tests.support.processes import free_port

PERSON = "Erika Mustermann"
AS_RATHAUS = {"authorization": "Bearer token-of-rathaus"}


async def show(request: Request) -> Response:
    match request.path_params["what"]:
        case "problem":
            raise Problem(409, "Der Lauf ist schon freigegeben.", "Nichts zu tun.", released_at="2026-03-02")
        case "outage":
            raise DependencyDown("provider")
        case "bug":
            raise KeyError(PERSON)
        case what:
            return JSONResponse({"what": what})


@pytest.fixture
def tokens(tmp_path: Path) -> Path:
    folder = tmp_path / "tokens"
    folder.mkdir()
    (folder / "from-rathaus").write_text("token-of-rathaus\nolder-token\n")
    (folder / "from-accounts").write_text("token-of-accounts\n")
    return folder


@asynccontextmanager
async def serving(health: Health, tokens: Path | None) -> AsyncGenerator[httpx.AsyncClient]:
    routes = [route("GET", "/things/{what}", show, callers=["rathaus"])]
    app = make_app(ServiceSettings(tokens_dir=tokens), health, routes)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client:
        yield client


def started() -> Health:
    health = Health()
    health.started = True
    return health


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("Bearer token-of-rathaus", 200),
        ("Bearer older-token", 200),
        ("bearer token-of-rathaus", 200),
        ("Bearer token-of-accounts", 401),
        ("Bearer nonsense", 401),
        ("Bearer ", 401),
        ("Basic token-of-rathaus", 401),
        ("", 401),
    ],
)
async def test_only_the_stated_callers_come_in(tokens: Path, authorization: str, status: int) -> None:
    async with serving(started(), tokens) as client:
        response = await client.get("/things/1", headers={"authorization": authorization})

    assert response.status_code == status


async def test_without_tokens_nobody_comes_in(tokens: Path) -> None:
    del tokens
    async with serving(started(), None) as client:
        response = await client.get("/things/1", headers=AS_RATHAUS)

    assert response.status_code == 401


async def test_a_new_token_is_known_without_a_restart(tokens: Path) -> None:
    async with serving(started(), tokens) as client:
        (tokens / "from-rathaus").write_text("rotated\n")
        old = await client.get("/things/1", headers=AS_RATHAUS)
        new = await client.get("/things/1", headers={"authorization": "Bearer rotated"})

    assert (old.status_code, new.status_code) == (401, 200)


async def test_a_service_that_is_not_yet_started_says_so(tokens: Path) -> None:
    async with serving(Health(), tokens) as client:
        answer = await client.get("/things/1", headers=AS_RATHAUS)
        alive, ready = await client.get("/livez"), await client.get("/readyz")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert (alive.status_code, ready.status_code) == (200, 503)
    assert ready.json() == {"ready": False, "problems": {"service": "starting"}}


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/things/problem", 409, "Der Lauf ist schon freigegeben."),
        ("/things/outage", 503, "Im Moment nicht erreichbar: provider."),
        ("/things/bug", 500, "Unerwarteter Fehler im Dienst."),
        ("/nowhere", 404, "Diese Adresse gibt es hier nicht."),
    ],
)
async def test_a_problem_is_told_in_words_and_form(tokens: Path, path: str, status: int, title: str) -> None:
    async with serving(started(), tokens) as client:
        response = await client.get(path, headers=AS_RATHAUS)

    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, response.json()["status"], response.json()["title"]) == (status, status, title)
    assert PERSON not in response.text


async def test_metrics_name_routes_and_never_what_was_asked_for(tokens: Path) -> None:
    async with serving(started(), tokens) as client:
        await client.get("/things/4711-secret", headers=AS_RATHAUS)
        await client.get("/unknown/4712-secret", headers=AS_RATHAUS)
        metrics = (await client.get("/metrics")).text

    assert 'route="/things/{what}"' in metrics
    assert "secret" not in metrics


async def ready(client: httpx.AsyncClient) -> bool:
    return (await client.get("/readyz")).status_code == 200


async def problems(client: httpx.AsyncClient) -> object:
    return (await client.get("/readyz")).json()["problems"]


async def test_readiness_turns_red_in_front_of_a_hung_bus_and_green_again(own_bus: Bus) -> None:
    health, peer = started(), await own_bus.peer("accounts")
    health.add("bus", bus_probe(lambda: peer.client))

    async with serving(health, None) as client:
        assert await ready(client)
        own_bus.server.child.freeze()
        assert await problems(client) == {"bus": "no answer"}
        own_bus.server.child.thaw()
        await eventually(lambda: ready(client))


async def test_readiness_turns_red_without_a_bus_and_green_again(own_bus: Bus) -> None:
    health, peer = started(), await own_bus.peer("accounts")
    health.add("bus", bus_probe(lambda: peer.client))

    async with serving(health, None) as client:
        own_bus.server.child.kill()
        await eventually(lambda: is_red(client))
        own_bus.server.start()
        await eventually(lambda: ready(client))


async def is_red(client: httpx.AsyncClient) -> bool:
    return not await ready(client)


async def test_readiness_turns_red_without_a_database_and_green_again(own_postgres: Postgres) -> None:
    async with opened(own_postgres.new_database(), with_tables=False) as database:
        health = started()
        health.add("database", database_probe(database.ping))

        async with serving(health, None) as client:
            assert await ready(client)
            own_postgres.freeze()
            async with asyncio.timeout(PROBE_SECONDS + 5):
                assert await problems(client) == {"database": "no answer"}
            own_postgres.halt()
            assert await problems(client) == {"database": "no answer"}
            own_postgres.start()
            await eventually(lambda: ready(client))


async def test_a_database_that_is_shutting_down_is_an_outage(own_postgres: Postgres) -> None:
    url = own_postgres.new_database()

    async with opened(url, with_tables=False) as old, opened(url, with_tables=False) as new, old.reading() as session:
        await session.execute(text("SELECT 1"))
        own_postgres.child.process.terminate()
        await eventually(lambda: is_down(new))


async def is_down(database: Database) -> bool:
    try:
        await database.ping()
    except DependencyDown as outage:
        return outage.dependency == "database"
    return False


async def test_a_file_that_is_no_database_is_an_outage(tmp_path: Path) -> None:
    threads = threading.active_count()
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/missing/folder.sqlite")

    with pytest.raises(DependencyDown):
        await database.ping()
    await database.close()

    # The driver's thread ends by itself, and it must before this test's loop does.
    await eventually(lambda: threads_are_back_to(threads))


async def threads_are_back_to(count: int) -> bool:
    return threading.active_count() <= count


async def test_a_client_signs_its_calls_with_the_newest_token(tokens: Path) -> None:
    (tokens / "to-notices").write_text("newest\nolder\n")
    heard: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    port = free_port()
    async with await asyncio.start_server(answer, "127.0.0.1", port):
        settings = ServiceSettings(tokens_dir=tokens)
        async with service_client(settings, "notices", f"http://127.0.0.1:{port}") as client:
            await client.get("/")

    assert b"authorization: Bearer newest\r\n" in heard[0]
