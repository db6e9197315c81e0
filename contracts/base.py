"""The form of everything on the bus: CloudEvents 1.0 in structured JSON.

An event is a frozen model with the fields of one past-tense fact; a command is the same in the imperative. The
envelope carries identity, order and origin. No field may hold personal data: ids, counts, dates and codes only.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Annotated, ClassVar, Generic, Literal, TypeVar
from uuid import UUID, uuid5

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

TYPE_PREFIX = "de.digitales-rathaus."
_IDS = UUID("4d1f0f7e-6f0c-5a57-9b6c-0d3a5a0e7b11")


def _zoned_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        message = "an instant needs a time zone"
        raise ValueError(message)
    return value.astimezone(UTC)


UtcTime = Annotated[datetime, AfterValidator(_zoned_utc)]


class Message(BaseModel):
    """The fields of one event or command; unknown fields are ignored, so that senders may add optional ones."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    subject: ClassVar[str]
    """NATS subject with its version, `events.<owner>.<fact>.v<n>` or `commands.<receiver>.<verb>.v<n>`."""
    german: ClassVar[str]
    """What it says, in one sentence for people who do not read code."""

    @classmethod
    def event_type(cls) -> str:
        """CloudEvents type: reverse-DNS prefix, owner or receiver, name, version."""
        return TYPE_PREFIX + cls.subject.split(".", 1)[1].replace("{system}", "receipt")

    def address(self) -> str:
        """Return the subject that this one message travels on."""
        return self.subject


DataT_co = TypeVar("DataT_co", bound=Message, covariant=True)


class CloudEvent(BaseModel, Generic[DataT_co]):
    """The CloudEvents 1.0 envelope around one message."""

    model_config = ConfigDict(frozen=True, extra="ignore", json_schema_serialization_defaults_required=True)

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(min_length=1, max_length=128)
    source: str = Field(min_length=1, max_length=256)
    type: str = Field(max_length=128)
    subject: str = Field(max_length=128, description="id of the aggregate that the message is about")
    time: UtcTime
    datacontenttype: Literal["application/json"] = "application/json"
    sequence: int = Field(ge=1, description="order within the aggregate; nobody relies on any other order")
    data: DataT_co

    def key(self) -> str:
        """Identity everywhere: hash of source and id; outbox, `Nats-Msg-Id` and inbox use it."""
        return event_key(self.source, self.id)


def event_key(source: str, event_id: str) -> str:
    """Return the hash by which an event is known, 64 hexadecimal digits."""
    return hashlib.sha256(f"{source}\n{event_id}".encode()).hexdigest()


def source_of(town: str, owner: str) -> str:
    """CloudEvents source: the town's key (AGS) and the owning service."""
    return f"//rathaus/{town}/{owner}"


def envelope(data: DataT_co, *, source: str, aggregate: str, sequence: int, time: datetime) -> CloudEvent[DataT_co]:
    """Wrap a message; its id follows from type, aggregate and sequence, so that a repeat has the same one."""
    event_type = data.event_type()
    event_id = uuid5(_IDS, f"{source}|{event_type}|{aggregate}|{sequence}")
    envelope_type: type[CloudEvent[DataT_co]] = CloudEvent[type(data)]
    return envelope_type(
        id=str(event_id),
        source=source,
        type=event_type,
        subject=aggregate,
        time=time,
        sequence=sequence,
        data=data,
    )
