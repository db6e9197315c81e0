"""Words of the banner above every page."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {
    "label": ("Aktuelle Hinweise", "Important notices", "Wichtige Meldungen"),
    "closed": ("{pool} ist geschlossen", "{pool} is closed", "{pool} ist zu"),
    "reason": ("Grund: {reason}.", "Reason: {reason}.", "Der Grund ist: {reason}."),
    "since": ("Seit {when}.", "Since {when}.", "Seit {when}."),
    "until": ("Voraussichtlich bis {when}.", "Expected to last until {when}.", "Vielleicht bis {when}."),
    "more": ("Mehr zum Bad", "More about the pool", "Mehr über das Freibad"),
    "several": ("{count} aktuelle Meldungen", "{count} notices in force", "{count} neue Meldungen"),
    "all": ("Alle Meldungen", "All notices", "Alle Meldungen"),
    "read": ("Meldung lesen", "Read the notice", "Meldung lesen"),
}
