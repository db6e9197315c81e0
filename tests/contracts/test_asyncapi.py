"""AsyncAPI names everybody who says or hears something, of us and of others, and none of its references is loose."""

from __future__ import annotations

import json
import re
from typing import Any

from contracts.catalogue import CATALOGUE
from contracts.foreign import FOREIGN
from contracts.topology import DURABLES, PUBLISHERS
from tests.support.processes import ROOT

CONTRACTS = ROOT / "contracts"
TEXT = (CONTRACTS / "asyncapi.json").read_text("utf-8")
DOCUMENT: dict[str, Any] = json.loads(TEXT)


def found(reference: str) -> Any:
    """Follow a reference inside the document."""
    target: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        target = target[part]
    return target


def operations(tag: str, action: str) -> dict[str, Any]:
    return {
        name: operation
        for name, operation in DOCUMENT["operations"].items()
        if operation["action"] == action and {"name": tag} in operation["tags"]
    }


def test_every_message_has_a_channel_and_the_door_is_one_more() -> None:
    addresses = {channel["address"] for channel in DOCUMENT["channels"].values()}

    assert addresses == {message.subject for message in CATALOGUE} | {"intake.{system}.events"}
    assert set(DOCUMENT["channels"]["IntakeDoor"]["messages"]) == {event.name for event in FOREIGN}


def test_everybody_of_us_who_sends_or_receives_is_named() -> None:
    identities = {identity for senders in PUBLISHERS.values() for identity in senders}
    identities |= {each.identity for each in DURABLES}

    sending = sum(len(operations(identity, "send")) for identity in identities)
    receiving = sum(len(operations(identity, "receive")) for identity in identities)

    assert sending == sum(len(senders) for senders in PUBLISHERS.values())
    assert receiving == sum(len(each.messages) or 1 for each in DURABLES)


def test_other_systems_send_at_the_door_and_hear_their_receipts() -> None:
    (sends,) = operations("foreign_system", "send").values()
    (hears,) = operations("foreign_system", "receive").values()

    assert sends["channel"] == {"$ref": "#/channels/IntakeDoor"}
    assert len(sends["messages"]) == len(FOREIGN)
    assert "POST /events" in sends["description"]
    assert found(hears["channel"]["$ref"])["address"] == "receipts.{system}.v1"


def test_intake_takes_in_what_stands_at_the_door() -> None:
    taking_in = DOCUMENT["operations"]["intake-door.receives"]

    assert (taking_in["action"], taking_in["tags"]) == ("receive", [{"name": "intake"}])
    assert taking_in["channel"] == {"$ref": "#/channels/IntakeDoor"}


def test_every_parameter_of_an_address_is_explained() -> None:
    for channel in DOCUMENT["channels"].values():
        assert set(re.findall(r"\{(\w+)\}", channel["address"])) == set(channel.get("parameters", {}))


def test_every_reference_leads_somewhere() -> None:
    references = re.findall(r'"\$ref": "([^"]+)"', TEXT)

    assert references
    for reference in references:
        assert found(reference) if reference.startswith("#/") else (CONTRACTS / reference).exists()


def test_an_operation_speaks_of_messages_of_its_channel() -> None:
    for operation in DOCUMENT["operations"].values():
        channel = operation["channel"]["$ref"]
        assert operation["messages"]
        assert all(each["$ref"].startswith(f"{channel}/messages/") for each in operation["messages"])
