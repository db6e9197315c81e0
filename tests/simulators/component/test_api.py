"""The provider's endpoints, as the gateway meets them."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from simulators.epost.clock import DAY
from tests.simulators.provider import FAST, LOGIN, ROOT, Provider, a_letter

if TYPE_CHECKING:
    from pathlib import Path

PROTECTED = [
    ("GET", "/api/Letter/70000001"),
    ("GET", "/api/Letter/Batch?batchId=7"),
    ("GET", "/api/Letter/Custom1?custom1=a"),
    ("GET", "/api/Letter/Open"),
    ("GET", "/api/Letter/Date"),
    ("GET", "/api/Vendor/LetterDetailsByDay"),
    ("POST", "/api/Letter"),
    ("POST", "/api/Letter/StatusQuery"),
]


def test_every_answer_says_that_it_is_a_simulator(provider: Provider) -> None:
    answers = [provider.http.get(path) for path in ("/api/Login/HealthCheck", "/api/Letter/1", "/nowhere")]

    assert [answer.headers["X-Simulator"] for answer in answers] == ["epost"] * 3


def test_wrong_credentials_are_refused(provider: Provider) -> None:
    answer = provider.http.post("/api/Login", json={**LOGIN, "password": "another"})

    assert (answer.status_code, answer.json()["code"], answer.json()["level"]) == (401, "E001", "Error")


@pytest.mark.parametrize("change", [{"ekp": "1"}, {"password": "four"}, {"tokenDuration": 1441}, {"more": 1}])
def test_a_login_off_the_schema_is_refused(provider: Provider, change: dict[str, str | int]) -> None:
    answer = provider.http.post("/api/Login", json={**LOGIN, **change})

    assert (answer.status_code, answer.json()["code"]) == (400, "E313")


@pytest.mark.parametrize(("method", "path"), PROTECTED)
def test_nothing_is_told_without_a_token(shared_provider: Provider, method: str, path: str) -> None:
    headers = {"Authorization": "Bearer wrong"}

    answer = shared_provider.http.request(method, path, headers=headers, json=[])

    assert (answer.status_code, answer.json()["code"]) == (401, "E101")


def test_a_token_ends_in_the_providers_own_time(tmp_path: Path) -> None:
    with Provider(tmp_path / "provider") as provider:
        provider.login()
        assert provider.http.get("/api/Letter/Open").json()["code"] == "E201"
        provider.advance(DAY)

        answer = provider.http.get("/api/Letter/Open")

        assert (answer.status_code, answer.json()["code"]) == (401, "E101")


def test_a_letter_goes_from_1_to_4_and_carries_its_dates(tmp_path: Path) -> None:
    with Provider(tmp_path / "provider", "--stage-seconds", "100,1000,10000") as provider:
        provider.login()
        (letter_id,) = provider.submit(a_letter(custom2="Bescheid", costCenter="4711"))
        seen = [provider.status(letter_id)]
        _until_examined(provider)
        for seconds in (110, 1000, 10000, DAY):
            provider.advance(seconds)
            provider.login()
            seen.append(provider.status(letter_id))

    assert [status["statusID"] for status in seen] == [1, 2, 3, 4, 4]
    assert [status["printFeedbackDate"] is not None for status in seen] == [False, False, False, True, True]
    assert [status["frankierID"] is not None for status in seen] == [False, False, False, False, True]
    assert (seen[0]["custom2"], seen[0]["costCenter"], seen[0]["batchID"]) == ("Bescheid", "4711", 7)
    assert "addressLine1" not in seen[0]
    assert "data" not in seen[0]


def test_a_test_letter_ends_at_2(tmp_path: Path) -> None:
    with Provider(tmp_path / "provider", "--stage-seconds", "0,1,1") as provider:
        provider.login()
        (letter_id,) = provider.submit(a_letter(testFlag=True))
        _until_examined(provider)
        provider.advance(30 * DAY)
        provider.login()

        assert provider.status(letter_id)["statusID"] == 2


def test_the_standard_stages_post_on_a_working_day(tmp_path: Path) -> None:
    with Provider(tmp_path / "provider") as provider:
        provider.login()
        (letter_id,) = provider.submit(a_letter())
        _until_examined(provider)
        provider.advance(7 * DAY)
        provider.login()

        posted = provider.status(letter_id)["printFeedbackDate"]

    weekday_and_hour = _weekday(posted), int(posted[11:13])
    assert weekday_and_hour[0] < 5
    assert 8 <= weekday_and_hour[1] <= 18


def test_letters_are_found_by_batch_reference_and_number(provider: Provider) -> None:
    first, second = provider.submit(a_letter("eins"), a_letter("zwei", batchID=8))

    by_batch = provider.get("/api/Letter/Batch", batchId=7).json()
    by_custom1 = provider.get("/api/Letter/Custom1", custom1="zwei.1").json()
    by_number = provider.http.post("/api/Letter/StatusQuery", json=[second, first, 5]).json()

    assert [status["letterID"] for status in by_batch] == [first]
    assert [status["letterID"] for status in by_custom1] == [second]
    assert [status["letterID"] for status in by_number] == [first, second]


@pytest.mark.parametrize(
    "path", ["/api/Letter/5", "/api/Letter/Batch?batchId=1", "/api/Letter/Custom1?custom1=x", "/api/Letter/Open"]
)
def test_nothing_found_is_a_404(provider: Provider, path: str) -> None:
    answer = provider.http.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "E201")


def test_open_names_live_letters_only(provider: Provider) -> None:
    live, test, bad = provider.submit(a_letter("a"), a_letter("b", testFlag=True), a_letter("c", city="Stendal"))
    provider.settled(bad)

    shown = provider.get("/api/Letter/Open").json()

    assert [status["letterID"] for status in shown] == [live]
    assert test not in [status["letterID"] for status in shown]


def test_only_issues_leaves_the_good_ones_out(provider: Provider) -> None:
    _, bad = provider.submit(a_letter("a"), a_letter("b", city="Stendal"))
    provider.settled(bad)

    shown = provider.get("/api/Letter/Batch", batchId=7, onlyIssues="true").json()

    assert [status["letterID"] for status in shown] == [bad]


def test_letters_are_listed_by_date_of_acceptance(provider: Provider) -> None:
    (letter_id,) = provider.submit(a_letter())
    day = provider.status(letter_id)["createdDate"][:10]

    found = provider.get("/api/Letter/Date", fromDate=day)
    before = provider.get("/api/Letter/Date", fromDate="2020-01-01")
    nonsense = provider.get("/api/Letter/Date", fromDate="gestern")

    assert [status["letterID"] for status in found.json()] == [letter_id]
    assert [answer.json()["code"] for answer in (before, nonsense)] == ["E313", "E313"]


def test_the_invoice_counts_posted_letters_by_day_and_kind(provider: Provider) -> None:
    provider.sleep_until_noon()
    provider.submit(a_letter("a"), a_letter("b"), a_letter("c", isDuplex=True), a_letter("d", testFlag=True))
    _until_examined(provider)
    provider.advance(5000)

    days = provider.get("/api/Vendor/LetterDetailsByDay").json()

    assert [(day["isDuplex"], day["letterCount"]) for day in days] == [(False, 2), (True, 1)]
    assert (days[0]["vendorID"], days[0]["ekp"]) == ("SIM", "1234567890")


def test_look_ups_too_close_together_are_refused_per_endpoint(tmp_path: Path) -> None:
    with Provider(tmp_path / "provider") as provider:
        provider.login()

        answers = [provider.http.get(f"/api/Letter/{number}") for number in (1, 2)]
        other = provider.http.get("/api/Letter/Open")
        provider.advance(5)
        later = provider.http.get("/api/Letter/2")

    assert [answer.status_code for answer in answers] == [404, 429]
    assert answers[1].json()["code"] == "E322"
    assert (other.status_code, later.status_code) == (404, 404)


def test_the_interval_shrinks_with_the_speed_of_the_clock(tmp_path: Path) -> None:
    with Provider(tmp_path / "provider", "--speed", "100000") as provider:
        answers = [provider.http.get("/api/Login/HealthCheck") for _ in range(5)]

    assert [answer.json()["code"] for answer in answers] == ["I501"] * 5


def test_it_says_where_it_listens_and_takes_its_credentials_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "credentials.json"
    file.write_text(json.dumps({**LOGIN, "vendorID": "TOWN"}))
    command = [sys.executable, "-m", "simulators.epost", "--data", str(tmp_path / "data"), "--credentials", str(file)]

    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        process.terminate()

    assert (said["event"], said["host"]) == ("simulator.listening", "127.0.0.1")
    assert said["port"] > 0


def test_the_log_names_no_person(provider: Provider) -> None:
    (letter_id,) = provider.submit(a_letter("a", city="Stendal"))
    provider.settled(letter_id)

    log = provider.log_with("letter.checked")

    assert "letter.checked" in log
    assert not any(word in log for word in ("Muster", "Lindenweg", "Stendal", "39517"))


def test_what_was_received_can_be_inspected(provider: Provider) -> None:
    provider.submit(a_letter("a"))
    provider.submit(a_letter("a", custom1="a.2"))

    received = provider.received()
    document = provider.http.get(f"/_control/letters/{received[0]['letterID']}.pdf")
    summary = provider.summary()

    assert [each["custom1"] for each in received] == ["a.1", "a.2"]
    assert document.content.startswith(b"%PDF-")
    assert (summary["received"], summary["distinctCustom1Letters"], summary["lettersWithMoreThanOne"]) == (2, 1, 1)


def test_two_processes_never_share_a_folder(tmp_path: Path) -> None:
    with Provider(tmp_path / "provider", *FAST) as provider:
        provider.login()
        command = [sys.executable, "-m", "simulators.epost", "--data", str(tmp_path / "provider")]

        second = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=30)

    assert second.returncode == 1


def _until_examined(provider: Provider) -> None:
    while not all(each["examined"] for each in provider.received()):
        provider.summary()


def _weekday(day: str) -> int:
    return date.fromisoformat(day[:10]).weekday()
