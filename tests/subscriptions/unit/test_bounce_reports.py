"""Reports about mails that came back, and everything else that arrives at that address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.subscriptions.domain import link_token
from services.subscriptions.domain.bounce import read_report
from tests.subscriptions.bounces import report

KEY = b"k" * 32


@pytest.mark.parametrize(
    ("status", "action", "verdict"),
    [
        ("5.1.1", None, "permanent"),
        ("5.1.10", None, "permanent"),
        ("5.2.1", None, "permanent"),
        ("5.4.4", None, "permanent"),
        ("5.2.2", None, "not_permanent"),
        ("5.7.1", None, "not_permanent"),
        ("5.7.509", None, "not_permanent"),
        ("4.4.1", None, "not_permanent"),
        ("4.4.7", "failed", "not_permanent"),
        ("5.1.1", "delayed", "not_permanent"),
        ("2.1.5", None, "not_permanent"),
    ],
)
def test_only_an_address_that_is_none_is_lost(status: str, action: str | None, verdict: str) -> None:
    assert read_report(report("abc.def", status=status, action=action)).verdict == verdict


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("550 User unknown", "permanent"),
        ("550 5.1.1 No such user", "permanent"),
        ("550-5.7.1 Our system has detected that this message is likely unsolicited", "not_permanent"),
        ("552 Mailbox full", "not_permanent"),
        ("554 Transaction failed", "not_permanent"),
    ],
)
def test_where_the_status_says_nothing_the_mail_host_does(said: str, verdict: str) -> None:
    assert read_report(report("abc.def", status="5.0.0", said=said)).verdict == verdict


def test_the_token_is_found_where_mail_hosts_leave_it() -> None:
    raw = report(None)
    added = b"Delivered-To: <Bounce+ABC2.DEF3@Tangerhuette.example>\n"

    assert read_report(raw).token is None
    assert read_report(added + raw).token == "abc2.def3"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Subject: Ich bin im Urlaub\nAuto-Submitted: auto-replied\n\nStatus: 5.1.1\nAction: failed\n",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: text/plain\n\nStatus: 5.1.1\n--x--\n",
    ],
)
def test_an_absence_note_is_no_report(raw: bytes) -> None:
    assert read_report(raw).verdict == "no_report"


@given(st.binary(max_size=400))
def test_whatever_arrives_is_read(raw: bytes) -> None:
    assert read_report(raw).verdict in {"permanent", "not_permanent", "no_report"}
    damaged = report("abc.def").replace(b"5.1.1", raw)
    assert read_report(damaged).verdict in {"permanent", "not_permanent", "no_report"}


@given(st.integers(min_value=1, max_value=10**15))
def test_the_token_of_a_bounce_fits_an_address_and_survives_any_change_of_case(delivery_id: int) -> None:
    token = link_token.sign(KEY, "bounce", str(delivery_id))

    assert len(f"bounce+{token}") <= 64
    assert token == token.lower()
    for changed in (token, token.upper(), token.title()):
        assert link_token.read(KEY, "bounce", changed) == str(delivery_id)


def test_a_token_for_one_purpose_is_none_for_another_and_none_without_the_key() -> None:
    token = link_token.sign(KEY, "preferences", "1:1")

    assert link_token.read(KEY, "preferences", token) == "1:1"
    assert link_token.read(KEY, "unsubscribe", token) is None
    assert link_token.read(b"l" * 32, "preferences", token) is None
    assert link_token.read(KEY, "bounce", token) is None
