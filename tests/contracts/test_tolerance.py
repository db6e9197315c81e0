"""A reader goes on when a newer sender says more than it knows."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest

from contracts.base import CloudEvent, Message
from contracts.catalogue import CATALOGUE
from contracts.foreign import FOREIGN, Foreign, ForeignEvent
from tests.contracts.test_generated import example_of, schema_of


def with_more(text: str) -> Any:
    """Return the same with an unknown field in every object."""
    return json.loads(text, object_hook=lambda found: {**found, "added_later": {"by": "a newer sender"}})


@pytest.mark.parametrize("message", CATALOGUE, ids=lambda message: message.__name__)
def test_a_consumer_ignores_fields_that_it_does_not_know(message: type[Message]) -> None:
    more = with_more(example_of(message))

    parsed = CloudEvent[message].model_validate_json(json.dumps(more))

    assert json.loads(parsed.model_dump_json()) == json.loads(example_of(message))


@pytest.mark.parametrize("event", FOREIGN, ids=lambda event: event.__name__)
def test_the_doors_ignore_fields_that_they_do_not_know(event: type[Foreign]) -> None:
    more = with_more(example_of(event))

    parsed = ForeignEvent[event].model_validate_json(json.dumps(more))

    assert parsed == ForeignEvent[event].model_validate_json(example_of(event))
    assert jsonschema_rs.validator_for(schema_of(event), validate_formats=True).is_valid(more)
