"""Words of the pages that the law wants: kept short and true."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {
    "privacy_title": ("Datenschutz", "Privacy", "Datenschutz"),
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
    "privacy_cookies": (
        (
            "Nach einer Anmeldung setzen wir für 48 Stunden ein Cookie, damit die Bestätigung mit einem Klick gelingt. "
            "Es enthält Ihre Themen, nicht Ihre Adresse. Andere Cookies bekommen nur Beschäftigte der Stadt."
        ),
        (
            "After a sign-up we set a cookie for 48 hours so that confirming takes one click. It holds your topics, "
            "not your address. Only staff of the town get other cookies."
        ),
        "Nach der Anmeldung merkt sich Ihr Browser 2 Tage lang Ihre Themen.",
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
