"""How long a message about a pool is worth being sent, and what pages show of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.subscriptions.domain.announcing import Urgency
from services.subscriptions.domain.pool import Pool
from services.subscriptions.domain.pool_news import Change, closure, facts, opening
from tests.subscriptions.said import MASTER, POOL

TWO_PM = datetime(2026, 6, 12, 12, 0, tzinfo=UTC)
"""A Friday outside the holidays: open from 13 to 18."""
CLOSED = Pool("closed", TWO_PM, "storm", None, "badkasse", TWO_PM, TWO_PM, 1)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def closed_at(at: datetime, *, until: datetime | None = None, pool: str = POOL) -> Change:
    after = replace(CLOSED, since=at, until=until)
    return Change(MASTER.of(pool), MASTER.calendar(at.date()), Pool(), after, at)


def opened_at(at: datetime, *, mistaken: bool = False, pool: str = POOL) -> Change:
    after = Pool("open", at, None, None, "badkasse", at, at, 2)
    return Change(MASTER.of(pool), MASTER.calendar(at.date()), CLOSED, after, at, mistaken)


@pytest.mark.parametrize(
    ("change", "expires"),
    [
        (closed_at(TWO_PM), TWO_PM + hours(4)),
        (closed_at(TWO_PM - hours(4)), TWO_PM + hours(2)),
        (closed_at(TWO_PM + hours(6)), TWO_PM + hours(12)),
        (closed_at(TWO_PM, until=TWO_PM + hours(30)), TWO_PM + hours(30)),
        (closed_at(TWO_PM, pool="hallenbad"), TWO_PM + hours(6)),
    ],
    ids=["until closing time", "six hours at most", "in the evening", "as long as it lasts", "hours unknown"],
)
def test_a_closure_is_worth_telling_for_so_long(change: Change, expires: datetime) -> None:
    assert closure(change, update=False).expires_at == expires


@pytest.mark.parametrize(
    ("change", "expires"),
    [
        (opened_at(TWO_PM), TWO_PM + hours(4)),
        (opened_at(TWO_PM + hours(6)), TWO_PM + hours(9)),
        (opened_at(TWO_PM, pool="hallenbad"), TWO_PM + hours(3)),
    ],
    ids=["until closing time", "in the evening", "hours unknown"],
)
def test_an_all_clear_is_worth_telling_for_so_long(change: Change, expires: datetime) -> None:
    assert opening(change).expires_at == expires


def test_each_step_is_an_urgent_message_of_its_kind() -> None:
    told = [
        closure(closed_at(TWO_PM), update=False),
        closure(closed_at(TWO_PM), update=True),
        opening(opened_at(TWO_PM)),
        opening(opened_at(TWO_PM, mistaken=True)),
    ]

    assert [each.kind for each in told] == ["alert", "update", "all_clear", "correction"]
    assert {each.urgency for each in told} == {Urgency.URGENT}
    assert {each.made_by for each in told} == {"badkasse"}


def test_pages_are_told_what_was_and_when_it_ended() -> None:
    going_on, over = facts(closed_at(TWO_PM)), facts(opened_at(TWO_PM + hours(1)))

    assert (going_on["name"], going_on["reason"], going_on["reopened_at"]) == ("Freibad Tangerhütte", "storm", None)
    assert over == {**going_on, "reopened_at": (TWO_PM + hours(1)).isoformat()}
