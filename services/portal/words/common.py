"""Words that stand on every page."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {
    "official": ("Ein Angebot der {town}", "A service of {town}", "Das ist eine Seite von der {town}"),
    "portal": ("Digitales Rathaus", "Digital town hall", "Digitales Rathaus"),
    "skip": ("Zum Inhalt springen", "Skip to content", "Zum Inhalt springen"),
    "navigation": ("Hauptmenü", "Main menu", "Menü"),
    "nav_start": ("Start", "Home", "Start"),
    "nav_pools": ("Freibad", "Open-air pool", "Freibad"),
    "nav_appointments": ("Termin", "Appointments", "Termin"),
    "nav_news": ("Meldungen", "News", "Meldungen"),
    "nav_subscribe": ("Bescheid bekommen", "Get messages", "Nachricht bekommen"),
    "languages": ("Sprache", "Language", "Sprache"),
    "footer": ("Über diese Seiten", "About this site", "Über diese Seiten"),
    "privacy": ("Datenschutz", "Privacy", "Datenschutz"),
    "accessibility": ("Barrierefreiheit", "Accessibility", "Barriere-Freiheit"),
    "imprint": ("Impressum", "Legal notice", "Impressum"),
    "for_programs": ("Daten für Programme", "Data for programs", "Daten für Programme"),
    "lost_link": ("Einstellungen ändern", "Change your settings", "Einstellungen ändern"),
    "today": ("heute", "today", "heute"),
    "yesterday": ("gestern", "yesterday", "gestern"),
    "tomorrow": ("morgen", "tomorrow", "morgen"),
    "back_to_start": ("Zur Startseite", "Go to the home page", "Zur Start-Seite"),
    "offline_title": ("Keine Verbindung", "No connection", "Kein Internet"),
    "offline_text": (
        (
            "Ihr Gerät ist gerade nicht mit dem Internet verbunden. Ob das Freibad offen ist, können wir Ihnen deshalb "
            "nicht sagen: Was wir zuletzt wussten, kann überholt sein. Bitte versuchen Sie es mit Verbindung noch "
            "einmal."
        ),
        (
            "Your device is not connected to the internet. So we cannot tell you whether the pool is open: what we "
            "knew last may be out of date. Please try again when you are connected."
        ),
        (
            "Ihr Gerät hat gerade kein Internet. Wir wissen nicht, ob das Freibad offen ist. Bitte versuchen Sie es "
            "später noch einmal."
        ),
    ),
    "install": (
        "Diese Seite lässt sich wie eine App auf dem Telefon ablegen: im Menü des Browsers „Zum Startbildschirm“.",
        "You can keep this site on your phone like an app: choose “Add to home screen” in the browser menu.",
        "Sie können diese Seite wie eine App auf dem Handy haben. Im Menü steht: „Zum Startbildschirm“.",
    ),
}
