"""A clerk decides about letters that failed or are unclear: once, with a name, and never into a second letter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from contracts.mailgateway import LetterFailed, LetterPosted
from tests.mailgateway.component.town import RUN, SETTLED, UNTIL_SHOWN, Gateway, Town, letter_id, once_each

TWO_HOURS = timedelta(hours=2)
ERIKA = "Erika Beispiel"
PATH = f"/letters/{letter_id(1)}/decision"


async def decide(http: httpx.AsyncClient, decision: str, **more: Any) -> httpx.Response:
    return await http.post(PATH, json={"decision": decision, "by": ERIKA, **more})


async def problems(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    return (await http.get(f"/runs/{RUN}/problems")).json()


async def a_failed_letter(town: Town, gateway: Gateway) -> None:
    await town.provider.fault("reject_letter", code="E318")
    await town.routed(1, gateway=gateway)
    await gateway.until_all("failed", letters=1)


async def an_unclear_letter(town: Town, gateway: Gateway, *, there: bool = False) -> None:
    if there:
        await town.provider.fault("invisible", seconds=UNTIL_SHOWN)
    await town.provider.fault("drop_after" if there else "drop_before")
    await town.routed(1, gateway=gateway)
    await gateway.send()
    await town.pass_time(TWO_HOURS)
    await gateway.until_all("unclear", letters=1)


async def test_a_failed_letter_is_sent_again_as_the_next_attempt(
    town: Town, gateway: Gateway, http: httpx.AsyncClient
) -> None:
    await a_failed_letter(town, gateway)

    answer = (await decide(http, "send_again")).json()
    await gateway.until_all("posted", letters=1)

    assert answer == {"letter_id": str(letter_id(1)), "state": "waiting", "attempt": 2}
    row = await gateway.letter(1)
    assert (row.attempt, row.decided_by, row.decided_at is not None, row.reason) == (2, ERIKA, True, None)
    assert {each["custom1"] for each in await town.provider.received()} == {f"{letter_id(1)}.1", f"{letter_id(1)}.2"}
    await town.assert_each_lives_once(1)


async def test_an_unclear_letter_that_is_still_not_found_is_sent_again(
    town: Town, gateway: Gateway, http: httpx.AsyncClient
) -> None:
    await an_unclear_letter(town, gateway)
    (problem,) = await problems(http)

    answer = await decide(http, "send_again")
    await gateway.until_all("posted", letters=1)

    assert (problem["letter_id"], problem["state"], problem["reference"]) == (
        str(letter_id(1)),
        "unclear",
        f"{letter_id(1)}.1",
    )
    assert "--send-again" in problem["action"]
    assert answer.status_code == 200
    assert once_each(await gateway.dispatched(), range(1, 2))
    await town.assert_each_lives_once(1)


async def test_an_unclear_letter_that_has_turned_up_is_not_sent_again(
    town: Town, gateway: Gateway, http: httpx.AsyncClient
) -> None:
    await an_unclear_letter(town, gateway, there=True)
    await town.end_faults()

    answer = await decide(http, "send_again")
    await gateway.until_all("posted", letters=1)

    assert (answer.status_code, answer.json()["title"]) == (409, "Über diesen Brief ist nichts zu entscheiden.")
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await town.provider.summary())["received"] == 1


async def test_while_the_provider_does_not_answer_nothing_is_decided_to_be_sent(
    town: Town, gateway: Gateway, http: httpx.AsyncClient
) -> None:
    await an_unclear_letter(town, gateway)
    await town.provider.kill()

    answer = await decide(http, "send_again")

    assert answer.status_code == 503
    assert ((await gateway.letter(1)).state, (await gateway.letter(1)).attempt) == ("unclear", 1)


async def test_a_submission_that_comes_to_light_after_the_decision_is_followed_and_nothing_is_sent(
    town: Town, gateway: Gateway, http: httpx.AsyncClient
) -> None:
    await an_unclear_letter(town, gateway, there=True)
    assert (await decide(http, "send_again")).status_code == 200
    await town.end_faults()

    async with town.gateway(gateway.post.database.url) as next_process:
        await next_process.until_all("posted", letters=1)

    assert ((await gateway.letter(1)).attempt, (await town.provider.summary())["received"]) == (1, 1)


async def test_a_letter_that_the_clerk_has_seen_to_be_posted_is_posted_that_day(
    town: Town, gateway: Gateway, http: httpx.AsyncClient
) -> None:
    await an_unclear_letter(town, gateway)
    day = (town.timepiece.now() - timedelta(days=2)).date()

    answer = await decide(http, "posted", posted_at=day.isoformat())
    (posted,) = await gateway.said(LetterPosted)

    assert (answer.status_code, answer.json()["state"]) == (200, "posted")
    assert posted.data.posted_at.date() == day
    assert datetime(day.year, day.month, day.day, 10, tzinfo=UTC) <= posted.data.posted_at
    assert once_each(await gateway.dispatched(), range(1, 2))
    assert await problems(http) == []


async def test_a_withdrawn_letter_has_failed_for_good(town: Town, gateway: Gateway, http: httpx.AsyncClient) -> None:
    await a_failed_letter(town, gateway)

    withdrawn = await decide(http, "withdraw")
    again = await decide(http, "send_again")
    (problem,) = await problems(http)

    assert (withdrawn.json()["state"], again.status_code) == ("failed", 409)
    assert [event.data.code for event in await gateway.said(LetterFailed)] == ["E318", "withdrawn"]
    assert (problem["code"], problem["title"]) == ("withdrawn", "Zurückgezogen")


@pytest.mark.parametrize("decision", ["send_again", "withdraw", "posted"])
async def test_whoever_lost_the_answer_may_ask_again(
    town: Town, gateway: Gateway, http: httpx.AsyncClient, decision: str
) -> None:
    await an_unclear_letter(town, gateway)
    more = {"posted_at": town.timepiece.now().date().isoformat()} if decision == "posted" else {}

    first, second = await decide(http, decision, **more), await decide(http, decision, **more)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert len(await gateway.said(LetterPosted)) + len(await gateway.said(LetterFailed)) == (decision != "send_again")


async def test_about_a_letter_on_its_way_nothing_is_to_decide(
    town: Town, gateway: Gateway, http: httpx.AsyncClient
) -> None:
    await town.routed(1, gateway=gateway)

    answer = await decide(http, "withdraw")

    assert (answer.status_code, answer.json()["detail"]) == (409, "Er wartet auf den Versand.")
    assert (await gateway.letter(1)).decided_by is None


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "posted", "by": ERIKA},
        {"decision": "withdraw", "by": ERIKA, "posted_at": "2026-03-02"},
        {"decision": "posted", "by": ERIKA, "posted_at": 5},
        {"decision": "burn", "by": ERIKA},
        {"decision": "withdraw", "by": "  "},
        {"decision": "withdraw", "by": "x" * 121},
        {"decision": "withdraw"},
        ["withdraw"],
    ],
)
async def test_half_a_decision_is_refused_in_german(http: httpx.AsyncClient, body: Any) -> None:
    answer = await http.post(PATH, json=body)

    assert (answer.status_code, answer.json()["title"]) == (422, "Diese Entscheidung ist unvollständig.")


async def test_a_letter_that_nobody_knows_is_said_so(http: httpx.AsyncClient) -> None:
    assert (await decide(http, "withdraw")).json()["title"] == "Diesen Brief gibt es nicht."


@pytest.mark.parametrize("days", [1, -401])
async def test_no_letter_was_posted_in_the_future_or_long_ago(
    town: Town, gateway: Gateway, http: httpx.AsyncClient, days: int
) -> None:
    await an_unclear_letter(town, gateway)
    today = town.timepiece.now().astimezone(ZoneInfo("Europe/Berlin")).date()
    day = today + timedelta(days=days)

    answer = await decide(http, "posted", posted_at=day.isoformat())

    assert (answer.status_code, (await gateway.letter(1)).state) == (422, "unclear")


async def test_a_letter_without_its_document_is_listed(town: Town, gateway: Gateway, http: httpx.AsyncClient) -> None:
    town.notices.withheld = {letter_id(1)}
    await town.routed(1, 2, gateway=gateway)
    await gateway.until(lambda counts: counts == {"waiting": 1, "posted": 1})

    (problem,) = await problems(http)

    assert (problem["letter_id"], problem["state"], problem["title"]) == (
        str(letter_id(1)),
        "waiting",
        "Dokument fehlt",
    )
    town.notices.withheld.clear()
    await gateway.until_all("posted", letters=2)
    assert await problems(http) == []


async def test_a_letter_in_doubt_without_its_document_is_listed_as_waiting(
    town: Town, gateway: Gateway, http: httpx.AsyncClient
) -> None:
    await town.provider.fault("drop_before")
    await town.routed(1, gateway=gateway)
    await gateway.send()
    town.notices.withheld = {letter_id(1)}
    await town.pass_time(SETTLED)
    for _ in range(4):
        await gateway.schedule.doubt()

    (problem,) = await problems(http)

    assert (problem["state"], problem["title"], await gateway.states()) == ("waiting", "Dokument fehlt", {"intent": 1})
