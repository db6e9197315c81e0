"""What an answer means for a row of the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.subscriptions.domain.announcing import Wording
from services.subscriptions.domain.letter import Letter, Matter
from services.subscriptions.domain.outcomes import Answer, channel_is_lost, concerns_the_host, settle

NOW = datetime(2026, 7, 4, 12, 0, tzinfo=UTC)
MATTER = Matter(
    announcement_id=3,
    number=1,
    kind="alert",
    urgency=0,
    texts={"de": Wording("Bad geschlossen", "Wegen Gewitter.")},
    expires_at=NOW + timedelta(hours=3),
    released_at=NOW,
    incident_id=uuid4(),
    subject="pool:freibad",
    facts={},
    topics=("pool.freibad",),
    first_announcement_id=3,
)
LETTER = Letter(
    delivery_id=7,
    matter=MATTER,
    subscriber_id=1,
    link_version=1,
    channel="email",
    host="post.example",
    topic="pool.freibad",
    language="de",
    email="eva@Post.example",
    push_endpoint=None,
    push_p256dh=None,
    push_auth=None,
)


def test_what_was_taken_is_sent() -> None:
    settled = settle(LETTER, Answer("accepted", "250"), attempts=1, uncertain=1, at=NOW)

    assert (settled.state, settled.attempts, settled.uncertain, settled.lost) == ("sent", 2, 1, None)


@pytest.mark.parametrize(("attempts", "minutes"), [(0, 1), (1, 2), (5, 40), (20, 40)])
def test_what_was_put_off_is_tried_later(attempts: int, minutes: int) -> None:
    settled = settle(LETTER, Answer("deferred", "451"), attempts=attempts, uncertain=0, at=NOW)

    assert (settled.state, settled.attempts) == ("queued", attempts + 1)
    assert settled.next_try_at == NOW + timedelta(minutes=minutes)


def test_nothing_is_tried_again_after_its_end() -> None:
    brief = replace(LETTER, matter=replace(MATTER, expires_at=NOW + timedelta(seconds=20)))

    settled = settle(brief, Answer("deferred", "451"), attempts=3, uncertain=0, at=NOW)

    assert settled.next_try_at == NOW + timedelta(seconds=20)


@pytest.mark.parametrize(
    ("days", "attempts", "state"), [(2, 80, "queued"), (3, 5, "queued"), (3, 80, "failed"), (90, 80, "failed")]
)
def test_a_letter_of_a_long_alert_is_given_up_after_many_tries_in_some_days(
    days: int, attempts: int, state: str
) -> None:
    road_works = replace(LETTER, matter=replace(MATTER, expires_at=NOW + timedelta(days=100)))
    later = NOW + timedelta(days=days)

    settled = settle(road_works, Answer("deferred", "452 4.2.2"), attempts=attempts, uncertain=0, at=later)

    assert (settled.state, settled.attempts, settled.lost) == (state, attempts + 1, None)


def test_what_nobody_knows_is_tried_again_and_counted() -> None:
    settled = settle(LETTER, Answer("unknown", "lost"), attempts=0, uncertain=0, at=NOW)

    assert (settled.state, settled.attempts, settled.uncertain) == ("queued", 1, 1)


def test_a_relay_that_is_away_counts_for_nothing() -> None:
    settled = settle(LETTER, Answer("deferred", "no connection", away=True), attempts=2, uncertain=0, at=NOW)

    assert (settled.state, settled.attempts, settled.next_try_at) == ("queued", 2, NOW)


def test_an_address_that_is_none_ends_at_the_browser_if_there_is_one() -> None:
    both = replace(LETTER, push_endpoint="https://push.example/1")

    without = settle(LETTER, Answer("refused", "550 5.1.1"), attempts=0, uncertain=0, at=NOW)
    with_push = settle(both, Answer("refused", "550 5.1.1"), attempts=0, uncertain=0, at=NOW)

    assert (without.state, without.channel, without.lost) == ("failed", "email", "email")
    assert (with_push.state, with_push.channel, with_push.host, with_push.lost) == ("queued", "push", "push", "email")


def test_a_browser_that_is_gone_ends_at_the_mailbox_if_there_is_one() -> None:
    by_push = replace(LETTER, channel="push", host="push", push_endpoint="https://push.example/1")

    settled = settle(by_push, Answer("refused", "410 gone"), attempts=0, uncertain=0, at=NOW)

    assert (settled.state, settled.channel, settled.host, settled.lost) == ("queued", "email", "post.example", "push")


@pytest.mark.parametrize(
    ("reply", "lost"),
    [
        ("550", True),
        ("551", True),
        ("553", True),
        ("550 5.1.1", True),
        ("554 5.1.2", True),
        ("550 5.7.1", False),
        ("552 5.2.2", False),
        ("552", False),
        ("554", False),
        ("553 5.6.7", False),
        ("no address", False),
    ],
)
def test_only_an_address_that_is_none_is_lost(reply: str, lost: bool) -> None:
    assert channel_is_lost("email", reply) is lost


@pytest.mark.parametrize(("reply", "lost"), [("404 gone", True), ("410 gone", True), ("413", False), ("400", False)])
def test_only_a_browser_that_is_gone_is_lost(reply: str, lost: bool) -> None:
    assert channel_is_lost("push", reply) is lost


@pytest.mark.parametrize(
    ("answer", "host"),
    [
        (Answer("deferred", "451 4.7.1"), False),
        (Answer("deferred", "452"), False),
        (Answer("deferred", "421 4.3.2"), True),
        (Answer("deferred", "time-out"), True),
        (Answer("unknown", "lost"), True),
    ],
)
def test_silence_is_of_the_host_and_a_quick_no_of_the_mailbox(answer: Answer, host: bool) -> None:
    assert concerns_the_host(answer) is host
