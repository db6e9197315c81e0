"""The offices that a whole town is tried with: the shipped ones, and one that is open whatever the day and the hour."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from services.portal.web.say import ZONE

VILLAGE, COUNTER = "dorfhaus", "dorfhaus-1"
_SHIPPED = Path("services/appointments/data/offices.toml")
_RELEASE = 'release = { at = "07:30", gather_minutes = 15, queue_minutes = 30, admitted_per_minute = 60 }'
_HOURS_TO_RELEASE = 6
_ALL_DAY = """
[offices.dorfhaus]
name = "Dorfhaus Bellingen"
address = "Am Anger 2, 39517 Tangerhütte, Ortsteil Bellingen"
phone = "03935 9317-50"
latest_minutes = 0
days_ahead = 30
ticket_prefix = "D"
release = { at = "RELEASE", gather_minutes = 1000, queue_minutes = 1, admitted_per_minute = 60 }

[resources.dorfhaus-1]
office = "dorfhaus"
kind = "counter"
name = "Schalter Bellingen"

[services.fundsachen]
minutes = 10
most = 1
name = { de = "Fundsache abholen", en = "Collect lost property", plain = "Etwas Gefundenes abholen" }
hint = { de = "Bitte beschreiben Sie die Sache.", en = "Please describe the item.", plain = "Was haben Sie verloren?" }
bring = [{ de = "Ausweis", en = "identity card", plain = "Ihr Ausweis" }]
needs.dorfhaus = [{ kind = "counter", any_of = ["dorfhaus-1"] }]

[[series]]
office = "dorfhaus"
resources = ["dorfhaus-1"]
audience = "public"
weekdays = [0, 1, 2, 3, 4, 5, 6]
hours = ["00:00", "23:55"]
"""
"""Its waiting room gathers for the next hours. `always_open` adds what the series lacks."""


def offices_file() -> str:
    """The master data: no release in the middle of a test."""
    release = datetime.now(tz=ZONE) + timedelta(hours=_HOURS_TO_RELEASE)
    return _SHIPPED.read_text("utf-8").replace(_RELEASE, "") + _ALL_DAY.replace("RELEASE", f"{release:%H:%M}")


async def always_open(ask: Callable[[str, str, object], Awaitable[Any]]) -> None:
    """Open the village on holidays too: for whoever walks in from now until midnight, for bookings from tomorrow on.

    So there are as many times to choose from in the evening as in the morning.
    """
    path, today = f"/offices/{VILLAGE}/calendar", datetime.now(tz=ZONE).date()
    tomorrow, later = today + timedelta(days=1), today + timedelta(days=60)
    calendar = await ask("GET", path, None)
    series = [{**each, "first_day": tomorrow.isoformat()} for each in calendar["series"]]
    exceptions = [_opening("internal", today, today), _opening("public", tomorrow, later)]
    body = {"seen_version": calendar["version"], "series": series, "exceptions": exceptions, "by": "probe"}
    await ask("PUT", path, body)


def _opening(audience: str, first: date, last: date) -> dict[str, object]:
    return {
        "kind": "open",
        "audience": audience,
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "from_time": "00:00",
        "to_time": "00:00",
        "even_on_holidays": True,
    }
