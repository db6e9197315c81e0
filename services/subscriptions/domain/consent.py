"""The texts that people consent to (Einwilligung, Art. 6 Abs. 1 Buchst. a, Art. 7 DSGVO), by version, for any town.

A text that was once shown stays here as it was: the log of consents names its version.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from services.subscriptions.domain.announcing import Language

Way = Literal["double_opt_in", "push", "preferences", "one_click", "import", "erasure"]
Action = Literal["granted", "withdrawn"]
CURRENT = "2026-11"
IMPORTED = "import"
"""Stands for the text of the list that was imported; the proof says where it is."""
TEXTS: Mapping[str, Mapping[Language, str]] = {
    "2026-11": {
        "de": (
            "Ich möchte von der {town} Nachrichten zu den gewählten Themen bekommen. Dafür darf sie "
            "meine E-Mail-Adresse oder die Adresse meines Browsers speichern und benutzen, für nichts anderes. Das ist "
            "freiwillig. Ich kann es jederzeit für die Zukunft widerrufen: In jeder Nachricht steht dafür ein Link. "
            "Dann werden meine Angaben gelöscht; es bleibt nur der Nachweis ohne Adresse, dass ich eingewilligt hatte."
        ),
        "en": (
            "I would like {town} to send me messages on the topics I have chosen. For this it "
            "may store and use my e-mail address or the address of my browser, and for nothing else. This is "
            "voluntary. I can withdraw it at any time for the future: every message holds a link for that. My data "
            "is then erased; all that stays is the record, without the address, that I had consented. "
            "The German text is the binding one."
        ),
        "plain": (
            "Ich möchte Nachrichten von der {town} bekommen. Ich habe die Themen selbst ausgewählt. "
            "Die Stadt darf dafür meine E-Mail-Adresse speichern. Oder die Adresse von meinem Browser. "
            "Die Stadt darf die Adresse für nichts anderes benutzen. Ich muss das nicht machen. Ich kann das immer "
            "wieder beenden. Dafür gibt es einen Link in jeder Nachricht. Dann löscht die Stadt meine Adresse."
        ),
    },
}


class Consent(NamedTuple):
    """One entry of the log."""

    subscriber_id: int
    at: datetime
    action: Action
    way: Way
    text_version: str
    topics: list[str]
    proof: str | None = None
    announcement_id: int | None = None
    address_mac: str | None = None


def texts(town: str) -> dict[Language, str]:
    """Return the present text, with the name of the town to which people give their consent."""
    return {language: text.format(town=town) for language, text in TEXTS[CURRENT].items()}


def is_known(version: str) -> bool:
    """Say whether people can have been shown a text of this version."""
    return version in TEXTS
