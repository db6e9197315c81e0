"""Words of booking an appointment: what for, where and when, who."""

from __future__ import annotations

from services.portal.words.appointment_own import OWN

WORDS: dict[str, tuple[str, str, str]] = {
    **OWN,
    "step": ("Schritt {number} von 4", "Step {number} of 4", "Schritt {number} von 4"),
    "title": ("Termin buchen", "Book an appointment", "Termin buchen"),
    "what_question": ("Was möchten Sie erledigen?", "What would you like to do?", "Was wollen Sie machen?"),
    "what_hint": (
        "Sie können mehreres wählen. Wir planen dann einen Termin für alles.",
        "You can choose several. We then plan one visit for all of it.",
        "Sie können mehrere Sachen wählen. Sie bekommen einen Termin für alles.",
    ),
    "how_many": ("Für wie viele?", "For how many?", "Für wie viele?"),
    "to_times": ("Weiter zu den Zeiten", "Continue to the times", "Weiter"),
    "have_one": ("Sie haben schon einen Termin?", "You already have an appointment?", "Sie haben schon einen Termin?"),
    "have_one_text": (
        "Verlegen oder absagen können Sie ihn mit dem Link in Ihrer E-Mail. Verloren? Wir schicken ihn noch einmal.",
        "Use the link in your e-mail to move or cancel it. Lost it? We will send it again.",
        "In der E-Mail von uns ist ein Link. Damit können Sie den Termin ändern. Ist der Link weg? Wir helfen.",
    ),
    "today": ("Sie sind heute bei uns?", "Are you here today?", "Sind Sie heute bei uns?"),
    "link_button": ("Link noch einmal zuschicken", "Send the link again", "Link noch einmal schicken"),
    "link_title": ("Link zu Ihren Terminen", "Link to your appointments", "Link zu Ihren Terminen"),
    "link_text": (
        "Geben Sie die E-Mail-Adresse an, mit der Sie gebucht haben. Wir schicken Ihnen die Links Ihrer Termine.",
        "Enter the e-mail address with which you booked. We will send you the links to your appointments.",
        "Mit welcher E-Mail-Adresse haben Sie gebucht? Wir schicken Ihnen den Link.",
    ),
    "link_sent_text": (
        "Gibt es zu dieser Adresse Termine, dann ist eine E-Mail mit den Links unterwegs.",
        "If there are appointments under this address, an e-mail with the links is on its way.",
        "Haben Sie einen Termin? Dann bekommen Sie gleich eine E-Mail.",
    ),
    "times_title": ("Ort und Zeit wählen", "Choose place and time", "Wann und wo?"),
    "takes": ("dauert etwa {minutes} Minuten", "takes about {minutes} minutes", "dauert ungefähr {minutes} Minuten"),
    "change_what": ("Anliegen ändern", "Change your selection", "Etwas anderes wählen"),
    "where_question": ("Wo?", "Where?", "Wo?"),
    "when_question": ("An welchem Tag?", "On which day?", "An welchem Tag?"),
    "earliest": ("frühestens: {when}", "earliest: {when}", "Der erste Termin: {when}"),
    "earliest_none": ("zurzeit alles vergeben", "nothing free at present", "Gerade ist nichts frei"),
    "free": ("{count} frei", "{count} free", "{count} frei"),
    "closed.holiday": ("Feiertag", "public holiday", "Feiertag"),
    "closed.closure": ("geschlossen", "closed", "zu"),
    "closed.no_hours": ("zu", "closed", "zu"),
    "closed.not_yet": ("noch nicht", "not yet", "noch nicht"),
    "closed.over": ("vorbei", "over", "vorbei"),
    "closed.full": ("belegt", "full", "voll"),
    "closed.other": ("nichts frei", "none free", "nichts frei"),
    "weeks": ("Andere Tage", "Other days", "Andere Tage"),
    "earlier": ("früher", "earlier", "früher"),
    "later": ("später", "later", "später"),
    "morning": ("Vormittag", "Morning", "Vormittag"),
    "afternoon": ("Nachmittag", "Afternoon", "Nachmittag"),
    "tap_holds": (
        "Tippen Sie auf eine Uhrzeit. Wir halten sie für Sie frei, während Sie Ihre Angaben machen.",
        "Tap a time. We keep it for you while you fill in your details.",
        "Drücken Sie auf eine Uhrzeit. Dann ist sie für Sie reserviert.",
    ),
    "week_full": (
        "An diesen Tagen ist nichts frei.",
        "Nothing is free on these days.",
        "An diesen Tagen ist nichts frei.",
    ),
    "next_free": ("Zu den nächsten freien Zeiten", "Go to the next free times", "Wann ist wieder etwas frei?"),
    "none_fits": ("Kein passender Termin?", "No suitable time?", "Kein Termin passt?"),
    "none_fits_text": (
        "Sagt jemand ab, bieten wir Ihnen die freie Zeit an, der Reihe nach.",
        "When somebody cancels, we offer you the free time, in order of the list.",
        "Manchmal sagen andere Menschen ab. Dann fragen wir Sie, ob Sie kommen wollen.",
    ),
    "to_waiting_list": ("Auf die Warteliste", "Join the waiting list", "Auf die Warte-Liste"),
    "released": (
        "Neue Termine gibt es hier jeden Tag um {when} Uhr.",
        "New times are released here every day at {when}.",
        "Neue Termine gibt es jeden Tag um {when} Uhr.",
    ),
    "by_phone": ("Sie können auch anrufen:", "You can also call:", "Sie können auch anrufen:"),
    "taken": (
        "{when} ist gerade vergeben worden",
        "{when} has just been taken",
        "{when} hat gerade jemand anders genommen",
    ),
    "taken_near": (
        "Diese freien Zeiten liegen am nächsten.",
        "These free times are nearest to it.",
        "Diese Zeiten sind noch frei.",
    ),
    "taken_none": (
        "In der Nähe ist nichts mehr frei. Bitte wählen Sie eine andere Woche oder gehen Sie auf die Warteliste.",
        "Nothing near it is free. Please choose another week or join the waiting list.",
        "Bitte wählen Sie einen anderen Tag.",
    ),
    "near": ("Freie Zeiten in der Nähe", "Free times nearby", "Andere Zeiten"),
    "notice.nothing": (
        "Bitte wählen Sie mindestens ein Anliegen.",
        "Please choose at least one thing to do.",
        "Bitte wählen Sie etwas aus.",
    ),
    "notice.not_together": (
        "Das gibt es nicht an einem Ort zusammen. Bitte buchen Sie dafür getrennte Termine.",
        "These are not offered together in one place. Please book separate appointments.",
        "Das geht nicht zusammen. Bitte machen Sie 2 Termine.",
    ),
    "notice.queue": (
        "Diese neuen Termine vergeben wir gerade der Reihe nach. Bitte kommen Sie in den Warteraum.",
        "We are handing out these new times one after the other. Please come to the waiting room.",
        "Diese Termine gibt es nur nacheinander. Bitte gehen Sie in den Warte-Raum.",
    ),
    "notice.limit_client": (
        (
            "Von Ihrem Anschluss kamen in der letzten Stunde sehr viele Reservierungen. Bitte versuchen Sie es später "
            "noch einmal oder rufen Sie uns an."
        ),
        "Very many times were held from your connection in the last hour. Please try again later or call us.",
        "Von hier kamen sehr viele Anfragen. Bitte versuchen Sie es später noch einmal.",
    ),
    "notice.limit_email": (
        (
            "Unter dieser E-Mail-Adresse gibt es schon so viele Termine, wie wir einer Person geben können. Bitte "
            "sagen Sie zuerst einen ab oder rufen Sie uns an."
        ),
        (
            "There are already as many appointments under this e-mail address as we can give to one person. Please "
            "cancel one first or call us."
        ),
        "Sie haben schon viele Termine. Bitte sagen Sie erst einen Termin ab. Oder rufen Sie uns an.",
    ),
    "notice.closed": (
        "Diese Zeit gibt es nicht mehr. Bitte wählen Sie eine andere.",
        "This time is no longer available. Please choose another one.",
        "Diese Zeit geht nicht mehr. Bitte wählen Sie eine andere.",
    ),
    "notice.too_soon": (
        "Diese Zeit ist zu nah, um sie hier zu buchen. Bitte wählen Sie eine spätere oder rufen Sie an.",
        "This time is too soon to be booked here. Please choose a later one or call us.",
        "Diese Zeit ist zu bald. Bitte wählen Sie eine spätere.",
    ),
    "notice.too_far": (
        "Dieser Tag ist noch nicht freigegeben. Bitte wählen Sie einen früheren.",
        "This day is not open for booking yet. Please choose an earlier one.",
        "Diesen Tag kann man noch nicht wählen. Bitte wählen Sie einen früheren.",
    ),
    "notice.expired": (
        "Ihre Zeit ist inzwischen vergeben",
        "Your time has been taken meanwhile",
        "Die Zeit hat jetzt jemand anders",
    ),
    "notice.other": ("Das geht im Moment nicht.", "This is not possible right now.", "Das geht gerade nicht."),
    "expired_kept": (
        "Die Reservierung war abgelaufen. Bitte wählen Sie eine andere Zeit; Ihre Angaben haben wir noch.",
        "The time was no longer kept for you. Please choose another; we still have your details.",
        "Bitte wählen Sie eine neue Zeit. Ihre Angaben sind noch da.",
    ),
    "details_title": ("Ihre Angaben", "Your details", "Ihre Angaben"),
    "your_choice": ("Ihre Auswahl", "Your choice", "Das haben Sie gewählt"),
    "what": ("Anliegen", "Service", "Was"),
    "when": ("Wann", "When", "Wann"),
    "where": ("Wo", "Where", "Wo"),
    "held_until": (
        "Diese Zeit ist bis {when} für Sie reserviert.",
        "This time is kept for you until {when}.",
        "Bis {when} ist diese Zeit für Sie reserviert.",
    ),
    "left": ("noch {minutes} Minuten", "{minutes} minutes left", "noch {minutes} Minuten"),
    "left_one": ("noch eine Minute", "one minute left", "noch 1 Minute"),
    "hold_over": (
        "Die Zeit ist nicht mehr für Sie reserviert. Ist sie noch frei, bekommen Sie sie trotzdem.",
        "The time is no longer kept for you. If it is still free you will get it anyway.",
        "Die Zeit ist nicht mehr reserviert. Vielleicht ist sie noch frei.",
    ),
    "change_time": ("Zeit ändern", "Change the time", "Andere Zeit"),
    "name": ("Vor- und Nachname", "First and last name", "Vorname und Nachname"),
    "one_way": (
        "E-Mail oder Telefon: Eins von beiden genügt. Mit E-Mail können Sie den Termin selbst ändern.",
        "E-mail or phone: one of them is enough. With e-mail you can change the appointment yourself.",
        "Schreiben Sie Ihre E-Mail-Adresse oder Ihre Telefon-Nummer auf. Eins reicht.",
    ),
    "by_mail": (
        (
            "Bitte geben Sie eine E-Mail-Adresse an: Wir schicken Ihnen einen Link, mit dem Sie den Termin bestätigen. "
            "So verhindern wir, dass Programme Termine wegbuchen."
        ),
        (
            "Please enter an e-mail address: we will send you a link to confirm the appointment. This keeps programs "
            "from booking all the times."
        ),
        "Bitte schreiben Sie Ihre E-Mail-Adresse auf. Sie bekommen eine E-Mail. Darin sagen Sie: Ja.",
    ),
    "phone": ("Telefon", "Phone", "Telefon"),
    "phone_optional": ("Telefon (freiwillig)", "Phone (optional)", "Telefon (wenn Sie wollen)"),
    "note": ("Hinweis für uns (freiwillig)", "Note for us (optional)", "Möchten Sie uns etwas sagen?"),
    "note_hint": (
        "Zum Beispiel: Ich komme im Rollstuhl. Ich brauche Gebärdensprache.",
        "For example: I use a wheelchair. I need sign language.",
        "Zum Beispiel: Ich habe einen Rollstuhl.",
    ),
    "privacy": (
        "Wir nutzen Ihre Angaben nur für diesen Termin und löschen sie 90 Tage danach.",
        "We use your details for this appointment only and delete them 90 days after it.",
        "Wir brauchen das nur für den Termin. Nach 90 Tagen löschen wir es.",
    ),
    "book": ("Termin verbindlich buchen", "Book the appointment", "Termin buchen"),
    "book_by_mail": ("Weiter: E-Mail bestätigen", "Continue: confirm by e-mail", "Weiter"),
    "no_name": ("Bitte geben Sie Ihren Namen an.", "Please enter your name.", "Bitte schreiben Sie Ihren Namen."),
    "no_way": (
        "Bitte geben Sie eine E-Mail-Adresse oder eine Telefonnummer an.",
        "Please enter an e-mail address or a phone number.",
        "Bitte schreiben Sie Ihre E-Mail-Adresse oder Ihre Telefon-Nummer.",
    ),
    "no_phone": (
        "Bitte geben Sie die Telefonnummer mit Ziffern an, zum Beispiel 03935 12345.",
        "Please enter the phone number in digits, for example 03935 12345.",
        "Bitte schreiben Sie die Telefon-Nummer mit Zahlen.",
    ),
    "no_email": (
        "Bitte geben Sie eine E-Mail-Adresse an: An sie geht der Link zum Bestätigen.",
        "Please enter an e-mail address: the link for confirming goes there.",
        "Bitte schreiben Sie Ihre E-Mail-Adresse.",
    ),
    "bring": ("Bitte mitbringen", "Please bring", "Das müssen Sie mitbringen"),
    "fee": ("Gebühr", "Fee", "Das kostet"),
    "fee_each": (", je Person", ", per person", " Das bezahlt jede Person."),
}
