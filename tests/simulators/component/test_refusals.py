"""What is refused at the door: the whole array, with one Error, and nothing stored."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from simulators.epost.clock import DAY
from tests.simulators.provider import FAST, Provider, a_letter

if TYPE_CHECKING:
    from pathlib import Path

BIG = base64.b64encode(b"%PDF-" + bytes(20_000_000)).decode()
COVER = base64.b64encode(bytes(500_001)).decode()


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("E301", {"data": base64.b64encode(b"PK zip").decode()}),
        ("E303", {"data": BIG}),
        ("E305", {"country": "Frankreich"}),
        ("E305", {"country": "ATLANTIS"}),
        ("E306", {"zipCode": "123"}),
        ("E306", {"zipCode": "   "}),
        ("E306", {"city": " "}),
        ("E306", {"country": "IRLAND", "addressLine5": "zu viel"}),
        ("E309", {"fileName": "gut.pdf"}),
        ("E311", {"country": "IRLAND", "registeredLetter": "Einschreiben"}),
        ("E312", {"isDuplex": True, "registeredLetter": "Einschreiben Rückschein"}),
        ("E314", {"coverData": COVER}),
        ("E317", {"registeredLetter": "Wertbrief"}),
    ],
)
def test_one_bad_letter_refuses_the_array(shared_provider: Provider, code: str, fields: dict[str, Any]) -> None:
    letters = [a_letter("gut"), a_letter("schlecht", **fields)]

    answer = shared_provider.http.post("/api/Letter", json=letters)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert set(answer.json()) == {"level", "code", "description", "date"}
    assert shared_provider.received() == []


@pytest.mark.parametrize(
    ("where", "fields"),
    [
        ("fileName", {"fileName": "a"}),
        ("fileName", {"fileName": "über/weg.pdf"}),
        ("data", {"data": "kein base64!"}),
        ("data", {"data": None}),
        ("addressLine1", {"addressLine1": ""}),
        ("addressLine2", {"addressLine2": "x" * 81}),
        ("zipCode", {"zipCode": "12"}),
        ("city", {"city": 5}),
        ("isColor", {"isColor": "ja"}),
        ("testFlag", {"testFlag": None}),
        ("batchID", {"batchID": 2**31}),
        ("costCenter", {"costCenter": "47-11"}),
        ("custom1", {"custom1": "x" * 81}),
        ("senderAddressLine1", {"senderAddressLine1": "misspelt"}),
    ],
)
def test_a_schema_error_names_field_and_index(shared_provider: Provider, where: str, fields: dict[str, Any]) -> None:
    answer = shared_provider.http.post("/api/Letter", json=[a_letter("gut"), a_letter("schlecht", **fields)])

    assert (answer.status_code, answer.json()["code"]) == (400, "E313")
    assert f"letters[1].{where}" in answer.json()["description"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b"[1]"])
def test_a_body_that_is_no_array_of_letters_is_refused(shared_provider: Provider, body: bytes) -> None:
    answer = shared_provider.http.post("/api/Letter", content=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "E313")


def test_a_request_over_300_megabytes_is_refused(shared_provider: Provider) -> None:
    pieces = (bytes(10_000_000) for _ in range(31))

    answer = shared_provider.http.post("/api/Letter", content=pieces)

    assert (answer.status_code, answer.json()["code"]) == (413, "E303")


def test_a_customer_not_released_may_only_test(provider: Provider) -> None:
    provider.http.post("/_control/account", json={"released": False})

    live = provider.http.post("/api/Letter", json=[a_letter("live")])

    assert live.json()["code"] == "E319"
    assert provider.submit(a_letter("test", testFlag=True))


def test_test_letters_are_counted_by_the_day(tmp_path: Path) -> None:
    with Provider(tmp_path / "provider", *FAST, "--test-letters-per-day", "2") as provider:
        provider.sleep_until_noon()
        provider.submit(a_letter("a", testFlag=True), a_letter("b", testFlag=True))

        refused = provider.http.post("/api/Letter", json=[a_letter("c", testFlag=True)])
        live = provider.submit(a_letter("d"))
        provider.advance(DAY)
        provider.login()
        next_day = provider.submit(a_letter("c", testFlag=True))

    assert (refused.status_code, refused.json()["code"]) == (400, "E320")
    assert (len(live), len(next_day)) == (1, 1)
