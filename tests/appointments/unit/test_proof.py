"""The proof of work: what counts as an answer."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from services.appointments.domain.proof import VALID, Challenge, challenge_of, proven

KEY = b"k" * 32
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CHALLENGE = challenge_of(KEY, number=137, nonce="5a17", difficulty=1000, now=NOW)


def guessed(challenge: Challenge) -> int:
    """Guess as a browser does."""
    return next(
        number
        for number in range(challenge.maxnumber + 1)
        if hashlib.sha256(f"{challenge.salt}{number}".encode()).hexdigest() == challenge.challenge
    )


def solution(**other: object) -> str:
    fields = {**asdict(CHALLENGE), "number": 137, **other}
    return base64.b64encode(json.dumps(fields).encode()).decode()


def test_a_browser_finds_the_number_and_has_proven_its_work() -> None:
    proof = proven(KEY, solution(number=guessed(CHALLENGE)), now=NOW)

    assert proof is not None
    assert proof.challenge == CHALLENGE.challenge
    assert proof.expires_at == NOW + VALID


def test_a_wrong_number_proves_nothing() -> None:
    assert proven(KEY, solution(number=138), now=NOW) is None


def test_a_challenge_that_somebody_else_signed_proves_nothing() -> None:
    own = challenge_of(b"x" * 32, number=1, nonce="5a17", difficulty=1, now=NOW)

    assert proven(KEY, solution(**asdict(own), number=1), now=NOW) is None
    assert proven(KEY, solution(signature="0" * 64), now=NOW) is None


def test_a_proof_counts_for_twenty_minutes() -> None:
    just_before = NOW + timedelta(minutes=20, seconds=-1)

    assert proven(KEY, solution(), now=just_before) is not None
    assert proven(KEY, solution(), now=NOW + timedelta(minutes=20)) is None


def test_a_later_expiry_breaks_the_challenge() -> None:
    later = CHALLENGE.salt.replace("expires=1", "expires=2")

    assert later != CHALLENGE.salt
    assert proven(KEY, solution(salt=later), now=NOW) is None


def test_no_digit_of_the_number_passes_for_one_of_the_expiry() -> None:
    spliced = solution(salt=CHALLENGE.salt + "1", number=37)
    without_end = solution(salt=CHALLENGE.salt.removesuffix("&"), number=137)

    assert proven(KEY, spliced, now=NOW) is None
    assert proven(KEY, without_end, now=NOW) is None


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "ü",
        "%%%",
        "a" * 5000,
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b"\xff").decode(),
        base64.b64encode(b"[" * 700).decode(),
        base64.b64encode(b"{}").decode(),
        solution(number="137"),
        solution(number=True),
        solution(number=None),
        solution(number=-1),
        solution(number=10**300),
        solution(challenge=None),
        solution(challenge="ü"),
        solution(salt=7),
        solution(salt="\ud800&"),
        solution(salt="?expires=9" + "9" * 300 + "&"),
        solution(signature="é"),
        solution(signature=None),
        solution(algorithm="SHA-1"),
    ],
)
def test_garbage_proves_nothing(garbage: str) -> None:
    assert proven(KEY, garbage, now=NOW) is None
