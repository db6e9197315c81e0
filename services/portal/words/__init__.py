"""Everything the portal says: each key in German, English and plain German. Citizens and clerks read these."""

from __future__ import annotations

from services.portal.words import (
    appointments,
    banner,
    common,
    desk,
    errors,
    legal,
    machine,
    people,
    pools,
    staff,
    staff_appointments,
    staff_hours,
    start,
    tickets,
    topics,
    waiting,
)

Words = tuple[str, str, str]
"""German, English, plain German (Einfache Sprache)."""
_TOPICS: dict[str, dict[str, Words]] = {
    "appointments": appointments.WORDS,
    "banner": banner.WORDS,
    "calls": tickets.CALLS,
    "common": common.WORDS,
    "counter": staff_appointments.WORDS,
    "desk": desk.WORDS,
    "errors": errors.WORDS | staff.ERRORS,
    "hours": staff_hours.WORDS,
    "legal": legal.WORDS,
    "machine": machine.WORDS,
    "people": people.WORDS,
    "pools": pools.WORDS,
    "staff": staff.WORDS,
    "start": start.WORDS,
    "tickets": tickets.WORDS,
    "topics": topics.WORDS,
    "waiting": waiting.WORDS,
}
WORDS: dict[str, Words] = {f"{topic}.{key}": texts for topic, words in _TOPICS.items() for key, texts in words.items()}
"""By `<topic>.<key>`."""
