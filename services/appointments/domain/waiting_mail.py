"""What people are told when they join the waiting list.

Their name is not repeated: somebody else may have given this address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.appointments.domain.appointment_mail import House, closing, item_words
from services.appointments.domain.letter import Action, Facts, Language, Sheet
from services.appointments.domain.mail_words import FRAMES
from services.appointments.domain.tokens import sign
from services.appointments.domain.waiting import Entry
from services.appointments.domain.when import day_words


@dataclass(frozen=True, slots=True)
class _Words:
    subject: str
    opening: str
    offers: str
    action: str
    closing: str
    joint: str


_WORDS: Mapping[Language, _Words] = {
    "de": _Words(
        "Sie stehen auf der Warteliste",
        "Sie stehen auf unserer Warteliste.",
        "Wird ein passender Termin frei und sind Sie an der Reihe, dann schreiben wir Ihnen. "
        "Wir halten den Termin {minutes} Minuten für Sie frei.",
        "Platz ansehen oder Warteliste verlassen",
        "Haben Sie sich nicht eingetragen? Mit diesem Link können Sie den Eintrag löschen.",
        "bis",
    ),
    "en": _Words(
        "You are on the waiting list",
        "You are on our waiting list.",
        "When a suitable appointment becomes free and it is your turn, we will write to you. "
        "We then hold the appointment for you for {minutes} minutes.",
        "See your place or leave the waiting list",
        "If this was not you, you can delete the entry with this link.",
        "to",
    ),
    "plain": _Words(
        "Sie stehen auf der Warte-Liste",
        "Sie stehen auf unserer Warte-Liste.",
        "Vielleicht wird ein Termin frei.\nDann schreiben wir Ihnen eine E-Mail.\n"
        "Sie haben dann {minutes} Minuten Zeit für die Antwort.",
        "Warte-Liste ansehen oder verlassen",
        "Sie waren das nicht?\nDann löschen Sie den Eintrag bitte mit diesem Link.",
        "bis",
    ),
}


def joined_sheet(entry: Entry, language: Language, house: House, *, offer_minutes: float) -> Sheet:
    """Compose it, with the link to their place."""
    words, frame, wanted = _WORDS[language], FRAMES[language], entry.wanted
    offices = [house.master.offices[code] for code in wanted.offices]
    days = f"{day_words(wanted.first_day, language)} {words.joint} {day_words(wanted.last_day, language)}"
    rows = (
        (frame.what, item_words(wanted.items, house.master, language)),
        (frame.when, (days,)),
        (frame.where, tuple(each.name for each in offices)),
    )
    link = house.page(language, f"/termin/warteliste/{sign(house.key, 'waiting', entry.waiting_id)}")
    blocks = (
        frame.greeting_nobody,
        words.opening,
        Facts(rows),
        words.offers.format(minutes=round(offer_minutes)),
        Action(words.action, link, main=True),
        words.closing,
        closing(frame, offices[0], house),
    )
    return Sheet(language, words.subject, blocks)
