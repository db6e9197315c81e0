"""Words of feeds, calendars, the widget, the poster and the interface page."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {}
