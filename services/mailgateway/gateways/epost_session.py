"""Login (JWT, at most 24 hours) and the sorting of answers into failures."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx
import orjson
from pydantic import ValidationError

from services.mailgateway.domain.provider_status import ProviderError
from services.mailgateway.gateways.epost_models import DUPLICATE, WireError, WireToken, error_of, first_id_of
from services.mailgateway.gateways.provider import (
    AlreadyThere,
    InDoubt,
    ProviderFailure,
    Refused,
    Throttled,
    Unauthorised,
    Unreachable,
)

TOO_OFTEN = "E322"
_TOKEN_EXPIRED = "E101"  # noqa: S105 - a code
_CREDENTIAL_CODES = frozenset({"E001", "E002", "E004", "E319"})
# Within one array our names are unique, so E309 speaks of an earlier submission.
_DUPLICATE_CODES = frozenset({DUPLICATE, "E309"})
# The provider does not say how far it got: not taken as a refusal.
_UNSPECIFIC_CODES = frozenset({"E315", "E316", "E399", "E900"})
_UNDECIDED_STATUS = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY})
_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_LOGIN_PAUSE_SECONDS = 60.0
_CODE = re.compile(r"[EWI]\d{3}")
MAX_TOKEN_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens the provider's door; never shown."""

    vendor_id: str = field(repr=False)
    ekp: str = field(repr=False)
    secret: str = field(repr=False)
    password: str = field(repr=False)


class EpostSession:
    """Sends requests under a valid token; logs in when there is none, before it expires, and once after 401."""

    def __init__(
        self, client: httpx.AsyncClient, credentials: Credentials, token_minutes: int = MAX_TOKEN_MINUTES
    ) -> None:
        self._client = client
        self._credentials = credentials
        self._token_minutes = min(token_minutes, MAX_TOKEN_MINUTES)
        self._lock = asyncio.Lock()
        self._token: str | None = None
        self._renew_at = 0.0
        self._refused: Unauthorised | None = None
        self._ask_again_at = 0.0

    async def call(self, request: httpx.Request, *, submitting: bool = False) -> httpx.Response:
        """Send; every answer but a good one comes as a failure."""
        token = await self._valid_token()
        response = await self._send(request, token, submitting=submitting)
        if _login_needed(response):
            token = await self._valid_token(instead_of=token)
            response = await self._send(request, token, submitting=submitting)
        if response.is_success:
            return response
        raise failure_of(response, submitting=submitting)

    async def _send(self, request: httpx.Request, token: str, *, submitting: bool) -> httpx.Response:
        request.headers["Authorization"] = f"Bearer {token}"
        try:
            return await self._client.send(request)
        except _NOTHING_SENT as error:
            raise Unreachable(type(error).__name__) from None
        except httpx.HTTPError as error:
            reason = type(error).__name__
            raise (InDoubt(reason) if submitting else Unreachable(reason)) from None

    async def _valid_token(self, *, instead_of: str | None = None) -> str:
        async with self._lock:
            if self._token is None or self._token == instead_of or time.monotonic() >= self._renew_at:
                self._token = None
                self._token = await self._login()
            return self._token

    async def _login(self) -> str:
        # A wrong password is not tried again at once: the provider may lock the account.
        if self._refused is not None and time.monotonic() < self._ask_again_at:
            raise Unauthorised(self._refused.error)
        asked_at = time.monotonic()
        response = await self._ask_token()
        if not response.is_success:
            raise self._login_failure(response)
        try:
            token = WireToken.model_validate_json(response.content).token
        except ValidationError:
            raise Unreachable("login: unreadable answer") from None
        self._refused = None
        self._renew_at = asked_at + self._token_minutes * 60 * 23 / 24
        return token

    async def _ask_token(self) -> httpx.Response:
        body: Mapping[str, str | int] = {
            "vendorID": self._credentials.vendor_id,
            "ekp": self._credentials.ekp,
            "secret": self._credentials.secret,
            "password": self._credentials.password,
            "tokenDuration": self._token_minutes,
        }
        try:
            return await self._client.post(
                "/api/Login", content=orjson.dumps(body), headers={"Content-Type": "application/json"}
            )
        except httpx.HTTPError as error:
            raise Unreachable(f"login: {type(error).__name__}") from None

    def _login_failure(self, response: httpx.Response) -> ProviderFailure:
        failure = failure_of(response)
        if isinstance(failure, Refused):
            failure = Unauthorised(failure.error)
        if isinstance(failure, Unauthorised):
            self._refused = failure
            self._ask_again_at = time.monotonic() + _LOGIN_PAUSE_SECONDS
        return failure


def failure_of(response: httpx.Response, *, submitting: bool = False) -> ProviderFailure:
    """Sort a bad answer by what to do about it."""
    status = response.status_code
    error = error_in(response)
    if status == HTTPStatus.TOO_MANY_REQUESTS or error.code == TOO_OFTEN:
        return Throttled(retry_after_of(response) or 0.0)
    undecided = status not in range(400, 500) or status in _UNDECIDED_STATUS
    if undecided or (submitting and error.code in _UNSPECIFIC_CODES):
        reason = f"HTTP {status} {error.code}"
        return InDoubt(reason) if submitting else Unreachable(reason)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) or error.code in _CREDENTIAL_CODES:
        return Unauthorised(error)
    if submitting and error.code in _DUPLICATE_CODES:
        return AlreadyThere(error, first_id_of(error))
    if _CODE.fullmatch(error.code) is None:
        # Not the provider's own word: a proxy, or a wrong address. No letter may fail for that.
        return Unreachable(error.code)
    return Refused(error)


def error_in(response: httpx.Response) -> ProviderError:
    """Read the Error object; an answer without one of the provider's codes gets a code of its HTTP status."""
    try:
        error = error_of(WireError.model_validate_json(response.content))
    except ValidationError:
        error = ProviderError("")
    return error if _CODE.fullmatch(error.code) else ProviderError(f"HTTP{response.status_code}")


def retry_after_of(response: httpx.Response) -> float | None:
    """Read Retry-After in seconds."""
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else None


def _login_needed(response: httpx.Response) -> bool:
    if response.status_code != HTTPStatus.UNAUTHORIZED:
        return False
    code = error_in(response).code
    return code == _TOKEN_EXPIRED or code not in _CREDENTIAL_CODES
