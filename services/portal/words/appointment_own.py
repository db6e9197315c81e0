"""Words about an appointment that one has: done, confirmed, moved, cancelled."""

from __future__ import annotations

OWN: dict[str, tuple[str, str, str]] = {
    "done_title": ("Ihr Termin ist gebucht", "Your appointment is booked", "Sie haben einen Termin"),
    "state.booked": ("Ihr Termin", "Your appointment", "Ihr Termin"),
    "state.unconfirmed": ("Fast fertig: bitte bestätigen", "Almost done: please confirm", "Gleich fertig"),
    "state.cancelled": (
        "Dieser Termin ist abgesagt",
        "This appointment is cancelled",
        "Dieser Termin ist abgesagt",
    ),
    "state.expired": (
        "Dieser Termin ist verfallen",
        "This appointment has lapsed",
        "Diesen Termin gibt es nicht mehr",
    ),
    "state.arrived": ("Sie sind angemeldet", "You are checked in", "Wir wissen: Sie sind da"),
    "state.done": ("Dieser Termin ist vorbei", "This appointment is over", "Dieser Termin ist vorbei"),
    "state.missed": ("Sie waren nicht da", "You did not come", "Sie waren nicht da"),
    "state.other": ("Ihr Termin", "Your appointment", "Ihr Termin"),
    "please_confirm": (
        "Bitte bestätigen Sie in der E-Mail",
        "Please confirm in the e-mail",
        "Bitte öffnen Sie die E-Mail",
    ),
    "please_confirm_text": (
        (
            "Wir haben einen Link an {email} geschickt. Öffnen Sie ihn bis {when}, dann ist der Termin fest. Nichts "
            "gekommen? Sehen Sie bitte im Spam-Ordner nach."
        ),
        (
            "We have sent a link to {email}. Open it by {when}, then the appointment is yours. Nothing arrived? "
            "Please look in your spam folder."
        ),
        "Wir haben eine E-Mail an {email} geschickt. Bitte öffnen Sie den Link. Sie haben Zeit bis: {when}.",
    ),
    "cancelled_text": (
        "Die Zeit ist wieder für andere frei. Sie können jederzeit neu buchen.",
        "The time is free for others again. You can book a new one at any time.",
        "Den Termin gibt es nicht mehr. Sie können einen neuen Termin machen.",
    ),
    "expired_text": (
        "Er wurde nicht rechtzeitig bestätigt. Bitte buchen Sie neu.",
        "It was not confirmed in time. Please book again.",
        "Sie haben nicht Ja gesagt. Bitte machen Sie einen neuen Termin.",
    ),
    "missed_text": (
        "Zu diesem Termin haben wir Sie nicht angetroffen. Sie können neu buchen.",
        "You did not come to this appointment. You can book again.",
        "Sie können einen neuen Termin machen.",
    ),
    "your_appointment": ("Ihr Termin", "Your appointment", "Ihr Termin"),
    "number": ("Terminnummer", "Appointment number", "Nummer von Ihrem Termin"),
    "mail_sent": (
        "Eine Bestätigung geht an {email}.",
        "A confirmation is on its way to {email}.",
        "Sie bekommen eine E-Mail an {email}.",
    ),
    "reminded": (
        "Einen Tag vorher erinnern wir Sie.",
        "We will remind you the day before.",
        "Einen Tag vorher schreiben wir Ihnen noch einmal.",
    ),
    "note_down": (
        "Bitte notieren Sie die Nummer oder speichern Sie diese Seite: Nur hier können Sie den Termin ändern.",
        "Please note the number or save this page: only here can you change the appointment.",
        "Bitte schreiben Sie die Nummer auf. Oder speichern Sie diese Seite.",
    ),
    "to_calendar": ("In den Kalender", "Add to calendar", "In den Kalender"),
    "print": ("Drucken", "Print", "Drucken"),
    "check_in": (
        "Ab einer Stunde vorher können Sie sich auf dieser Seite anmelden, vor Ort mit der Nummer {number}.",
        "From one hour before, you can check in on this page, or on site with the number {number}.",
        "Sind Sie da? Dann öffnen Sie diese Seite noch einmal. Oder sagen Sie uns die Nummer: {number}.",
    ),
    "here_title": ("Sind Sie da?", "Are you here?", "Sind Sie da?"),
    "here_text": (
        "Melden Sie sich an, sobald Sie im Haus sind. Wir rufen Sie dann mit einer Wartenummer auf.",
        "Check in as soon as you are in the building. We then call you by a waiting number.",
        "Drücken Sie auf den Knopf, wenn Sie im Haus sind. Dann bekommen Sie eine Warte-Nummer.",
    ),
    "called_by_number": (
        "Wir rufen Sie mit einer Wartenummer auf",
        "We call you by a waiting number",
        "Sie haben eine Warte-Nummer",
    ),
    "to_number": ("Zu Ihrer Wartenummer", "Go to your waiting number", "Zu Ihrer Warte-Nummer"),
    "change": ("Etwas ändern", "Change something", "Etwas ändern"),
    "move": ("Verlegen", "Move", "Anderen Tag wählen"),
    "cancel": ("Absagen", "Cancel", "Absagen"),
    "earlier_text": (
        "Sie hätten gern einen früheren Termin?",
        "Would you like an earlier time?",
        "Wollen Sie früher kommen?",
    ),
    "feed_title": (
        "Dieser Termin im Kalender, immer aktuell",
        "This appointment in your calendar, always up to date",
        "Der Termin im Kalender",
    ),
    "feed_text": (
        "Abonnieren Sie diese Adresse in Ihrem Kalender: Wird der Termin verlegt oder abgesagt, steht es dort.",
        "Subscribe to this address in your calendar: if the appointment is moved or cancelled, it will show there.",
        "Sie können den Termin im Kalender von Ihrem Handy haben. Ändert sich der Termin? Dann steht es dort.",
    ),
    "feed_all": (
        "Eine Adresse für alle Ihre Termine finden Sie in der E-Mail.",
        "An address for all your appointments is in the e-mail.",
        "Die Adresse für alle Ihre Termine steht in der E-Mail.",
    ),
    "feed_link": ("Kalender mit diesem Termin", "Calendar with this appointment", "Kalender mit diesem Termin"),
    "moved": ("Ihr Termin ist verlegt", "Your appointment has been moved", "Sie haben einen neuen Termin"),
    "stale": (
        "Der Termin hat sich inzwischen geändert. Hier steht, was jetzt gilt.",
        "The appointment has changed meanwhile. This is how it stands now.",
        "Der Termin ist jetzt anders. Hier steht, was stimmt.",
    ),
    "again": ("Neu buchen", "Book again", "Neuen Termin machen"),
    "move_title": ("Termin verlegen", "Move the appointment", "Anderen Tag wählen"),
    "move_text": (
        "Bisher: {when}. Diese Zeit bleibt Ihre, bis die neue gebucht ist.",
        "Until now: {when}. This time stays yours until the new one is booked.",
        "Jetzt: {when}. Das bleibt so, bis Sie etwas Neues haben.",
    ),
    "move_none": (
        "Gerade können wir keine anderen Zeiten anbieten. Bitte rufen Sie uns an.",
        "Right now we cannot offer other times. Please call us.",
        "Gerade geht keine andere Zeit. Bitte rufen Sie uns an.",
    ),
    "move_sure": ("Termin so verlegen?", "Move the appointment like this?", "Ist das richtig?"),
    "until_now": ("Bisher", "Until now", "Jetzt"),
    "new": ("Neu", "New", "Neu"),
    "move_now": ("Ja, verlegen", "Yes, move it", "Ja, so ist es gut"),
    "other_time": ("Eine andere Zeit wählen", "Choose another time", "Andere Zeit"),
    "keep": ("Termin behalten", "Keep the appointment", "Alles so lassen"),
    "cancel_sure": ("Termin absagen?", "Cancel the appointment?", "Wollen Sie absagen?"),
    "cancel_text": (
        "Die Zeit bekommt dann jemand anders. Rückgängig machen lässt sich das nicht; neu buchen können Sie immer.",
        "Somebody else will then get the time. This cannot be undone, but you can always book again.",
        "Dann bekommt jemand anders die Zeit. Sie können später einen neuen Termin machen.",
    ),
    "cancel_now": ("Ja, absagen", "Yes, cancel it", "Ja, absagen"),
    "move_instead": ("Lieber verlegen", "Move it instead", "Lieber einen anderen Tag"),
    "confirm_title": ("Termin bestätigen", "Confirm the appointment", "Termin bestätigen"),
    "confirm_text": (
        "Mit einem Klick ist der Termin fest gebucht.",
        "One click and the appointment is booked.",
        "Drücken Sie auf den Knopf. Dann haben Sie den Termin.",
    ),
    "confirm_button": ("Ja, Termin bestätigen", "Yes, confirm the appointment", "Ja, ich komme"),
    "confirm_not_you": (
        "Sie haben keinen Termin gebucht? Dann schließen Sie diese Seite einfach; er verfällt von selbst.",
        "You did not book an appointment? Then just close this page; it will lapse by itself.",
        "Das waren nicht Sie? Dann machen Sie diese Seite zu.",
    ),
    "confirm_over": (
        "Dieser Link gilt nicht mehr",
        "This link is no longer valid",
        "Der Link ist zu alt",
    ),
    "confirm_over_text": (
        "Der Termin wurde nicht rechtzeitig bestätigt oder inzwischen abgesagt.",
        "The appointment was not confirmed in time, or has been cancelled meanwhile.",
        "Den Termin gibt es nicht mehr. Bitte machen Sie einen neuen Termin.",
    ),
}
