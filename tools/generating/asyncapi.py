"""AsyncAPI 3.0 in both directions: who of us says what to whom, and what other systems send in and hear."""

from __future__ import annotations

import json
from typing import Any

from contracts.base import Message
from contracts.catalogue import CATALOGUE
from contracts.foreign import FOREIGN, Foreign
from contracts.intake import Receipt
from contracts.topology import DURABLES, PUBLISHERS, Durable
from tools.generating.examples import path_of
from tools.generating.places import docstring, file_name

DOOR_CHANNEL = "IntakeDoor"
DOOR_ADDRESS = "intake.{system}.events"
FOREIGN_SYSTEMS = "foreign_system"
"""In the place of an identity: every registered system of another office or vendor."""
GRANTS = "A system may send the events that the town has granted it, from its one CloudEvents source."
OVER_HTTP = (
    "The same events are taken over HTTP: POST /events at the service intake, with `Authorization: Bearer` and an API "
    "key; the answer then says what a receipt says here."
)
BOTH_MODES = (
    "Structured mode (the event as JSON in the body) or binary mode (attributes in `ce-` headers, `data` in the body). "
    "The publish acknowledgement means received; a receipt tells whether the event was accepted."
)
SYSTEM_PARAMETER = {"system": {"description": "name of the foreign system, as the town has registered it"}}
Object = dict[str, Any]


def asyncapi() -> Object:
    """The whole document."""
    messages = {message.__name__: _message(message) for message in CATALOGUE}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Digitales Rathaus",
            "version": "1.1.0",
            "description": "CloudEvents 1.0 in structured JSON on NATS JetStream.",
            "license": {"name": "EUPL-1.2"},
        },
        "defaultContentType": "application/json",
        "channels": {message.__name__: _channel(message) for message in CATALOGUE} | {DOOR_CHANNEL: _door()},
        "operations": _sending() | _receiving() | _at_the_door(),
        "components": {"messages": messages | {foreign_key(event): _message(event) for event in FOREIGN}},
    }


def foreign_key(event: type[Foreign]) -> str:
    """Key of a foreign event: some have the class name of an event of ours."""
    return f"intake.{event.name}"


def _channel(message: type[Message]) -> Object:
    reference = {"$ref": f"#/components/messages/{message.__name__}"}
    channel: Object = {"address": message.subject, "messages": {message.__name__: reference}}
    return channel | ({"parameters": SYSTEM_PARAMETER} if "{system}" in message.subject else {})


def _door() -> Object:
    return {
        "address": DOOR_ADDRESS,
        "title": "The door for events of other systems",
        "description": f"{GRANTS} {BOTH_MODES} {OVER_HTTP}",
        "parameters": SYSTEM_PARAMETER,
        "messages": {event.name: {"$ref": f"#/components/messages/{foreign_key(event)}"} for event in FOREIGN},
    }


def _message(message: type[Message | Foreign]) -> Object:
    example = path_of(message)
    return {
        "name": message.event_type(),
        "summary": docstring(message),
        "description": message.german,
        "contentType": "application/json",
        "payload": {"$ref": f"./schemas/{file_name(message)}"},
        "examples": [{"payload": json.loads(example.read_text("utf-8"))}] if example.exists() else [],
    }


def _sending() -> Object:
    return {
        f"{sender}.sends.{message.__name__}": _operation("send", sender, message)
        for message, senders in PUBLISHERS.items()
        for sender in senders
    }


def _receiving() -> Object:
    return {
        f"{each.name}.receives.{message.__name__}": _operation("receive", each.identity, message) | _queue(each)
        for each in DURABLES
        for message in each.messages
    }


def _operation(action: str, identity: str, message: type[Message]) -> Object:
    channel = f"#/channels/{message.__name__}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{message.__name__}"}],
        "tags": [{"name": identity}],
    }


def _queue(consumer: Durable) -> Object:
    return {"bindings": {"nats": {"queue": consumer.name}}}


def _at_the_door() -> Object:
    channel = f"#/channels/{DOOR_CHANNEL}"
    everything: Object = {
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{event.name}"} for event in FOREIGN],
    }
    sends = {"action": "send", "description": f"{GRANTS} {OVER_HTTP}", **everything}
    receipts = _operation("receive", FOREIGN_SYSTEMS, Receipt)
    heard = "Live on the subject, or with the system's own pull consumer `receipts-{system}` on the stream RECEIPTS."
    taking_in = {
        f"{each.name}.receives": {"action": "receive", **everything, "tags": [{"name": each.identity}]} | _queue(each)
        for each in DURABLES
        if each.foreign is not None
    }
    return {
        f"{FOREIGN_SYSTEMS}.sends": {**sends, "tags": [{"name": FOREIGN_SYSTEMS}]},
        f"{FOREIGN_SYSTEMS}.receives.Receipt": {**receipts, "description": heard},
        **taking_in,
    }
