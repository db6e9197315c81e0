"""Three languages of one page: German without a prefix, English under /en, plain German under /einfach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["de", "en", "plain"]
LANGUAGES: tuple[Language, ...] = ("de", "en", "plain")
PREFIXES: dict[Language, str] = {"de": "", "en": "/en", "plain": "/einfach"}
NAMES: dict[Language, str] = {"de": "Deutsch", "en": "English", "plain": "Einfache Sprache"}


@dataclass(frozen=True, slots=True)
class Place:
    """A page apart from its language."""

    language: Language
    path: str

    def in_language(self, language: Language) -> str:
        """Return the address of this page in a language."""
        return localised(self.path, language)


def place_of(path: str) -> Place:
    """Split an address into language and page; two slashes at its start would name another host."""
    path = f"/{path.lstrip('/')}"
    for language in LANGUAGES:
        prefix = PREFIXES[language]
        if prefix and (path == prefix or path.startswith(f"{prefix}/")):
            return Place(language, f"/{path.removeprefix(prefix).lstrip('/')}")
    return Place("de", path)


def localised(path: str, language: Language) -> str:
    """Return the address of a page (`/bad/x`) in a language."""
    prefix = PREFIXES[language]
    return prefix if prefix and path == "/" else f"{prefix}{path}"


def html_language(language: Language) -> str:
    """Return the value of the `lang` attribute."""
    return "en" if language == "en" else "de"
