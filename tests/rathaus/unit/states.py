"""What a town hall tells of itself."""

from __future__ import annotations

from rathaus.embedded.state import HallState


def a_state(*, pid: int, birth: str, addresses: dict[str, str] | None = None) -> HallState:
    return HallState(
        pid=pid,
        birth=birth,
        ready=True,
        nats_url="nats://127.0.0.1:1",
        portal_url="http://127.0.0.1:4",
        provider="simulator",
        addresses=addresses or {"notices": "http://127.0.0.1:2"},
        processes={"notices": 3},
    )
