"""The provider's own protection against the same letter twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.simulators.provider import Provider, a_letter, codes

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

REAL_TIME = ("--stage-seconds", "0,60,60")


@pytest.fixture
def by_letter(tmp_path: Path) -> Generator[Provider]:
    with Provider(tmp_path / "provider", *REAL_TIME) as running:
        running.login()
        yield running


@pytest.fixture
def by_request(tmp_path: Path) -> Generator[Provider]:
    with Provider(tmp_path / "provider", *REAL_TIME, "--duplicate-mode", "request") as running:
        running.login()
        yield running


def test_a_second_submission_ends_at_once_and_names_the_first(by_letter: Provider) -> None:
    (first,) = by_letter.submit(a_letter("a", activateDuplicateFailsafe=True))

    (second,) = by_letter.submit(a_letter("b", custom1="a.2", activateDuplicateFailsafe=True))

    status = by_letter.status(second)
    assert (status["statusID"], codes(status)) == (99, ["E324"])
    assert str(first) in status["errorList"][0]["description"]
    assert by_letter.received()[0]["submissions"] == 2
    assert by_letter.summary()["duplicates"] == 1


def test_in_request_mode_one_duplicate_refuses_the_array(by_request: Provider) -> None:
    (first,) = by_request.submit(a_letter("a", activateDuplicateFailsafe=True))

    letters = [a_letter("new", addressLine2="Am Markt 1"), a_letter("a2", activateDuplicateFailsafe=True)]
    answer = by_request.http.post("/api/Letter", json=letters)

    assert (answer.status_code, answer.json()["code"]) == (400, "E324")
    assert str(first) in answer.json()["description"]
    assert by_request.summary() == {**by_request.summary(), "received": 1, "duplicates": 1}


def test_the_same_letter_twice_in_one_array_is_a_duplicate(by_letter: Provider) -> None:
    first, second = by_letter.submit(
        a_letter("a", activateDuplicateFailsafe=True), a_letter("b", activateDuplicateFailsafe=True)
    )

    by_id = {each["letterID"]: each for each in by_letter.received()}

    assert by_id[second]["codes"] == ["E324"]
    assert by_id[first]["submissions"] == 2


@pytest.mark.parametrize(
    "change", [{"activateDuplicateFailsafe": False}, {"addressLine2": "Lindenweg 9"}, {"country": "DEUTSCHLAND"}]
)
def test_without_the_flag_or_with_another_address_it_is_another_letter(
    by_letter: Provider, change: dict[str, str | bool]
) -> None:
    by_letter.submit(a_letter("a", activateDuplicateFailsafe=True))

    by_letter.submit({**a_letter("b", activateDuplicateFailsafe=True), **change})

    assert by_letter.summary()["duplicates"] == 0


def test_after_sixty_minutes_nothing_protects_any_more(by_letter: Provider) -> None:
    by_letter.submit(a_letter("a", activateDuplicateFailsafe=True))
    by_letter.advance(3590)
    by_letter.submit(a_letter("b", custom1="a.2", activateDuplicateFailsafe=True))
    by_letter.advance(10)

    by_letter.submit(a_letter("c", custom1="a.3", activateDuplicateFailsafe=True))

    assert [each["codes"] for each in by_letter.received()][1:] == [["E324"], []]
    assert by_letter.summary()["lettersWithMoreThanOne"] == 1


def test_a_failed_letter_may_be_sent_again(by_letter: Provider) -> None:
    by_letter.order(kind="reject_letter", code="E315")
    (first,) = by_letter.submit(a_letter("a", activateDuplicateFailsafe=True))
    while by_letter.received()[0]["statusID"] != 99:
        by_letter.summary()

    by_letter.submit(a_letter("b", custom1="a.2", activateDuplicateFailsafe=True))

    assert by_letter.summary()["duplicates"] == 0
    assert by_letter.received()[0]["letterID"] == first
