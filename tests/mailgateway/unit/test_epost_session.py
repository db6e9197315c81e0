from __future__ import annotations

import asyncio

import httpx
import orjson
import pytest

from services.mailgateway.gateways.provider import Throttled, Unauthorised, Unreachable
from tests.mailgateway.unit.letters import a_letter
from tests.mailgateway.unit.scripted_provider import CREDENTIALS, Answer, Script, a_provider, problem, reply

LOGIN, BATCH = "/api/Login", "/api/Letter/Batch"


async def test_one_login_serves_many_calls_also_at_the_same_time() -> None:
    script = Script()

    async with a_provider(script) as provider, asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(provider.batch_status(number))
            group.create_task(provider.submit([a_letter(number + 1)], batch_id=1, test=False))

    assert len(script.calls(LOGIN)) == 1
    assert orjson.loads(script.calls(LOGIN)[0].content) == {
        "vendorID": "SIM",
        "ekp": "1234567890",
        "secret": "hidden-secret",
        "password": "hidden-password",
        "tokenDuration": 1440,
    }


async def test_a_token_is_renewed_before_it_expires() -> None:
    script = Script()

    async with a_provider(script, token_minutes=0) as provider:
        await provider.batch_status(1)
        await provider.batch_status(1)

    assert len(script.calls(LOGIN)) == 2


async def test_a_second_refusal_of_the_token_is_not_answered_with_a_third_login() -> None:
    script = Script({BATCH: [problem(401, "E101")]})

    async with a_provider(script) as provider:
        with pytest.raises(Unauthorised):
            await provider.batch_status(1)

    assert len(script.calls(LOGIN)) == 2


async def test_a_wrong_password_is_not_tried_again_and_again() -> None:
    script = Script({LOGIN: [problem(401, "E001")]})

    async with a_provider(script) as provider:
        for _ in range(3):
            with pytest.raises(Unauthorised):
                await provider.submit([a_letter()], batch_id=1, test=False)

    assert len(script.calls(LOGIN)) == 1
    assert script.calls("/api/Letter") == []


@pytest.mark.parametrize(
    "answer", [reply(503), reply(200, {}), httpx.ReadTimeout("x"), httpx.ConnectError("x")], ids=repr
)
async def test_without_a_login_nothing_was_sent(answer: Answer) -> None:
    script = Script({LOGIN: [answer]})

    async with a_provider(script) as provider:
        with pytest.raises(Unreachable):
            await provider.submit([a_letter()], batch_id=1, test=False)

    assert script.calls("/api/Letter") == []


async def test_a_login_answered_by_a_proxy_is_no_wrong_password() -> None:
    script = Script({LOGIN: [httpx.Response(404, html="<h1>Not Found</h1>"), reply(200, {"token": "good"})]})

    async with a_provider(script) as provider:
        with pytest.raises(Unreachable):
            await provider.batch_status(1)
        await provider.batch_status(1)

    assert len(script.calls(LOGIN)) == 2


async def test_a_throttled_login_is_throttled() -> None:
    async with a_provider(Script({LOGIN: [problem(429, "E322")]})) as provider:
        with pytest.raises(Throttled):
            await provider.batch_status(1)


def test_credentials_are_never_shown() -> None:
    assert f"{CREDENTIALS!r} {CREDENTIALS!s}" == "Credentials() Credentials()"
