"""Words about leaving: unsubscribing, erasing, the lost link."""

from __future__ import annotations

LEAVING: dict[str, tuple[str, str, str]] = {
    "leave_title": ("Abbestellen", "Unsubscribe", "Keine Nachrichten mehr"),
    "leave_text": (
        "Sie bekommen dann keine Nachrichten mehr zu:",
        "You will then get no more messages on:",
        "Sie bekommen dann keine Nachrichten mehr zu:",
    ),
    "leave_text_all": (
        "Sie bekommen dann keine Nachrichten mehr aus diesem Anlass.",
        "You will then get no more messages on this matter.",
        "Sie bekommen dann keine Nachrichten mehr dazu.",
    ),
    "leave_button": ("Abbestellen", "Unsubscribe", "Keine Nachrichten mehr"),
    "leave_all_button": ("Alle Themen abbestellen", "Unsubscribe from all topics", "Alle Themen beenden"),
    "left_title": ("Sie sind abgemeldet", "You are unsubscribed", "Sie bekommen keine Nachrichten mehr"),
    "left_text": (
        "Wir schreiben Ihnen dazu nicht mehr. War das ein Versehen?",
        "We will not write to you about this any more. Was that a mistake?",
        "Wir schreiben Ihnen dazu nicht mehr. Wollten Sie das nicht?",
    ),
    "undo_button": ("Rückgängig machen", "Undo", "Doch wieder Nachrichten"),
    "undone_title": ("Alles wie vorher", "Everything is as before", "Alles ist wie vorher"),
    "undone_text": (
        "Sie bekommen wieder Nachrichten wie vor dem Abbestellen.",
        "You get messages again as before.",
        "Sie bekommen wieder Nachrichten.",
    ),
    "one_click_done": (
        "Sie sind abgemeldet. Stadt Tangerhütte",
        "You are unsubscribed. Town of Tangerhütte",
        "Sie bekommen keine Nachrichten mehr. Stadt Tangerhütte",
    ),
    "to_settings": ("Zu meinen Einstellungen", "To my settings", "Zu meinen Einstellungen"),
    "renew_title": ("Link weitergegeben?", "Passed on a link?", "Kennt jemand anderes Ihren Link?"),
    "renew_text": (
        (
            "In jeder E-Mail stehen Ihre Links. Wenn Sie eine weitergeleitet haben, machen Sie hier alle ungültig. "
            "Den neuen Link schicken wir an Ihre Adresse."
        ),
        (
            "Every e-mail holds your links. If you have forwarded one, make them all invalid here. "
            "We send the new link to your address."
        ),
        "In jeder E-Mail sind Ihre Links. Hat jemand anderes sie? Dann machen wir neue.",
    ),
    "renew_button": ("Alle Links ungültig machen", "Make all links invalid", "Alle alten Links ungültig machen"),
    "renewed_title": (
        "Alle früheren Links sind ungültig",
        "All earlier links are invalid",
        "Alte Links gehen nicht mehr",
    ),
    "renewed_text": (
        "Der neue Link zu Ihren Einstellungen ist auf dem Weg in Ihr Postfach.",
        "The new link to your settings is on its way to your mailbox.",
        "Wir haben Ihnen einen neuen Link geschickt.",
    ),
    "erase_title": ("Alles löschen", "Erase everything", "Alles löschen"),
    "erase_text": (
        (
            "Wir löschen Ihre Adresse und Ihre Themen und schreiben Ihnen nicht mehr. Es bleibt nur der Nachweis ohne "
            "Adresse, dass Sie eingewilligt hatten."
        ),
        (
            "We erase your address and your topics and write to you no more. All that stays is the record, without the "
            "address, that you had consented."
        ),
        "Wir löschen Ihre Adresse und Ihre Themen. Wir schreiben Ihnen nicht mehr.",
    ),
    "erase_button": ("Ja, alles löschen", "Yes, erase everything", "Ja, alles löschen"),
    "erase_keep": ("Nein, zurück", "No, go back", "Nein, zurück"),
    "erased_title": ("Alles ist gelöscht", "Everything is erased", "Alles ist gelöscht"),
    "erased_text": (
        "Ihre Angaben sind gelöscht. Wenn Sie wiederkommen möchten, melden Sie sich einfach neu an.",
        "Your data is erased. If you want to come back, simply sign up again.",
        "Wir haben Ihre Daten gelöscht. Sie können sich immer wieder neu anmelden.",
    ),
    "link_title": ("Link zu Ihren Einstellungen", "Link to your settings", "Link zu Ihren Einstellungen"),
    "link_text": (
        "In jeder Nachricht steht ein Link zu Ihren Einstellungen. Wenn Sie keine mehr haben, schicken wir ihn Ihnen.",
        "Every message holds a link to your settings. If you have none left, we send it to you.",
        "Sie haben den Link nicht mehr? Dann schicken wir Ihnen einen neuen.",
    ),
    "link_button": ("Link zuschicken", "Send the link", "Link schicken"),
    "link_again": ("Neuen Link zuschicken", "Send a new link", "Neuen Link schicken"),
    "link_sent_title": ("Bitte sehen Sie in Ihr Postfach", "Please look into your mailbox", "Bitte E-Mails ansehen"),
    "link_sent_text": (
        "Wenn diese Adresse bei uns angemeldet ist, kommt gleich eine E-Mail mit dem Link.",
        "If this address is signed up with us, an e-mail with the link will arrive shortly.",
        "Wenn wir Ihre Adresse kennen, bekommen Sie gleich eine E-Mail.",
    ),
}
