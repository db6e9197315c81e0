"""What stands in the banner, and who is woken when it changes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from services.portal.domain.banner import Notice, standing
from services.portal.gateways.calls import Calls
from services.portal.gateways.subscriptions import Subscriptions
from services.portal.web.board import Boards
from tests.support.eventually import eventually

NOW = datetime(2026, 7, 21, 12, tzinfo=UTC)


def notice(*, subject: str = "alert:1", kind: str = "alert", hours: int = 1, ended: bool = False) -> Notice:
    return Notice("1", subject, kind, {"de": "Straße gesperrt"}, NOW, NOW + timedelta(hours=hours), ended)


def test_a_notice_stands_as_long_as_it_is_valid() -> None:
    assert standing([notice(hours=1), notice(hours=-1)], now=NOW) == [notice(hours=1)]


def test_a_notice_does_not_stand_before_it_begins() -> None:
    tomorrow = replace(notice(hours=48), valid_from=NOW + timedelta(hours=24))

    assert standing([tomorrow], now=NOW) == []
    assert standing([tomorrow], now=NOW + timedelta(hours=24)) == [tomorrow]


@pytest.mark.parametrize(
    "over", [notice(ended=True), notice(kind="all_clear"), notice(kind="correction"), notice(subject="pool:freibad")]
)
def test_what_is_over_or_told_by_the_pool_itself_does_not_stand(over: Notice) -> None:
    assert standing([over], now=NOW) == []


class Town:
    """Answers as subscriptions does; every reading is counted."""

    def __init__(self) -> None:
        self.away = False
        self.pools_away = False
        self.readings = 0
        self.polls = ""

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.readings += request.url.path == "/pools"
        if self.away or (self.pools_away and request.url.path == "/pools"):
            raise httpx.ConnectError("away")
        if request.url.path == "/changes":
            self.polls += f" {request.url.query.decode()}"
            return httpx.Response(200, json={"change": 7})
        return httpx.Response(200, json=[])


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def boards(town: Town) -> Boards:
    client = httpx.AsyncClient(base_url="http://town", transport=httpx.MockTransport(town))
    return Boards(Subscriptions(Calls(client, "subscriptions")), lambda: NOW)


async def test_pages_that_come_together_read_once(boards: Boards, town: Town) -> None:
    await asyncio.gather(*(boards.current() for _ in range(10)))

    assert town.readings == 1


async def test_pages_do_not_wait_again_and_again_for_a_service_that_is_away(boards: Boards, town: Town) -> None:
    town.away = True

    found = [await boards.current() for _ in range(3)]

    assert (found, town.readings) == ([None, None, None], 1)


async def test_whoever_waits_is_let_go_at_the_end(boards: Boards) -> None:
    board = await boards.current()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(boards.after(board, seconds=30))
        await asyncio.sleep(0)
        await boards.release()

    assert waiting.result() is board


async def test_what_opens_and_closes_by_the_clock_is_read_without_a_change(boards: Boards, town: Town) -> None:
    following = asyncio.ensure_future(boards.follow())

    async def read_again() -> bool:
        return town.readings > 2

    await eventually(read_again)
    following.cancel()


async def test_half_an_answer_is_completed_although_nothing_changes(boards: Boards, town: Town) -> None:
    town.pools_away = True
    following = asyncio.ensure_future(boards.follow())
    half = await boards.after(None, seconds=5)
    town.pools_away = False

    async def whole() -> bool:
        return boards.newest is not None and boards.newest.pools is not None

    await eventually(whole)
    following.cancel()
    assert half is not None
    assert half.pools is None
    assert "wait=3" in town.polls
