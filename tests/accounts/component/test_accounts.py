"""Accounts as a process: sessions and counted guesses outlive it, and its log holds no secret."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.accounts.component.town import Accounts
from tests.support.eventually import eventually
from tests.support.nats import Bus


@pytest.fixture
def town(bus: Bus, tmp_path: Path) -> Generator[Accounts]:
    accounts = Accounts(bus, tmp_path)
    accounts.start()
    yield accounts
    accounts.stop()


async def added(town: Accounts) -> dict[str, Any]:
    body = {"name": "kasse-1", "roles": ["attendant"], "pools": ["freibad-tangerhuette"]}
    return (await town.ask("rathaus", "POST", "/staff/devices", body)).json()


async def sign_in(town: Accounts, device: dict[str, Any], pin: str) -> httpx.Response:
    return await town.ask("portal", "POST", "/staff/sessions", {"token": device["token"], "pin": pin})


async def test_sessions_and_guesses_outlive_a_kill_and_no_secret_is_logged(town: Accounts) -> None:
    await eventually(town.ready)
    device = await added(town)
    wrong = "000000" if device["pin"] != "000000" else "000001"

    session = (await sign_in(town, device, device["pin"])).json()["session"]
    before = [(await sign_in(town, device, wrong)).status_code for _ in range(3)]
    assert town.child is not None
    town.child.kill()
    town.start()
    await eventually(town.ready)
    checked = await town.ask("portal", "POST", "/staff/sessions/check", {"session": session})
    after = [(await sign_in(town, device, wrong)).status_code for _ in range(2)]

    assert (before, after) == ([401, 401, 401], [401, 423])
    assert checked.json()["device"]["name"] == "kasse-1"
    assert [secret in town.log() for secret in (device["token"], device["pin"], session)] == [False] * 3


async def test_strangers_are_refused(town: Accounts) -> None:
    await eventually(town.ready)

    answers = [
        await town.ask("nobody", "GET", "/staff/devices"),
        await town.ask("nobody", "POST", "/staff/sessions", {"token": "x", "pin": "1"}),
    ]

    assert [each.status_code for each in answers] == [401, 401]
