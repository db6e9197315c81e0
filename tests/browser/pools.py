"""Pools of which one is open, one outside its hours, one out of season, whenever the tests run."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/Berlin")
NOON = 12
EVENING, WINTER, WATCHED = "waldbad-abends", "strandbad-winter", "naturbad-wetter"
ALL_DAY = ("00:00", "23:59")

_POOL = """
[{code}]
name = "{name}"
address = "Am Beispiel 1, 39517 Tangerhütte"
latitude = 52.4335
longitude = 11.8005
warn_cell = "815090546"
season = {{ from = "{first}", to = "{last}" }}
[{code}.hours]
weekday = ["{opens}", "{closes}"]
weekend = ["{opens}", "{closes}"]
school_holidays = ["{opens}", "{closes}"]
[[{code}.prices]]
de = "Erwachsene"
en = "Adults"
eur = "2.00"
[[{code}.prices]]
de = "Letzte Stunde, für alle"
en = "Last hour, everybody"
eur = "1.00"
"""
_WEATHER = """
[{code}.weather]
thunderstorm = {{ automatic = false, min_severity = "moderate", lead_minutes = 60, clear_minutes = 30 }}
"""


def pools_file(at: datetime) -> str:
    """Write the master data; only one pool is watched."""
    local = at.astimezone(LOCAL)
    year, later = ("01-01", "12-31"), local.date() + timedelta(days=150)
    not_now = ("20:00", "21:00") if local.hour < NOON else ("01:00", "02:00")
    summer = (f"{later:%m-%d}", f"{later + timedelta(days=30):%m-%d}")
    return (
        _pool("freibad-tangerhuette", "Freibad Tangerhütte", year, ALL_DAY)
        + _pool(EVENING, "Waldbad am Abend", year, not_now)
        + _pool(WINTER, "Strandbad im Winter", summer, ALL_DAY)
        + _pool(WATCHED, "Naturbad am See", year, ALL_DAY)
        + _WEATHER.format(code=WATCHED)
    )


def _pool(code: str, name: str, season: tuple[str, str], hours: tuple[str, str]) -> str:
    return _POOL.format(code=code, name=name, first=season[0], last=season[1], opens=hours[0], closes=hours[1])
