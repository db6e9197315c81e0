"""The one check: what is published is what is accepted, and a refusal helps without quoting."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, cast

import pytest

from contracts.foreign import FOREIGN, AddressChangeReported, AlertIssued, Foreign, PaymentReported
from services.intake.commands.check_event import CheckedEvent, Checker
from services.intake.domain import words
from services.intake.domain.refusals import Refusal
from tests.intake.offices import FORBIDDEN_TYPE, POOLS, TREASURY, closing, example, sender_of
from tests.support.events import NOW
from tests.support.processes import ROOT

CHECKER = Checker()


def check(event: dict[str, Any]) -> CheckedEvent | Refusal:
    system = TREASURY if event["source"] == TREASURY.source else POOLS
    return CHECKER.check(event, system, now=NOW)


def findings(event: dict[str, Any]) -> dict[str, str]:
    refusal = check(event)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "invalid"
    return {each.pointer: each.message for each in refusal.findings}


def changed(kind: type[Foreign], **data: Any) -> dict[str, Any]:
    event = example(kind, now=NOW)
    return {**event, "data": {**event["data"], **data}}


@pytest.mark.parametrize("kind", FOREIGN, ids=lambda kind: kind.name)
def test_every_published_example_passes(kind: type[Foreign]) -> None:
    checked = check(example(kind, "a-1", now=NOW))

    assert isinstance(checked, CheckedEvent), checked
    assert (checked.system, checked.event_id, type(checked.data)) == (sender_of(kind).name, "a-1", kind)


@pytest.mark.parametrize("kind", FOREIGN, ids=lambda kind: kind.name)
def test_unknown_fields_are_tolerated_and_not_kept(kind: type[Foreign]) -> None:
    event = changed(kind, comment="nobody asked for this")

    checked = check({**event, "traceparent": "00-1", "partitionkey": 1})

    assert isinstance(checked, CheckedEvent)
    assert "comment" not in checked.data.model_dump_json()


def test_every_finding_names_its_place_in_german() -> None:
    found = findings(closing(now=NOW, reason="holidays", pool="a" * 65, until=5, closed_at="yesterday"))

    assert found == {
        "/data/closed_at": "Hier steht kein Zeitpunkt nach RFC 3339 mit Zeitzone, zum Beispiel 2026-06-14T15:20:00Z.",
        "/data/pool": "Der Text ist zu lang; erlaubt sind 64 Zeichen.",
        "/data/reason": "Der Wert ist nicht vorgesehen; möglich sind „thunderstorm“, „storm“, „water_quality“, "
        "„technical“, „staff“, „other“.",
        "/data/until": "Der Wert hat die falsche Art; erwartet wird ein Text.",
    }


def test_a_missing_field_is_named_where_it_should_be() -> None:
    event = closing(now=NOW)
    del event["data"]["reason"], event["time"]

    assert findings(event) == {"/time": "Dieses Feld fehlt.", "/data/reason": "Dieses Feld fehlt."}


def test_nested_places_are_named_and_values_are_not_quoted() -> None:
    address = {"street": "Am Teich 1", "postcode": "39517", "city": "", "country": "Deutschland Erika"}

    found = findings(changed(AddressChangeReported, new_address=address, person="Erika" * 30))

    assert set(found) == {"/data/new_address/city", "/data/new_address/country", "/data/person"}
    assert not any("Erika" in each for each in found.values())


@pytest.mark.parametrize(
    ("event", "pointer"),
    [
        (changed(AlertIssued, valid_from="2026-03-02T09:00:00Z", valid_until="2026-03-02T08:00:00Z"), "/data"),
        (changed(AlertIssued, valid_until="0001-01-01T00:00:00+23:59"), ""),
        (changed(AlertIssued, valid_until="2026-06-30T23:59:60Z"), "/data/valid_until"),
        (changed(PaymentReported, paid_on="2026-02-30"), "/data/paid_on"),
        (changed(PaymentReported, amount=12.5), "/data/amount"),
        (changed(AlertIssued, areas=["a"] * 51), "/data/areas"),
        ({**closing(now=NOW), "time": "2026-03-02T09:00:00"}, "/time"),
        ({**closing(now=NOW), "data": None}, "/data"),
        ({**closing(now=NOW), "datacontenttype": "text/plain"}, "/datacontenttype"),
        ({**closing(now=NOW), "id": "ä"}, "/id"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_place(event: dict[str, Any], pointer: str) -> None:
    assert set(findings(event)) == {pointer}


def test_no_more_findings_than_a_receipt_holds() -> None:
    refusal = check(changed(AlertIssued, areas=["Ä"] * 50))

    assert isinstance(refusal, Refusal)
    assert len(refusal.findings) == 20


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({**closing(now=NOW), "type": "nonsense"}, "type_not_allowed"),
        ({**closing(now=NOW), "type": FORBIDDEN_TYPE}, "type_not_allowed"),
        ({**closing(now=NOW), "source": "//example/nobody"}, "foreign_source"),
        (closing(now=NOW, pool="sauna"), "pool_not_allowed"),
        (closing(now=NOW - timedelta(days=25, seconds=1)), "clock"),
        (closing(now=NOW + timedelta(minutes=5, seconds=1)), "clock"),
    ],
)
def test_a_system_may_say_only_what_was_agreed(event: dict[str, Any], code: str) -> None:
    refusal = check(event)

    assert isinstance(refusal, Refusal)
    assert (refusal.code, len(refusal.findings)) == (code, 1)


def test_a_pool_does_not_open_before_it_has_closed() -> None:
    refusal = check(closing(now=NOW, until=(NOW - timedelta(hours=1)).isoformat()))

    assert isinstance(refusal, Refusal)
    assert refusal.code == "invalid"


def test_a_foreign_source_is_told_which_was_agreed() -> None:
    refusal = check({**closing(now=NOW), "source": "//example/nobody"})

    assert isinstance(refusal, Refusal)
    assert POOLS.source in refusal.findings[0].message


def test_what_has_happened_did_not_happen_in_the_future() -> None:
    refusal = check(closing(now=NOW, closed_at=(NOW + timedelta(hours=1)).isoformat()))

    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.findings[0].pointer) == ("clock", "/data/closed_at")


def test_there_are_words_for_every_keyword_of_the_published_schemas() -> None:
    known = {"$ref", "$schema", "$id", "$defs", "title", "description", "default", "properties", "items", "anyOf"}
    used: set[str] = set()

    def gather(schema: object, *, of_names: bool = False) -> None:
        if isinstance(schema, dict):
            members = cast("dict[str, object]", schema)
            used.update(() if of_names else members)
            for key, value in members.items():
                gather(value, of_names=key in {"properties", "$defs"} and not of_names)
        elif isinstance(schema, list):
            for each in cast("list[object]", schema):
                gather(each)

    for kind in FOREIGN:
        gather(json.loads((ROOT / "contracts" / "schemas" / f"intake.{kind.name}.json").read_text("utf-8")))

    assert used - known <= set(words.KEYWORDS)
