"""Days and times in words, local time."""

from __future__ import annotations

from datetime import date, datetime

from services.appointments.domain.letter import Language
from services.appointments.domain.ticks import LOCAL

_DAYS_DE = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_DE = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day_words(day: date, language: Language) -> str:
    """Return a day with its weekday."""
    if language == "en":
        return f"{_DAYS_EN[day.weekday()]}, {day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
    return f"{_DAYS_DE[day.weekday()]}, {day.day}. {_MONTHS_DE[day.month - 1]} {day.year}"


def clock(at: datetime) -> str:
    """Return a local time."""
    local = at.astimezone(LOCAL)
    return f"{local.hour}:{local.minute:02}"


def time_words(at: datetime, language: Language) -> str:
    """Return a local time as people say it."""
    return clock(at) if language == "en" else f"{clock(at)} Uhr"


def start_words(at: datetime, language: Language) -> str:
    """Return day and time."""
    return f"{day_words(at.astimezone(LOCAL).date(), language)}, {time_words(at, language)}"


def span_words(starts_at: datetime, ends_at: datetime, language: Language) -> tuple[str, str]:
    """Return the day and the time of a visit; in plain German how long it takes instead of its end."""
    day = day_words(starts_at.astimezone(LOCAL).date(), language)
    if language == "plain":
        minutes = int((ends_at - starts_at).total_seconds()) // 60
        return day, f"um {time_words(starts_at, language)}. Es dauert ungefähr {minutes} Minuten."
    joint = "to" if language == "en" else "bis"
    return day, f"{clock(starts_at)} {joint} {time_words(ends_at, language)}"
