"""Appointments for tests that begin where one has been booked."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any
from uuid import uuid4

from playwright.async_api import Page

from tests.browser.offices import VILLAGE
from tests.browser.town import Town

LOST = "fundsachen"
"""Offered in the village only, at one counter: whoever is first has it."""


async def free(town: Town, office: str = VILLAGE, service: str = LOST) -> list[str]:
    """The free times of the coming days."""
    found = await town.ask_appointments("GET", f"/availability?office={office}&items={service}&days=3")
    return [start for day in found["days"] for start in day["starts"]]


async def hold(town: Town, starts_at: str, *, office: str = VILLAGE, service: str = LOST) -> dict[str, Any]:
    """Somebody else holds a time."""
    body = {
        "booking_id": str(uuid4()),
        "office": office,
        "items": [{"service": service, "count": 1}],
        "starts_at": starts_at,
        "language": "de",
        "client": f"client-{uuid4()}",
        "proof": await _proof(town),
        "queue": None,
    }
    found: dict[str, Any] = await town.ask_appointments("POST", "/holds", body)
    return found


async def book(town: Town, email: str, *, at: int = 0) -> str:
    """Book one of the free times; the token of the appointment."""
    held = await hold(town, (await free(town))[at])
    body = {"name": "Kim Muster", "email": email, "phone": None, "note": "", "language": "de"}
    booked = await town.ask_appointments("POST", f"/bookings/{held['token']}/confirmation", body)
    assert booked["state"] == "booked"
    return str(booked["token"])


async def proven(page: Page) -> None:
    """The browser has done its work."""
    await page.locator("[data-proven]").wait_for(state="attached")


async def _proof(town: Town) -> str:
    task = await town.ask_appointments("GET", "/proofs")
    number = next(
        each
        for each in range(task["maxnumber"] + 1)
        if hashlib.sha256(f"{task['salt']}{each}".encode()).hexdigest() == task["challenge"]
    )
    solution = {**{key: task[key] for key in ("algorithm", "challenge", "salt", "signature")}, "number": number}
    return base64.b64encode(json.dumps(solution).encode()).decode()
