"""What notices asks the mail gateway: has the provider letters of a levy already?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import httpx
from pydantic import BaseModel

from chassis.errors import DependencyDown

_LOOK_UP_SECONDS = 90.0
"""The mail gateway asks the provider four times, for every combination of options; it may do so every five seconds."""


class _Submission(BaseModel):
    letter_id: UUID
    created_at: datetime


class _Answer(BaseModel):
    submissions: tuple[_Submission, ...]


class PriorSubmissions:
    """Letters of a levy and year that the provider's account knows."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Call the mail gateway with this client."""
        self._client = client

    async def find(self, kind: str, year: int) -> dict[UUID, datetime]:
        """Return when each letter was submitted; DependencyDown when gateway or provider do not answer."""
        try:
            response = await self._client.get(
                "/submissions", params={"kind": kind, "year": str(year)}, timeout=_LOOK_UP_SECONDS
            )
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise DependencyDown("Druckdienst") from error
        answer = _Answer.model_validate_json(response.content)
        return {each.letter_id: each.created_at for each in answer.submissions}
