"""Deutsche Post E-POSTBUSINESS API (operator DocuGuide) as a print provider."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self
from uuid import UUID

import httpx
from pydantic import ValidationError

from contracts.output_profile import Limits, output_profile
from services.mailgateway.domain.letters import Accepted, Letter, reference_of
from services.mailgateway.domain.provider_status import ProviderStatus
from services.mailgateway.gateways.epost_models import (
    IDENTS,
    STATUSES,
    defect_of,
    of_attempt,
    status_of,
    upload_body,
)
from services.mailgateway.gateways.epost_session import (
    MAX_TOKEN_MINUTES,
    TOO_OFTEN,
    Credentials,
    EpostSession,
    error_in,
)
from services.mailgateway.gateways.pace import Pace
from services.mailgateway.gateways.provider import Health, InDoubt, Refused, Throttled, Unreachable

_UPLOAD = "upload"
_NOT_FOUND = "E201"
_RUNNING = "I501"
_MAINTENANCE = "W501"
_SIMULATOR_HEADER = "X-Simulator"
_KEPT_OPEN_SECONDS = 5.0


def _epost_limits() -> Limits:
    return output_profile("epost").limits


@dataclass(frozen=True, slots=True)
class EpostOptions:
    """What may differ between installations; seconds unless named otherwise."""

    min_interval: float = 5.0
    token_minutes: int = MAX_TOKEN_MINUTES
    connect_timeout: float = 10.0
    upload_timeout: float = 120.0
    other_timeout: float = 30.0
    limits: Limits = field(default_factory=_epost_limits)


class EpostProvider:
    """Speaks to the provider, or to its simulator; safe to share between tasks of one loop."""

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        *,
        options: EpostOptions | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._options = options or EpostOptions()
        self._client = httpx.AsyncClient(
            base_url=base_url,
            timeout=httpx.Timeout(self._options.other_timeout, connect=self._options.connect_timeout),
            limits=httpx.Limits(max_connections=8, keepalive_expiry=_KEPT_OPEN_SECONDS),
            transport=transport,
            headers={"Accept": "application/json"},
        )
        self._session = EpostSession(self._client, credentials, self._options.token_minutes)
        self._pace = Pace(self._options.min_interval)
        self._health: Health | None = None
        self._health_at = 0.0
        self._health_lock = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def uploading(self) -> AbstractAsyncContextManager[None]:
        """Wait until an upload may begin, and hold the turn."""
        return self._pace.alone(_UPLOAD)

    async def submit(self, letters: Sequence[Letter], *, batch_id: int, test: bool) -> tuple[Accepted, ...]:
        """Hand over one array; a letter that would spoil it is refused by name before anything is sent."""
        body = self._body_of(list(letters), batch_id=batch_id, test=test)
        timeout = httpx.Timeout(self._options.upload_timeout, connect=self._options.connect_timeout)
        request = self._client.build_request(
            "POST",
            "/api/Letter",
            content=body,
            headers={"Content-Type": "application/json"},
            timeout=timeout,
        )
        try:
            response = await self._session.call(request, submitting=True)
        except Throttled as throttled:
            raise Throttled(self._pace.throttled(_UPLOAD, throttled.retry_after)) from None
        self._pace.answered(_UPLOAD)
        return _receipts(letters, response)

    async def batch_status(self, batch_id: int) -> tuple[ProviderStatus, ...]:
        """Ask for a wave."""
        found = await self._look_up("Batch", {"batchId": str(batch_id)})
        return tuple(replace(status, batch_id=batch_id) for status in found)

    async def find(self, letter_id: UUID, attempt: int) -> tuple[ProviderStatus, ...]:
        """Ask for one attempt by its reference."""
        found = await self._look_up("Custom1", {"custom1": reference_of(letter_id, attempt)})
        return of_attempt(found, letter_id, attempt)

    async def health(self) -> Health:
        """Ask without login; an answer younger than the interval is given again, so that probes cost nothing."""
        async with self._health_lock:
            fresh = time.monotonic() - self._health_at < self._options.min_interval
            if self._health is None or not fresh:
                self._health = await self._ask_health()
                self._health_at = time.monotonic()
            return self._health

    def _body_of(self, letters: list[Letter], *, batch_id: int, test: bool) -> bytes:
        limits = self._options.limits
        if not letters or len(letters) > limits.letters_per_request:
            message = f"{len(letters)} letters do not make a request"
            raise ValueError(message)
        if len({letter.reference for letter in letters}) < len(letters):
            message = "the same attempt stands twice in one request"
            raise ValueError(message)
        for letter in letters:
            defect = defect_of(letter, limits)
            if defect is not None:
                raise Refused(defect, (letter.letter_id,))
        body = upload_body(letters, batch_id=batch_id, test=test)
        if len(body) > limits.request_bytes:
            message = f"a request of {len(body)} bytes is too large"
            raise ValueError(message)
        return body

    async def _look_up(self, endpoint: str, params: Mapping[str, str]) -> tuple[ProviderStatus, ...]:
        async with self._pace.turn(endpoint):
            try:
                request = self._client.build_request("GET", f"/api/Letter/{endpoint}", params=params)
                response = await self._session.call(request)
            except Throttled as throttled:
                raise Throttled(self._pace.throttled(endpoint, throttled.retry_after)) from None
            except Refused as refused:
                # Only the provider's own E201 means "none"; a bare 404 may be a wrong address or a proxy.
                if refused.error.code == _NOT_FOUND:
                    return ()
                raise
            self._pace.answered(endpoint)
        return _statuses(response)

    async def _ask_health(self) -> Health:
        try:
            response = await self._client.get("/api/Login/HealthCheck")
        except httpx.HTTPError:
            return Health("down", "Die Post ist nicht erreichbar.")
        simulator = _SIMULATOR_HEADER in response.headers
        error = error_in(response)
        if error.code in (_RUNNING, TOO_OFTEN):
            return Health("ok", simulator=simulator)
        if error.code == _MAINTENANCE:
            return Health("maintenance", error.description, simulator)
        return Health("down", error.description or f"Die Post antwortet mit {error.code}.", simulator)


def _receipts(letters: Sequence[Letter], response: httpx.Response) -> tuple[Accepted, ...]:
    try:
        idents = {ident.fileName: ident.letterID for ident in IDENTS.validate_json(response.content)}
    except ValidationError:
        raise InDoubt("unreadable receipt") from None
    accepted = tuple(
        Accepted(letter.letter_id, letter.attempt, idents[letter.file_name])
        for letter in letters
        if letter.file_name in idents
    )
    if len(accepted) < len(letters):
        raise InDoubt("incomplete receipt", accepted)
    return accepted


def _statuses(response: httpx.Response) -> tuple[ProviderStatus, ...]:
    # One unreadable entry spoils the answer on purpose: left out, it would look like "not found".
    try:
        return tuple(status_of(wire) for wire in STATUSES.validate_json(response.content))
    except ValidationError:
        raise Unreachable("unreadable answer") from None
