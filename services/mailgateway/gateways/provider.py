"""The door to whoever prints and posts: E-POST today, the town's own printer room tomorrow.

Failures are sorted by what to do about them; their texts hold codes and our own words only, never an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from services.mailgateway.domain.letters import Accepted, Letter
from services.mailgateway.domain.provider_status import ProviderError, ProviderStatus


class ProviderFailure(Exception):  # noqa: N818 - named by what happened, sorted by what to do
    """A call did not do what was asked."""


class Refused(ProviderFailure):
    """Nothing was accepted; never send the same again unchanged.

    `letter_ids` names the guilty letters when they are known; empty means that one bad letter refused its whole array.
    """

    def __init__(self, error: ProviderError, letter_ids: tuple[UUID, ...] = ()) -> None:
        super().__init__(error.code)
        self.error = error
        self.letter_ids = letter_ids


class AlreadyThere(ProviderFailure):
    """The provider holds a letter of this array already; none of the array was accepted by this call."""

    def __init__(self, error: ProviderError, first_id: int | None) -> None:
        super().__init__(error.code)
        self.error = error
        self.first_id = first_id


class InDoubt(ProviderFailure):
    """May or may not have been accepted; `accepted` holds what was acknowledged nevertheless."""

    def __init__(self, reason: str, accepted: tuple[Accepted, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.accepted = accepted


class Unreachable(ProviderFailure):
    """Certainly nothing was handed over; for a look-up: no answer, which is not "not found"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Throttled(ProviderFailure):
    """Asked too often; nothing was accepted. Wait `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"retry after {retry_after:g} s")
        self.retry_after = retry_after


class Unauthorised(ProviderFailure):
    """The credentials do not open the door; a person has to act, nothing was accepted."""

    def __init__(self, error: ProviderError) -> None:
        super().__init__(error.code)
        self.error = error


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the provider works, in words for the desk; `simulator` when nothing becomes paper."""

    state: Literal["ok", "maintenance", "down"]
    text: str = ""
    simulator: bool = False


class PrintProvider(Protocol):
    """What every print provider can do."""

    def uploading(self) -> AbstractAsyncContextManager[None]:
        """Wait until an upload may begin and hold the turn: in one process there is one upload at a time.

        To be held before the intent is stored, so that nothing is waited for between the intent and the call.
        """
        ...

    async def submit(self, letters: Sequence[Letter], *, batch_id: int, test: bool) -> tuple[Accepted, ...]:
        """Hand over at most one request of letters; every letter is acknowledged or this raises."""
        ...

    async def batch_status(self, batch_id: int) -> tuple[ProviderStatus, ...]:
        """All submissions of a wave; empty only when the provider says that there are none."""
        ...

    async def find(self, letter_id: UUID, attempt: int) -> tuple[ProviderStatus, ...]:
        """All submissions of one attempt; empty only when the provider says that there are none."""
        ...

    async def health(self) -> Health:
        """Tell whether the provider works; never raises."""
        ...
