"""The offices that a whole town is tried with: the shipped ones, whatever the hour."""

from __future__ import annotations

from pathlib import Path

_SHIPPED = Path("services/appointments/data/offices.toml")
_RELEASE = 'release = { at = "07:30", gather_minutes = 15, queue_minutes = 30, admitted_per_minute = 60 }'
_ALL_DAY = """
[offices.dorfhaus]
name = "Dorfhaus Bellingen"
address = "Am Anger 2, 39517 Tangerhütte, Ortsteil Bellingen"
phone = "03935 9317-50"
latest_minutes = 0
days_ahead = 30
ticket_prefix = "D"
release = { at = "23:59", gather_minutes = 1439, queue_minutes = 1, admitted_per_minute = 60 }

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
"""An office that is open day and night; its waiting room gathers all day."""


def offices_file() -> str:
    """The master data: no release of the Bürgerbüro in the middle of a test."""
    return _SHIPPED.read_text("utf-8").replace(_RELEASE, "") + _ALL_DAY
