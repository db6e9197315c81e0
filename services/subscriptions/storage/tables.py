"""Tables of subscriptions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, MetaData, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.tables import NAMING, UtcDateTime


class Base(DeclarativeBase):
    """Base of this service's tables."""

    metadata = MetaData(naming_convention=NAMING)


class PoolRow(Base):
    """The state of one pool."""

    __tablename__ = "pool"

    pool: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    """open or closed"""
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(32))
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reported_by: Mapped[str | None] = mapped_column(String(64))
    as_of: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int]


class WaterRow(Base):
    """The last water temperature (Wassertemperatur) of one pool, as its attendant has measured it."""

    __tablename__ = "water"

    pool: Mapped[str] = mapped_column(String(64), primary_key=True)
    celsius: Mapped[Decimal] = mapped_column(Numeric(3, 1))
    measured_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProposalRow(Base):
    """What the weather watcher proposes to the attendant of a pool."""

    __tablename__ = "proposal"

    proposal_id: Mapped[UUID] = mapped_column(primary_key=True)
    pool: Mapped[str] = mapped_column(String(64), index=True)
    action: Mapped[str] = mapped_column(String(16))
    """close or reopen"""
    rule: Mapped[str] = mapped_column(String(32))
    """thunderstorm, temperature, wind"""
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the weather service said: words and values for the attendant."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16))
    """open, confirmed, dismissed, expired, automatic"""
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WeatherWatchRow(Base):
    """How well the weather of one pool is known."""

    __tablename__ = "weather_watch"

    pool: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    """seeing, stale (old or missing values), blind (no answer)"""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    last_success: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The last values: temperature, wind, alerts."""
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    trouble_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when, without interruption, something is missing."""
    told: Mapped[bool]
    """The attendants were told that the weather is not known."""
    stretches: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Since when each rule is clear, and since when bad."""


class AlertRow(Base):
    """One alert as intake has told it: a projection, which may be dropped and built again."""

    __tablename__ = "alert"

    alert_id: Mapped[UUID] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(String(32))
    headline_de: Mapped[str] = mapped_column(String(120))
    text_de: Mapped[str] = mapped_column(Text)
    headline_en: Mapped[str | None] = mapped_column(String(120))
    text_en: Mapped[str | None] = mapped_column(Text)
    areas: Mapped[list[str]] = mapped_column(JSON)
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    reported_by: Mapped[str] = mapped_column(String(64))


class SignupRow(Base):
    """A request to subscribe that waits for its confirmation (double opt-in); forgotten some days later."""

    __tablename__ = "signup"

    signup_id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    """Which mail was asked for: signup (confirm this) or link (change what is there)."""
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), index=True)
    """As `domain.address.Address.key` writes it."""
    topics: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(8))
    text_version: Mapped[str] = mapped_column(String(32))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SubscriberRow(Base):
    """A person who wants to be told, by e-mail, web push or both."""

    __tablename__ = "subscriber"
    __table_args__ = ({"sqlite_autoincrement": True},)
    """An id is never given again: links of somebody who was erased would open what another person has."""

    subscriber_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    email: Mapped[str | None] = mapped_column(String(254))
    """As mails are sent to: the part before the @ as the person has written it."""
    email_key: Mapped[str | None] = mapped_column(String(254), unique=True)
    """The same in lower case, by which a person is found again."""
    host: Mapped[str | None] = mapped_column(String(253))
    """The mail host (domain) of the address; without an address the host of the push service."""
    email_state: Mapped[str] = mapped_column(String(8))
    """none, active, bounced"""
    push_endpoint: Mapped[str | None] = mapped_column(Text, unique=True)
    push_p256dh: Mapped[str | None] = mapped_column(String(128))
    push_auth: Mapped[str | None] = mapped_column(String(32))
    push_state: Mapped[str] = mapped_column(String(8))
    """none, active, gone"""
    channel: Mapped[str] = mapped_column(String(8))
    """Which of the two the person prefers: email or push."""
    language: Mapped[str] = mapped_column(String(8))
    """de, en, or plain (plain German, Einfache Sprache)"""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    link_version: Mapped[int] = mapped_column(default=1)
    """Raised to make all links of earlier mails invalid."""


class SubscriptionRow(Base):
    """A topic that a person wants to hear of."""

    __tablename__ = "subscription"

    topic: Mapped[str] = mapped_column(String(160), primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(
        ForeignKey("subscriber.subscriber_id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsentRow(Base):
    """One consent given or withdrawn (Einwilligung, Art. 7 DSGVO), with the version of the text that was shown."""

    __tablename__ = "consent"

    consent_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    subscriber_id: Mapped[int] = mapped_column(index=True)
    """No foreign key: the proof outlives the subscription."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    action: Mapped[str] = mapped_column(String(16))
    """granted, withdrawn"""
    way: Mapped[str] = mapped_column(String(16))
    """double_opt_in, push, preferences, one_click, import, erasure"""
    text_version: Mapped[str] = mapped_column(String(32))
    topics: Mapped[list[str]] = mapped_column(JSON)
    proof: Mapped[str | None] = mapped_column(Text)
    """For an import: what the town holds as proof."""
    announcement_id: Mapped[int | None]
    """For one click: the mail whose link was followed, so that it can be taken back."""
    address_mac: Mapped[str | None] = mapped_column(String(64), index=True)
    """Withdrawals only: keyed hash of the address, so that no old list subscribes the person again."""


class IncidentRow(Base):
    """Something that people are told of, from its first announcement to its end."""

    __tablename__ = "incident"

    incident_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    """What it is about: `pool:<pool>`, `alert:<alert_id>`, `staff:<pool>`."""
    topics: Mapped[list[str]] = mapped_column(JSON)
    """Whoever has one of them is concerned."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What feeds and pages show: reason, category, areas, valid_from, valid_until."""
    public: Mapped[bool]
    """False: only for staff, in no feed."""
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class AnnouncementRow(Base):
    """One message about an incident to everybody whom it concerns."""

    __tablename__ = "announcement"
    __table_args__ = (UniqueConstraint("incident_id", "number"),)

    announcement_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.incident_id"))
    number: Mapped[int]
    """1 for the first of its incident; feeds and calendars use it as their sequence."""
    kind: Mapped[str] = mapped_column(String(16))
    """alert, update, all_clear, correction"""
    urgency: Mapped[int]
    """0 urgent, 1 normal, 2 bulk"""
    texts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """language -> {headline, body}; German is always there."""
    state: Mapped[str] = mapped_column(String(16), index=True)
    """held (waits for a second person), expanding, sending, done, superseded, rejected"""
    reached_up_to: Mapped[int]
    """Subscribers up to this id are in the ledger: where to go on after a restart."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(64))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_by: Mapped[str | None] = mapped_column(String(64))
    rejection: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What became of it in numbers, once the rows of its ledger are deleted."""
    """Of a rejected one: by, why, at."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """What is not out by then is dropped and counted."""
    command_id: Mapped[UUID | None] = mapped_column(unique=True)
    """The request that made it: the same one twice makes one announcement."""


class DeliveryRow(Base):
    """The ledger: one announcement to one person. Unique, so that several matching topics are one message."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("announcement_id", "subscriber_id"),
        Index(
            "ix_delivery_waiting",
            "urgency",
            "delivery_id",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_delivery_sending",
            "delivery_id",
            sqlite_where=text("state = 'sending'"),
            postgresql_where=text("state = 'sending'"),
        ),
    )

    delivery_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.announcement_id"))
    subscriber_id: Mapped[int] = mapped_column(index=True)
    channel: Mapped[str] = mapped_column(String(8))
    """email, push, none (no working channel)"""
    host: Mapped[str] = mapped_column(String(253))
    urgency: Mapped[int]
    topic: Mapped[str] = mapped_column(String(160))
    """The rule that matched: the answer to "why did I get this"."""
    state: Mapped[str] = mapped_column(String(16))
    """queued, sending, sent, failed, expired, superseded, unreachable, unsubscribed"""
    attempts: Mapped[int]
    uncertain: Mapped[int]
    """How often a kill left open whether it was handed over, so that it went out again with the same Message-ID."""
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply: Mapped[str | None] = mapped_column(String(64))
    """SMTP or HTTP code of the last answer, or the kind of failure; never an address."""
