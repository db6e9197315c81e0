"""What is committed is what the catalogue generates, and the examples are what bus and doors would carry."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from contracts.base import CloudEvent, Message, envelope
from contracts.catalogue import CATALOGUE
from contracts.foreign import FOREIGN, Foreign, ForeignEvent
from tests.support.processes import ROOT
from tools.generating.places import file_name

CONTRACTS = ROOT / "contracts"
every_message = pytest.mark.parametrize("message", CATALOGUE, ids=lambda message: message.__name__)
every_foreign_event = pytest.mark.parametrize("event", FOREIGN, ids=lambda event: event.__name__)
everything = pytest.mark.parametrize("known", [*CATALOGUE, *FOREIGN], ids=file_name)


def example_of(known: type[Message | Foreign]) -> str:
    return (CONTRACTS / "examples" / file_name(known)).read_text("utf-8")


def schema_of(known: type[Message | Foreign]) -> dict[str, Any]:
    return json.loads((CONTRACTS / "schemas" / file_name(known)).read_text("utf-8"))


def generation(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "tools/generate_contracts.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def a_copy(tmp_path: Path) -> Path:
    subprocess.run(["cp", "-r", ROOT / "contracts", ROOT / "tools", tmp_path], check=True)
    return tmp_path


def test_a_fresh_generation_equals_what_is_committed() -> None:
    outcome = generation(ROOT, "--check")

    assert (outcome.returncode, outcome.stdout) == (0, ""), "run: make schemas"


def test_a_change_is_noticed(a_copy: Path) -> None:
    (a_copy / "contracts" / "schemas" / f"{CATALOGUE[0].subject}.json").write_text("{}")
    (a_copy / "contracts" / "examples" / "events.nobody.said_this.v1.json").write_text("{}")

    outcome = generation(a_copy, "--check")

    assert outcome.returncode == 1
    assert len(outcome.stdout.splitlines()) == 2


def test_a_missing_example_is_made_and_an_edited_one_is_given_the_id_of_its_content(a_copy: Path) -> None:
    examples = a_copy / "contracts" / "examples"
    missing, edited = examples / file_name(CATALOGUE[1]), examples / file_name(CATALOGUE[2])
    before = json.loads(edited.read_text("utf-8"))
    missing.unlink()
    edited.write_text(json.dumps({**before, "sequence": before["sequence"] + 1}))

    outcome = generation(a_copy)

    after = json.loads(edited.read_text("utf-8"))
    assert outcome.returncode == 0, outcome.stderr
    assert json.loads(missing.read_text("utf-8"))["type"] == CATALOGUE[1].event_type()
    assert (after["sequence"], after["id"] == before["id"]) == (before["sequence"] + 1, False)


def test_an_example_that_its_message_refuses_is_named(a_copy: Path) -> None:
    example = a_copy / "contracts" / "examples" / file_name(CATALOGUE[0])
    example.write_text(example.read_text("utf-8").replace('"chunk":', '"lump":'))

    outcome = generation(a_copy)

    assert outcome.returncode == 1
    assert f"contracts/examples/{example.name} is no {CATALOGUE[0].__name__}" in outcome.stderr


@every_message
def test_an_example_is_a_whole_and_valid_message(message: type[Message]) -> None:
    parsed = CloudEvent[message].model_validate_json(example_of(message))

    assert json.loads(parsed.model_dump_json()) == json.loads(example_of(message))
    assert parsed.type == message.event_type()


@every_message
def test_an_example_has_the_id_that_its_content_gives_it(message: type[Message]) -> None:
    parsed = CloudEvent[message].model_validate_json(example_of(message))

    again = envelope(
        parsed.data, source=parsed.source, aggregate=parsed.subject, sequence=parsed.sequence, time=parsed.time
    )

    assert again == parsed


@every_foreign_event
def test_an_example_of_others_is_an_event_that_the_doors_would_take(event: type[Foreign]) -> None:
    parsed = ForeignEvent[event].model_validate_json(example_of(event))

    assert parsed.type == event.event_type()
    assert set(json.loads(example_of(event))["data"]) <= set(event.model_fields)


@everything
def test_an_example_is_as_its_published_schema_demands(known: type[Message | Foreign]) -> None:
    validator = jsonschema_rs.validator_for(schema_of(known), validate_formats=True)

    errors = [error.message for error in validator.iter_errors(json.loads(example_of(known)))]

    assert errors == []


@everything
def test_a_schema_demands_what_cloudevents_demands(known: type[Message | Foreign]) -> None:
    schema = schema_of(known)

    assert {"specversion", "id", "source", "type", "time", "data"} <= set(schema["required"])
    assert schema["properties"]["specversion"]["const"] == "1.0"
    assert schema["properties"]["type"]["const"] == known.event_type()
    assert schema["$id"] == file_name(known)


@everything
def test_what_a_message_says_stands_there_in_german_and_in_english(known: type[Message | Foreign]) -> None:
    assert known.german.endswith(".")
    assert (known.__doc__ or "").endswith(".")


@every_foreign_event
def test_the_schema_for_others_tells_in_german_what_the_event_is(event: type[Foreign]) -> None:
    assert event.german in schema_of(event)["description"]
