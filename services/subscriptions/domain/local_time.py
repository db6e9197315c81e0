"""Instants as people read them, in local time."""

from __future__ import annotations

from datetime import datetime

from services.subscriptions.domain.announcing import Language
from services.subscriptions.domain.hours import LOCAL, local_day

_DAYS_DE = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_DE = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
_MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def moment(at: datetime, language: Language, *, told_at: datetime) -> str:
    """Return the time of day, and the day too when it is not the one on which people are told."""
    local = at.astimezone(LOCAL)
    clock = f"{local:%H:%M}" if language == "en" else f"{local:%H:%M} Uhr"
    if local_day(at) == local_day(told_at):
        return clock
    if language == "en":
        return f"{_DAYS_EN[local.weekday()]} {local.day} {_MONTHS_EN[local.month - 1]}, {clock}"
    return f"{_DAYS_DE[local.weekday()]}, {local.day}. {_MONTHS_DE[local.month - 1]}, {clock}"
