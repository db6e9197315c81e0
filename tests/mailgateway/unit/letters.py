"""Synthetic letters and statuses for the tests of the mail gateway."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.mailgateway.domain.letters import Letter, LetterAddress
from services.mailgateway.domain.provider_status import ProviderError, ProviderStatus, Stage

LETTER_ID = UUID("5f6d1c1e-0000-5000-8000-000000000001")
SENDER = "Stadt Musterhütte, Markt 1, 39999 Musterhütte"
ADDRESS = LetterAddress(("Erika Beispiel", "Am Teich 7"), "39999", "Musterhütte", SENDER)


def a_letter(number: int = 1, *, attempt: int = 1, pdf: bytes = b"%PDF-1.7 synthetic") -> Letter:
    return Letter(UUID(int=LETTER_ID.int + number - 1), attempt, pdf, ADDRESS)


def a_status(
    status: Stage,
    *,
    provider_id: int = 100,
    attempt: int = 1,
    code: str | None = None,
    first_id: int | None = None,
) -> ProviderStatus:
    return ProviderStatus(
        provider_id=provider_id,
        custom1=f"{LETTER_ID}.{attempt}",
        letter_id=LETTER_ID,
        attempt=attempt,
        status=status,
        errors=(ProviderError(code),) if code else (),
        duplicate_of=first_id,
    )


def as_test(status: ProviderStatus) -> ProviderStatus:
    return replace(status, test=True)
