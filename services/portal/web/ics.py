"""Calendars (iCalendar, RFC 5545): one event per incident; what was a mistake is cancelled."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, Timezone

from services.portal.domain.items import Feed, Item

_ZONE = Timezone.from_tzid("Europe/Berlin", first_date=date(2026, 1, 1))
"""Stands in every calendar: one without any component is none, and some programs refuse it."""
_SHORTEST = timedelta(minutes=15)
_REFRESH = timedelta(minutes=15)


def ics(feed: Feed, *, host: str) -> bytes:
    """Return the calendar; `host` makes the names of events unique in the world."""
    calendar = Calendar()
    calendar.add("prodid", "-//Digitales Rathaus//DE")
    calendar.add("version", "2.0")
    calendar.add("name", feed.title)
    calendar.add("x-wr-calname", feed.title)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("url", feed.page_url)
    calendar.add_component(_ZONE)
    for item in feed.items:
        calendar.add_component(_event(item, host))
    return calendar.to_ical()


def _event(item: Item, host: str) -> Event:
    starts = _utc(item.begins_at)
    ends = _utc(item.ends_at or item.matter.expires_at or starts + _SHORTEST)
    never_began = ends <= starts
    event = Event()
    event.add("uid", f"{item.incident}@{host}")
    event.add("sequence", item.newest.number)
    event.add("dtstamp", _utc(item.newest.at))
    event.add("last-modified", _utc(item.newest.at))
    event.add("created", _utc(item.said[0].at))
    event.add("dtstart", starts)
    event.add("dtend", starts + _SHORTEST if never_began else ends)
    event.add("summary", item.matter.headline)
    event.add("description", "\n\n".join(f"{each.headline}\n{each.body}" for each in reversed(item.said)))
    event.add("status", "CANCELLED" if item.mistaken or never_began else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("url", item.url)
    if item.topics:
        event.add("categories", list(item.topics.values()))
    return event


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
