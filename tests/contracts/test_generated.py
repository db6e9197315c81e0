"""What is committed is what the catalogue generates, and the examples are messages that the bus would carry."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contracts.base import CloudEvent, Message, envelope
from contracts.catalogue import CATALOGUE
from contracts.topology import DURABLES, PUBLISHERS
from tests.support.processes import ROOT

CONTRACTS = ROOT / "contracts"
every_message = pytest.mark.parametrize("message", CATALOGUE, ids=lambda message: message.__name__)


def example_of(message: type[Message]) -> str:
    return (CONTRACTS / "examples" / f"{message.subject}.json").read_text("utf-8")


def schema_of(message: type[Message]) -> dict[str, Any]:
    return json.loads((CONTRACTS / "schemas" / f"{message.subject}.json").read_text("utf-8"))


def test_a_fresh_generation_equals_what_is_committed() -> None:
    command = [sys.executable, "tools/generate_contracts.py", "--check"]

    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (outcome.returncode, outcome.stdout) == (0, ""), "run: python tools/generate_contracts.py"


def test_a_change_is_noticed(tmp_path: Path) -> None:
    subprocess.run(["cp", "-r", ROOT / "contracts", ROOT / "tools", tmp_path], check=True)
    (tmp_path / "contracts" / "schemas" / f"{CATALOGUE[0].subject}.json").write_text("{}")
    (tmp_path / "contracts" / "examples" / "events.nobody.said_this.v1.json").write_text("{}")

    outcome = subprocess.run(
        [sys.executable, "tools/generate_contracts.py", "--check"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome.returncode == 1
    assert len(outcome.stdout.splitlines()) == 2


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


@every_message
def test_a_schema_demands_what_cloudevents_demands(message: type[Message]) -> None:
    schema = schema_of(message)

    assert {"specversion", "id", "source", "type", "time", "data"} <= set(schema["required"])
    assert schema["properties"]["specversion"]["const"] == "1.0"
    assert schema["properties"]["type"]["const"] == message.event_type()


def test_asyncapi_names_every_message_and_everybody_who_sends_or_receives_it() -> None:
    document = json.loads((CONTRACTS / "asyncapi.json").read_text("utf-8"))

    addresses = {channel["address"] for channel in document["channels"].values()}
    actions = [operation["action"] for operation in document["operations"].values()]

    assert addresses == {message.subject for message in CATALOGUE}
    assert actions.count("send") == sum(len(senders) for senders in PUBLISHERS.values())
    assert actions.count("receive") == sum(len(each.messages) for each in DURABLES)


def test_every_reference_in_asyncapi_leads_somewhere() -> None:
    text = (CONTRACTS / "asyncapi.json").read_text("utf-8")
    document = json.loads(text)

    for reference in re.findall(r'"\$ref": "([^"]+)"', text):
        if reference.startswith("#/"):
            target: Any = document
            for part in reference[2:].split("/"):
                target = target[part]
        else:
            assert (CONTRACTS / reference).exists()
