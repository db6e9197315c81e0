"""Letters by web push (RFC 8030): encrypted for one browser (RFC 8291), signed in the town's name (VAPID, RFC 8292)."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Self
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from http_ece import encrypt
from py_vapid import Vapid02

from chassis.clock import Clock, utc_now
from chassis.mailer import Outcome
from services.subscriptions.domain.announcing import worded
from services.subscriptions.domain.envelope import House
from services.subscriptions.domain.letter import Letter
from services.subscriptions.domain.message import details_link
from services.subscriptions.domain.push_address import are_keys, is_allowed
from services.subscriptions.domain.push_note import headers, note

SIGNED_FOR = timedelta(hours=12)
"""At most 24 hours (RFC 8292, 2)."""
SIGN_AGAIN_BEFORE = timedelta(hours=6)
LONGEST_PAUSE_SECONDS = 600.0
_GONE = (404, 410)
_OURS = (401, 403)
"""The service does not take our signature: nothing that a browser could do about."""
_TOO_MANY = 429
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class PushSettings:
    """How we appear to push services, and which of them we call."""

    key: Vapid02
    contact: str
    """`mailto:` or `https:`"""
    hosts: tuple[str, ...]


def read_key(path: Path) -> Vapid02:
    """Read the private key (PEM, P-256); ValueError when it is none. A missing one is never made here."""
    return Vapid02.from_pem(path.read_bytes().strip())


def public_key(key: Vapid02) -> str:
    """Return what browsers subscribe with (`applicationServerKey`), base64url."""
    point = key.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


class PushGateway:
    """One way out (`Handover`)."""

    def __init__(self, settings: PushSettings, *, house: House, connections: int = 32, now: Clock = utc_now) -> None:
        """Open nothing yet."""
        self._settings = settings
        self._house = house
        self._now = now
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(10, connect=5),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            follow_redirects=False,
            headers={"user-agent": "digitales-rathaus"},
        )
        self._signed: dict[str, tuple[datetime, str]] = {}
        self._paused_until: dict[str, float] = {}

    async def __aenter__(self) -> Self:
        """Use it as a context manager, or call `close`."""
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def hand_over(self, letter: Letter) -> Outcome:
        """Send one push message; the same letter again replaces the one before (Topic)."""
        endpoint = letter.push_endpoint
        if not endpoint or not is_allowed(endpoint, self._settings.hosts):
            return Outcome("refused", "not a push service of ours")
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(endpoint))
        if monotonic() < self._paused_until.get(origin, 0.0):
            return Outcome("deferred", f"{_TOO_MANY}")
        if not are_keys(letter.push_p256dh or "", letter.push_auth or ""):
            return Outcome("refused", "unusable keys")
        return await self._post(origin, endpoint, self._encrypted(letter), self._headers(letter, origin))

    async def _post(self, origin: str, endpoint: str, body: bytes, fields: dict[str, str]) -> Outcome:
        try:
            response = await self._client.post(endpoint, content=body, headers=fields)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return Outcome("deferred", "no connection")
        except httpx.TimeoutException:
            return Outcome("unknown", "time-out")
        except (httpx.HTTPError, httpx.InvalidURL):
            return Outcome("unknown", "lost")
        if response.status_code == _TOO_MANY or response.status_code >= _SERVER_ERROR:
            self._pause(origin, response)
        return _outcome(response.status_code)

    def _encrypted(self, letter: Letter) -> bytes:
        matter = letter.matter
        content = note(
            worded(matter.texts, letter.language),
            letter.language,
            incident_id=matter.incident_id,
            url=details_link(self._house, letter.language, letter.topic, matter.incident_id),
        )
        return encrypt(
            content,
            private_key=generate_private_key(SECP256R1()),
            dh=_decoded(letter.push_p256dh),
            auth_secret=_decoded(letter.push_auth),
            version="aes128gcm",
        )

    def _headers(self, letter: Letter, origin: str) -> dict[str, str]:
        now = self._now()
        matter = letter.matter
        return {
            **headers(urgency=matter.urgency, incident_id=matter.incident_id, expires_at=matter.expires_at, now=now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "Authorization": self._signature(origin, now),
        }

    def _signature(self, origin: str, now: datetime) -> str:
        """Sign once for each push service and some hours."""
        expires_at, signature = self._signed.get(origin, (now, ""))
        if expires_at - now <= SIGN_AGAIN_BEFORE:
            expires_at = now + SIGNED_FOR
            claims = {"aud": origin, "sub": self._settings.contact, "exp": int(expires_at.timestamp())}
            signature = self._settings.key.sign(claims)["Authorization"]
            self._signed[origin] = (expires_at, signature)
        return signature

    def _pause(self, origin: str, response: httpx.Response) -> None:
        """Heed Retry-After in seconds, up to a bound."""
        try:
            seconds = float(response.headers.get("retry-after", "0"))
        except ValueError:
            return
        if math.isfinite(seconds) and seconds > 0:
            self._paused_until[origin] = monotonic() + min(seconds, LONGEST_PAUSE_SECONDS)


def _decoded(base64url: str | None) -> bytes:
    return base64.urlsafe_b64decode(f"{base64url}===")


def _outcome(status: int) -> Outcome:
    if httpx.codes.is_success(status):
        return Outcome("accepted", str(status))
    if status in _GONE:
        return Outcome("refused", f"{status} gone")
    if status in _OURS or status == _TOO_MANY or status >= _SERVER_ERROR:
        return Outcome("deferred", str(status))
    return Outcome("refused", str(status))
