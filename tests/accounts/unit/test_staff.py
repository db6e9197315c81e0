"""How often a PIN may be guessed, and what is kept of secrets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.accounts.domain.credentials import PinSecret, new_pin, new_token, token_hash
from services.accounts.domain.staff import LOCKED_FOR, MOST_TRIES, Tries
from tests.support.events import NOW

LATER = NOW + timedelta(seconds=10)


def guessed(times: int) -> Tries:
    tries = Tries()
    for _ in range(times):
        tries = tries.one_more(NOW)
    return tries


@pytest.mark.parametrize("times", range(MOST_TRIES))
def test_less_than_five_guesses_leave_the_device_open(times: int) -> None:
    tries = guessed(times)

    assert (tries.lock(NOW), tries.left) == (None, MOST_TRIES - times)


def test_the_fifth_guess_locks_for_a_quarter_of_an_hour() -> None:
    tries = guessed(MOST_TRIES)

    assert (tries.lock(LATER), tries.left) == (NOW + timedelta(minutes=15), 0)
    assert tries.lock(NOW + LOCKED_FOR) is None


def test_after_a_lock_the_count_begins_anew() -> None:
    tries = guessed(MOST_TRIES).one_more(NOW + LOCKED_FOR)

    assert (tries.left, tries.locked_until) == (MOST_TRIES - 1, None)


def test_a_pin_is_six_digits_and_fits_itself_only() -> None:
    pin = new_pin()
    other = f"{(int(pin) + 1) % 1_000_000:06d}"

    secret = PinSecret.of(pin)

    assert (len(pin), pin.isdecimal()) == (6, True)
    assert (secret.fits(pin), secret.fits(other), secret.fits("")) == (True, False, False)


def test_equal_pins_are_kept_differently() -> None:
    assert PinSecret.of("123456").hash != PinSecret.of("123456").hash


def test_tokens_cannot_be_guessed_and_are_kept_as_a_hash() -> None:
    first, second = new_token(), new_token()

    assert (len(first), first == second, len(token_hash(first)), first in token_hash(first)) == (43, False, 64, False)
