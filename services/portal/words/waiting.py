"""Words of the waiting list and of the waiting room before a release."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {
    "title": ("Auf die Warteliste", "Join the waiting list", "Auf die Warte-Liste"),
    "text": (
        (
            "Wird eine Zeit frei, schreiben wir der ersten Person auf der Liste, der sie passt. Wir halten die Zeit "
            "dann kurz für Sie; wie lange, steht in der E-Mail."
        ),
        (
            "When a time becomes free, we write to the first person on the list whom it suits. We then keep the time "
            "for you for a short while; the e-mail says how long."
        ),
        "Wird ein Termin frei? Dann schreiben wir Ihnen. Sie müssen dann schnell antworten.",
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
    "check_mail": (
        "Wir haben Ihnen eine E-Mail geschickt: {email}",
        "We have sent you an e-mail: {email}",
        "Wir haben Ihnen eine E-Mail geschickt: {email}",
    ),
    "check_mail_text": (
        "Bitte öffnen Sie den Link darin bis {when}. Erst dann zählt Ihr Eintrag. Ihren Platz haben Sie ab jetzt.",
        "Please open the link in it by {when}. Only then does your entry count. Your place is yours from now on.",
        "In der E-Mail ist ein Link. Bitte klicken Sie auf den Link. Sie haben Zeit bis {when}.",
    ),
    "confirm_title": ("Auf die Warteliste", "Join the waiting list", "Auf die Warte-Liste"),
    "confirm_text": (
        "Mit einem Klick zählt Ihr Eintrag.",
        "One click and your entry counts.",
        "Drücken Sie auf den Knopf. Dann sind Sie auf der Liste.",
    ),
    "confirm_button": ("Ja, eintragen", "Yes, put me on the list", "Ja, eintragen"),
    "confirm_not_you": (
        "Sie haben sich nicht eingetragen? Dann schließen Sie diese Seite einfach; der Eintrag verfällt von selbst.",
        "You did not join? Then just close this page; the entry will lapse by itself.",
        "Das waren nicht Sie? Dann machen Sie diese Seite zu.",
    ),
    "confirm_over": (
        "Der Eintrag wurde nicht rechtzeitig bestätigt, oder er ist beendet.",
        "The entry was not confirmed in time, or it has ended.",
        "Den Eintrag gibt es nicht mehr.",
    ),
    "state.unconfirmed": (
        "Bitte bestätigen Sie Ihren Eintrag",
        "Please confirm your entry",
        "Bitte lesen Sie Ihre E-Mail",
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
    "place_text": (
        "Die Reihenfolge ist die des Eintragens. Gezählt sind alle, die an einem Ihrer Orte warten.",
        "The order is that of joining. Everybody who waits at one of your places is counted.",
        "Wer zuerst da war, kommt zuerst dran.",
    ),
    "since": ("Auf der Liste seit", "On the list since", "Sie warten seit"),
    "own": ("Ihr Termin bis dahin", "Your appointment until then", "Ihr Termin jetzt"),
    "instead": (
        "Nehmen Sie an, sagen wir Ihren Termin am {when} ab.",
        "If you accept, we cancel your appointment on {when}.",
        "Dann fällt Ihr anderer Termin aus: {when}.",
    ),
    "offer_title": ("Eine Zeit ist frei geworden", "A time has become free", "Ein Termin ist frei"),
    "offer_text": (
        "Lehnen Sie ab, bekommt die nächste Person das Angebot. Sie bleiben auf der Liste.",
        "If you decline, the next person gets the offer. You stay on the list.",
        "Sie wollen diese Zeit nicht? Dann bleiben Sie auf der Liste.",
    ),
    "accept": ("Ja, diesen Termin nehmen", "Yes, take this appointment", "Ja, ich komme"),
    "answer_by_mail": (
        "Bitte antworten Sie über den Link in unserer E-Mail.",
        "Please answer through the link in our e-mail.",
        "Wir haben Ihnen eine E-Mail geschickt. Dort ist ein Link. Damit antworten Sie.",
    ),
    "refuse": ("Nein, weiter warten", "No, keep waiting", "Nein, ich warte weiter"),
    "refused": (
        "Sie haben abgelehnt und stehen weiter auf der Liste",
        "You have declined and stay on the list",
        "Sie sind noch auf der Liste",
    ),
    "refused_text": (
        "War das ein Versehen? Solange niemand anders die Zeit hat, bekommen Sie sie noch einmal angeboten.",
        "Was that a mistake? As long as nobody else has the time, you can have it offered again.",
        "Wollen Sie den Termin doch? Vielleicht ist er noch frei.",
    ),
    "undo": ("Doch: bitte noch einmal anbieten", "Actually, offer it again", "Doch, ich will den Termin"),
    "again": ("Wir sehen nach", "We will see", "Wir sehen nach"),
    "again_text": (
        "Ist die Zeit noch frei, bekommen Sie gleich eine neue E-Mail.",
        "If the time is still free, you will get a new e-mail at once.",
        "Ist der Termin noch frei? Dann bekommen Sie gleich eine E-Mail.",
    ),
    "join_again": ("Wieder auf die Warteliste", "Join the waiting list again", "Wieder auf die Warte-Liste"),
    "gone": (
        "Das Angebot gilt nicht mehr",
        "The offer is no longer valid",
        "Der Termin ist schon weg",
    ),
    "gone_text": (
        "Die Zeit war nicht länger für Sie reserviert. Sie stehen weiter auf der Liste.",
        "The time was no longer kept for you. You are still on the list.",
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
