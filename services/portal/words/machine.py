"""Words of alerts, the frame for other sites, the poster and the public interface."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {
    "event.pool_closed": ("Bad geschlossen", "Pool closed", "Das Freibad ist zu"),
    "event.road_closed": ("Straßensperrung", "Road closed", "Straße gesperrt"),
    "event.waste_collection_moved": ("Verschobene Müllabfuhr", "Waste collection moved", "Müllabfuhr an anderem Tag"),
    "event.utility_outage": ("Ausfall der Versorgung", "Utility outage", "Wasser oder Strom geht nicht"),
    "event.facility": ("Städtische Einrichtung", "Public facility", "Haus der Stadt"),
    "event.other": ("Meldung der Stadt", "Notice of the town", "Meldung von der Stadt"),
    "more": ("Mehr zum Bad", "More about the pool", "Mehr über das Freibad"),
    "as_of": ("Stand {when}", "As of {when}", "So ist es um {when}"),
    "embed_title": ("In die eigene Seite einbinden", "Embed in your own site", "In die eigene Internet-Seite einbauen"),
    "embed_text": (
        "Kopieren Sie diese Zeile in Ihre Seite. Sie zeigt dann immer, ob das Bad offen ist: {pool}.",
        "Copy this line into your site. It will always show whether the pool is open: {pool}.",
        "Kopieren Sie diesen Text in Ihre Internet-Seite. Dann sieht man dort, ob das Bad offen ist: {pool}.",
    ),
    "embed_private": (
        "Der Rahmen setzt keine Cookies, lädt kein Skript und erneuert sich jede Minute.",
        "The frame sets no cookies, loads no script and renews itself every minute.",
        "Der Text ist immer neu. Wir sammeln dabei keine Daten.",
    ),
    "embed_see": ("So sieht es aus", "This is what it looks like", "So sieht es aus"),
    "api_title": ("Schnittstelle für Programme", "Interface for programs", "Daten für Computer-Programme"),
    "api_text": (
        (
            "Diese Adressen dürfen Sie ohne Anmeldung abrufen, auch aus anderen Webseiten. Antworten gelten zehn "
            "Sekunden; fragen Sie danach mit If-None-Match nach, ob sich etwas geändert hat."
        ),
        (
            "You may use these addresses without signing up, also from other websites. Answers are good for ten "
            "seconds; after that ask with If-None-Match whether anything has changed."
        ),
        "Computer-Programme können hier Daten abholen. Das kostet nichts.",
    ),
    "api_pools": ("Alle Bäder (JSON)", "All pools (JSON)", "Alle Freibäder (JSON)"),
    "api_pool": ("Ein Bad (JSON)", "One pool (JSON)", "Ein Freibad (JSON)"),
    "api_appointments": ("Termine: Anliegen, Orte, freie Zeiten (JSON)", "Appointments (JSON)", "Termine (JSON)"),
    "api_news": ("Meldungen (JSON)", "Notices (JSON)", "Meldungen (JSON)"),
    "api_feeds": (
        "Newsfeed, auch je Thema und als RSS",
        "News feed, also per topic and as RSS",
        "Newsfeed",
    ),
    "api_calendar": ("Kalender, auch je Thema", "Calendar, also per topic", "Kalender"),
    "api_cap": (
        "Warnungen im Format CAP 1.2 (Common Alerting Protocol)",
        "Alerts in the format CAP 1.2 (Common Alerting Protocol)",
        "Warnungen für Warn-Apps (CAP)",
    ),
    "api_openapi": ("Beschreibung (OpenAPI 3.1)", "Description (OpenAPI 3.1)", "Beschreibung für Programmierer"),
    "api_topics": ("Newsfeeds und Kalender je Thema", "Feeds and calendars per topic", "Newsfeeds je Thema"),
    "api_topics_text": (
        "Die Adresse ist /feeds/<Thema>.atom, auch .rss und .ics; /en davor gibt Englisch. Ein Beispiel je Art:",
        "The address is /feeds/<topic>.atom, also .rss and .ics; without /en in front it is German. An example each:",
        "Es gibt für jedes Thema eine Adresse. Beispiele:",
    ),
    "api_codes": ("Alle Themen", "All topics", "Alle Themen"),
    "poster_title": ("Aushang", "Poster", "Plakat"),
    "poster_ask": ("Ist das Bad offen?", "Is the pool open?", "Ist das Freibad offen?"),
    "poster_code": ("QR-Code zur Seite {address}", "QR code for the page {address}", "QR-Code zur Seite {address}"),
    "poster_help": (
        "Scannen Sie den Code: Stand, Öffnungszeiten, Wassertemperatur – und Bescheid, wenn das Bad schließt.",
        "Scan the code: status, opening hours, water temperature – and messages when the pool closes.",
        "Scannen Sie den Code mit dem Handy. Dann sehen Sie, ob das Freibad offen ist.",
    ),
}
