"""Dead letters that are given up, and questions that make no sense."""

from __future__ import annotations

import pytest
import structlog.testing

from tests.caretaker.component.conftest import Desk
from tests.caretaker.component.dying import DURABLE, Fussy, a_foreign_letter, dead_notices
from tests.support.consumers import accounts_consumes
from tests.support.nats import Bus


async def test_a_discarded_letter_is_gone_with_its_body_and_the_log_tells_who_and_why(bus: Bus, desk: Desk) -> None:
    await a_foreign_letter(bus, desk)

    with structlog.testing.capture_logs() as logged:
        answer = await desk.client.delete("/dead-letters/1?by=E.%20Muster&reason=doppelt")

    (line,) = [each for each in logged if each["event"] == "dead_letter.discarded"]
    assert answer.status_code == 204
    assert (line["by"], line["reason"], line["number"], line["dead_because"]) == ("E. Muster", "doppelt", 1, "strange")
    assert (await bus.count("KEPT"), await bus.count("DLQ")) == (0, 0)


async def test_what_was_discarded_stays_on_record_the_newest_first(bus: Bus, desk: Desk) -> None:
    await accounts_consumes(bus, Fussy())
    await dead_notices(bus, desk, 3)
    listed = await desk.letters()

    for number, why in ((1, "doppelt"), (2, "veraltet"), (3, "Probe")):
        await desk.client.delete(f"/dead-letters/{number}?by=E.%20Muster&reason={why}")
    newest = await desk.get("/discards", limit=2)
    older = await desk.get("/discards", before=newest[-1]["record"])
    nothing = await desk.get("/discards", before=1)

    assert [each["number"] for each in (*newest, *older, *nothing)] == [3, 2, 1]
    assert {name: older[0][name] for name in older[0] if name != "at"} == {
        "record": 1,
        "number": 1,
        "durable": DURABLE,
        "event_key": listed[0]["event_key"],
        "dead_because": "unknown_run",
        "by": "E. Muster",
        "reason": "doppelt",
    }
    assert older[0]["at"] <= newest[0]["at"]


@pytest.mark.parametrize("query", ["", "by=E.%20Muster", "reason=doppelt", "by=%20&reason=doppelt"])
async def test_nothing_is_discarded_without_a_name_and_a_reason(bus: Bus, desk: Desk, query: str) -> None:
    await accounts_consumes(bus, Fussy())
    await dead_notices(bus, desk, 1)

    answer = await desk.client.delete(f"/dead-letters/1?{query}")

    assert (answer.status_code, len(await desk.letters())) == (422, 1)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/dead-letters/7"),
        ("POST", "/dead-letters/7/redelivery"),
        ("DELETE", "/dead-letters/7?by=a&reason=b"),
    ],
)
async def test_a_letter_that_is_not_there_is_named(desk: Desk, method: str, path: str) -> None:
    answer = await desk.client.request(method, path)

    assert (answer.status_code, "7 gibt es nicht" in answer.json()["title"]) == (404, True)


async def test_a_consumer_that_is_not_there_is_answered_with_those_that_are(desk: Desk) -> None:
    listed = await desk.client.get("/dead-letters?durable=nobody")
    redelivered = await desk.post("/dead-letters/redelivery", durable="nobody")
    replayed = await desk.post("/replays", durable="nobody")

    for answer in (listed, redelivered, replayed):
        assert (answer.status_code, "accounts-notices" in answer.json()["detail"]) == (404, True)


@pytest.mark.parametrize("number", ["0", str(2**63), str(2**64), "9" * 5000, "-1", "x", "²"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/dead-letters/{}"),
        ("POST", "/dead-letters/{}/redelivery"),
        ("DELETE", "/dead-letters/{}?by=a&reason=b"),
    ],
)
async def test_a_number_that_cannot_be_is_not_there(desk: Desk, method: str, path: str, number: str) -> None:
    answer = await desk.client.request(method, path.format(number))

    assert (answer.status_code, "gibt es" in answer.json()["title"]) == (404, True)


@pytest.mark.parametrize("path", ["/discards?before=0", f"/discards?before={2**63}", "/discards?limit=0"])
async def test_a_question_about_the_record_that_makes_no_sense_is_refused(desk: Desk, path: str) -> None:
    assert (await desk.client.get(path)).status_code == 422


@pytest.mark.parametrize(
    "query",
    [f"after={2**63 - 1}", f"after={'9' * 5000}", "limit=0", "limit=1001", "limit=many", "after=-1", "state=dead"],
)
async def test_a_question_that_makes_no_sense_is_refused(desk: Desk, query: str) -> None:
    assert (await desk.client.get(f"/dead-letters?{query}")).status_code == 422


async def test_only_the_command_may_ask(desk: Desk) -> None:
    answer = await desk.client.get("/dead-letters", headers={"authorization": "Bearer other"})

    assert answer.status_code == 401
