"""What the HTTP door lets in of one system: rate, quota, size."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator

from tests.intake.component.conftest import Intake
from tests.intake.component.knocking import BATCH, STRUCTURED, send
from tests.intake.offices import (
    POOLS,
    authorized,
    closing,
    key_of,
    write_systems,
)


async def test_a_large_body_costs_more_of_the_rate_than_a_small_one(intake: Intake) -> None:
    write_systems(intake.systems, POOLS.model_copy(update={"rate_per_second": 20}))
    large = json.dumps({**closing("a-0"), "padding": "x" * 60_000}).encode()

    statuses: Counter[int] = Counter()
    for _ in range(12):
        status, headers, problem = await send(intake, large)
        statuses[status] += 1
    bulky, _, _ = await send(intake, b" " * 1_000_000, media_type=BATCH)
    while bulky == 429:
        await asyncio.sleep(0.3)
        bulky, _, _ = await send(intake, b" " * 1_000_000, media_type=BATCH)
    afterwards, headers, problem = await send(intake, closing("a-1"))

    assert statuses[202] in range(5, 11)
    assert statuses[429] == 12 - statuses[202]
    assert (bulky, afterwards, problem["code"]) == (400, 429, "rate")
    assert headers["retry-after"] in {"3", "4"}


async def test_large_bodies_that_come_all_at_once_are_not_all_read(intake: Intake) -> None:
    write_systems(intake.systems, POOLS.model_copy(update={"rate_per_second": 50}))
    headers = {**authorized(POOLS), "content-type": BATCH}

    answers = await asyncio.gather(
        *(intake.http.post("/events", content=b" " * 1_000_000, headers=headers) for _ in range(20))
    )

    assert Counter(each.status_code for each in answers) == {400: 1, 429: 19}


async def test_a_batch_that_is_refused_is_paid_for_too(intake: Intake) -> None:
    write_systems(intake.systems, POOLS.model_copy(update={"rate_per_second": 10}))
    batch = [closing(f"a-{number}", reason="holidays") for number in range(50)]

    first, _, _ = await send(intake, batch, media_type=BATCH)
    second, headers, _ = await send(intake, closing())

    assert (first, second) == (422, 429)
    assert int(headers["retry-after"]) in {4, 5}


async def test_whoever_is_too_fast_is_told_when_to_come_back(intake: Intake) -> None:
    write_systems(intake.systems, POOLS.model_copy(update={"rate_per_second": 1}))
    await send(intake, closing("a-1"))

    status, headers, problem = await send(intake, closing("a-2"))
    await asyncio.sleep(int(headers["retry-after"]))
    later, _, _ = await send(intake, closing("a-2"))

    assert (status, problem["code"], headers["retry-after"], later) == (429, "rate", "1", 202)


async def test_whoever_has_used_up_the_day_is_told_when_the_next_begins(intake: Intake) -> None:
    write_systems(intake.systems, POOLS.model_copy(update={"daily_quota": 2}))
    await send(intake, [closing("a-1"), closing("a-2")], media_type=BATCH)

    status, headers, problem = await send(intake, closing("a-3"))
    repeated, _, _ = await send(intake, [closing("a-1"), closing("a-2")], media_type=BATCH)

    assert (status, problem["code"]) == (429, "quota")
    assert 0 < int(headers["retry-after"]) <= 25 * 3600
    assert repeated == 409  # the times in them are newer: other events with taken ids


async def test_a_body_that_is_announced_too_large_is_not_even_read(intake: Intake) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(intake.url.rpartition(":")[2]))
    head = (
        f"POST /events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key_of(POOLS)}\r\ncontent-type: {STRUCTURED}\r\n"
    )

    writer.write(f"{head}content-length: 100000000\r\n\r\n{{".encode())
    answer = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await writer.wait_closed()

    assert b"413" in answer


async def test_a_body_of_unknown_length_is_read_only_as_far_as_allowed(intake: Intake) -> None:
    async def endless() -> AsyncGenerator[bytes]:
        for _ in range(2000):
            yield b" " * 1024

    answer = await intake.http.post(
        "/events", content=endless(), headers={**authorized(POOLS), "content-type": STRUCTURED}
    )

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
