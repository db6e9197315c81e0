"""Whom limits count."""

from __future__ import annotations

from services.appointments.domain.client import booking_number, client_mac

KEY = b"k" * 32


def test_a_home_is_one_client_whichever_of_its_addresses_it_uses() -> None:
    home = {client_mac(KEY, each) for each in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", " 2001:DB8:1:2::1 ")}

    assert len(home) == 1
    assert client_mac(KEY, "2001:db8:1:3::1") not in home


def test_an_old_address_is_the_same_in_its_new_form() -> None:
    assert client_mac(KEY, "::ffff:192.0.2.1") == client_mac(KEY, "192.0.2.1")


def test_the_hash_says_nothing_without_the_key() -> None:
    assert client_mac(KEY, "192.0.2.1") != client_mac(b"x" * 32, "192.0.2.1")


def test_what_is_no_address_is_counted_too() -> None:
    assert client_mac(KEY, "unknown") == client_mac(KEY, " unknown ")


def test_all_thirty_bits_make_a_different_number() -> None:
    numbers = {booking_number(1 << bit) for bit in range(30)} | {booking_number(0)}

    assert len(numbers) == 31
    assert {len(each) for each in numbers} == {6}
