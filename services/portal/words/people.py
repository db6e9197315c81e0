"""Words about signing up, choosing and leaving."""

from __future__ import annotations

from services.portal.words.leaving import LEAVING
from services.portal.words.received import RECEIVED

WORDS: dict[str, tuple[str, str, str]] = {
    **LEAVING,
    **RECEIVED,
    "title": ("Bescheid bekommen", "Get messages", "Nachricht bekommen"),
    "intro": (
        "Wählen Sie, worüber wir Ihnen schreiben sollen. Sie brauchen kein Konto und können jederzeit aufhören.",
        "Choose what we should write to you about. You need no account and can stop at any time.",
        "Worüber sollen wir Ihnen schreiben? Bitte wählen Sie aus. Sie können immer wieder aufhören.",
    ),
    "duty": ("Dienst: {name}", "For staff: {name}", "Dienst: {name}"),
    "duty_alerts": ("Freigaben", "Approvals", "Freigaben"),
    "topics": ("Themen", "Topics", "Themen"),
    "email": ("E-Mail-Adresse", "E-mail address", "E-Mail-Adresse"),
    "email_hint": ("Beispiel: name@beispiel.de", "Example: name@example.org", "So sieht das aus: name@beispiel.de"),
    "language": ("Sprache der Nachrichten", "Language of the messages", "Sprache von den Nachrichten"),
    "consent": ("Ihre Einwilligung", "Your consent", "Sie sind einverstanden"),
    "consent_version": ("Fassung {version}", "Version {version}", "Fassung {version}"),
    "send": ("Anmelden", "Sign up", "Anmelden"),
    "consent_by_sending": (
        "Mit dem Absenden willigen Sie ein:",
        "By sending this form you agree:",
        "Wenn Sie auf den Knopf drücken, sind Sie einverstanden:",
    ),
    "push_title": ("Oder ohne E-Mail", "Or without e-mail", "Oder ohne E-Mail"),
    "push_instead": ("Statt E-Mail: im Browser", "In the browser instead of e-mail", "Im Browser statt als E-Mail"),
    "push_text": (
        "Ihr Browser kann Nachrichten auch selbst anzeigen, auf diesem Gerät und ohne E-Mail-Adresse.",
        "Your browser can show messages by itself, on this device and without an e-mail address.",
        "Ihr Browser kann Ihnen Nachrichten zeigen. Dafür brauchen Sie keine E-Mail-Adresse.",
    ),
    "push_button": ("Nachrichten auf diesem Gerät", "Messages on this device", "Nachrichten auf diesem Gerät"),
    "push_no_topics": (
        "Bitte wählen Sie zuerst mindestens ein Thema.",
        "Please choose at least one topic first.",
        "Bitte wählen Sie zuerst ein Thema aus.",
    ),
    "push_denied": (
        "Ihr Browser erlaubt keine Nachrichten. Sie können das in seinen Einstellungen ändern.",
        "Your browser does not allow messages. You can change that in its settings.",
        "Ihr Browser erlaubt keine Nachrichten.",
    ),
    "push_away": (
        "Das geht im Moment nicht. Bitte versuchen Sie es später noch einmal.",
        "This is not possible right now. Please try again later.",
        "Das geht gerade nicht. Bitte versuchen Sie es später.",
    ),
    "push_unreadable": (
        "Ihr Browser hat etwas geschickt, das wir nicht verstehen.",
        "Your browser sent something that we do not understand.",
        "Das hat nicht geklappt.",
    ),
    "signup_no_topics": (
        "Bitte wählen Sie mindestens ein Thema.",
        "Please choose at least one topic.",
        "Bitte wählen Sie ein Thema aus.",
    ),
    "signup_no_matter": (
        "Sie haben Ortschaften angekreuzt, aber keinen Anlass. Bitte wählen Sie auch den Anlass.",
        "You ticked places but no matter. Please choose the matter, too.",
        "Sie haben einen Ort ausgewählt. Bitte wählen Sie auch aus: Worüber sollen wir schreiben?",
    ),
    "signup_no_email": (
        "Bitte geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@beispiel.de.",
        "Please enter a complete e-mail address, for example name@example.org.",
        "Bitte schreiben Sie Ihre ganze E-Mail-Adresse. Zum Beispiel: name@beispiel.de.",
    ),
    "form_wrong": ("Bitte prüfen Sie Ihre Angaben", "Please check what you entered", "Bitte prüfen Sie das"),
    "sent_title": ("Fast fertig: bitte bestätigen", "Almost done: please confirm", "Gleich fertig"),
    "sent_text": (
        (
            "Wir haben eine E-Mail geschickt. Öffnen Sie den Link darin und bestätigen Sie. So stellen wir sicher, "
            "dass niemand fremde Adressen anmeldet."
        ),
        (
            "We have sent an e-mail. Open the link in it and confirm. This makes sure that nobody signs up someone "
            "else's address."
        ),
        "Wir haben Ihnen eine E-Mail geschickt. Bitte öffnen Sie den Link in der E-Mail. Dann sagen Sie: Ja.",
    ),
    "sent_to": ("Die E-Mail geht an {email}.", "The e-mail goes to {email}.", "Die E-Mail geht an {email}."),
    "sent_nothing": (
        (
            "Nichts gekommen? Sehen Sie bitte im Spam-Ordner nach und prüfen Sie, ob die Adresse stimmt. Der Link gilt "
            "48 Stunden."
        ),
        "Nothing arrived? Please look in your spam folder and check the address. The link is valid for 48 hours.",
        "Keine E-Mail bekommen? Bitte sehen Sie im Spam-Ordner nach. Der Link geht 2 Tage lang.",
    ),
    "confirm_title": ("Anmeldung bestätigen", "Confirm your sign-up", "Anmeldung bestätigen"),
    "confirm_text": (
        "Nachrichten an {email} zu diesen Themen:",
        "Messages to {email} on these topics:",
        "Wir schicken Nachrichten an {email}. Zu diesen Themen:",
    ),
    "confirm_button": ("Ja, Anmeldung bestätigen", "Yes, confirm the sign-up", "Ja, ich möchte Nachrichten"),
    "confirm_not_you": (
        "Sie haben sich nicht angemeldet? Dann schließen Sie diese Seite einfach. Wir schreiben nicht wieder.",
        "You did not sign up? Then just close this page. We will not write again.",
        "Das waren nicht Sie? Dann machen Sie diese Seite zu. Wir schreiben nicht mehr.",
    ),
    "confirmed_title": ("Schon bestätigt", "Already confirmed", "Das ist schon fertig"),
    "confirmed_text": (
        "Diese Anmeldung ist bestätigt. In jeder Nachricht finden Sie den Link zu Ihren Einstellungen.",
        "This sign-up is confirmed. Every message holds the link to your settings.",
        "Sie bekommen schon Nachrichten. In jeder Nachricht ist ein Link zu Ihren Einstellungen.",
    ),
    "expired_title": ("Der Link ist abgelaufen", "The link has expired", "Der Link ist zu alt"),
    "expired_text": (
        "Der Link galt 48 Stunden. Bitte melden Sie sich noch einmal an.",
        "The link was valid for 48 hours. Please sign up again.",
        "Der Link ging nur 2 Tage lang. Bitte melden Sie sich noch einmal an.",
    ),
    "again": ("Noch einmal anmelden", "Sign up again", "Noch einmal anmelden"),
}
