"""Everything the portal says: each key in German, English and plain German. Citizens and clerks read these."""

from __future__ import annotations

from services.portal.words import banner, common, desk, errors, legal, machine, people, pools, staff, start, topics

Words = tuple[str, str, str]
"""German, English, plain German (Einfache Sprache)."""
_TOPICS: dict[str, dict[str, Words]] = {
    "banner": banner.WORDS,
    "common": common.WORDS,
    "desk": desk.WORDS,
    "errors": errors.WORDS | staff.ERRORS,
    "legal": legal.WORDS,
    "machine": machine.WORDS,
    "people": people.WORDS,
    "pools": pools.WORDS,
    "staff": staff.WORDS,
    "start": start.WORDS,
    "topics": topics.WORDS,
}
WORDS: dict[str, Words] = {f"{topic}.{key}": texts for topic, words in _TOPICS.items() for key, texts in words.items()}
"""By `<topic>.<key>`."""
