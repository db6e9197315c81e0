"""Every message that may travel on the bus."""

from __future__ import annotations

from contracts.accounts import DeliveryRouted
from contracts.appointments import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMissed,
    AppointmentMoved,
    ReminderDue,
)
from contracts.base import Message
from contracts.intake import AddressChangeReported, AlertIssued, OwnerChangeReported, PaymentReported, Receipt
from contracts.mailgateway import LetterFailed, LetterPosted, LettersDispatched, LetterUnclear
from contracts.notices import ChunkRendered, NoticeGenerated, RenderChunk
from contracts.subscriptions import ClosePool, PoolClosed, PoolReopened, ReopenPool

CATALOGUE: tuple[type[Message], ...] = (
    RenderChunk,
    ChunkRendered,
    NoticeGenerated,
    DeliveryRouted,
    LettersDispatched,
    LetterPosted,
    LetterFailed,
    LetterUnclear,
    ClosePool,
    ReopenPool,
    PoolClosed,
    PoolReopened,
    AlertIssued,
    AddressChangeReported,
    OwnerChangeReported,
    PaymentReported,
    Receipt,
    AppointmentBooked,
    AppointmentMoved,
    AppointmentCancelled,
    AppointmentMissed,
    ReminderDue,
)

BY_SUBJECT: dict[str, type[Message]] = {message.subject: message for message in CATALOGUE}
