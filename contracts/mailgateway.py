"""What the mail gateway says: facts about letters at the postal print provider."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contracts.base import Message, UtcTime


class LettersDispatched(Message):
    """Letters were handed over to the provider, which confirmed each by an id of its own."""

    subject: ClassVar[str] = "events.mailgateway.letters_dispatched.v1"
    german: ClassVar[str] = "Briefe sind dem Druckdienstleister übergeben, und er hat jeden bestätigt."

    batch_id: int
    letter_ids: tuple[UUID, ...] = Field(min_length=1, max_length=50)


class LetterPosted(Message):
    """The provider posted a letter (Aufgabe zur Post)."""

    subject: ClassVar[str] = "events.mailgateway.letter_posted.v1"
    german: ClassVar[str] = "Der Dienstleister hat einen Brief zur Post gegeben."

    letter_id: UUID
    run_id: UUID
    posted_at: UtcTime = Field(description="the provider's own posting date, never the polling time")


class LetterFailed(Message):
    """The provider refused a letter for good; it was not posted."""

    subject: ClassVar[str] = "events.mailgateway.letter_failed.v1"
    german: ClassVar[str] = "Der Dienstleister hat einen Brief endgültig abgelehnt; er ging nicht zur Post."

    letter_id: UUID
    run_id: UUID
    code: str = Field(max_length=16, description="the provider's error code, or `withdrawn` by a clerk")


class LetterUnclear(Message):
    """Whether the provider has a letter cannot be known; a clerk decides."""

    subject: ClassVar[str] = "events.mailgateway.letter_unclear.v1"
    german: ClassVar[str] = "Ob der Dienstleister einen Brief hat, ist nicht festzustellen; ein Mensch entscheidet."

    letter_id: UUID
    run_id: UUID
    reason: Literal["window_passed", "clock_went_back", "first_submission_unknown"]
