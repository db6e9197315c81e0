"""What other systems may send in: the events that the doors of the town hall accept.

Each becomes a command to its owner, an event of intake, or, when it tells of a person, a reference to a body that is
kept at the door. Unknown fields are tolerated and ignored, so that a sender may be newer than we are.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.base import TYPE_PREFIX, UtcTime

EVENT_ID = r"^[!-~]{1,128}$"
"""CloudEvents id: visible ASCII, so that it can travel in headers and be quoted in a receipt."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Line = Annotated[str, Field(min_length=1, max_length=120)]
PoolClosure = Literal["thunderstorm", "storm", "water_quality", "technical", "staff", "other"]
AlertCategory = Literal["road_closed", "waste_collection_moved", "utility_outage", "facility", "other"]


class Foreign(BaseModel):
    """The data of one event that another system may send."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: ClassVar[str]
    """Name with version, as `pool_closed.v1`."""
    german: ClassVar[str]
    """What it tells, in one sentence for the clerk of another office."""
    personal: ClassVar[bool] = False
    """Its body is personal data: kept at the door, only a reference goes to the bus."""
    happened: ClassVar[str | None] = None
    """The field with the instant at which it happened, which cannot be in the future."""

    @classmethod
    def event_type(cls) -> str:
        """CloudEvents type."""
        return f"{TYPE_PREFIX}intake.{cls.name}"


DataT_co = TypeVar("DataT_co", bound=Foreign, covariant=True)


class ForeignEvent(BaseModel, Generic[DataT_co]):
    """The CloudEvents 1.0 envelope as a foreign system fills it; extension attributes are tolerated."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"]
    id: str = Field(pattern=EVENT_ID, description="unique for the source; the same id means the same event, for ever")
    source: str = Field(min_length=1, max_length=256, description="the URI that was agreed for the sending system")
    type: str = Field(max_length=128)
    time: UtcTime = Field(description="when it happened, RFC 3339 with zone")
    datacontenttype: Literal["application/json"] = "application/json"
    data: DataT_co


class PoolClosed(Foreign):
    """A pool (Freibad, Hallenbad) has closed before its time."""

    name: ClassVar[str] = "pool_closed.v1"
    happened: ClassVar[str | None] = "closed_at"
    german: ClassVar[str] = "Ein Bad hat außerplanmäßig geschlossen, zum Beispiel wegen Gewitter."

    pool: Slug = Field(description="the pool's code, one of those agreed for the system")
    reason: PoolClosure
    closed_at: UtcTime
    until: UtcTime | None = Field(default=None, description="when it is expected to open again, if that is known")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> PoolClosed:
        if self.until is not None and self.until <= self.closed_at:
            message = "until must be after closed_at"
            raise ValueError(message)
        return self


class PoolReopened(Foreign):
    """A pool that was closed is open again."""

    name: ClassVar[str] = "pool_reopened.v1"
    happened: ClassVar[str | None] = "reopened_at"
    german: ClassVar[str] = "Ein geschlossenes Bad hat wieder geöffnet."

    pool: Slug = Field(description="the pool's code, one of those agreed for the system")
    reopened_at: UtcTime


class AlertIssued(Foreign):
    """An office tells the public of something: a road is closed, the waste collection has moved."""

    name: ClassVar[str] = "alert_issued.v1"
    german: ClassVar[str] = "Eine Meldung an alle: Straße gesperrt, Müllabfuhr verschoben, Wasser abgestellt."

    category: AlertCategory
    headline_de: Line = Field(description="public text: no personal data")
    text_de: str = Field(min_length=1, max_length=1000, description="public text: no personal data")
    headline_en: Line | None = None
    text_en: str | None = Field(default=None, min_length=1, max_length=1000)
    areas: tuple[Slug, ...] = Field(default=(), max_length=50, description="districts (Ortsteile); none means all")
    valid_from: UtcTime
    valid_until: UtcTime

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> AlertIssued:
        if self.valid_until <= self.valid_from:
            message = "valid_until must be after valid_from"
            raise ValueError(message)
        return self


class Address(BaseModel):
    """A postal address (Anschrift)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    street: Line = Field(description="street and house number")
    postcode: str = Field(min_length=3, max_length=12)
    city: Line
    country: str = Field(default="DE", pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")


Reference = Annotated[str, Field(pattern=r"^[0-9]{4}\.[0-9]{6}\.[0-9]$", description="reference (Kassenzeichen)")]


class AddressChangeReported(Foreign):
    """A person has a new address, as the residents' register (Melderegister) or the person says."""

    name: ClassVar[str] = "address_change_reported.v1"
    german: ClassVar[str] = "Eine Person hat eine neue Anschrift."
    personal: ClassVar[bool] = True

    person: Line = Field(description="name of the person or company")
    reference: Reference | None = None
    former_address: Address
    new_address: Address
    valid_from: date


class Parcel(BaseModel):
    """A parcel of land in the land register (Flurstück)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    district: Line = Field(description="cadastral district (Gemarkung)")
    section: int = Field(ge=0, le=999, description="Flur")
    number: str = Field(pattern=r"^[0-9]{1,5}(/[0-9]{1,4})?$", description="Flurstück")


class OwnerChangeReported(Foreign):
    """A parcel has a new owner."""

    name: ClassVar[str] = "owner_change_reported.v1"
    german: ClassVar[str] = "Ein Flurstück hat den Eigentümer gewechselt."
    personal: ClassVar[bool] = True

    parcel: Parcel
    former_owner: Line
    new_owner: Line
    new_address: Address
    transferred_on: date


class PaymentReported(Foreign):
    """The treasury (Stadtkasse) has received a payment."""

    name: ClassVar[str] = "payment_reported.v1"
    german: ClassVar[str] = "Bei der Stadtkasse ist eine Zahlung eingegangen."
    personal: ClassVar[bool] = True

    reference: Reference
    amount: str = Field(pattern=r"^[0-9]{1,9}\.[0-9]{2}$", description="EUR with two places, as text")
    paid_on: date
    payer: Line | None = None


FOREIGN: tuple[type[Foreign], ...] = (
    PoolClosed,
    PoolReopened,
    AlertIssued,
    AddressChangeReported,
    OwnerChangeReported,
    PaymentReported,
)

BY_TYPE: dict[str, type[Foreign]] = {event.event_type(): event for event in FOREIGN}
