"""What is wrong and what to do."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {
    "missing": ("Diese Seite gibt es nicht", "There is no such page", "Diese Seite gibt es nicht"),
    "missing_help": (
        (
            "Vielleicht fehlt ein Teil der Adresse, oder der Link gilt nicht mehr. Bitte öffnen Sie den Link noch "
            "einmal ganz, oder beginnen Sie auf der Startseite."
        ),
        (
            "Part of the address may be missing, or the link is no longer valid. Please open the whole link again, or "
            "start from the home page."
        ),
        "Vielleicht ist die Adresse falsch. Oder der Link ist zu alt. Bitte gehen Sie zur Start-Seite.",
    ),
    "old_link": ("Dieser Link gilt nicht mehr", "This link is no longer valid", "Dieser Link ist zu alt"),
    "old_link_help": (
        "Vielleicht gibt es inzwischen einen neueren, oder ein Teil der Adresse fehlt.",
        "There may be a newer one by now, or part of the address is missing.",
        "Vielleicht gibt es einen neuen Link. Oder der Link ist nicht ganz da.",
    ),
    "away": (
        "Das geht im Moment nicht",
        "This is not available right now",
        "Das geht gerade nicht",
    ),
    "away_help": (
        (
            "Ein Teil unseres Systems antwortet gerade nicht. Falls Sie etwas abgesendet haben: Ob es angekommen ist, "
            "wissen wir nicht. Bitte versuchen Sie es in einigen Minuten noch einmal."
        ),
        (
            "Part of our system is not answering. If you sent something, we do not know whether it arrived. "
            "Please try again in a few minutes."
        ),
        "Unser Computer antwortet gerade nicht. Bitte versuchen Sie es in ein paar Minuten noch einmal.",
    ),
    "foreign_form": (
        "Dieses Formular kam nicht von unserer Seite",
        "This form did not come from our site",
        "Dieses Formular ist nicht von uns",
    ),
    "foreign_form_help": (
        (
            "Zu Ihrem Schutz nehmen wir nur Formulare an, die auf diesen Seiten ausgefüllt wurden. Bitte öffnen Sie "
            "die Seite neu und senden Sie das Formular von dort."
        ),
        (
            "For your protection we only accept forms that were filled in on this site. Please open the page again and "
            "send the form from there."
        ),
        "Wir nehmen nur Formulare von dieser Seite an. Das schützt Sie. Bitte öffnen Sie die Seite noch einmal.",
    ),
    "too_often": ("Das war sehr oft hintereinander", "That was very often", "Das war zu oft"),
    "too_often_help": (
        "Bitte warten Sie einige Minuten und versuchen Sie es dann noch einmal.",
        "Please wait a few minutes, then try again.",
        "Bitte warten Sie ein paar Minuten. Dann versuchen Sie es noch einmal.",
    ),
    "too_large": ("Das Formular ist zu groß", "The form is too large", "Das Formular ist zu groß"),
    "too_large_help": (
        "Bitte kürzen Sie Ihre Angaben.",
        "Please shorten what you have entered.",
        "Bitte schreiben Sie weniger.",
    ),
    "refused": ("Das ist hier nicht möglich", "This is not possible here", "Das geht hier nicht"),
    "refused_help": (
        "Bitte beginnen Sie auf der Startseite noch einmal.",
        "Please start again from the home page.",
        "Bitte gehen Sie zur Start-Seite.",
    ),
    "unexpected": ("Hier ist etwas schiefgegangen", "Something went wrong here", "Hier ist ein Fehler passiert"),
    "unexpected_help": (
        (
            "Der Fehler liegt bei uns. Bitte versuchen Sie es noch einmal. Wenn es wieder geschieht, schreiben Sie uns "
            "bitte, was Sie tun wollten."
        ),
        "The fault is ours. Please try again. If it happens again, please tell us what you wanted to do.",
        "Das ist unser Fehler. Bitte versuchen Sie es noch einmal.",
    ),
}
