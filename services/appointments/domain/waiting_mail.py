"""What people on the waiting list are told: that they are on it, that they must confirm it, that it is over.

Their name is not repeated: somebody else may have given this address.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from services.appointments.domain.appointment_mail import House, closing, item_words
from services.appointments.domain.letter import Action, Block, Facts, Language, Sheet
from services.appointments.domain.mail_words import FRAMES
from services.appointments.domain.tokens import sign
from services.appointments.domain.waiting import Entry
from services.appointments.domain.waiting_words import CONFIRM, JOINED, OVER, TO_DAY, Words
from services.appointments.domain.when import day_words, start_words


def joined_sheet(entry: Entry, language: Language, house: House, *, offer_minutes: float) -> Sheet:
    """Compose what they get who have joined, with the link to their place."""
    link = house.page(language, f"/termin/warteliste/{sign(house.key, 'waiting', entry.waiting_id)}")
    return _sheet(entry, JOINED[language], language, house, link, offer_minutes=offer_minutes)


def confirm_sheet(entry: Entry, language: Language, house: House, *, offer_minutes: float) -> Sheet:
    """Compose what they get whose entry does not count yet, with the link that makes it count."""
    link = house.page(language, f"/termin/warteliste/{sign(house.key, 'join', entry.waiting_id)}/bestaetigen")
    return _sheet(entry, CONFIRM[language], language, house, link, offer_minutes=offer_minutes)


def over_sheet(entry: Entry, language: Language, house: House, *, own: datetime | None) -> Sheet:
    """Compose what they get who have waited in vain; `own`: the appointment that they have still.

    Its link is not in it: the address may be that of somebody else.
    """
    words, frame = OVER[language], FRAMES[language]
    blocks: list[Block] = [frame.greeting_nobody, words.opening, _facts(entry, language, house)]
    if own is None:
        line = ",".join(f"{each.service}:{each.count}" for each in entry.wanted.items)
        asked = urlencode({"anliegen": line})
        blocks += [
            words.again,
            Action(words.book, house.page(language, f"/termin/zeit?{asked}"), main=True),
            Action(words.join, house.page(language, f"/termin/warteliste?{asked}")),
        ]
    else:
        blocks += [
            words.stays.format(when=start_words(own, language)),
            Action(words.own, house.page(language, "/termin/link"), main=True),
        ]
    return Sheet(language, words.subject, (*blocks, *_closing(entry, language, house)))


def _sheet(entry: Entry, words: Words, language: Language, house: House, link: str, *, offer_minutes: float) -> Sheet:
    blocks = (
        FRAMES[language].greeting_nobody,
        words.opening.format(until=start_words(entry.confirm_until, language)),
        _facts(entry, language, house),
        words.offers.format(minutes=round(offer_minutes)),
        Action(words.action, link, main=True),
        words.closing,
        *_closing(entry, language, house),
    )
    return Sheet(language, words.subject, blocks)


def _facts(entry: Entry, language: Language, house: House) -> Facts:
    frame, wanted, offices = FRAMES[language], entry.wanted, house.master.offices
    first, last = (day_words(day, language) for day in (wanted.first_day, wanted.last_day))
    return Facts(
        (
            (frame.what, item_words(wanted.items, house.master, language)),
            (frame.when, (TO_DAY[language].format(first=first, last=last),)),
            (frame.where, tuple(offices[code].name for code in wanted.offices if code in offices)),
        )
    )


def _closing(entry: Entry, language: Language, house: House) -> tuple[str, ...]:
    """Return whom to ask: the first of their offices that the town still has."""
    known = [house.master.offices[code] for code in entry.wanted.offices if code in house.master.offices]
    return tuple(closing(FRAMES[language], office, house) for office in known[:1])
