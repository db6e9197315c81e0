"""The sentences of the mails of the waiting list, in German, English and plain German (Einfache Sprache)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.appointments.domain.letter import Language

TO_DAY: Mapping[Language, str] = {"de": "{first} bis {last}", "en": "{first} to {last}", "plain": "{first} bis {last}"}


@dataclass(frozen=True, slots=True)
class Words:
    """One occasion; `{minutes}` is how long an offer is held, `{until}` how long the link confirms."""

    subject: str
    opening: str
    action: str
    closing: str
    offers: str = ""


@dataclass(frozen=True, slots=True)
class OverWords:
    """The end: `{when}` is the appointment that they have still."""

    subject: str
    opening: str
    again: str
    book: str
    join: str
    stays: str
    own: str


JOINED: Mapping[Language, Words] = {
    "de": Words(
        "Sie stehen auf der Warteliste",
        "Sie stehen auf unserer Warteliste.",
        "Platz ansehen oder Warteliste verlassen",
        "Haben Sie sich nicht eingetragen? Mit diesem Link können Sie den Eintrag löschen.",
        "Wird ein passender Termin frei und sind Sie an der Reihe, dann schreiben wir Ihnen. "
        "Wir halten den Termin {minutes} Minuten für Sie frei.",
    ),
    "en": Words(
        "You are on the waiting list",
        "You are on our waiting list.",
        "See your place or leave the waiting list",
        "If this was not you, you can delete the entry with this link.",
        "When a suitable appointment becomes free and it is your turn, we will write to you. "
        "We then hold the appointment for you for {minutes} minutes.",
    ),
    "plain": Words(
        "Sie stehen auf der Warte-Liste",
        "Sie stehen auf unserer Warte-Liste.",
        "Warte-Liste ansehen oder verlassen",
        "Sie waren das nicht?\nDann löschen Sie den Eintrag bitte mit diesem Link.",
        "Vielleicht wird ein Termin frei.\nDann schreiben wir Ihnen eine E-Mail.\n"
        "Sie haben dann {minutes} Minuten Zeit für die Antwort.",
    ),
}
CONFIRM: Mapping[Language, Words] = {
    "de": Words(
        "Bitte bestätigen Sie Ihren Platz auf der Warteliste",
        "Sie möchten auf unsere Warteliste. Bitte bestätigen Sie das bis {until}. Erst dann zählt Ihr Eintrag; "
        "Ihr Platz richtet sich danach, wann Sie sich eingetragen haben.",
        "Eintrag bestätigen",
        "Mit demselben Link finden Sie später Ihren Platz. Haben Sie sich nicht eingetragen? "
        "Dann brauchen Sie nichts zu tun.",
        JOINED["de"].offers,
    ),
    "en": Words(
        "Please confirm your place on the waiting list",
        "You would like to join our waiting list. Please confirm this by {until}. Only then does your entry count; "
        "your place depends on when you joined.",
        "Confirm the entry",
        "The same link shows you your place later. If this was not you, you do not need to do anything.",
        JOINED["en"].offers,
    ),
    "plain": Words(
        "Wollen Sie auf die Warte-Liste?",
        "Wollen Sie auf unsere Warte-Liste?\nDann klicken Sie bitte auf den Link.\nDer Link geht bis {until}.",
        "Ja, ich will auf die Warte-Liste",
        "Sie waren das nicht?\nDann müssen Sie nichts tun.",
        JOINED["plain"].offers,
    ),
}
OVER: Mapping[Language, OverWords] = {
    "de": OverWords(
        "Ihre Zeit auf der Warteliste ist vorbei",
        "leider ist für Sie kein Termin dabei gewesen. Der letzte Tag, der Ihnen gepasst hätte, ist vorbei. "
        "Ihr Eintrag auf der Warteliste ist damit beendet, und Ihre Angaben dazu sind gelöscht.",
        "Sie brauchen noch einen Termin? Sehen Sie nach, was jetzt frei ist, oder tragen Sie sich wieder ein.",
        "Freie Termine ansehen",
        "Wieder auf die Warteliste",
        "Ihr Termin bleibt Ihnen: {when}.",
        "Link zu Ihrem Termin anfordern",
    ),
    "en": OverWords(
        "Your time on the waiting list is over",
        "Unfortunately there was no appointment for you. The last day that would have suited you has passed. "
        "Your entry on the waiting list has ended, and we have deleted your details.",
        "Do you still need an appointment? See what is free now, or join the list again.",
        "See free appointments",
        "Join the waiting list again",
        "Your appointment stays yours: {when}.",
        "Request the link to your appointment",
    ),
    "plain": OverWords(
        "Ihre Zeit auf der Warte-Liste ist vorbei",
        "Leider war kein Termin für Sie dabei.\nIhr letzter Tag auf der Warte-Liste ist vorbei.\n"
        "Wir haben Ihren Namen gelöscht.",
        "Brauchen Sie noch einen Termin?\nDann haben Sie zwei Möglichkeiten.",
        "Freie Termine ansehen",
        "Wieder auf die Warte-Liste",
        "Ihr Termin bleibt: {when}.",
        "Link zu Ihrem Termin bestellen",
    ),
}
