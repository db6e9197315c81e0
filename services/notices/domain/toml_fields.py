"""Typed fields of a TOML table; what is wrong is gathered as German sentences, so that all is told at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

_DECIMAL = re.compile(r"[0-9]{1,9}\.[0-9]{2,6}")
_EURO = re.compile(r"[0-9]{1,9}\.[0-9]{2}")
_ZERO = Decimal("0.00")
_NO_DATE = date.min


class Fields:
    """One table of a TOML file; a field that is wrong is noted and read as an empty value."""

    def __init__(self, table: Mapping[str, object], path: str, problems: list[str]) -> None:
        self._table = table
        self._path = path
        self._problems = problems
        self._known: set[str] = set()

    def note(self, key: str, sentence: str) -> None:
        """Note what is wrong with a field and what to do."""
        self._problems.append(f"{self._path}.{key}: {sentence}" if key else f"{self._path}: {sentence}")

    def value(self, key: str) -> object:
        """Return a required field of any type; None when it is missing."""
        self._known.add(key)
        if key not in self._table:
            self.note(key, "Die Angabe fehlt. Bitte ergänzen.")
        return self._table.get(key)

    def text(self, key: str, longest: int = 80, shape: str = "", example: str = "") -> str:
        """Return a text that is one line, not empty, not too long, and of a shape if one is given."""
        value = self.value(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.note(key, "Hier wird ein Text in Anführungszeichen erwartet. Bitte so eintragen.")
            return ""
        return self.line(key, value, longest, shape, example)

    def line(self, key: str, value: str, longest: int, shape: str = "", example: str = "") -> str:
        """Check one text that has already been taken out of the table."""
        text = unicodedata.normalize("NFC", value).strip()
        if not text.isprintable() or "\ufffd" in text:
            self.note(key, "Der Text enthält Steuerzeichen oder unsichtbare Zeichen. Bitte neu eintippen.")
            return ""
        if not text:
            self.note(key, "Der Text ist leer. Bitte ausfüllen.")
        elif len(text) > longest:
            self.note(key, f"Der Text hat {len(text)} Zeichen. Bitte auf höchstens {longest} kürzen.")
        elif shape and not re.fullmatch(shape, text):
            self.note(key, f"Der Wert „{text[:40]}“ hat nicht die erwartete Form. Beispiel: {example}.")
        return text

    def rate(self, key: str) -> Decimal:
        """Return EUR per hectare: a text decimal with two to six places."""
        return self._decimal(key, _DECIMAL, "zwei bis sechs Nachkommastellen", "9.8700")

    def euro(self, key: str) -> Decimal:
        """Return an amount: a text decimal with two places."""
        return self._decimal(key, _EURO, "zwei Nachkommastellen", "10.00")

    def _decimal(self, key: str, shape: re.Pattern[str], places: str, example: str) -> Decimal:
        value = self.value(key)
        if value is None:
            return _ZERO
        if not isinstance(value, str):
            self.note(
                key,
                f'Zahlen mit Komma stehen als Text in Anführungszeichen. Bitte zum Beispiel so eintragen: "{example}".',
            )
        elif value.startswith("-"):
            self.note(key, f"Der Wert „{value[:40]}“ ist negativ. Bitte einen Wert ab 0 eintragen.")
        elif not shape.fullmatch(value):
            shown = value[:40] if value.isprintable() else "?"
            self.note(key, f'Der Wert „{shown}“ ist keine Zahl mit Punkt und {places}. Beispiel: "{example}".')
        else:
            return Decimal(value)
        return _ZERO

    def whole(self, key: str, least: int, most: int) -> int:
        """Return a whole number within bounds."""
        value = self.value(key)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        if value is not None:
            self.note(key, f"Hier wird eine ganze Zahl von {least} bis {most} erwartet. Bitte berichtigen.")
        return least

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self.value(key)
        if isinstance(value, bool):
            return value
        if value is not None:
            self.note(key, "Hier wird true oder false ohne Anführungszeichen erwartet. Bitte berichtigen.")
        return False

    def day(self, key: str) -> date:
        """Return a date; date.min when it is none."""
        value = self.value(key)
        # A datetime is a date to isinstance.
        if type(value) is date:
            return value
        if value is not None:
            self.note(key, "Hier wird ein Datum ohne Anführungszeichen erwartet. Beispiel: 2026-11-30.")
        return _NO_DATE

    def refuse_unknown(self, also_known: Iterable[str] = ()) -> None:
        """Note every key that nobody asked for: most often a misspelt one."""
        for key in self._table:
            if key not in self._known and key not in also_known:
                shown = key[:40] if key.isprintable() else "?"
                self.note(shown, "Diese Angabe ist nicht vorgesehen. Bitte die Schreibweise prüfen oder entfernen.")
