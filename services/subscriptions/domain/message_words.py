"""The words around an announcement in a mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.subscriptions.domain.announcing import Kind, Language


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the text in one language; `why` names the topic."""

    html_language: str
    path: str
    """Where the portal keeps this language."""
    kinds: Mapping[Kind, str]
    as_of: str
    details: str
    why: str
    why_me: str
    settings: str
    unsubscribe: str
    imprint: str
    privacy: str
    other_language: str
    """A line in another language for those who cannot read this one; empty when there is none."""


FRAMES: Mapping[Language, Frame] = {
    "de": Frame(
        html_language="de",
        path="",
        kinds={
            "alert": "Meldung",
            "update": "Neuer Stand",
            "all_clear": "Entwarnung",
            "correction": "Berichtigung",
        },
        as_of="Stand: {}",
        details="Mehr dazu",
        why="Sie erhalten diese E-Mail, weil Sie „{}“ abonniert haben.",
        why_me="Warum genau ich?",
        settings="Einstellungen ändern",
        unsubscribe="Abbestellen",
        imprint="Impressum",
        privacy="Datenschutz",
        other_language="Read this message in English",
    ),
    "en": Frame(
        html_language="en",
        path="/en",
        kinds={"alert": "Message", "update": "Update", "all_clear": "All clear", "correction": "Correction"},
        as_of="As of {}",
        details="Read more",
        why="You get this e-mail because you subscribed to “{}”.",
        why_me="Why me?",
        settings="Change settings",
        unsubscribe="Unsubscribe",
        imprint="Legal notice",
        privacy="Privacy",
        other_language="",
    ),
    "plain": Frame(
        html_language="de",
        path="/einfach",
        kinds={
            "alert": "Nachricht",
            "update": "Neue Nachricht",
            "all_clear": "Es ist vorbei",
            "correction": "Das war falsch",
        },
        as_of="Das wissen wir seit: {}",
        details="Hier steht mehr",
        why="Sie bekommen diese E-Mail. Denn Sie haben sich angemeldet für: „{}“.",
        why_me="Warum bekomme ich das?",
        settings="Etwas ändern",
        unsubscribe="Ich möchte keine E-Mails mehr",
        imprint="Wer schreibt hier?",
        privacy="Was passiert mit meinen Daten?",
        other_language="Read this message in English",
    ),
}
