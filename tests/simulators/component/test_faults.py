"""Every fault that can be ordered, seen by a client."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.simulators.provider import Provider, a_letter, codes

if TYPE_CHECKING:
    from pathlib import Path

CUT_OFF = (httpx.RemoteProtocolError, httpx.ReadError)


def test_a_delay_holds_the_answer_back(provider: Provider) -> None:
    provider.order(kind="delay", on="GET /api/Login/HealthCheck", seconds=0.3)
    start = monotonic()

    provider.http.get("/api/Login/HealthCheck")

    assert monotonic() - start >= 0.3


def test_a_client_that_gives_up_waiting_has_submitted_all_the_same(provider: Provider) -> None:
    provider.order(kind="delay", seconds=0.5)

    with pytest.raises(httpx.ReadTimeout):
        provider.http.post("/api/Letter", json=[a_letter()], timeout=0.2)

    deadline = monotonic() + 10
    while not provider.received() and monotonic() < deadline:
        threading.Event().wait(0.02)
    assert len(provider.received()) == 1


def test_an_http_error_stores_nothing(provider: Provider) -> None:
    provider.order(kind="http_error", status=502)

    answer = provider.http.post("/api/Letter", json=[a_letter()])

    assert (answer.status_code, provider.received()) == (502, [])


def test_an_http_error_may_carry_a_code(provider: Provider) -> None:
    provider.order(kind="http_error", on="GET /api/Login/HealthCheck", status=200, code="W501")

    answer = provider.http.get("/api/Login/HealthCheck")

    assert (answer.status_code, answer.json()["level"], answer.json()["code"]) == (200, "Warning", "W501")


def test_throttling_can_be_ordered_for_submissions_too(provider: Provider) -> None:
    provider.order(kind="throttle", times=2)

    answers = [provider.http.post("/api/Letter", json=[a_letter()]) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].json()["code"] == "E322"


def test_a_connection_dropped_before_stores_nothing(provider: Provider) -> None:
    provider.order(kind="drop_before")

    with pytest.raises(CUT_OFF):
        provider.http.post("/api/Letter", json=[a_letter()])

    assert provider.received() == []


def test_a_connection_dropped_after_has_stored_everything(provider: Provider) -> None:
    provider.order(kind="drop_after")

    with pytest.raises(CUT_OFF):
        provider.http.post("/api/Letter", json=[a_letter("a"), a_letter("b")])

    assert [each["custom1"] for each in provider.received()] == ["a.1", "b.1"]


def test_partly_accepted_stores_the_first_letters_and_hangs_up(provider: Provider) -> None:
    provider.order(kind="partial", count=1)

    with pytest.raises(CUT_OFF):
        provider.http.post("/api/Letter", json=[a_letter("a"), a_letter("b")])

    assert [each["custom1"] for each in provider.received()] == ["a.1"]


def test_partly_accepted_may_answer_with_an_error(provider: Provider) -> None:
    provider.order(kind="partial", count=2, status=500)

    answer = provider.http.post("/api/Letter", json=[a_letter("a"), a_letter("b"), a_letter("c")])

    assert (answer.status_code, len(provider.received())) == (500, 2)


def test_an_invisible_letter_is_nowhere_but_in_the_failsafe(provider: Provider) -> None:
    provider.order(kind="invisible", seconds=1.5)
    (first,) = provider.submit(a_letter("a", activateDuplicateFailsafe=True))

    paths = (f"/api/Letter/{first}", "/api/Letter/Batch?batchId=7", "/api/Letter/Custom1?custom1=a.1")
    hidden = [provider.http.get(path).status_code for path in (*paths, "/api/Letter/Open")]
    query = provider.http.post("/api/Letter/StatusQuery", json=[first]).status_code
    (second,) = provider.submit(a_letter("b", custom1="a.2", activateDuplicateFailsafe=True))

    assert [*hidden, query] == [404] * 5
    assert codes(provider.status(second)) == ["E324"]
    threading.Event().wait(1.6)
    assert provider.status(first)["letterID"] == first


def test_expired_tokens_are_refused_until_the_next_login(provider: Provider) -> None:
    provider.order(kind="expire_tokens")

    refused = provider.http.post("/api/Letter", json=[a_letter()])
    provider.login()

    assert (refused.status_code, refused.json()["code"]) == (401, "E101")
    assert len(provider.submit(a_letter())) == 1


def test_a_letter_can_be_made_to_fail_by_its_reference(provider: Provider) -> None:
    provider.order(kind="reject_letter", code="E316", match={"custom1": "b.*"}, times=None)

    good, bad = provider.submit(a_letter("a"), a_letter("b"))

    assert provider.settled(good)["statusID"] in {2, 3}
    assert (provider.settled(bad)["statusID"], codes(provider.status(bad))) == (99, ["E316"])


def test_the_print_centre_can_refuse_after_status_3(tmp_path: Path) -> None:
    with Provider(tmp_path / "provider", "--stage-seconds", "0,100,100") as provider:
        provider.login()
        provider.order(kind="reject_letter", stage=4)
        (letter_id,) = provider.submit(a_letter())
        while not provider.received()[0]["examined"]:
            provider.summary()
        provider.advance(150)
        printing = provider.status(letter_id)
        provider.advance(100)

        refused = provider.status(letter_id)

    assert (printing["statusID"], codes(printing)) == (3, [])
    assert (refused["statusID"], codes(refused), refused["printFeedbackDate"]) == (99, ["E318"], None)


def test_a_rule_skips_then_fires_a_number_of_times_and_counts(provider: Provider) -> None:
    provider.order(kind="http_error", on="GET /api/Letter/Open", skip=1, times=2, status=500)

    answers = [provider.http.get("/api/Letter/Open").status_code for _ in range(3)]
    answers.append(provider.get("/api/Letter/Open").status_code)

    (rule,) = provider.http.get("/_control/faults").json()
    assert answers == [404, 500, 500, 404]
    assert (rule["skipped"], rule["fired"]) == (1, 2)


def test_a_dollar_sign_ends_the_path(provider: Provider) -> None:
    provider.order(kind="http_error", on="POST /api/Letter$", times=None)

    query = provider.http.post("/api/Letter/StatusQuery", json=[1])
    submission = provider.http.post("/api/Letter", json=[a_letter()])

    assert (query.status_code, submission.status_code) == (404, 503)


def test_cleared_rules_do_nothing(provider: Provider) -> None:
    provider.order(kind="drop_before", times=None)

    provider.http.delete("/_control/faults")

    assert len(provider.submit(a_letter())) == 1


@pytest.mark.parametrize(
    "rule",
    [{"kind": "explode"}, {"on": "GET /"}, {"kind": "delay", "on": "everything"}, {"kind": "delay", "seconds": "x"}, 5],
)
def test_a_rule_that_makes_no_sense_is_refused(provider: Provider, rule: object) -> None:
    assert provider.http.post("/_control/faults", json=[rule]).status_code == 400
