from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from services.mailgateway.gateways.provider import Health, Refused, Throttled, Unreachable
from tests.mailgateway.unit.letters import LETTER_ID
from tests.mailgateway.unit.scripted_provider import Answer, Script, a_provider, problem, reply

BATCH, CUSTOM1, HEALTH = "/api/Letter/Batch", "/api/Letter/Custom1", "/api/Login/HealthCheck"
FULL: dict[str, Any] = {
    "letterID": 4711,
    "fileName": f"{LETTER_ID.hex}-1.pdf",
    "statusID": 4,
    "custom1": f"{LETTER_ID}.1",
    "createdDate": "2026-03-02T09:00:01.1234567",
    "printFeedbackDate": "2026-03-04T16:30:00+01:00",
    "testFlag": False,
    "noOfPages": 2,
    "zipCode": "39999",
    "errorList": [{"level": "Warning", "code": "W202", "description": "-", "date": None}],
    "aFieldOfTheFuture": {"x": 1},
}


async def batch(answer: Answer) -> tuple[Script, Any]:
    script = Script({BATCH: [answer]})
    async with a_provider(script) as provider:
        return script, await provider.batch_status(15)


async def test_a_status_is_read_whole_with_the_providers_own_posting_date() -> None:
    script, (status,) = await batch(reply(200, [FULL]))

    assert script.calls(BATCH)[0].url.query == b"batchId=15"
    assert (status.provider_id, status.letter_id, status.attempt) == (4711, LETTER_ID, 1)
    assert (status.status, status.pages, status.test) == ("posted", 2, False)
    assert status.created_at == datetime(2026, 3, 2, 8, 0, 1, 123456, tzinfo=UTC)
    assert status.posted_at == datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
    assert [(error.code, error.level) for error in status.errors] == [("W202", "warning")]


async def test_a_refused_duplicate_points_to_the_first() -> None:
    duplicate = {"level": "Error", "code": "E324", "description": "bereits über LetterID 4700 eingeliefert"}

    _, (status,) = await batch(reply(200, [FULL | {"statusID": 99, "errorList": [duplicate]}]))

    assert (status.status, status.duplicate_of) == ("failed", 4700)


async def test_a_stage_nobody_knows_neither_ends_a_letter_nor_hides_it() -> None:
    _, (status,) = await batch(reply(200, [FULL | {"statusID": 110, "printFeedbackDate": "0001-01-01T00:00:00"}]))

    assert (status.status, status.posted_at) == ("accepted", None)


@pytest.mark.parametrize("date", [None, "0001-01-01T00:00:00", "soon"])
async def test_without_its_posting_date_a_letter_is_still_being_printed(date: str | None) -> None:
    _, (status,) = await batch(reply(200, [FULL | {"printFeedbackDate": date}]))

    assert (status.status, status.posted_at, status.live) == ("printing", None, True)


async def test_a_status_tells_the_wave_in_which_it_was_found() -> None:
    script = Script({CUSTOM1: [reply(200, [FULL | {"batchID": 77}])]})

    _, (in_batch,) = await batch(reply(200, [FULL]))
    async with a_provider(script) as provider:
        (by_reference,) = await provider.find(LETTER_ID, 1)

    assert (in_batch.batch_id, by_reference.batch_id) == (15, 77)


async def test_the_letters_of_another_program_belong_to_nobody() -> None:
    _, (status,) = await batch(reply(200, [{"letterID": 1, "fileName": "x", "statusID": 1, "custom1": "RE0136645"}]))

    assert (status.letter_id, status.attempt) == (None, None)


@pytest.mark.parametrize("answer", [reply(200, []), problem(404, "E201"), problem(400, "E201")], ids=repr)
async def test_only_the_providers_own_word_means_that_there_is_none(answer: httpx.Response) -> None:
    _, found = await batch(answer)

    assert found == ()


@pytest.mark.parametrize(
    "answer",
    [
        reply(404),
        problem(400, "E313"),
        reply(500),
        reply(200),
        reply(200, {"items": []}),
        reply(200, [FULL, {"letterID": 12}]),
        httpx.ReadTimeout("x"),
        httpx.ConnectError("x"),
    ],
    ids=repr,
)
async def test_no_answer_is_never_taken_for_not_found(answer: Answer) -> None:
    with pytest.raises((Unreachable, Refused)):
        await batch(answer)


async def test_the_look_up_by_reference_keeps_this_attempt_only() -> None:
    neighbours = [FULL, FULL | {"letterID": 4712, "custom1": f"{LETTER_ID}.12"}]
    script = Script({CUSTOM1: [reply(200, neighbours)]})

    async with a_provider(script) as provider:
        found = await provider.find(LETTER_ID, 1)

    assert script.calls(CUSTOM1)[0].url.params["custom1"] == f"{LETTER_ID}.1"
    assert [status.provider_id for status in found] == [4711]


async def test_look_ups_of_one_kind_keep_their_distance_and_kinds_do_not_wait_for_each_other() -> None:
    started = time.monotonic()

    async with a_provider(Script(), min_interval=0.2) as provider, asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(provider.batch_status(1))
            group.create_task(provider.find(LETTER_ID, 1))

    assert 0.4 <= time.monotonic() - started < 0.9


async def test_after_being_throttled_the_next_look_up_waits_longer() -> None:
    script = Script({BATCH: [problem(429, "E322"), reply(200, [])]})

    async with a_provider(script, min_interval=0.1) as provider:
        with pytest.raises(Throttled) as throttled:
            await provider.batch_status(1)
        started = time.monotonic()
        await provider.batch_status(1)

    assert throttled.value.retry_after == pytest.approx(0.2)
    assert time.monotonic() - started >= 0.15


@pytest.mark.parametrize(
    ("answer", "health"),
    [
        (problem(200, "I501"), Health("ok")),
        (problem(200, "I501", X_Simulator="epost"), Health("ok", simulator=True)),
        (problem(200, "W501", "Sonntag 8 bis 10 Uhr"), Health("maintenance", "Sonntag 8 bis 10 Uhr")),
        (problem(503, "E501", "Inaktiv"), Health("down", "Inaktiv")),
        (reply(502), Health("down", "Die Post antwortet mit HTTP502.")),
        (httpx.ConnectError("x"), Health("down", "Die Post ist nicht erreichbar.")),
        (problem(429, "E322"), Health("ok")),
    ],
    ids=repr,
)
async def test_health_is_told_in_words_and_never_raises(answer: Answer, health: Health) -> None:
    async with a_provider(Script({HEALTH: [answer]})) as provider:
        assert await provider.health() == health


async def test_a_probe_within_the_interval_gets_the_last_answer_at_once() -> None:
    script = Script({HEALTH: [problem(200, "I501")]})

    async with a_provider(script, min_interval=60) as provider:
        for _ in range(3):
            await provider.health()

    assert len(script.calls(HEALTH)) == 1
