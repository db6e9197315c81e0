"""What accounts says: by which channel a notice reaches its addressee."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contracts.base import Message

Channel = Literal["paper", "mailbox"]
RoutingReason = Literal["no_account"]


class DeliveryRouted(Message):
    """Consent and law have decided the channel of one notice."""

    subject: ClassVar[str] = "events.accounts.delivery_routed.v1"
    german: ClassVar[str] = "Der Zustellweg eines Bescheids steht fest: Brief oder Postfach."

    notice_id: UUID
    letter_id: UUID
    run_id: UUID
    channel: Channel
    reason: RoutingReason
    legal_basis: str = Field(max_length=120)
    kind: str = Field(max_length=120)
    year: int = Field(ge=2000, le=2999)
    pages: int = Field(ge=1)
    duplex: bool
    colour: bool
