"""Addresses: which are taken, how they are told apart, and that none is ever quoted."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.subscriptions.domain.address import mac, masked
from services.subscriptions.domain.mail_words import CONFIRM, Posting, compose
from services.subscriptions.domain.refusal import Refusal
from services.subscriptions.storage.addresses import address_of

WORDS = st.from_regex(r"[A-Za-z0-9]{1,20}(\.[A-Za-z0-9]{1,20}){0,2}", fullmatch=True)
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,20}(\.[A-Za-z][A-Za-z0-9]{0,10}){0,2}", fullmatch=True)


@given(WORDS, NAMES)
def test_an_ordinary_address_is_kept_and_found_in_any_case(local: str, name: str) -> None:
    address = address_of(f" {local}@{name}.de\n")

    assert address.text == f"{local}@{name.lower()}.de"
    assert address.host == f"{name.lower()}.de"
    assert address.key == address_of(f"{local.upper()}@{name.upper()}.DE").key


@given(st.text(max_size=400))
def test_whatever_is_written_is_an_address_in_ascii_or_refused_in_words(text: str) -> None:
    with contextlib.suppress(Refusal):
        address = address_of(text)
        assert address.text.isascii()
        assert address.text.isprintable()
        assert not set(address.text) & set(' <>,;:"\r\n')
        assert address_of(address.text) == address


@pytest.mark.parametrize(
    "text", ["", "eva", "eva@", "@example.com", "eva@localhost", "eva@[127.0.0.1]", "e va@example.com", "eva@ex..com"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="nicht gültig") as refused:
        address_of(text)

    assert refused.value.kind == "invalid"
    assert "example" not in f"{refused.value.title} {refused.value.detail}"


def test_hosts_with_umlauts_are_written_in_ascii_and_names_with_umlauts_refused() -> None:
    assert address_of("eva@Müller.example").text == "eva@xn--mller-kva.example"
    assert address_of("eva@mu\u0308ller.example").text == "eva@xn--mller-kva.example"
    with pytest.raises(Refusal, match="nicht benutzen"):
        address_of("jörg@example.com")


def test_a_masked_address_shows_its_owner_enough() -> None:
    assert masked("eva.muster@example.com") == "e…@example.com"


def test_the_keyed_hash_finds_the_same_address_and_needs_the_key() -> None:
    assert mac(b"k", "eva@example.com") == mac(b"k", "eva@example.com")
    assert len({mac(b"k", "eva@example.com"), mac(b"l", "eva@example.com"), mac(b"k", "ewa@example.com")}) == 3


@pytest.mark.parametrize(
    "local", ["=?utf-8?q?=0d=0abcc=3a_x=40y.de?=", "=?utf-8?q?eva=2C_otto=40example.org?=", "=?us-ascii?q?eva?="]
)
def test_an_encoded_word_that_a_header_would_open_is_no_address(local: str) -> None:
    with pytest.raises(Refusal, match="nicht benutzen"):
        address_of(f"{local}@example.com")


@settings(deadline=None)
@given(st.from_regex(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,30}", fullmatch=True))
def test_the_header_names_the_address_and_nobody_else(local: str) -> None:
    with contextlib.suppress(Refusal):
        address = address_of(f"{local}@example.com").text
        at, home = datetime(2026, 7, 4, tzinfo=UTC), "https://stadt.example"
        posting = Posting(UUID(int=1), "Stadt <meldungen@stadt.example>", address, at, home)
        mail = message_from_bytes(compose(posting, "de", CONFIRM["de"], link=home), policy=default)

        assert [each.addr_spec for each in mail["To"].addresses] == [address]
