"""The provider's Error object: codes of its published list, sentences of our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_LEVELS = {"E": "Error", "W": "Warning", "I": "Info"}

TEXTS = {
    "I501": "API-Status: OK",
    "W501": "API-Status: Wartung angekündigt",
    "E501": "API-Status: Inaktiv",
    "E001": "Die Zugangsdaten sind ungültig",
    "E101": "Das Token ist abgelaufen oder unbekannt",
    "E201": "Es wurde keine Sendung gefunden",
    "E203": "Die Anschrift im Dokument weicht von den Metadaten ab",
    "E301": "Die Datei ist kein PDF-Dokument",
    "E302": "Die Sperrfläche der DV-Freimachung ist bedruckt",
    "E303": "Die Datei ist zu groß",
    "E304": "Das Dokument hat zu viele Seiten",
    "E305": "Das Land ist unbekannt oder nicht in Großbuchstaben angegeben",
    "E306": "Das Format der Empfängeranschrift ist ungültig",
    "E307": "Die erste Seite liegt im Querformat",
    "E308": "Das Dokument hat nicht das Format DIN A4",
    "E309": "Der Dateiname kommt mehrfach vor",
    "E311": "Einschreiben ins Ausland sind nicht möglich",
    "E312": "Einschreiben können nicht doppelseitig gedruckt werden",
    "E313": "Die Daten entsprechen nicht dem Schema",
    "E314": "Das Deckblatt ist zu groß",
    "E315": "Fehler bei der Verarbeitung des Dokuments",
    "E316": "Fehler bei der Übertragung an das Druckzentrum",
    "E317": "Unbekannte Art des Einschreibens",
    "E318": "Das Druckzentrum hat die Sendung abgelehnt",
    "E319": "Die Kundennummer ist nicht für das Druckzentrum freigeschaltet",
    "E320": "Die tägliche Anzahl an Testsendungen ist erreicht",
    "E322": "Statusabfragen in zu kurzem Abstand",
    "E323": "Der Bereich der Empfängeranschrift ist leer",
    "E324": "Die Sendung wurde bereits eingeliefert",
    "E333": "Auf dem Dokument fehlt die Absenderangabe",
    "E399": "Allgemeiner Fehler",
    "W101": "Hinweis aus der Umwandlung nach PDF/A",
    "W201": "Inhalt außerhalb der zulässigen Flächen",
    "W202": "Der linke Rand ist bedruckt und wird im Druckzentrum geweißt",
    "W203": "Inlandssendungen benötigen keine Länderangabe",
    "W208": "Die Seite misst nicht genau 595,276 x 841,89 Punkt",
}


def error_object(code: str, description: str | None = None, *, date: str | None = None) -> dict[str, Any]:
    """Build an Error as the provider answers it: level, code, description, date."""
    return {
        "level": _LEVELS.get(code[:1], "Error"),
        "code": code,
        "description": description or TEXTS.get(code, code),
        "date": date,
    }


@dataclass(frozen=True)
class Problem:
    """One finding about one letter."""

    code: str
    description: str

    @property
    def fatal(self) -> bool:
        """Errors end in status 99, warnings do not."""
        return self.code.startswith("E")


class ApiError(Exception):
    """Refuses a request with one Error object."""

    def __init__(self, status: int, code: str, description: str | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.description = description
