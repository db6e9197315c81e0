"""What intake says: what other systems have reported, and to each of them what became of its event."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.base import Message, UtcTime
from contracts.foreign import EVENT_ID, AlertCategory, Line, Slug


class AlertIssued(Message):
    """An office tells the public of something. Its texts are public by nature and so may be on the bus."""

    subject: ClassVar[str] = "events.intake.alert_issued.v1"
    german: ClassVar[str] = "Eine Stelle hat eine Meldung an alle herausgegeben."

    alert_id: UUID
    category: AlertCategory
    headline_de: Line
    text_de: str = Field(max_length=1000)
    headline_en: Line | None = None
    text_en: str | None = Field(default=None, max_length=1000)
    areas: tuple[Slug, ...] = Field(default=(), max_length=50)
    valid_from: UtcTime
    valid_until: UtcTime
    reported_by: Slug


class Reported(Message):
    """A report about a person: whoever may see it fetches the body from intake by the reference."""

    report_id: UUID
    reported_by: Slug


class AddressChangeReported(Reported):
    """A person has a new address."""

    subject: ClassVar[str] = "events.intake.address_change_reported.v1"
    german: ClassVar[str] = "Es wurde gemeldet, dass eine Person eine neue Anschrift hat."


class OwnerChangeReported(Reported):
    """A parcel has a new owner."""

    subject: ClassVar[str] = "events.intake.owner_change_reported.v1"
    german: ClassVar[str] = "Es wurde gemeldet, dass ein Flurstück den Eigentümer gewechselt hat."


class PaymentReported(Reported):
    """The treasury has received a payment."""

    subject: ClassVar[str] = "events.intake.payment_reported.v1"
    german: ClassVar[str] = "Es wurde gemeldet, dass eine Zahlung eingegangen ist."


class Finding(BaseModel):
    """One reason why an event was refused; never quotes what was sent."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    pointer: str = Field(max_length=300, description="JSON pointer (RFC 6901) into the event; empty means all of it")
    message: str = Field(max_length=300, description="what is wrong and what to do, in German")


class Receipt(Message):
    """What became of an event that came in over NATS; only its sender can read it."""

    subject: ClassVar[str] = "receipts.{system}.v1"
    german: ClassVar[str] = "Quittung: was aus einem eingesandten Ereignis geworden ist; nur sein Absender liest sie."

    system: Slug
    outcome: Literal["accepted", "duplicate", "refused"]
    stream_sequence: int = Field(ge=1, description="the sequence that the publish acknowledgement named")
    event_id: str | None = Field(default=None, pattern=EVENT_ID, description="when the event had a usable one")
    code: str | None = Field(default=None, max_length=40, description="why it was refused, a stable code")
    findings: tuple[Finding, ...] = Field(default=(), max_length=20)
    received_at: UtcTime

    def address(self) -> str:
        """Each system has a subject of its own."""
        return self.subject.format(system=self.system)
