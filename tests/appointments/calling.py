"""Routes of the desk, called as another service does."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from chassis.health import Health
from chassis.http import Endpointed, make_app
from chassis.settings import ServiceSettings
from services.appointments.desk import Desk


@asynccontextmanager
async def calling(
    tokens_dir: Path, desk: Desk, *routes: Callable[[Desk], Sequence[Endpointed]], caller: str = "portal"
) -> AsyncGenerator[httpx.AsyncClient]:
    """Serve these routes to one caller, in this process."""
    (tokens_dir / f"from-{caller}").write_text("token\n")
    health = Health()
    health.started = True
    found = [endpoint for each in routes for endpoint in each(desk)]
    app = make_app(ServiceSettings(tokens_dir=tokens_dir), health, found)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://appointments", headers={"authorization": "Bearer token"}
    ) as client:
        yield client
