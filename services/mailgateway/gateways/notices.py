"""What the mail gateway fetches from notices: address and document of released letters."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from chassis.errors import DependencyDown
from services.mailgateway.domain.letters import LetterAddress


class _Wire(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    letter_id: UUID
    recipient_lines: tuple[str, ...]
    """The printed lines without postcode, city and country, which have fields of their own at the provider."""
    postcode: str
    city: str
    country: str
    sender_line: str
    sha256: str
    pdf: str


class _Answer(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    letters: tuple[_Wire, ...]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A letter's address and document."""

    letter_id: UUID
    address: LetterAddress
    pdf: bytes = field(repr=False)


class NoticesDoor:
    """The claim check at notices."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Call notices with this client."""
        self._client = client

    async def fetch(self, letter_ids: Sequence[UUID]) -> dict[UUID, Fetched]:
        """Return what is there; a letter that notices does not hand out is missing.

        DependencyDown when notices does not answer, or not readably, or a document arrives damaged.
        """
        try:
            response = await self._client.post("/letters", json={"letter_ids": [str(each) for each in letter_ids]})
            response.raise_for_status()
            answer = _Answer.model_validate_json(response.content)
            return {each.letter_id: _fetched(each) for each in answer.letters}
        except (httpx.HTTPError, ValidationError, binascii.Error) as error:
            raise DependencyDown("notices") from error


def _fetched(wire: _Wire) -> Fetched:
    pdf = base64.b64decode(wire.pdf)
    if hashlib.sha256(pdf).hexdigest() != wire.sha256:
        raise DependencyDown("notices")
    address = LetterAddress(wire.recipient_lines, wire.postcode, wire.city, wire.sender_line, wire.country)
    return Fetched(wire.letter_id, address, pdf)
