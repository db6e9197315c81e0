"""The bindings of CloudEvents, and when two events are the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.intake.domain import binding
from services.intake.domain.identity import digest
from services.intake.domain.refusals import Refusal

EVENT = {"specversion": "1.0", "id": "1", "source": "//a", "type": "t", "time": "now", "data": {"a": 1, "b": "ä"}}
KNOWN = frozenset({"id", "data"})


def read(headers: dict[str, str], body: bytes) -> list[dict[str, Any]] | Refusal:
    pairs = list(headers.items())
    mode = binding.mode_of(pairs, default="application/json")
    return mode if isinstance(mode, Refusal) else binding.events_of(mode, pairs, body, known=KNOWN)


def one(headers: dict[str, str], body: bytes) -> dict[str, Any]:
    events = read(headers, body)
    assert not isinstance(events, Refusal), events
    (event,) = events
    return event


def code(headers: dict[str, str], body: bytes) -> str:
    refusal = read(headers, body)
    assert isinstance(refusal, Refusal)
    return refusal.code


def binary(**attributes: str) -> dict[str, str]:
    names = ("specversion", "id", "source", "type", "time")
    plain = {f"ce-{name}": str(EVENT[name]) for name in names}
    return plain | {f"ce-{name}": value for name, value in attributes.items()} | {"content-type": "application/json"}


def test_order_white_space_mode_and_extensions_make_no_difference() -> None:
    backwards = json.dumps(dict(reversed(EVENT.items())), indent=4).encode()
    traced = json.dumps({**EVENT, "traceparent": "00-1", "subject": None}).encode()

    written = [
        one({"content-type": "application/cloudevents+json"}, json.dumps(EVENT).encode()),
        one({}, backwards),
        one({"content-type": 'application/json; charset="UTF-8"'}, traced),
        one(binary(), json.dumps(EVENT["data"]).encode()),
        one(binary(id="%31", traceparent="00-2"), b'{"b":"\\u00e4","a":1.0}'),
    ]

    assert len({digest(each) for each in written}) == 1


@pytest.mark.parametrize("change", [{"id": "2"}, {"time": "later"}, {"data": {"a": 1}}, {"subject": "x"}])
def test_what_the_sender_said_makes_a_difference(change: dict[str, Any]) -> None:
    assert digest({**EVENT, **change}) != digest(EVENT)


@pytest.mark.parametrize(
    ("content_type", "more"),
    [
        ("text/plain", {}),
        ("", {"ce-id": "1"}),
        ("application/json; charset=utf-16", {}),
        ("application/cloudevents+xml", {}),
        ("application/json", {"content-encoding": "gzip"}),
    ],
)
def test_another_format_is_refused_with_the_ones_that_are_read(content_type: str, more: dict[str, str]) -> None:
    refusal = binding.mode_of([("content-type", content_type), *more.items()])

    assert isinstance(refusal, Refusal)
    assert (refusal.code, "application/cloudevents+json" in refusal.findings[0].message) == ("media_type", True)


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ({}, b"[]", "not_cloudevent"),
        ({}, b'{"specversion":"1.0"}', "not_cloudevent"),
        ({}, json.dumps({**EVENT, "data_base64": "AA=="}).encode(), "not_cloudevent"),
        ({}, json.dumps({**EVENT, "id": 1}).encode(), "not_cloudevent"),
        (binary(id="%ff"), b"{}", "not_json"),
        (binary(id="%00"), b"{}", "not_json"),
        (binary(id="Я"), b"{}", "not_json"),
        (binary(data="1"), b"{}", "not_json"),
        ({}, b" " * 65_537, "too_large"),
        ({"content-type": binding.BATCH}, b"{}", "not_cloudevent"),
        ({"content-type": binding.BATCH}, b"[1]", "not_cloudevent"),
        ({"content-type": binding.BATCH}, b"[" + b"1," * 100 + b"1]", "too_large"),
        ({"content-type": binding.BATCH}, json.dumps([{**EVENT, "data": "x" * 66_000}]).encode(), "too_large"),
    ],
)
def test_what_is_no_event_is_refused(headers: dict[str, str], body: bytes, expected: str) -> None:
    assert code(headers, body) == expected


def test_a_finding_in_a_batch_names_the_event() -> None:
    refusal = read({"content-type": binding.BATCH}, json.dumps([EVENT, {**EVENT, "id": ""}]).encode())

    assert isinstance(refusal, Refusal)
    assert [each.pointer for each in refusal.findings] == ["/1/id"]
