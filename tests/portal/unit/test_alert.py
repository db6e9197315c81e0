"""Alerts (CAP), calendars and feeds from values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree as ET

from icalendar import Calendar
from lxml import etree

from services.portal.domain.atom import atom
from services.portal.domain.cap import Matter, Sender, cap
from services.portal.domain.items import Feed, Item, Said
from services.portal.domain.rss import rss
from services.portal.web.ics import ics

NOON = datetime(2026, 7, 21, 10, 0, 0, 123456, tzinfo=UTC)
SCHEMA = Path(__file__).parents[1] / "schemas" / "CAP-v1.2.xsd"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
TOWN = Sender("rathaus.example", "Stadt Tangerhütte", "15090546", "info@rathaus.example")


def said(number: int, kind: str, headline: str = "Zu", *, after: int = 0) -> Said:
    at = NOON + timedelta(minutes=after)
    return Said(number, kind, headline, "Bitte nicht kommen.", at, at + timedelta(hours=2))


def item(*words: Said, language: str = "de", mistaken: bool = False, ends_at: datetime | None = None) -> Item:
    return Item(UUID(int=5), language, "https://rathaus.example/m/5", words, {}, NOON, ends_at, mistaken)


def matter(code: str = "thunderstorm", *, over: bool = False) -> Matter:
    return Matter(code, {"de": "Bad geschlossen", "en": "Pool closed"}, "Freibad", over)


def feed(*items: Item) -> Feed:
    return Feed("urn:x", "Bad", "Stadt", "de", "https://rathaus.example/f", "https://rathaus.example", items)


def checked(body: bytes) -> ET.Element:
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(etree.fromstring(body))
    return ET.fromstring(body)  # noqa: S314 - our own


def test_times_of_an_alert_are_local_without_fractions() -> None:
    alert = checked(cap([item(said(1, "alert"))], matter(), TOWN))

    assert alert.findtext(f"{CAP}sent") == "2026-07-21T12:00:00+02:00"


def test_an_alert_in_two_languages_is_one_message() -> None:
    alert = checked(cap([item(said(1, "alert")), item(said(1, "alert"), language="en")], matter(), TOWN))

    assert [each.findtext(f"{CAP}event") for each in alert.findall(f"{CAP}info")] == ["Bad geschlossen", "Pool closed"]


def test_a_mistake_cancels_all_earlier_messages_and_says_so() -> None:
    history = (said(1, "alert"), said(2, "update", after=5), said(3, "correction", "War ein Irrtum", after=9))

    alert = checked(cap([item(*history, mistaken=True)], matter(over=True), TOWN))

    assert alert.findtext(f"{CAP}msgType") == "Cancel"
    assert alert.findtext(f"{CAP}note") == "War ein Irrtum"
    assert len(str(alert.findtext(f"{CAP}references")).split(" ")) == 2


def test_what_is_typed_breaks_no_document() -> None:
    nasty = item(said(1, "alert", "<b>]]>&\x00\x0b" + chr(0xFFFF)))

    documents = [cap([nasty], matter("other"), TOWN), atom(feed(nasty)), rss(feed(nasty))]

    assert ["<b>]]>&" in "".join(ET.fromstring(each).itertext()) for each in documents] == [True] * 3  # noqa: S314


def test_a_feed_changes_only_when_something_is_told() -> None:
    empty, told = feed(), feed(item(said(1, "alert")))

    assert atom(empty) == atom(empty)
    assert empty.updated < told.updated == NOON


def test_the_same_incident_has_another_name_in_each_language() -> None:
    names = {replace(item(said(1, "alert")), language=each).urn for each in ("de", "en", "plain")}

    assert len(names) == 3


def test_a_calendar_names_what_it_is_about_and_not_that_it_is_over() -> None:
    ended = item(said(1, "alert"), said(2, "all_clear", "Wieder offen", after=30), ends_at=NOON + timedelta(minutes=30))

    (event,) = Calendar.from_ical(ics(feed(ended), host="rathaus.example")).events

    assert (event["summary"], event["sequence"], event["status"]) == ("Zu", 2, "CONFIRMED")
    assert event.end - event.start == timedelta(minutes=30)


def test_what_was_called_off_before_it_began_is_cancelled() -> None:
    called_off = item(said(1, "alert"), said(2, "all_clear"), ends_at=NOON - timedelta(hours=1))

    (event,) = Calendar.from_ical(ics(feed(called_off), host="rathaus.example")).events

    assert event["status"] == "CANCELLED"
    assert event.start < event.end


def test_a_calendar_of_nothing_is_still_a_calendar() -> None:
    assert b"BEGIN:VTIMEZONE" in ics(feed(), host="rathaus.example")
