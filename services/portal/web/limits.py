"""How often one client may ask for something that costs or is worth guessing. In memory, per process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv4Address, ip_address, ip_network
from time import monotonic

from starlette.requests import Request

_REMEMBERED = 20_000


class Limit:
    """A token bucket per client: `burst` at once, then one each `seconds`."""

    def __init__(self, *, burst: int, seconds: float, now: Callable[[], float] = monotonic) -> None:
        """Start with full buckets."""
        self._burst = burst
        self._seconds = seconds
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, client: str) -> bool:
        """Take one token of a client; False when none is left."""
        now = self._now()
        left, at = self._buckets.pop(client, (float(self._burst), now))
        left = min(self._burst, left + (now - at) / self._seconds)
        allowed = left >= 1
        self._buckets[client] = (left - 1 if allowed else left, now)
        while len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        return allowed


def client_of(request: Request, header: str) -> str:
    """Return the client's address: the last entry of the proxy's header, where one is configured."""
    told = request.headers.get(header, "").rpartition(",")[2].strip() if header else ""
    return _line(told or (request.client.host if request.client else ""))


def _line(address: str) -> str:
    """Return one name for all addresses of a line: with IPv6 everybody has 2^64 of them."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
