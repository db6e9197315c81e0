"""Words of the waiting list and of the waiting room before a release."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {
    "title": ("Auf die Warteliste", "Join the waiting list", "Auf die Warte-Liste"),
    "text": (
        (
            "Wird eine Zeit frei, schreiben wir der ersten Person auf der Liste, der sie passt. Sie haben dann "
            "15 Minuten, sie zu nehmen."
        ),
        (
            "When a time becomes free, we write to the first person on the list whom it suits. You then have "
            "15 minutes to take it."
        ),
        "Wird ein Termin frei? Dann schreiben wir Ihnen. Sie haben dann 15 Minuten Zeit zum Antworten.",
    ),
    "text_own": (
        "Ihr Termin am {when} bleibt Ihnen. Wird eine frühere Zeit frei, bieten wir sie Ihnen an.",
        "Your appointment on {when} stays yours. When an earlier time becomes free, we offer it to you.",
        "Ihr Termin bleibt: {when}. Wird ein früherer Termin frei? Dann schreiben wir Ihnen.",
    ),
    "offices": ("Wo passt es Ihnen?", "Which places suit you?", "Wo wollen Sie hin?"),
    "from": ("Frühestens am", "Not before", "Ab diesem Tag"),
    "to": ("Spätestens am", "Not after", "Bis zu diesem Tag"),
    "time": ("Tageszeit", "Time of day", "Wann am Tag?"),
    "any": ("egal", "any", "egal"),
    "email_hint": (
        "An diese Adresse geht das Angebot.",
        "The offer goes to this address.",
        "An diese Adresse schreiben wir.",
    ),
    "privacy": (
        "Wir nutzen Ihre Angaben nur für die Warteliste und löschen sie, wenn der Eintrag endet.",
        "We use your details for the waiting list only and delete them when the entry ends.",
        "Wir brauchen das nur für die Warte-Liste. Danach löschen wir es.",
    ),
    "join": ("Eintragen", "Join the list", "Eintragen"),
    "no_office": (
        "Bitte wählen Sie mindestens einen Ort.",
        "Please choose at least one place.",
        "Bitte wählen Sie: Wo?",
    ),
    "no_email": (
        "Bitte geben Sie eine E-Mail-Adresse an: An sie geht das Angebot.",
        "Please enter an e-mail address: the offer goes there.",
        "Bitte schreiben Sie Ihre E-Mail-Adresse.",
    ),
    "no_days": (
        "Bitte geben Sie den ersten und den letzten Tag an, der Ihnen passt.",
        "Please enter the first and the last day that suit you.",
        "Bitte schreiben Sie auf: Von welchem Tag bis zu welchem Tag?",
    ),
    "joined": ("Sie stehen auf der Warteliste", "You are on the waiting list", "Sie sind auf der Liste"),
    "joined_text": (
        "Wird eine Zeit frei, bekommen Sie eine E-Mail. Diese Seite können Sie sich als Lesezeichen merken.",
        "When a time becomes free, you will get an e-mail. You can bookmark this page.",
        "Wird ein Termin frei? Dann bekommen Sie eine E-Mail.",
    ),
    "state.waiting": ("Ihr Platz auf der Warteliste", "Your place on the waiting list", "Sie sind auf der Warte-Liste"),
    "state.offered": ("Ihr Platz auf der Warteliste", "Your place on the waiting list", "Sie sind auf der Warte-Liste"),
    "state.taken": ("Sie haben einen Termin bekommen", "You have got an appointment", "Sie haben einen Termin"),
    "state.ended": (
        "Sie stehen nicht mehr auf der Warteliste",
        "You are no longer on the waiting list",
        "Sie sind nicht mehr auf der Liste",
    ),
    "state.expired": (
        "Der Eintrag auf der Warteliste ist beendet",
        "The entry on the waiting list has ended",
        "Die Zeit auf der Liste ist vorbei",
    ),
    "state.other": ("Warteliste", "Waiting list", "Warte-Liste"),
    "between": ("{first} bis {last}", "{first} to {last}", "{first} bis {last}"),
    "place": ("Platz auf der Liste", "Place on the list", "Ihr Platz"),
    "offer_title": ("Eine Zeit ist frei geworden", "A time has become free", "Ein Termin ist frei"),
    "offer_text": (
        "Lehnen Sie ab, bekommt die nächste Person das Angebot. Sie bleiben auf der Liste.",
        "If you decline, the next person gets the offer. You stay on the list.",
        "Sie wollen diese Zeit nicht? Dann bleiben Sie auf der Liste.",
    ),
    "accept": ("Ja, diesen Termin nehmen", "Yes, take this appointment", "Ja, ich komme"),
    "accept_by_mail": (
        "Bitte nehmen Sie den Termin über den Link in unserer E-Mail an.",
        "Please accept the appointment through the link in our e-mail.",
        "Wir haben Ihnen eine E-Mail geschickt. Dort ist ein Link. Damit nehmen Sie den Termin.",
    ),
    "refuse": ("Nein, weiter warten", "No, keep waiting", "Nein, ich warte weiter"),
    "refused": (
        "Sie haben abgelehnt und stehen weiter auf der Liste",
        "You have declined and stay on the list",
        "Sie sind noch auf der Liste",
    ),
    "gone": (
        "Das Angebot gilt nicht mehr",
        "The offer is no longer valid",
        "Der Termin ist schon weg",
    ),
    "gone_text": (
        "Die Zeit ging an die nächste Person. Sie stehen weiter auf der Liste.",
        "The time went to the next person. You are still on the list.",
        "Sie sind noch auf der Liste.",
    ),
    "leave_title": ("Nicht mehr warten?", "Stop waiting?", "Nicht mehr warten?"),
    "leave_text": (
        "Dann löschen wir Ihren Eintrag sofort.",
        "We then delete your entry at once.",
        "Dann löschen wir Ihren Namen von der Liste.",
    ),
    "leave": ("Von der Liste streichen", "Leave the list", "Von der Liste streichen"),
    "room_title": ("Warteraum", "Waiting room", "Warte-Raum"),
    "room_closed": ("Der Warteraum ist geschlossen", "The waiting room is closed", "Der Warte-Raum ist zu"),
    "room_opens": (
        "Er öffnet {opens}. Die neuen Termine gibt es dann um {when}.",
        "It opens {opens}. The new times are then released at {when}.",
        "Er ist offen: {opens}. Neue Termine gibt es um {when}.",
    ),
    "room_never": (
        "Hier brauchen Sie ihn nicht: Alle Termine sind frei buchbar.",
        "You do not need it here: all times can be booked freely.",
        "Sie brauchen ihn hier nicht.",
    ),
    "book_now": ("Freie Termine ansehen", "See free times", "Freie Termine sehen"),
    "room_open": ("Neue Termine um {when}", "New times at {when}", "Neue Termine um {when}"),
    "room_text": (
        (
            "Freigegeben wird {day}. Wer vorher in den Warteraum kommt, bekommt einen Platz durch das Los: Es bringt "
            "nichts, als Erster da zu sein."
        ),
        (
            "{day} will be released. Whoever comes to the waiting room before that gets a place by lot: there is no "
            "advantage in being first."
        ),
        "Dann gibt es Termine für: {day}. Wer zuerst dran ist, sagt der Zufall. Sie müssen nicht schnell sein.",
    ),
    "room_join": ("Platz nehmen", "Take a place", "Hier warten"),
    "seated": ("Sie sind dabei", "You are in", "Sie sind dabei"),
    "room_gathers": (
        "Die Reihenfolge wird ausgelost: {when}. Dann sehen Sie hier, wie viele vor Ihnen sind.",
        "The order is drawn by lot: {when}. Then you will see here how many are ahead of you.",
        "Es geht los: {when}. Dann sehen Sie hier, wann Sie dran sind.",
    ),
    "ahead": ("Vor Ihnen: {count} Personen", "{count} people are ahead of you", "Vor Ihnen sind {count} Menschen"),
    "ahead_one": ("Vor Ihnen: eine Person", "One person is ahead of you", "Vor Ihnen ist 1 Mensch"),
    "ahead_none": ("Sie sind die oder der Nächste", "You are next", "Sie sind gleich dran"),
    "about": (
        "Es dauert noch etwa {minutes} Minuten.",
        "About {minutes} minutes to go.",
        "Noch ungefähr {minutes} Minuten.",
    ),
    "about_one": ("Es dauert noch etwa eine Minute.", "About a minute to go.", "Noch ungefähr 1 Minute."),
    "room_keep_open": (
        "Lassen Sie diese Seite offen. Sie erneuert sich von selbst.",
        "Keep this page open. It renews itself.",
        "Lassen Sie diese Seite offen.",
    ),
    "room_stale": (
        "Keine Verbindung. Ihr Platz bleibt Ihnen; wir versuchen es weiter.",
        "No connection. Your place stays yours; we keep trying.",
        "Gerade kein Internet. Ihr Platz bleibt.",
    ),
    "your_turn": ("Sie sind an der Reihe", "It is your turn", "Sie sind dran"),
    "your_turn_until": (
        "Bitte wählen Sie bis {when} einen Termin.",
        "Please choose a time by {when}.",
        "Sie haben Zeit bis {when}.",
    ),
    "turn_over": ("Ihre Zeit ist vorbei", "Your turn is over", "Ihre Zeit ist vorbei"),
    "turn_over_text": (
        "Sie waren an der Reihe. Was jetzt noch frei ist, finden Sie bei den freien Terminen.",
        "It was your turn. What is still free you will find among the free times.",
        "Sie waren schon dran. Vielleicht ist noch etwas frei.",
    ),
    "choose": ("Termin wählen", "Choose a time", "Termin wählen"),
}
