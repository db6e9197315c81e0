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
from contracts.foreign import EVENT_ID, FOREIGN, Foreign, Slug
from contracts.intake import AlertIssued, Receipt, Reported

HARMLESS_TYPES = {"UUID", "int", "bool", "date", "datetime", "Decimal", "NoneType"}
CODES = {"kind", "legal_basis", "code", "chunk_input", "manifest"}
"""The text fields there are: words of a statute, the provider's error code, references in the owner's store."""
REASONED: dict[type[Message], tuple[set[str], str]] = {
    AlertIssued: (
        {"headline_de", "text_de", "headline_en", "text_en"},
        "published to everybody by nature; whoever writes them is told so by the contract",
    ),
    Receipt: ({"findings"}, "our own words and a pointer; what was sent is never quoted"),
}
"""Fields that hold free text all the same, and why they may."""
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
    "owner",
    "payer",
    "person",
    "reference",
    "text",
    "note",
    "comment",
    "parcel",
    "amount",
)
every_message = pytest.mark.parametrize("message", CATALOGUE, ids=lambda message: message.__name__)


def kinds(annotation: Any, constraints: tuple[Any, ...] = ()) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Name the innermost types of a field with what limits them; a Literal is a code of our own."""
    origin = get_origin(annotation)
    if origin is Literal:
        return
    if origin is Annotated:
        inner, *around = get_args(annotation)
        yield from kinds(inner, (*constraints, *flat(around)))
    elif origin in (Union, UnionType, tuple, frozenset):
        for argument in get_args(annotation):
            if argument is not Ellipsis:
                yield from kinds(argument, constraints)
    else:
        yield getattr(annotation, "__name__", str(annotation)), constraints


def flat(constraints: list[Any]) -> Iterator[Any]:
    for each in constraints:
        yield from each.metadata if isinstance(each, FieldInfo) else (each,)


def pattern_of(constraints: tuple[Any, ...]) -> str | None:
    return next((each.pattern for each in constraints if getattr(each, "pattern", None)), None)


CODE_PATTERNS = {EVENT_ID, pattern_of(tuple(flat(list(get_args(Slug)[1:]))))}
"""An identity that its sender chose, and lower-case words with hyphens that the town has agreed or knows."""


def is_code(name: str, constraints: tuple[Any, ...]) -> bool:
    limits = [each.max_length for each in constraints if isinstance(each, MaxLen)]
    return pattern_of(constraints) in CODE_PATTERNS or (name in CODES and bool(limits) and limits[0] <= 200)


def doubtful(message: type[Message]) -> set[str]:
    return {
        name
        for name, field in message.model_fields.items()
        for kind, constraints in kinds(field.annotation, tuple(field.metadata))
        if kind not in HARMLESS_TYPES and not (kind == "str" and is_code(name, constraints))
    }


def suspicious(model: type[Message | Foreign]) -> set[str]:
    """Fields whose names sound of a person."""
    names = [name.removeprefix("notice_") for name in model.model_fields]
    return {name for name in names if set(name.split("_")) & set(PERSONAL)}


@every_message
def test_every_field_is_of_a_harmless_kind(message: type[Message]) -> None:
    allowed, _ = REASONED.get(message, (set[str](), ""))

    assert doubtful(message) == allowed


@every_message
def test_no_field_is_named_after_a_person(message: type[Message]) -> None:
    allowed, _ = REASONED.get(message, (set[str](), ""))

    assert suspicious(message) <= allowed


def test_whoever_writes_to_the_public_is_told_so() -> None:
    (alert,) = (event for event in FOREIGN if event.name == "alert_issued.v1")

    for name in ("headline_de", "text_de"):
        assert "no personal data" in (alert.model_fields[name].description or "")


@pytest.mark.parametrize("event", FOREIGN, ids=lambda event: event.__name__)
def test_what_others_tell_of_a_person_is_marked_and_becomes_a_reference(event: type[Foreign]) -> None:
    reports = [
        message for message in CATALOGUE if issubclass(message, Reported) and message.subject.endswith(f".{event.name}")
    ]

    assert event.personal == bool(suspicious(event) - {"text_de", "text_en"})
    assert len(reports) == int(event.personal)
    assert all(set(message.model_fields) == {"report_id", "reported_by"} for message in reports)


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


@pytest.mark.parametrize(
    ("annotation", "found"),
    [(str | None, "str"), (tuple[dict[str, int], ...], "dict"), (tuple[Slug, ...] | None, "str")],
)
def test_the_look_goes_inside_containers(annotation: Any, found: str) -> None:
    assert found in {kind for kind, _ in kinds(annotation)}


def test_a_free_text_would_be_found() -> None:
    class Gossip(Message):
        remark: str | None = None
        greeting: Annotated[str, MaxLen(20)]
        pool: Slug

    assert doubtful(Gossip) == {"remark", "greeting"}
