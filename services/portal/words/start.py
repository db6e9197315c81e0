"""Words of the start page."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {
    "title": ("Willkommen im digitalen Rathaus", "Welcome to the digital town hall", "Willkommen im digitalen Rathaus"),
    "intro": (
        "Was heute los ist, und wie Sie davon erfahren.",
        "What is happening today, and how to hear about it.",
        "Hier sehen Sie: Was ist heute wichtig?",
    ),
    "pools": ("Freibad", "Open-air pool", "Freibad"),
    "pools_away": (
        (
            "Ob das Bad offen ist, können wir im Moment nicht sagen. Bitte versuchen Sie es in einigen Minuten noch "
            "einmal."
        ),
        "Right now we cannot tell whether the pool is open. Please try again in a few minutes.",
        "Wir wissen gerade nicht, ob das Freibad offen ist. Bitte versuchen Sie es später noch einmal.",
    ),
    "news": ("Aktuelle Meldungen", "Current notices", "Neue Meldungen"),
    "news_none": (
        "Im Moment gibt es keine Meldungen.",
        "There are no notices at the moment.",
        "Gerade gibt es keine Meldungen.",
    ),
    "news_away": (
        "Die Meldungen können wir im Moment nicht zeigen.",
        "We cannot show the notices at the moment.",
        "Wir können die Meldungen gerade nicht zeigen.",
    ),
    "news_all": ("Alle Meldungen", "All notices", "Alle Meldungen"),
    "appointments": ("Termin", "Appointments", "Termin"),
    "appointments_text": (
        "Ausweis, Reisepass, Ummeldung und mehr: Suchen Sie sich eine Zeit aus, die Ihnen passt. Ohne Konto.",
        "Identity card, passport, change of address and more: choose a time that suits you. No account needed.",
        "Sie brauchen einen Ausweis? Oder Sie sind umgezogen? Hier bekommen Sie einen Termin.",
    ),
    "appointments_button": ("Termin buchen", "Book an appointment", "Termin buchen"),
    "subscribe": ("Bescheid bekommen", "Get messages", "Nachricht bekommen"),
    "subscribe_text": (
        (
            "Wir schreiben Ihnen, wenn das Freibad schließt, eine Straße gesperrt ist oder die Müllabfuhr später "
            "kommt. Nur zu den Themen, die Sie wählen. Ohne Konto, jederzeit abbestellbar."
        ),
        (
            "We write to you when the pool closes, a road is closed or the waste collection moves. Only about the "
            "topics you choose. No account needed, and you can stop at any time."
        ),
        (
            "Wir schreiben Ihnen eine Nachricht. Zum Beispiel: Das Freibad ist zu. Oder: Eine Straße ist gesperrt. "
            "Sie wählen selbst aus. Sie können immer wieder aufhören."
        ),
    ),
    "subscribe_button": ("Themen auswählen", "Choose topics", "Themen auswählen"),
    "details": ("Zeiten, Preise, Wasser", "Hours, prices, water", "Zeiten und Preise"),
}
