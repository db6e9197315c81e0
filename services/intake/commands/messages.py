"""What a foreign event becomes on our bus: a command to its owner, an event, or a reference to a kept body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from contracts import foreign, intake, subscriptions
from contracts.base import CloudEvent, Message, envelope, source_of
from services.intake.commands.check_event import CheckedEvent
from services.intake.domain.refusals import Refusal

_IDS = UUID("7e2c1b1e-3b52-5d0c-9a53-61f0c1a7d2ce")
_REPORTS: dict[type[foreign.Foreign], type[intake.Reported]] = {
    foreign.AddressChangeReported: intake.AddressChangeReported,
    foreign.OwnerChangeReported: intake.OwnerChangeReported,
    foreign.PaymentReported: intake.PaymentReported,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message of the NATS door stood when it came, and the claim by which a redelivery of it is known."""

    sequence: int
    claim: str
    event_id: str | None = None


def reference(event: CheckedEvent) -> UUID:
    """Return the id of the report or alert that an event becomes; a repeat has the same one."""
    return uuid5(_IDS, event.key)


def message_of(event: CheckedEvent) -> Message:
    """Translate the data of one event."""
    system = event.system
    match event.data:
        case foreign.PoolClosed() as data:
            return subscriptions.ClosePool(**data.model_dump(), reported_by=system)
        case foreign.PoolReopened() as data:
            return subscriptions.ReopenPool(**data.model_dump(), reported_by=system)
        case foreign.AlertIssued() as data:
            return intake.AlertIssued(**data.model_dump(), alert_id=reference(event), reported_by=system)
        case data:
            return _REPORTS[type(data)](report_id=reference(event), reported_by=system)


def enveloped(event: CheckedEvent, *, town: str, time: datetime) -> CloudEvent[Message]:
    """Return the message in its envelope; its id follows from the identity of the foreign event."""
    return envelope(message_of(event), source=source_of(town, "intake"), aggregate=event.key, sequence=1, time=time)


def receipt(system: str, place: Place, *, outcome: str | Refusal, town: str, time: datetime) -> CloudEvent[Message]:
    """Return what the sender is told about the event that stands at a place in the door's stream.

    The claim is part of its identity: a stream that has lost its store counts from 1 again.
    """
    refusal = outcome if isinstance(outcome, Refusal) else None
    data = intake.Receipt.model_validate(
        {
            "system": system,
            "outcome": "refused" if refusal else outcome,
            "stream_sequence": place.sequence,
            "event_id": place.event_id,
            "code": refusal.code if refusal else None,
            "findings": [{"pointer": each.pointer, "message": each.message} for each in refusal.findings]
            if refusal
            else [],
            "received_at": time,
        }
    )
    aggregate = f"{system}:{place.sequence}:{place.claim[:16]}"
    return envelope(data, source=source_of(town, "intake"), aggregate=aggregate, sequence=1, time=time)
