"""What appointments says: who comes when is personal and stays there; that somebody comes is not."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contracts.base import Message, UtcTime
from contracts.foreign import Slug

Channel = Literal["web", "staff", "waiting_list", "walk_in", "import"]
"""How an appointment came about."""
Services = Annotated[tuple[Slug, ...], Field(min_length=1, max_length=20)]
Resources = Annotated[tuple[Slug, ...], Field(min_length=1, max_length=20)]


class AppointmentBooked(Message):
    """An appointment is booked and binding; also once more, when its cancellation was taken back."""

    subject: ClassVar[str] = "events.appointments.appointment_booked.v1"
    german: ClassVar[str] = "Ein Termin ist verbindlich gebucht."

    booking: UUID
    office: Slug
    services: Services
    resources: Resources
    starts_at: UtcTime
    ends_at: UtcTime
    channel: Channel


class AppointmentMoved(Message):
    """An appointment has another time, counter or office; the old one is free in the same moment."""

    subject: ClassVar[str] = "events.appointments.appointment_moved.v1"
    german: ClassVar[str] = "Ein Termin ist verlegt: neuer und alter Termin wurden in einem Schritt getauscht."

    booking: UUID
    office: Slug
    resources: Resources
    starts_at: UtcTime
    ends_at: UtcTime
    previous_office: Slug
    previous_starts_at: UtcTime
    previous_ends_at: UtcTime


class AppointmentCancelled(Message):
    """An appointment does not take place."""

    subject: ClassVar[str] = "events.appointments.appointment_cancelled.v1"
    german: ClassVar[str] = "Ein Termin ist abgesagt."

    booking: UUID
    office: Slug
    starts_at: UtcTime
    ends_at: UtcTime
    cancelled_by: Literal["citizen", "staff"]


class AppointmentMissed(Message):
    """Nobody came to an appointment."""

    subject: ClassVar[str] = "events.appointments.appointment_missed.v1"
    german: ClassVar[str] = "Zu einem Termin ist niemand erschienen."

    booking: UUID
    office: Slug
    starts_at: UtcTime


class ReminderDue(Message):
    """The bus says that it is time to remind somebody; who, and whether that still holds, the service knows."""

    subject: ClassVar[str] = "due.appointments.reminder.v1"
    german: ClassVar[str] = "Es ist Zeit, an einen Termin zu erinnern."

    booking: UUID
    version: int = Field(ge=1, description="of the appointment for which it was scheduled; an older one is void")
