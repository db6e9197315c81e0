"""Words of the pages that the law wants: kept short and true."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {
    "privacy_title": ("Datenschutz", "Privacy", "Datenschutz"),
    "visit": ("Wenn Sie nur lesen", "If you only read", "Sie lesen nur"),
    "messages": ("Wenn Sie Nachrichten bestellen", "If you order messages", "Sie bestellen Nachrichten"),
    "appointments": ("Wenn Sie einen Termin buchen", "If you book an appointment", "Sie machen einen Termin"),
    "cookies": ("Cookies", "Cookies", "Cookies"),
    "rights": ("Ihre Rechte", "Your rights", "Ihre Rechte"),
    "privacy_visit": (
        (
            "Wer diese Seiten nur liest, hinterlässt nichts: keine Statistik, keine Werbung, keine fremden Dienste. "
            "Ihre IP-Adresse steht nur so lange im Arbeitsspeicher, wie es die Begrenzung zu häufiger Anfragen braucht."
        ),
        (
            "If you only read these pages you leave nothing behind: no statistics, no advertising, no third parties. "
            "Your IP address stays in working memory only as long as limiting too frequent requests needs it."
        ),
        "Sie lesen nur? Dann speichern wir nichts über Sie. Es gibt keine Werbung.",
    ),
    "privacy_messages": (
        (
            "Wenn Sie Nachrichten bestellen, speichern wir Ihre E-Mail-Adresse oder die Adresse Ihres Browsers, Ihre "
            "Themen, Ihre Sprache, Ihre Einwilligung mit Zeitpunkt und Fassung und die Liste der gesendeten "
            "Nachrichten (Art. 6 Abs. 1 Buchst. a DSGVO). Über den Link in jeder Nachricht sehen, ändern und löschen "
            "Sie das selbst."
        ),
        (
            "If you order messages we store your e-mail address or the address of your browser, your topics, your "
            "language, your consent with its time and version, and the list of messages sent (Art. 6(1)(a) GDPR). With "
            "the link in every message you can see, change and erase all of this yourself."
        ),
        (
            "Sie bestellen Nachrichten? Dann speichern wir Ihre Adresse und Ihre Themen. In jeder Nachricht ist ein "
            "Link. Damit können Sie alles ansehen, ändern und löschen."
        ),
    ),
    "privacy_appointments": (
        (
            "Wir speichern Ihren Namen, Ihre E-Mail-Adresse oder Telefonnummer, Ihren Hinweis an uns, Ihre Sprache, "
            "das Anliegen, Ort und Zeit (Art. 6 Abs. 1 Buchst. e DSGVO). Das sehen nur die Beschäftigten, die die "
            "Termine vergeben und Sie bedienen. Über den Link in der E-Mail verlegen und sagen Sie den Termin ab."
        ),
        (
            "We store your name, your e-mail address or phone number, your note to us, your language, what you come "
            "for, place and time (Art. 6(1)(e) GDPR). Only the staff who manage appointments and serve you see this. "
            "With the link in the e-mail you can move and cancel the appointment."
        ),
        (
            "Wir speichern Ihren Namen, Ihre E-Mail-Adresse oder Ihre Telefon-Nummer und was Sie uns geschrieben "
            "haben. Wir speichern auch: Was machen Sie? Wo und wann? Nur Menschen bei der Stadt sehen das."
        ),
    ),
    "privacy_kept": (
        (
            "90 Tage nach dem Termin löschen wir Name, E-Mail-Adresse, Telefonnummer und Hinweis; für die Statistik "
            "bleibt, wann wofür ein Termin war. Was Sie nur reserviert und nicht gebucht haben, löschen wir nach einem "
            "Tag; einen Eintrag auf der Warteliste, wenn er endet. Damit niemand alle Termine wegbucht, speichern wir "
            "einen Tag lang einen verschlüsselten Prüfwert Ihrer IP-Adresse."
        ),
        (
            "90 days after the appointment we delete name, e-mail address, phone number and note; for statistics we "
            "keep when an appointment was and what for. What you have only held and not booked we delete after a day; "
            "an entry on the waiting list when it ends. So that nobody books all the times, we store a keyed hash of "
            "your IP address for one day."
        ),
        (
            "90 Tage nach dem Termin löschen wir Ihren Namen, Ihre E-Mail-Adresse, Ihre Telefon-Nummer und was Sie "
            "geschrieben haben. Sie waren auf der Warte-Liste? Danach löschen wir auch das."
        ),
    ),
    "privacy_hall": (
        "Für eine Wartenummer brauchen wir keinen Namen. Auf der Anzeige stehen nur Nummern.",
        "For a waiting number we need no name. The display shows numbers only.",
        "Für eine Warte-Nummer brauchen wir keinen Namen.",
    ),
    "privacy_cookies": (
        (
            "Nach einer Anmeldung zu Nachrichten setzen wir für 48 Stunden ein Cookie, damit die Bestätigung mit einem "
            "Klick gelingt. Es enthält einen Prüfwert Ihrer Themen, nicht Ihre Adresse. Beschäftigte der Stadt "
            "bekommen bei der Anmeldung eigene."
        ),
        (
            "After a sign-up for messages we set a cookie for 48 hours so that confirming takes one click. It holds "
            "a check value of your topics, not your address. Staff of the town get their own when they sign in."
        ),
        "Sie bestellen Nachrichten? Dann merkt sich Ihr Browser das 2 Tage lang.",
    ),
    "privacy_visit_cookies": (
        (
            "Beim Buchen eines Termins setzen wir bis zu vier: „termin“ für 2 Stunden mit dem Link zu Ihrem Termin, "
            "damit die Bestätigung mit einem Klick gelingt; „termin-angaben“ für 30 Minuten mit dem, was Sie in das "
            "Formular geschrieben haben, damit beim Wechsel der Uhrzeit nichts verloren geht; „warteraum“ für "
            "4 Stunden mit Ihrem Platz im Warteraum; „warteliste“ für 24 Stunden mit dem Link zu Ihrem Eintrag auf der "
            "Warteliste, damit auch seine Bestätigung mit einem Klick gelingt. Sie werden nur an diese Seiten gesendet."
        ),
        (
            "When you book an appointment we set up to four: “termin” for 2 hours with the link to your appointment, "
            "so that confirming takes one click; “termin-angaben” for 30 minutes with what you have typed, so that "
            "nothing is lost when you choose another time; “warteraum” for 4 hours with your place in the waiting "
            "room; “warteliste” for 24 hours with the link to your entry on the waiting list, so that confirming it "
            "takes one click too. They are sent to this site only."
        ),
        (
            "Sie machen einen Termin? Dann merkt sich Ihr Browser 2 Stunden lang den Termin. Und 30 Minuten lang, was "
            "Sie geschrieben haben. Und 4 Stunden lang Ihren Platz im Warte-Raum. Und 1 Tag lang Ihren Platz auf der "
            "Warte-Liste."
        ),
    ),
    "privacy_rights": (
        (
            "Sie haben das Recht auf Auskunft, Berichtigung, Löschung, Einschränkung, Datenübertragbarkeit und "
            "Widerruf, und können sich bei der Landesbeauftragten für den Datenschutz Sachsen-Anhalt beschweren. "
            "Fragen an:"
        ),
        (
            "You have the right of access, rectification, erasure, restriction, portability and withdrawal, and may "
            "complain to the data protection commissioner of Saxony-Anhalt. Questions to:"
        ),
        "Sie dürfen uns immer fragen, was wir über Sie wissen. Bitte schreiben Sie an:",
    ),
    "accessible_title": ("Erklärung zur Barrierefreiheit", "Accessibility statement", "Barriere-Freiheit"),
    "accessible_state": (
        (
            "Diese Seiten sollen die Anforderungen der BITV 2.0 und der EN 301 549 (WCAG 2.1, Stufe AA) erfüllen. Sie "
            "werden bei jeder Änderung automatisch geprüft. Eine Prüfung durch eine unabhängige Stelle steht noch aus."
        ),
        (
            "This site is meant to meet BITV 2.0 and EN 301 549 (WCAG 2.1, level AA). It is checked automatically at "
            "every change. A test by an independent body has not taken place yet."
        ),
        "Alle sollen diese Seiten gut benutzen können. Wir prüfen das immer wieder.",
    ),
    "accessible_gaps": (
        (
            "Meldungen der Stadt gibt es nicht immer in einfacher Sprache und auf Englisch. Videos in Gebärdensprache "
            "gibt es noch nicht."
        ),
        (
            "Notices of the town are not always available in plain German and in English. There are no sign language "
            "videos yet."
        ),
        "Manche Meldungen sind nicht in einfacher Sprache. Es gibt noch keine Videos in Gebärden-Sprache.",
    ),
    "accessible_contact": (
        "Stoßen Sie auf eine Barriere? Bitte schreiben Sie uns, wir antworten:",
        "Have you met a barrier? Please write to us, we will answer:",
        "Geht etwas nicht? Bitte schreiben Sie uns:",
    ),
    "accessible_enforcement": (
        (
            "Wenn unsere Antwort Ihnen nicht hilft, können Sie sich an die Ombudsstelle für barrierefreie "
            "Informationstechnik des Landes Sachsen-Anhalt wenden."
        ),
        (
            "If our answer does not help, you can turn to the ombuds office for accessible information technology of "
            "Saxony-Anhalt."
        ),
        "Hilft unsere Antwort nicht? Dann hilft die Ombuds-Stelle vom Land Sachsen-Anhalt.",
    ),
    "imprint_title": ("Impressum", "Legal notice", "Impressum"),
    "imprint_who": (
        "Verantwortlich für diese Seiten:",
        "Responsible for this site:",
        "Diese Seiten sind von:",
    ),
    "imprint_software": (
        "Die Software ist frei (EUPL-1.2). Gestaltung: KERN UX (EUPL-1.2). Schrift: Fira Sans (OFL 1.1).",
        "The software is free (EUPL-1.2). Design: KERN UX (EUPL-1.2). Typeface: Fira Sans (OFL 1.1).",
        "Jeder darf die Software für diese Seiten benutzen (EUPL-1.2).",
    ),
    "contact": ("Kontakt", "Contact", "Kontakt"),
}
