"""What attendants read of the weather, in German. Times are local (Europe/Berlin)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from services.subscriptions.domain.announcing import Texts, Wording
from services.subscriptions.domain.local_time import moment

_NAMES = {"thunderstorm": "Gewitter", "wind": "Wind", "temperature": "Kälte"}
_NO_LONGER = {
    "thunderstorm": "ist kein Gewitter mehr gemeldet",
    "wind": "hat der Wind nachgelassen",
    "temperature": "ist es wieder warm genug",
}
_PAGE = "Die Seite des Bades im Dienstbereich zeigt, worauf er beruht."


def warned(headline: str, *, onset: datetime, expires: datetime | None, now: datetime) -> str:
    """Quote a warning of the weather service."""
    end = "bis auf Weiteres" if expires is None else f"bis {_clock(expires, now)}"
    return f"Der Deutsche Wetterdienst meldet: „{headline}“, gültig von {_clock(onset, now)} {end}."


def thunder_seen(*, at: datetime) -> str:
    """Say that the station sees a thunderstorm."""
    return f"Die nächste Wetterstation meldet ein Gewitter (Stand {_clock(at, at)})."


def gusts(gust: Decimal, *, limit: Decimal, at: datetime) -> str:
    """Say that gusts are too strong."""
    return (
        f"Windböen bis {_number(gust)} km/h (Stand {_clock(at, at)}). "
        f"Die Regel lautet: schließen über {_number(limit)} km/h."
    )


def cold(celsius: Decimal, *, limit: Decimal, at: datetime) -> str:
    """Say that the air is too cold."""
    return (
        f"Lufttemperatur {_number(celsius)} °C (Stand {_clock(at, at)}). "
        f"Die Regel lautet: schließen unter {_number(limit)} °C."
    )


def calm(rule: str, *, since: datetime, now: datetime) -> str:
    """Say why the pool may open again."""
    return f"Seit {_clock(since, now)} {_NO_LONGER[rule]}."


def proposed(name: str, action: str, rule: str, words: str) -> Texts:
    """Ask the attendants to decide."""
    verb = "schließen" if action == "close" else "wieder öffnen"
    headline = f"Vorschlag: {name} {verb} ({_NAMES[rule]})"
    body = f"{words}\n\nBitte entscheiden Sie: Das Bad bleibt, wie es ist, bis Sie den Vorschlag bestätigen. {_PAGE}"
    return {"de": Wording(headline, body)}


def acted(name: str, action: str, rule: str, words: str) -> Texts:
    """Tell the attendants that the watcher has acted by itself."""
    done = "geschlossen" if action == "close" else "wieder geöffnet"
    headline = f"{name} automatisch {done} ({_NAMES[rule]})"
    body = (
        f"{words}\n\nDas Bad ist jetzt als {done} gemeldet. Wenn das falsch ist, ändern Sie es bitte im Dienstbereich."
    )
    return {"de": Wording(headline, body)}


def lost(name: str, state: str) -> Texts:
    """Tell the attendants that the weather is not known."""
    why = "Der Wetterdienst antwortet nicht" if state == "blind" else "Die Wetterdaten sind veraltet oder unvollständig"
    body = f"{why}. Bis das behoben ist, kommt von hier kein Vorschlag: Bitte beobachten Sie das Wetter selbst."
    return {"de": Wording(f"{name}: Das Wetter wird gerade nicht überwacht", body)}


def back(name: str) -> Texts:
    """Tell the attendants that the weather is known again."""
    body = "Die Wetterdaten sind wieder vollständig. Vorschläge kommen wieder wie gewohnt."
    return {"de": Wording(f"{name}: Das Wetter wird wieder überwacht", body)}


def _clock(at: datetime, now: datetime) -> str:
    return moment(at, "de", told_at=now)


def _number(value: Decimal) -> str:
    return f"{float(value):g}".replace(".", ",")
