"""No personal data on the bus: every field is of a kind that cannot hold any, by type and by name."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from annotated_types import MaxLen
from pydantic.fields import FieldInfo

from contracts.base import CloudEvent, Message
from contracts.catalogue import CATALOGUE

HARMLESS_TYPES = {"UUID", "int", "bool", "date", "datetime", "Decimal", "NoneType"}
CODES = {"kind", "legal_basis", "code", "chunk_input", "manifest"}
"""The text fields there are: words of a statute, the provider's error code, references in the owner's store."""
PERSONAL = (
    "name",
    "addressee",
    "address",
    "street",
    "city",
    "zip",
    "mail",
    "phone",
    "birth",
    "iban",
    "debtor",
    "person",
    "reference",
    "text",
    "note",
    "comment",
    "parcel",
    "amount",
)
every_message = pytest.mark.parametrize("message", CATALOGUE, ids=lambda message: message.__name__)


def kinds(annotation: Any) -> Iterator[str]:
    """Name the innermost types of a field; a Literal is a code of our own."""
    origin = get_origin(annotation)
    if origin is Literal:
        return
    if origin is Annotated:
        yield from kinds(get_args(annotation)[0])
    elif origin in (Union, UnionType, tuple, frozenset):
        for argument in get_args(annotation):
            if argument is not Ellipsis:
                yield from kinds(argument)
    else:
        yield getattr(annotation, "__name__", str(annotation))


def is_short_code(name: str, field: FieldInfo) -> bool:
    limits = [each.max_length for each in field.metadata if isinstance(each, MaxLen)]
    return name in CODES and bool(limits) and limits[0] <= 200


@every_message
def test_every_field_is_of_a_harmless_kind(message: type[Message]) -> None:
    doubtful = [
        name
        for name, field in message.model_fields.items()
        for kind in kinds(field.annotation)
        if kind not in HARMLESS_TYPES and not (kind == "str" and is_short_code(name, field))
    ]

    assert doubtful == []


@every_message
def test_no_field_is_named_after_a_person(message: type[Message]) -> None:
    suspicious = [
        name for name in message.model_fields for word in PERSONAL if word in name.removeprefix("notice_").split("_")
    ]

    assert suspicious == []


def test_the_envelope_adds_nothing_but_the_standard_and_an_order() -> None:
    assert set(CloudEvent.model_fields) == {
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "datacontenttype",
        "sequence",
        "data",
    }


@pytest.mark.parametrize(("annotation", "found"), [(str | None, "str"), (tuple[dict[str, int], ...], "dict")])
def test_the_look_goes_inside_containers(annotation: Any, found: str) -> None:
    assert found in set(kinds(annotation))
