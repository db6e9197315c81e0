"""The topology as data: complete, owned, and with a retention order that cannot lose an event."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from chassis.outbox import KEEP_SENT
from contracts.base import Message
from contracts.catalogue import BY_SUBJECT, CATALOGUE
from contracts.topology import (
    AUDIT,
    AUDIT_RECORDS,
    CARETAKER,
    DEAD_LETTERS,
    DOOR,
    DUPLICATE_WINDOW,
    DURABLES,
    FIRED_KEPT,
    HTTP_CALLERS,
    IDENTITIES,
    INBOX_AGE,
    KEPT,
    MAX_PAYLOAD,
    PUBLISHERS,
    RECEIPTS,
    SCHEDULES,
    STREAMS,
    Stream,
    durable,
    receipts_durable,
    redelivery_prefix,
    stream_of,
    subjects_of,
)

every_message = pytest.mark.parametrize("message", CATALOGUE, ids=lambda message: message.__name__)
CONSUMED = {each.stream for each in DURABLES}
SUBJECT = re.compile(r"((events|commands|due)\.[a-z]+\.[a-z]+(_[a-z]+)*|receipts\.\{system\})\.v[1-9]\d*")


def service_of(identity: str) -> str:
    """Return the service that an identity belongs to: `notices_render` is a worker of notices."""
    return identity.split("_", maxsplit=1)[0]


@every_message
def test_a_subject_is_well_formed_and_versioned(message: type[Message]) -> None:
    assert SUBJECT.fullmatch(message.subject)


def test_no_two_messages_share_a_subject() -> None:
    assert len(BY_SUBJECT) == len(CATALOGUE)


def holding(subject: str) -> list[Stream]:
    """Return the streams that hold a subject."""
    return [stream for stream in STREAMS if any(covers(pattern, subject) for pattern in subjects_of(stream))]


def covers(pattern: str, subject: str) -> bool:
    return pattern == subject or (pattern.endswith(">") and subject.startswith(pattern.removesuffix(">")))


@every_message
def test_an_event_is_published_by_its_owner_and_by_nobody_else(message: type[Message]) -> None:
    kind, owner, *_ = message.subject.split(".")
    senders = {service_of(identity) for identity in PUBLISHERS[message]}

    assert senders
    assert set(PUBLISHERS[message]) <= set(IDENTITIES)
    if kind == "events":
        assert senders == {owner}
    if kind == "receipts":
        assert senders == {"intake"}


@every_message
def test_a_message_lies_in_exactly_one_stream(message: type[Message]) -> None:
    assert [stream.name for stream in holding(message.subject)] == [stream_of(message)]


def test_no_stream_holds_what_another_holds() -> None:
    patterns = [pattern for stream in STREAMS for pattern in subjects_of(stream)]

    for pattern in patterns:
        assert [each for each in patterns if covers(each, pattern)] == [pattern]


def test_a_command_has_one_receiver_and_an_event_as_many_as_care() -> None:
    commands = [message for message in CATALOGUE if message.subject.startswith("commands.")]

    assert commands
    for command in commands:
        receiver = command.subject.split(".")[1]
        consuming = [each.identity for each in DURABLES if command in each.messages]
        assert [service_of(identity) for identity in consuming] == [receiver]


def test_every_durable_is_declared_once_and_belongs_to_an_identity() -> None:
    names = [each.name for each in DURABLES]

    assert len(set(names)) == len(names)
    assert {each.identity for each in DURABLES} <= set(IDENTITIES)
    assert all(each.name.split("-")[0] == service_of(each.identity) for each in DURABLES)


def test_a_durable_listens_to_one_stream_and_to_its_own_redeliveries() -> None:
    for each in DURABLES:
        redeliveries = f"{redelivery_prefix(each.name)}>"
        assert each.filters[-1] == redeliveries
        assert len(each.filters) > 1
        for subject in each.filters:
            assert [stream.name for stream in holding(subject)] == [each.stream]


def test_a_durable_hears_messages_of_ours_or_of_others_but_not_both() -> None:
    assert all(bool(each.messages) != bool(each.foreign) for each in DURABLES)


def test_whoever_writes_to_a_projection_claims_what_it_has_written() -> None:
    """Building a projection again drops claims; without any it would be built upon the old one."""
    assert all(each.claims for each in DURABLES if each.rebuildable)


def test_the_door_is_a_work_queue_with_one_consumer() -> None:
    """What is taken in is gone from the door; a second consumer would be refused by the server."""
    (door,) = (stream for stream in STREAMS if stream.name == DOOR)

    assert door.foreign_backlog
    assert [each.name for each in DURABLES if each.stream == DOOR] == ["intake-door"]
    assert [stream.name for stream in STREAMS if stream.foreign_backlog] == [DOOR]


def test_the_receipts_of_a_system_lie_where_it_fetches_them() -> None:
    (held,) = holding("receipts.freibad.v1")

    assert (held.name, held.owner) == (RECEIPTS, "intake")
    assert receipts_durable("freibad") not in {each.name for each in DURABLES}


def test_what_may_still_be_delivered_is_still_known() -> None:
    """Dead letters have no age >= the inbox remembers > a stream holds."""
    for_ever = {stream.name: stream for stream in STREAMS if stream.max_age is None}

    assert set(for_ever) == {DEAD_LETTERS, AUDIT, SCHEDULES}
    # What waits there for its time lies as long as it must; what the server has delivered, as long as in any stream.
    assert 2 * FIRED_KEPT < INBOX_AGE
    assert for_ever[DEAD_LETTERS].discard_new
    assert all(stream.max_age < INBOX_AGE for stream in STREAMS if stream.max_age and stream.name != KEPT)
    # A message that is delivered again on its last day has the age of the stream once more before it.
    assert all(each.max_age and 2 * each.max_age < INBOX_AGE for each in STREAMS if each.name in CONSUMED - {SCHEDULES})
    # What others write is known by source and id alone, and their message ids must not swallow each other.
    assert all(stream.duplicate_window >= timedelta(hours=1) for stream in STREAMS if stream.name != DOOR)
    assert KEEP_SENT > DUPLICATE_WINDOW


def test_a_personal_body_is_not_kept_for_ever() -> None:
    """Its letter is, and a full room refuses the next one rather than lose one that waits."""
    (kept,) = (stream for stream in STREAMS if stream.name == KEPT)

    assert (kept.max_age, kept.discard_new, kept.owner) == (timedelta(days=30), True, CARETAKER)


def test_the_audit_is_bounded_by_number_alone() -> None:
    (audit,) = (stream for stream in STREAMS if stream.name == AUDIT)

    assert (audit.owner, audit.max_age, audit.discard_new, audit.keep) == (CARETAKER, None, False, AUDIT_RECORDS)


def test_a_message_fits_the_server_with_its_headers() -> None:
    assert MAX_PAYLOAD < 1024 * 1024


def test_callers_over_http_are_known_services() -> None:
    services = {service_of(identity) for identity in IDENTITIES} | {CARETAKER}

    assert {callee for _, callee in HTTP_CALLERS} <= services
    assert {caller for caller, _ in HTTP_CALLERS} <= services | {"rathaus"}
    assert CARETAKER not in IDENTITIES


def test_an_unknown_durable_is_an_error() -> None:
    with pytest.raises(KeyError):
        durable("nobody")
