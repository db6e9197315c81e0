"""Words about messages and topics."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {
    "title": ("Meldungen", "Notices", "Meldungen"),
    "intro": (
        "Was die Stadt bekannt gibt: gesperrte Straßen, verlegte Abfuhr, Störungen, das Freibad.",
        "What the town announces: road closures, moved collections, outages, the pool.",
        "Hier stehen alle Meldungen von der Stadt.",
    ),
    "going_on": ("Gilt jetzt", "In force now", "Das gilt jetzt"),
    "coming": ("Gilt später", "From a later date", "Das gilt später"),
    "from": ("Ab {when}", "From {when}", "Ab {when}"),
    "over": ("Vorbei", "Over", "Das ist vorbei"),
    "none": ("Im Moment gilt keine Meldung.", "No notice is in force.", "Gerade gibt es keine Meldung."),
    "feed": ("Als Newsfeed: {kind}", "As a news feed: {kind}", "Als Newsfeed: {kind}"),
    "history": ("Verlauf", "History", "Was ist wann passiert?"),
    "began": ("Seit {when}", "Since {when}", "Seit {when}"),
    "ended": ("Beendet: {when}", "Ended: {when}", "Vorbei seit: {when}"),
    "expires": ("Gilt bis {when}", "Valid until {when}", "Gilt bis {when}"),
    "valid": (
        "Gilt ab {first} bis {last}",
        "Valid from {first} until {last}",
        "Das gilt ab {first} bis {last}",
    ),
    "valid_from": ("Gilt ab {when}", "Valid from {when}", "Das gilt ab {when}"),
    "everywhere": ("ganzes Gemeindegebiet", "whole municipality", "in allen Orten"),
    "all": ("Alle Meldungen", "All notices", "Alle Meldungen"),
    "kind.alert": ("Meldung", "Notice", "Meldung"),
    "kind.update": ("Neuer Stand", "Update", "Neue Information"),
    "kind.all_clear": ("Entwarnung", "All clear", "Es ist vorbei"),
    "kind.correction": ("Berichtigung", "Correction", "Wir haben einen Fehler gemacht"),
    "kind.other": ("Meldung", "Notice", "Meldung"),
    "group.pool": ("Bäder", "Pools", "Freibäder"),
    "group.matter": ("Anlässe", "Matters", "Was ist passiert?"),
    "group.place": ("Ortschaften", "Places", "Orte"),
    "group.more": ("Außerdem", "Also", "Diese Themen haben Sie auch"),
    "group_hint.more": (
        "Diese Themen haben Sie schon. Wenn Sie das Häkchen entfernen, enden sie.",
        "You have these topics already. Untick one to end it.",
        "Sie wollen das nicht mehr? Dann machen Sie das Häkchen weg.",
    ),
    "group_hint.pool": (
        "Sie erfahren, wenn ein Bad außerplanmäßig schließt und wieder öffnet.",
        "You hear when a pool closes unexpectedly and opens again.",
        "Wir schreiben, wenn das Freibad zu ist.",
    ),
    "group_hint.matter": (
        "In der ganzen Gemeinde, oder nur in Ortschaften, die Sie auswählen.",
        "In the whole municipality, or only in places of your choice.",
        "In allen Orten. Oder nur in Ihrem Ort.",
    ),
    "limit": ("Nur in bestimmten Ortschaften", "Only in certain places", "Nur in bestimmten Orten"),
    "limit_hint": (
        "Die angekreuzten Anlässe gelten dann nur in diesen Ortschaften.",
        "The matters ticked above then count in these places only.",
        "Sie bekommen dann nur Nachrichten aus diesen Orten.",
    ),
    "group_hint.place": (
        "Alles, was einen Ort betrifft, gleich aus welchem Anlass.",
        "Everything that concerns a place, whatever the matter.",
        "Alles über einen Ort.",
    ),
    "translated": (
        "Diese Meldung gibt es nur auf Deutsch.",
        "This notice is available in German only.",
        "Diese Meldung gibt es nicht in einfacher Sprache.",
    ),
}
