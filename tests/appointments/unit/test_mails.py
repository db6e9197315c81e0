"""The mails about appointments: what they say, in which language, and what nobody can smuggle into them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any, cast, get_args
from uuid import UUID

import pytest
from icalendar import Calendar

from services.appointments.domain import tokens
from services.appointments.domain.appointment_mail import About, House, links_sheet, sheet_of
from services.appointments.domain.booking import Allocation, Booking, Item, Person
from services.appointments.domain.letter import PREFIX, Attachment, Language, Posting, Sheet, compose, html, text
from services.appointments.domain.mail_words import Occasion
from services.appointments.domain.ticks import tick_of
from services.appointments.domain.when import span_words, start_words
from services.appointments.gateways import ics
from services.appointments.storage.master_data import read_master_data
from tests.appointments.town import KEY, NINE, NOW, local

MASTER, _ = read_master_data()
HOUSE = House("Stadt Tangerhütte", "https://rathaus.example", KEY, MASTER)
SENDER = "Stadt Tangerhütte <termine@tangerhuette.example>"
OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)
LANGUAGES: tuple[Language, ...] = get_args(Language)
ANNA = Person("Anna Beispiel", "anna@example.org")
BOOKING = Booking(
    booking_id=UUID(int=7),
    state="booked",
    allocation=Allocation("buergerbuero", ("schalter-1",), tick_of(NINE), 10, 10),
    items=(Item("personalausweis", 2), Item("hund")),
    person=ANNA,
    channel="web",
    number="K7QD",
    version=3,
    expires_at=None,
    created_at=NOW,
)


def posting(recipient: str = "anna@example.org") -> Posting:
    return Posting(UUID(int=9), SENDER, recipient, NOW)


def parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def sheet(occasion: Occasion, language: Language = "de", **more: Any) -> Sheet:
    booking = replace(BOOKING, person=replace(ANNA, language=language), **more)
    return sheet_of(occasion, About(booking, NOW), HOUSE)


def event_of(content: bytes) -> Any:
    (event,) = Calendar.from_ical(content).events
    return event


def test_a_booked_appointment_is_told_with_all_that_one_needs() -> None:
    told = sheet("booked")

    assert told.subject == "Ihr Termin: Dienstag, 1. Dezember 2026, 9:00 Uhr"
    for part in (
        "Guten Tag Anna Beispiel,",
        "2 × Personalausweis beantragen\n          Hund an- oder abmelden",
        "Dienstag, 1. Dezember 2026\n      9:00 bis 9:50 Uhr",
        "Bismarckstraße 5, 39517 Tangerhütte",
        "Terminnummer: K7QD",
        "37,00\N{NO-BREAK SPACE}€ (unter 24 Jahren 22,80\N{NO-BREAK SPACE}€), je Person",
        "- biometrisches Foto (digital)\n- Nachweis der Haftpflichtversicherung",
        f"https://rathaus.example/termin/{tokens.sign(KEY, 'booking', BOOKING.booking_id)}\n",
        f"https://rathaus.example/termin/kalender/{tokens.sign(KEY, 'feed', BOOKING.booking_id)}.ics",
        "03935 9317-0",
    ):
        assert part in text(told)


@pytest.mark.parametrize(
    ("occasion", "path"),
    [("confirm", "/termin/bestaetigen/"), ("offered", "/termin/angebot/"), ("reminder", "/termin/")],
)
def test_each_mail_leads_to_its_page_in_the_language_of_its_reader(occasion: Occasion, path: str) -> None:
    purpose: tokens.Purpose = "confirm" if occasion == "confirm" else "booking"
    token = tokens.sign(KEY, purpose, BOOKING.booking_id)

    for language, prefix in PREFIX.items():
        assert f"\nhttps://rathaus.example{prefix}{path}{token}\n" in text(sheet(occasion, language))


def test_what_must_be_confirmed_says_until_when() -> None:
    told = text(sheet("confirm", expires_at=NOW + timedelta(minutes=60)))

    assert "innerhalb von 60 Minuten (bis Montag, 23. November 2026, 9:00 Uhr)" in told


def test_a_moved_appointment_tells_where_it_was() -> None:
    old = replace(BOOKING.allocation, office="luederitz", first_tick=tick_of(local("2026-11-30 14:00")))

    told = text(sheet_of("moved", About(BOOKING, NOW, old), HOUSE))

    assert "Bisher: Montag, 30. November 2026, 14:00 Uhr\n        Außenstelle Lüderitz\n" in told


def test_a_cancelled_appointment_opens_no_link_to_it() -> None:
    told = text(sheet("cancelled"))

    assert "https://rathaus.example/termin\n" in told
    assert tokens.sign(KEY, "booking", BOOKING.booking_id) not in told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("occasion", OCCASIONS)
def test_text_and_html_say_the_same_in_every_language(occasion: Occasion, language: Language) -> None:
    told = sheet(occasion, language, expires_at=NOW + timedelta(minutes=15))

    written, drawn = text(told), visible(html(told))

    assert "{" not in told.subject + written
    for word in set(re.findall(r"\w+", re.sub(r"https?://\S+", "", written))):
        assert word in drawn


def test_lost_links_name_every_appointment() -> None:
    other = replace(BOOKING, booking_id=UUID(int=8), number="ZZZZ")

    told = text(links_sheet([BOOKING, other], HOUSE))

    assert "K7QD" in told
    assert "ZZZZ" in told
    assert told.count("/termin/") == 2


def test_no_line_of_a_name_or_address_becomes_a_header() -> None:
    nasty = "Eve\r\nBcc: all@example.org\x85\u2028<b>x"
    booking = replace(BOOKING, person=Person(nasty, "eve@example.org\r\nBcc: all@example.org", note="n" * 4000))
    told = sheet_of("booked", About(booking, NOW), HOUSE)
    invitation = ics.invitation(booking, HOUSE, organizer="termine@x.example", method="REQUEST", now=NOW)

    mail = parsed(compose(posting("eve@example.org\nBcc: all@example.org"), told, Attachment(invitation, "REQUEST")))

    assert mail["Bcc"] is None
    assert b"\nBcc" not in invitation
    assert "<b>x" not in html(told)


@pytest.mark.parametrize("name", ["Gewinn unter http://x.example", "www.x.example", "Rufen Sie 0900 123", "a@b.de"])
def test_a_name_that_is_a_message_is_not_passed_on(name: str) -> None:
    told = sheet_of("booked", About(replace(BOOKING, person=Person(name, "a@example.org")), NOW), HOUSE)

    assert text(told).startswith("Guten Tag,\n")


def test_a_mail_is_text_html_and_an_invitation_under_an_id_that_stays() -> None:
    invitation = ics.invitation(BOOKING, HOUSE, organizer="termine@x.example", method="REQUEST", now=NOW)

    first = compose(posting(), sheet("booked"), Attachment(invitation, "REQUEST"))
    mail = parsed(first)

    alternative, attached = cast("list[EmailMessage]", list(mail.iter_parts()))
    kinds = [part.get_content_type() for part in alternative.iter_parts()]
    assert (mail.get_content_type(), kinds) == ("multipart/mixed", ["text/plain", "text/html"])
    assert (attached.get_content_type(), attached.get_filename()) == ("text/calendar", "termin.ics")
    assert dict(attached["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert attached.get_payload(decode=True) == invitation
    assert mail["Message-ID"] == f"<{UUID(int=9).hex}@tangerhuette.example>"
    assert mail["Subject"] == sheet("booked").subject
    assert max(map(len, first.split(b"\r\n"))) <= 998


def test_an_invitation_is_a_calendar_entry_that_follows_the_appointment() -> None:
    moved = replace(BOOKING, version=4, allocation=replace(BOOKING.allocation, first_tick=tick_of(NINE) + 12))

    first = event_of(ics.invitation(BOOKING, HOUSE, organizer="t@x.example", method="REQUEST", now=NOW))
    later = event_of(ics.invitation(moved, HOUSE, organizer="t@x.example", method="REQUEST", now=NOW))

    assert str(first["uid"]) == str(later["uid"]) == f"{BOOKING.booking_id}@rathaus.example"
    assert (int(first["sequence"]), int(later["sequence"])) == (2, 3)
    assert (first.start, first.end) == (NINE, NINE + timedelta(minutes=50))
    assert later.start == NINE + timedelta(hours=1)
    assert str(first["organizer"]) == "mailto:t@x.example"
    assert str(first["attendee"]) == "mailto:anna@example.org"
    assert str(first["location"]) == "Bürgerbüro Tangerhütte, Bismarckstraße 5, 39517 Tangerhütte"
    assert str(first["status"]) == "CONFIRMED"


def test_a_cancellation_takes_the_entry_out() -> None:
    gone = replace(BOOKING, state="cancelled")

    content = ics.invitation(gone, HOUSE, organizer="t@x.example", method="CANCEL", now=NOW)

    assert b"\r\nMETHOD:CANCEL\r\n" in content
    assert str(event_of(content)["status"]) == "CANCELLED"


def test_times_are_told_as_clocks_show_them_on_both_sides_of_a_change() -> None:
    summer, winter = local("2026-10-23 09:00"), local("2026-10-26 09:00")

    assert start_words(summer, "de") == "Freitag, 23. Oktober 2026, 9:00 Uhr"
    assert start_words(winter, "en") == "Monday, 26 October 2026, 9:00"
    assert (winter - summer) == timedelta(days=3, hours=1)
    assert span_words(winter, winter + timedelta(minutes=20), "plain") == (
        "Montag, 26. Oktober 2026",
        "um 9:00 Uhr. Es dauert ungefähr 20 Minuten.",
    )


def visible(page: str) -> str:
    """Return what a browser shows of a page."""
    parts: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            parts.append(data)

    Reader().feed(page)
    return " ".join(parts)
