"""The sentences of the mails, in German, English and plain German (Einfache Sprache)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.appointments.domain.letter import Language

Occasion = Literal["booked", "moved", "cancelled", "restored", "confirm", "offered", "reminder"]


@dataclass(frozen=True, slots=True)
class Words:
    """One occasion: `{when}` is the start, `{until}` and `{minutes}` how long it can be taken."""

    subject: str
    opening: str
    action: str
    closing: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What all mails of one language have in common."""

    greeting: str
    greeting_nobody: str
    what: str
    when: str
    where: str
    number: str
    fee: str
    fee_each: str
    before: str
    bring: str
    good_to_know: str
    calendar: str
    calendar_hint: str
    questions: str
    private: str
    links_subject: str
    links_opening: str
    links_action: str


DE: Mapping[Occasion, Words] = {
    "booked": Words(
        "Ihr Termin: {when}",
        "Ihr Termin ist gebucht.",
        "Termin ansehen, verlegen oder absagen",
        "Können Sie nicht kommen? Bitte sagen Sie den Termin ab. Dann kann ihn jemand anders nehmen.",
    ),
    "moved": Words(
        "Ihr Termin ist verlegt: {when}",
        "Ihr Termin ist verlegt. Bitte kommen Sie zur neuen Zeit.",
        "Termin ansehen, verlegen oder absagen",
    ),
    "cancelled": Words(
        "Abgesagt: Ihr Termin am {when}",
        "Ihr Termin ist abgesagt. Sie müssen nicht kommen.",
        "Neuen Termin buchen",
    ),
    "restored": Words(
        "Ihr Termin gilt wieder: {when}",
        "Ihr Termin war abgesagt. Wir haben die Absage zurückgenommen: Der Termin gilt wieder, zur selben Zeit.",
        "Termin ansehen, verlegen oder absagen",
        "Möchten Sie nicht kommen? Bitte sagen Sie den Termin ab. Dann kann ihn jemand anders nehmen.",
    ),
    "confirm": Words(
        "Bitte bestätigen Sie Ihren Termin: {when}",
        "wir halten diesen Termin für Sie frei. Bitte bestätigen Sie ihn innerhalb von {minutes} Minuten "
        "(bis {until}). Ohne Ihre Bestätigung verfällt er.",
        "Termin bestätigen",
        "Haben Sie keinen Termin gewünscht? Dann brauchen Sie nichts zu tun.",
    ),
    "offered": Words(
        "Für Sie frei geworden: {when}",
        "Sie stehen auf unserer Warteliste. Dieser Termin ist frei geworden, und wir halten ihn bis {until} für Sie. "
        "Danach bieten wir ihn jemand anderem an.",
        "Termin annehmen oder ablehnen",
        "Ist die Zeit schon vorbei? Sie bleiben auf der Warteliste.",
    ),
    "reminder": Words(
        "Erinnerung: Ihr Termin {when}",
        "wir erinnern Sie an Ihren Termin.",
        "Termin ansehen, verlegen oder absagen",
        "Können Sie nicht kommen? Bitte sagen Sie den Termin ab. Dann kann ihn jemand anders nehmen.",
    ),
}
EN: Mapping[Occasion, Words] = {
    "booked": Words(
        "Your appointment: {when}",
        "Your appointment is booked.",
        "View, move or cancel the appointment",
        "If you cannot come, please cancel the appointment so that somebody else can have it.",
    ),
    "moved": Words(
        "Your appointment has been moved: {when}",
        "Your appointment has been moved. Please come at the new time.",
        "View, move or cancel the appointment",
    ),
    "cancelled": Words(
        "Cancelled: your appointment on {when}",
        "Your appointment is cancelled. You do not need to come.",
        "Book a new appointment",
    ),
    "restored": Words(
        "Your appointment is valid again: {when}",
        "Your appointment had been cancelled. We have taken this back: it is valid again, at the same time.",
        "View, move or cancel the appointment",
        "If you do not want to come, please cancel the appointment so that somebody else can have it.",
    ),
    "confirm": Words(
        "Please confirm your appointment: {when}",
        "We are holding this appointment for you. Please confirm it within {minutes} minutes (until {until}). "
        "Without your confirmation it will lapse.",
        "Confirm the appointment",
        "If you did not ask for an appointment, you do not need to do anything.",
    ),
    "offered": Words(
        "Now free for you: {when}",
        "You are on our waiting list. This appointment has become free, and we are holding it for you until {until}. "
        "After that we will offer it to somebody else.",
        "Accept or decline the appointment",
        "If this time has already passed, you stay on the waiting list.",
    ),
    "reminder": Words(
        "Reminder: your appointment on {when}",
        "This is a reminder of your appointment.",
        "View, move or cancel the appointment",
        "If you cannot come, please cancel the appointment so that somebody else can have it.",
    ),
}
PLAIN: Mapping[Occasion, Words] = {
    "booked": Words(
        "Ihr Termin: {when}",
        "Sie haben einen Termin.",
        "Termin ansehen oder ändern",
        "Sie können nicht kommen?\nDann sagen Sie den Termin bitte ab.\nEin anderer Mensch kann dann kommen.",
    ),
    "moved": Words(
        "Ihr Termin hat eine neue Zeit: {when}",
        "Ihr Termin hat eine neue Zeit.\nBitte kommen Sie zur neuen Zeit.",
        "Termin ansehen oder ändern",
    ),
    "cancelled": Words(
        "Ihr Termin fällt aus: {when}",
        "Ihr Termin fällt aus.\nSie müssen nicht kommen.",
        "Neuen Termin buchen",
    ),
    "restored": Words(
        "Ihr Termin gilt wieder: {when}",
        "Wir haben Ihnen geschrieben: Ihr Termin fällt aus.\nDas stimmt nicht mehr.\nIhr Termin gilt wieder.\n"
        "Bitte kommen Sie.",
        "Termin ansehen oder ändern",
        "Sie wollen nicht kommen?\nDann sagen Sie den Termin bitte ab.\nEin anderer Mensch kann dann kommen.",
    ),
    "confirm": Words(
        "Bitte bestätigen Sie Ihren Termin: {when}",
        "Wollen Sie diesen Termin haben?\nDann klicken Sie bitte auf den Link.\nSie haben {minutes} Minuten Zeit. "
        "Der Link geht bis {until}.\nDanach bekommt ein anderer Mensch den Termin.",
        "Ja, ich komme",
        "Sie wollen keinen Termin?\nDann müssen Sie nichts tun.",
    ),
    "offered": Words(
        "Ein Termin ist frei: {when}",
        "Sie warten auf einen Termin.\nJetzt ist ein Termin frei.\nSie können ihn bis {until} nehmen.\n"
        "Danach bekommt ihn ein anderer Mensch.",
        "Termin nehmen oder nicht nehmen",
        "Ist die Zeit vorbei?\nSie bleiben auf der Warte-Liste.",
    ),
    "reminder": Words(
        "Denken Sie an Ihren Termin: {when}",
        "Sie haben bald einen Termin.\nBitte denken Sie daran.",
        "Termin ansehen oder ändern",
        "Sie können nicht kommen?\nDann sagen Sie den Termin bitte ab.\nEin anderer Mensch kann dann kommen.",
    ),
}
WORDS: Mapping[Language, Mapping[Occasion, Words]] = {"de": DE, "en": EN, "plain": PLAIN}
FRAMES: Mapping[Language, Frame] = {
    "de": Frame(
        greeting="Guten Tag {name},",
        greeting_nobody="Guten Tag,",
        what="Anliegen",
        when="Wann",
        where="Wo",
        number="Terminnummer",
        fee="Gebühr",
        fee_each=", je Person",
        before="Bisher",
        bring="Bitte bringen Sie mit:",
        good_to_know="Gut zu wissen:",
        calendar="Alle Ihre Termine in Ihrem Kalender abonnieren",
        calendar_hint="Die Kalenderdatei im Anhang trägt den Termin in Ihren Kalender ein.",
        questions="Fragen? Rufen Sie uns an: {phone}.\n{town}, {office}",
        private="Geben Sie die Links nicht weiter: Wer sie hat, kann Ihren Termin ändern.",
        links_subject="Ihre Termine",
        links_opening="Sie haben die Links zu Ihren Terminen angefordert. Das sind alle Termine, die unter dieser "
        "E-Mail-Adresse gebucht sind. Haben Sie das nicht angefordert? Dann brauchen Sie nichts zu tun.",
        links_action="Diesen Termin ansehen, verlegen oder absagen",
    ),
    "en": Frame(
        greeting="Dear {name},",
        greeting_nobody="Hello,",
        what="Service",
        when="When",
        where="Where",
        number="Appointment number",
        fee="Fee",
        fee_each=", per person",
        before="Previously",
        bring="Please bring:",
        good_to_know="Good to know:",
        calendar="Subscribe to all your appointments in your calendar",
        calendar_hint="The attached calendar file adds the appointment to your calendar.",
        questions="Questions? Call us: {phone}.\n{town}, {office}",
        private="Please do not pass the links on: whoever has them can change your appointment.",
        links_subject="Your appointments",
        links_opening="You have asked for the links to your appointments. These are all appointments booked under this "
        "e-mail address. If you did not ask for them, you do not need to do anything.",
        links_action="View, move or cancel this appointment",
    ),
    "plain": Frame(
        greeting="Guten Tag {name},",
        greeting_nobody="Guten Tag,",
        what="Das machen Sie",
        when="Wann",
        where="Wo",
        number="Nummer von Ihrem Termin",
        fee="Das kostet es",
        fee_each=" Das bezahlt jede Person.",
        before="Das war die alte Zeit",
        bring="Das müssen Sie mitbringen:",
        good_to_know="Das ist wichtig:",
        calendar="Alle Termine in Ihren Kalender holen",
        calendar_hint="An dieser E-Mail hängt eine Datei.\nDamit kommt der Termin in Ihren Kalender.",
        questions="Haben Sie Fragen?\nRufen Sie uns an: {phone}.\n{town}, {office}",
        private="Geben Sie die Links nicht weiter.\nWer den Link hat, kann Ihren Termin ändern.",
        links_subject="Ihre Termine",
        links_opening="Sie wollen die Links zu Ihren Terminen haben.\nHier sind alle Ihre Termine.\n"
        "Haben Sie das nicht bestellt? Dann müssen Sie nichts tun.",
        links_action="Diesen Termin ansehen oder ändern",
    ),
}
