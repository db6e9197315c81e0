"""Words of the attendants' pages (Dienst). Staff pages are in German only."""

from __future__ import annotations

from collections.abc import Mapping


def german(texts: Mapping[str, str]) -> dict[str, tuple[str, str, str]]:
    """Return German texts for all languages."""
    return {key: (text, text, text) for key, text in texts.items()}


ERRORS = german(
    {
        "not_your_role": "Dafür ist dieses Gerät nicht freigeschaltet",
        "not_your_role_help": (
            "Diese Seite gehört zu einer anderen Aufgabe. Welche Aufgaben ein Gerät hat, legt die Verwaltung fest."
        ),
        "not_your_pool": "Dieses Bad gehört nicht zu diesem Gerät",
        "not_your_pool_help": "Bitte öffnen Sie die Startseite des Dienstes: Dort stehen die Bäder dieses Geräts.",
    }
)
WORDS = german(
    {
        "menu": "Dienst",
        "start": "Dienst",
        "sign_out": "Abmelden",
        "pin_title": "Anmelden zum Dienst",
        "no_device": (
            "Dieser Browser ist kein Dienstgerät. Bitte öffnen Sie den Link oder den QR-Code, den Sie für Ihr Gerät "
            "bekommen haben."
        ),
        "device": "Gerät: {name}",
        "pin": "PIN",
        "sign_in": "Anmelden",
        "pin_wrong": "Die PIN stimmt nicht",
        "tries": "Noch {count} Versuche, dann ist das Gerät für eine Viertelstunde gesperrt.",
        "tries_one": "Noch ein Versuch, dann ist das Gerät für eine Viertelstunde gesperrt.",
        "locked": "Zu viele falsche PINs",
        "locked_until": "Das Gerät ist gesperrt bis {when}. Danach können Sie es wieder versuchen.",
        "again_title": "Einen Moment",
        "go_on": "Weiter zum Dienst",
        "no_answer": "Keine Antwort",
        "not_known": "Ob es geklappt hat, ist nicht sicher.",
        "not_known_help": (
            "Bitte tippen Sie noch einmal. Auch wenn es schon angekommen ist, schadet das nicht: Es zählt nur einmal."
        ),
        "retry": "Noch einmal senden",
        "stale": "Keine Verbindung: Was hier steht, kann inzwischen überholt sein.",
        "state": "Zustand des Bades",
        "open": "OFFEN",
        "closed": "GESCHLOSSEN",
        "since": "seit {when}",
        "until": "voraussichtlich bis {when}",
        "until_open": "Ende noch nicht bekannt",
        "now_open": "geöffnet bis {when}",
        "open_now": "geöffnet",
        "resting": "gerade außerhalb der Saison",
        "close_anyway": "Trotzdem schließen",
        "outside_hours": "gerade außerhalb der Öffnungszeiten",
        "reason.thunderstorm": "Gewitter",
        "reason.storm": "Sturm",
        "reason.water_quality": "Wasserqualität",
        "reason.technical": "Technik",
        "reason.staff": "Personal",
        "reason.other": "Anderes",
        "close_because": "Sofort schließen wegen:",
        "reopen": "Wieder öffnen",
        "mistake": "War ein Irrtum",
        "how_long": "Bis etwa wann?",
        "span_hour": "1 Stunde",
        "span_two": "2 Stunden",
        "span_today": "heute",
        "other_reason": "Grund oder Ende ändern",
        "done.geschlossen": "Geschlossen. Alle Angemeldeten werden jetzt benachrichtigt.",
        "done.grund": "Grund geändert. Wer von der Schließung weiß, bekommt Bescheid.",
        "meanwhile_open": "Inzwischen wieder geöffnet.",
        "meanwhile_closed": "Inzwischen geschlossen: {reason}.",
        "meanwhile_closed_until": "Inzwischen geschlossen: {reason}, voraussichtlich bis {when}.",
        "not_done": "Ihr Tippen „{tapped}“ wurde NICHT ausgeführt.",
        "tap_again": "Wenn es gelten soll, tippen Sie es unten noch einmal.",
        "lost": "Ihr letztes Tippen wurde nicht ausgeführt, weil die Anmeldung abgelaufen war. Bitte noch einmal.",
        "expired": "Ihre Anmeldung ist abgelaufen",
        "expired_help": "Ihr letztes Tippen wurde nicht ausgeführt. Bitte geben Sie die PIN ein.",
        "done.ende": "Das voraussichtliche Ende ist eingetragen und wird mitgeteilt.",
        "done.offen": "Wieder offen. Alle, die von der Schließung wissen, bekommen Bescheid.",
        "done.irrtum": "Als Irrtum berichtigt. Alle, die von der Schließung wissen, bekommen Bescheid.",
        "done.wasser": "Wassertemperatur eingetragen.",
        "done.abgelehnt": "Vorschlag abgelehnt. Das Bad bleibt, wie es ist.",
        "done.email": "Wir haben eine E-Mail geschickt. Bitte bestätigen Sie darin die Anmeldung.",
        "done.push": "Dieses Gerät bekommt jetzt Vorschläge und Warnungen.",
        "done.other": "Erledigt.",
        "told": "„{headline}“, {when}:",
        "telling": "{done} von {people} Angemeldeten sind benachrichtigt.",
        "told_people": "{people} Angemeldete sind benachrichtigt.",
        "told_one": "Eine Person ist benachrichtigt.",
        "told_nobody": "Es ist niemand zu benachrichtigen.",
        "propose_close.thunderstorm": "Vorschlag: wegen Gewitter schließen",
        "propose_close.wind": "Vorschlag: wegen Wind schließen",
        "propose_close.temperature": "Vorschlag: wegen Kälte schließen",
        "propose_close.other": "Vorschlag: Bad schließen",
        "propose_reopen.thunderstorm": "Vorschlag: wieder öffnen, das Gewitter ist vorbei",
        "propose_reopen.wind": "Vorschlag: wieder öffnen, der Wind hat nachgelassen",
        "propose_reopen.temperature": "Vorschlag: wieder öffnen, es ist warm genug",
        "propose_reopen.other": "Vorschlag: Bad wieder öffnen",
        "proposal_gone": "Dieser Vorschlag gilt nicht mehr. Bitte sehen Sie, wie es jetzt steht.",
        "evidence_none": "Eine Begründung wurde nicht übermittelt.",
        "close_pool": "Bad schließen",
        "do_not_close": "Nicht schließen",
        "stay_closed": "Geschlossen lassen",
        "water": "Wassertemperatur",
        "water_last": "Zuletzt: {celsius} °C ({when})",
        "water_now": "Jetzt gemessen, in °C",
        "water_wrong": "Bitte geben Sie eine Temperatur zwischen 0 und 45 °C ein, zum Beispiel 21,5.",
        "enter": "Eintragen",
        "weather": "Wetter",
        "watch.seeing": "Das Wetter wird überwacht.",
        "watch.stale": "Die Wetterdaten sind veraltet oder unvollständig. Bitte sehen Sie selbst auf den Himmel.",
        "watch.blind": "Der Wetterdienst antwortet nicht. Bitte sehen Sie selbst auf den Himmel.",
        "watch.unwatched": "Das Wetter wird gerade nicht überwacht: Das Bad öffnet nicht in nächster Zeit.",
        "watch.other": "Ob das Wetter überwacht wird, ist nicht bekannt. Bitte sehen Sie selbst auf den Himmel.",
        "weather_blind": "Wetterdienst seit {when} ohne Antwort: Bitte sehen Sie selbst auf den Himmel.",
        "weather_stale": "Wetterdaten seit {when} veraltet oder lückenhaft: Bitte sehen Sie selbst auf den Himmel.",
        "weather_gone": "Das Wetter ist nicht bekannt: Bitte sehen Sie selbst auf den Himmel.",
        "weather_seen": "Letzte Antwort: {when}.",
        "air": "Luft: {celsius} °C.",
        "gusts": "Böen: {speed} km/h.",
        "warning": "Warnung: {headline}",
        "notify": "Bescheid bekommen",
        "notify_text": "Vorschläge und Warnungen der Wetterüberwachung für dieses Bad, sofort auf Ihr Gerät.",
        "push": "Auf diesem Gerät benachrichtigen",
        "email": "E-Mail-Adresse",
        "subscribe": "Per E-Mail",
    }
)
