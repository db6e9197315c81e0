"""What notices fetches from intake: what other systems have reported about a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue, ValidationError

from chassis.errors import DependencyDown, NeverAgain
from contracts.foreign import Foreign

_GONE = frozenset({httpx.codes.NOT_FOUND, httpx.codes.GONE})


class ReportUnreadableError(Exception):
    """What intake has handed out is not what it said that it is."""


class _Answer(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    received_at: AwareDatetime
    body: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Report:
    """The body of a report and when it came in."""

    received_at: datetime
    body: Foreign = field(repr=False)


class Reports:
    """The claim check at intake."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Call intake with this client."""
        self._client = client

    async def fetch(self, report_id: UUID, form: type[Foreign]) -> Report:
        """Return a report of this form.

        DependencyDown when intake does not answer or does not let us in; NeverAgain when it no longer has the report.
        """
        if not str(self._client.base_url):
            raise DependencyDown("intake")
        try:
            response = await self._client.get(f"/reports/{report_id}")
        except httpx.HTTPError as error:
            raise DependencyDown("intake") from error
        if response.status_code in _GONE:
            raise NeverAgain("report_gone")
        if not response.is_success:
            raise DependencyDown("intake")
        return _read(response.content, form)


def _read(content: bytes, form: type[Foreign]) -> Report:
    try:
        answer = _Answer.model_validate_json(content)
        return Report(answer.received_at, form.model_validate(answer.body))
    except ValidationError:
        # The text of the error would quote the body, which is personal.
        raise ReportUnreadableError from None
