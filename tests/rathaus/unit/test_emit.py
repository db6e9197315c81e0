"""Events from the command line: what becomes of `key=value` pairs."""

from __future__ import annotations

import pytest

from contracts.foreign import FOREIGN, ForeignEvent, OwnerChangeReported, PoolClosed
from rathaus.doors.emit import event_from_fields
from rathaus.doors.systems import SystemsError

SOURCE = "//rathaus/15090546/clerk"


def test_what_is_not_given_is_now() -> None:
    made = event_from_fields("pool_closed", ["pool=freibad", "reason=storm"], source=SOURCE, event_id="a1")

    event = ForeignEvent[PoolClosed].model_validate(made)
    assert (event.id, event.source, event.type) == ("a1", SOURCE, PoolClosed.event_type())
    assert (event.data.closed_at, event.data.until) == (event.time, None)


def test_dots_lead_into_nested_fields_and_digits_become_numbers() -> None:
    fields = [
        "parcel.district=Tangerhütte", "parcel.section=3", "parcel.number=17/2", "former_owner=A", "new_owner=B",
        "new_address.street=Weg 1", "new_address.postcode=39517", "new_address.city=Tangerhütte",
        "transferred_on=2026-06-01",
    ]  # fmt: skip

    made = event_from_fields("owner_change_reported", fields, source=SOURCE, event_id=None)

    assert ForeignEvent[OwnerChangeReported].model_validate(made).data.parcel.section == 3
    assert made["data"]["parcel"]["section"] == 3


def test_a_list_is_written_with_commas() -> None:
    made = event_from_fields("alert_issued", ["areas=uetz, bittkau"], source=SOURCE, event_id=None)

    assert made["data"]["areas"] == ["uetz", "bittkau"]


def test_what_does_not_fit_is_left_to_the_door() -> None:
    made = event_from_fields("pool_closed", ["pool=frei bad"], source=SOURCE, event_id=None)

    assert made["data"]["pool"] == "frei bad"


@pytest.mark.parametrize(
    ("name", "pair", "key"),
    [
        ("pool_close", "pool=x", "no_such_event"),
        ("pool_closed", "pol=x", "no_such_field"),
        ("pool_closed", "pool", "no_pair"),
    ],
)
def test_a_typing_mistake_is_told(name: str, pair: str, key: str) -> None:
    with pytest.raises(SystemsError) as refused:
        event_from_fields(name, [pair], source=SOURCE, event_id=None)

    assert refused.value.key == key


@pytest.mark.parametrize(
    "fields", [["pool=1", "pool.b=2"], ["pool.b=2", "pool=1"], ["pool=1", "pool.b.c=2"], ["pool.b.c=2", "pool.b=1"]]
)
def test_a_field_with_a_value_and_fields_below_it_is_told(fields: list[str]) -> None:
    with pytest.raises(SystemsError) as refused:
        event_from_fields("pool_closed", fields, source=SOURCE, event_id=None)

    assert (refused.value.key, refused.value.values) == ("pairs_clash", {"pair": fields[1]})


def test_every_foreign_event_has_its_german_sentence() -> None:
    assert all(each.german.endswith(".") for each in FOREIGN)
