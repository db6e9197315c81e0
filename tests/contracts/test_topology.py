"""The topology as data: complete, owned, and with a retention order that cannot lose an event."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from chassis.outbox import KEEP_SENT
from contracts.base import Message
from contracts.catalogue import BY_SUBJECT, CATALOGUE
from contracts.topology import (
    CARETAKER,
    DEAD_LETTERS,
    DUPLICATE_WINDOW,
    DURABLES,
    HTTP_CALLERS,
    IDENTITIES,
    INBOX_AGE,
    MAX_PAYLOAD,
    PUBLISHERS,
    STREAMS,
    durable,
    stream_of,
)

every_message = pytest.mark.parametrize("message", CATALOGUE, ids=lambda message: message.__name__)
SUBJECT = re.compile(r"(events|commands)\.[a-z]+\.[a-z]+(_[a-z]+)*\.v[1-9]\d*")


def service_of(identity: str) -> str:
    """Return the service that an identity belongs to: `notices_render` is a worker of notices."""
    return identity.split("_", maxsplit=1)[0]


@every_message
def test_a_subject_is_well_formed_and_versioned(message: type[Message]) -> None:
    assert SUBJECT.fullmatch(message.subject)


def test_no_two_messages_share_a_subject() -> None:
    assert len(BY_SUBJECT) == len(CATALOGUE)


@every_message
def test_an_event_is_published_by_its_owner_and_by_nobody_else(message: type[Message]) -> None:
    kind, owner, *_ = message.subject.split(".")

    assert PUBLISHERS[message]
    assert set(PUBLISHERS[message]) <= set(IDENTITIES)
    if kind == "events":
        assert {service_of(identity) for identity in PUBLISHERS[message]} == {owner}


@every_message
def test_a_message_lies_in_exactly_one_stream(message: type[Message]) -> None:
    holding = [
        stream.name
        for stream in STREAMS
        if any(message.subject.startswith(subject.removesuffix(">")) for subject in stream.subjects)
    ]

    assert holding == [stream_of(message)]


@every_message
def test_somebody_listens_to_every_message(message: type[Message]) -> None:
    assert any(message in each.messages for each in DURABLES)


def test_a_command_has_one_receiver() -> None:
    for message in CATALOGUE:
        kind, receiver, *_ = message.subject.split(".")
        if kind == "commands":
            consuming = [each.identity for each in DURABLES if message in each.messages]
            assert [service_of(identity) for identity in consuming] == [receiver]


def test_every_durable_is_declared_once_and_belongs_to_an_identity() -> None:
    names = [each.name for each in DURABLES]

    assert len(set(names)) == len(names)
    assert {each.identity for each in DURABLES} <= set(IDENTITIES)
    assert all(each.name.split("-")[0] == service_of(each.identity) for each in DURABLES)


def test_a_durable_listens_to_one_stream() -> None:
    for each in DURABLES:
        assert {stream_of(message) for message in each.messages} == {each.stream}


def test_what_may_still_be_delivered_is_still_known() -> None:
    """Dead letters have no age >= the inbox remembers > a stream holds; sent rows outlive the duplicate window."""
    by_name = {stream.name: stream for stream in STREAMS}
    dead_letters = by_name.pop(DEAD_LETTERS)

    assert (dead_letters.max_age, dead_letters.discard_new) == (None, True)
    assert all(stream.max_age is not None and stream.max_age < INBOX_AGE for stream in by_name.values())
    assert all(stream.duplicate_window >= timedelta(hours=1) for stream in STREAMS)
    assert KEEP_SENT > DUPLICATE_WINDOW


def test_a_message_fits_the_server_with_its_headers() -> None:
    assert MAX_PAYLOAD < 1024 * 1024


def test_callers_over_http_are_known_services() -> None:
    services = {service_of(identity) for identity in IDENTITIES}

    assert {callee for _, callee in HTTP_CALLERS} <= services
    assert {caller for caller, _ in HTTP_CALLERS} <= services | {"rathaus"}
    assert CARETAKER not in IDENTITIES


def test_an_unknown_durable_is_an_error() -> None:
    with pytest.raises(KeyError):
        durable("nobody")
