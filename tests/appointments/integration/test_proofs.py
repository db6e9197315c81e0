"""Proofs of work at the desk: from the challenge to the one use of its answer."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from services.appointments.api import proofs as api
from services.appointments.commands.proofs import challenge, spend, spend_in
from services.appointments.domain.refusal import TakenError
from services.appointments.storage import forgetting
from tests.appointments.calling import calling
from tests.appointments.town import Town, open_town

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
async def proving(sqlite_url: str) -> AsyncGenerator[Town]:
    async with open_town(sqlite_url, at=NOW, proof_difficulty=300) as ready:
        yield ready


@pytest.fixture
async def any_proving(town_url: str) -> AsyncGenerator[Town]:
    async with open_town(town_url, at=NOW, proof_difficulty=300) as ready:
        yield ready


def solved(given: dict[str, Any]) -> str:
    """Do what the browser does, from the JSON that it gets."""
    number = 0
    while sha256(f"{given['salt']}{number}".encode()).hexdigest() != given["challenge"]:
        number += 1
    assert number <= given["maxnumber"]
    answer = {key: given[key] for key in ("algorithm", "challenge", "salt", "signature")} | {"number": number}
    return base64.b64encode(json.dumps(answer).encode()).decode()


async def a_solution(proving: Town, tmp_path: Path) -> str:
    async with calling(tmp_path, proving.desk, api.routes) as portal:
        given = await portal.get("/proofs")
    assert given.headers["cache-control"] == "no-store"
    return solved(given.json())


async def test_an_answer_counts_once(proving: Town, tmp_path: Path) -> None:
    solution = await a_solution(proving, tmp_path)

    used = [await spend(solution, proving.desk) for _ in range(3)]

    assert used == [True, False, False]


async def test_of_twenty_who_send_the_same_answer_at_once_one_is_believed(any_proving: Town, tmp_path: Path) -> None:
    proving = any_proving
    solution = await a_solution(proving, tmp_path)

    used = await asyncio.gather(*(spend(solution, proving.desk) for _ in range(20)))

    assert sorted(used) == [False] * 19 + [True]


async def test_what_is_rolled_back_has_not_used_its_proof(proving: Town, tmp_path: Path) -> None:
    solution = await a_solution(proving, tmp_path)

    async def in_vain() -> None:
        async with proving.desk.database.transaction() as session:
            assert await spend_in(session, solution, proving.desk)
            raise TakenError

    with pytest.raises(TakenError):
        await in_vain()

    assert await spend(solution, proving.desk)


async def test_garbage_late_answers_and_none_at_all_are_not_believed(proving: Town, tmp_path: Path) -> None:
    solution = await a_solution(proving, tmp_path)
    proving.clock.go_on(minutes=20)

    assert not await spend(solution, proving.desk)
    assert not await spend("garbage", proving.desk)
    assert not await spend(None, proving.desk)


async def test_used_proofs_are_forgotten_once_they_are_too_old_anyway(proving: Town, tmp_path: Path) -> None:
    solution = await a_solution(proving, tmp_path)
    assert await spend(solution, proving.desk)
    proving.clock.go_on(minutes=21)

    async with proving.desk.database.transaction() as session:
        await forgetting.proofs(session, before=proving.clock())

    assert not await spend(solution, proving.desk)


async def test_a_town_that_asks_for_none_believes_everybody(sqlite_url: str) -> None:
    async with open_town(sqlite_url, at=NOW, proof_difficulty=0) as proving:
        assert challenge(proving.desk).maxnumber == 0
        assert await spend("", proving.desk)
