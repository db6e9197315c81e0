"""What people are told about their appointments: the sheets of the mails."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.appointments.domain.booking import Allocation, Booking, Item
from services.appointments.domain.letter import PREFIX, Action, Block, Bullets, Facts, Language, Sheet, one_line
from services.appointments.domain.mail_words import FRAMES, WORDS, Frame, Occasion
from services.appointments.domain.master_data import MasterData, Office, Service, Text
from services.appointments.domain.tokens import sign
from services.appointments.domain.when import span_words, start_words

_NO_NAME = re.compile(r"[:/@<>\\]|\.\w{2}|\d{3}")
"""Whoever books could have us send an address or a number of theirs to somebody else: such a name is not repeated."""
_WITH_DETAILS: tuple[Occasion, ...] = ("booked", "moved", "restored", "reminder")
_WITH_FILE: tuple[Occasion, ...] = ("booked", "moved", "restored")
_WITH_NUMBER: tuple[Occasion, ...] = (*_WITH_DETAILS, "cancelled")


@dataclass(frozen=True, slots=True)
class House:
    """The town as a sender, and what its links are made of."""

    town: str
    portal_url: str
    """Without a slash at the end."""
    key: bytes
    master: MasterData

    def page(self, language: Language, path: str) -> str:
        """Return the address of a page in somebody's language."""
        return f"{self.portal_url}{PREFIX[language]}{path}"

    def booking_page(self, language: Language, booking: Booking) -> str:
        """Return where one sees, moves and cancels an appointment."""
        return self.page(language, f"/termin/{sign(self.key, 'booking', booking.booking_id)}")

    def feed(self, booking: Booking) -> str:
        """Return the calendar of all appointments under one e-mail address.

        Only a mail to this address may say it: who books with the address of somebody else must not learn more.
        """
        return f"{self.portal_url}/termin/kalender/{sign(self.key, 'feed', booking.booking_id)}.ics"


@dataclass(frozen=True, slots=True)
class About:
    """What a mail is about."""

    booking: Booking
    now: datetime
    previous: Allocation | None = None


def language_of(booking: Booking) -> Language:
    """Return the language in which somebody wants to be written to."""
    return "de" if booking.person is None else booking.person.language


def said(text: Text, language: Language) -> str:
    """Return a text in one language."""
    return {"de": text.de, "en": text.en, "plain": text.plain}[language]


def item_words(items: Sequence[Item], master: MasterData, language: Language) -> tuple[str, ...]:
    """Return what somebody comes for, one line each."""
    return tuple(
        f"{each.count} × {said(master.services[each.service].name, language)}"
        if each.count > 1
        else said(master.services[each.service].name, language)
        for each in items
        if each.service in master.services
    )


def sheet_of(occasion: Occasion, about: About, house: House) -> Sheet:
    """Compose what one person is told."""
    booking, language = about.booking, language_of(about.booking)
    words, frame, office = WORDS[language][occasion], FRAMES[language], house.master.offices[booking.allocation.office]
    until = booking.expires_at or booking.allocation.starts_at
    told = {
        "when": start_words(booking.allocation.starts_at, language),
        "until": start_words(until, language),
        "minutes": str(max(1, round((until - about.now).total_seconds() / 60))),
    }
    rows = facts(about, house, with_number=occasion in _WITH_NUMBER).rows
    blocks: list[Block] = [greeting(booking, frame), words.opening.format(**told)]
    if occasion in _WITH_DETAILS:
        blocks += [Facts((*rows, *_fees(booking, frame, house))), *_lists(occasion, booking, frame, house)]
    else:
        blocks.append(Facts(rows))
    blocks.append(Action(words.action, _link(occasion, booking, house), main=True))
    if words.closing:
        blocks.append(words.closing)
    if occasion in _WITH_FILE:
        blocks.append(frame.calendar_hint)
    if occasion in _WITH_DETAILS:
        blocks.append(Action(frame.calendar, house.feed(booking)))
    if occasion != "cancelled":
        blocks.append(frame.private)
    blocks.append(closing(frame, office, house))
    return Sheet(language, words.subject.format(**told), tuple(blocks))


def links_sheet(bookings: Sequence[Booking], house: House) -> Sheet:
    """Compose the answer to a lost link: all appointments to come under one address."""
    language = language_of(bookings[-1])
    frame = FRAMES[language]
    blocks: list[Block] = [frame.greeting_nobody, frame.links_opening]
    for each in bookings:
        blocks.append(facts(About(each, each.created_at), house, with_number=True))
        blocks.append(Action(frame.links_action, house.booking_page(language, each), main=True))
    office = house.master.offices[bookings[-1].allocation.office]
    return Sheet(language, frame.links_subject, (*blocks, frame.private, closing(frame, office, house)))


def greeting(booking: Booking, frame: Frame) -> str:
    """Return how somebody is addressed."""
    name = "" if booking.person is None else one_line(booking.person.name, most=60)
    return frame.greeting_nobody if not name or _NO_NAME.search(name) else frame.greeting.format(name=name)


def closing(frame: Frame, office: Office, house: House) -> str:
    """Return whom to ask."""
    return frame.questions.format(phone=office.phone, town=house.town, office=office.name)


def facts(about: About, house: House, *, with_number: bool) -> Facts:
    """Return what, when, where."""
    booking, language, master = about.booking, language_of(about.booking), house.master
    frame, where = FRAMES[language], booking.allocation
    office = master.offices[where.office]
    rows = [
        (frame.what, item_words(booking.items, master, language)),
        (frame.when, span_words(where.starts_at, where.ends_at, language)),
        (frame.where, (office.name, office.address)),
    ]
    if about.previous is not None:
        old = start_words(about.previous.starts_at, language)
        moved_house = about.previous.office != where.office and about.previous.office in master.offices
        places = (master.offices[about.previous.office].name,) if moved_house else ()
        rows.insert(2, (frame.before, (old, *places)))
    if with_number:
        rows.append((frame.number, (booking.number,)))
    return Facts(tuple(rows))


def _fees(booking: Booking, frame: Frame, house: House) -> tuple[tuple[str, tuple[str, ...]], ...]:
    language, services = language_of(booking), services_of(booking, house.master)
    counts = {each.service: each.count for each in booking.items}
    named = ((each, said(each.fee, language).replace(" €", "\N{NO-BREAK SPACE}€")) for each in services if each.fee)
    fees = tuple(
        (f"{said(each.name, language)}: " if len(services) > 1 else "")
        + fee
        + (frame.fee_each if counts[each.code] > 1 else "")
        for each, fee in named
    )
    return ((frame.fee, fees),) if fees else ()


def _lists(occasion: Occasion, booking: Booking, frame: Frame, house: House) -> list[Block]:
    language, services = language_of(booking), services_of(booking, house.master)
    bring = tuple(dict.fromkeys(said(text, language) for each in services for text in each.bring))
    hints = tuple(dict.fromkeys(said(each.hint, language) for each in services if each.hint.de))
    found: list[Block] = [Bullets(frame.bring, bring)] if bring else []
    return found + ([Bullets(frame.good_to_know, hints)] if hints and occasion != "reminder" else [])


def services_of(booking: Booking, master: MasterData) -> list[Service]:
    """Return the services of a visit that the master data still know."""
    return [master.services[each.service] for each in booking.items if each.service in master.services]


def _link(occasion: Occasion, booking: Booking, house: House) -> str:
    language = language_of(booking)
    if occasion == "cancelled":
        return house.page(language, "/termin")
    if occasion == "confirm":
        return house.page(language, f"/termin/bestaetigen/{sign(house.key, 'confirm', booking.booking_id)}")
    if occasion == "offered":
        return house.page(language, f"/termin/angebot/{sign(house.key, 'booking', booking.booking_id)}")
    return house.booking_page(language, booking)
