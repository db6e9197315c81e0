"""Offices, resources and services (Stammdaten der Terminvergabe). Values only; `storage.master_data` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Literal

Kind = Literal["counter", "clerk", "room"]
"""Schalter, Mitarbeiterin oder Mitarbeiter, Raum."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in German, English and plain German (Einfache Sprache)."""

    de: str
    en: str
    plain: str


@dataclass(frozen=True, slots=True)
class Resource:
    """What only one visit at a time can have."""

    code: str
    office: str
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Need:
    """One resource of a kind; any of these will do."""

    kind: Kind
    any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """What people come for (Anliegen)."""

    code: str
    name: Text
    hint: Text
    """What it is about, who has to come."""
    bring: tuple[Text, ...]
    """What to bring along (mitzubringende Unterlagen)."""
    fee: Text | None
    minutes: int
    buffer_minutes: int
    """After the visit, for tidying up; nobody is booked into it."""
    needs: Mapping[str, tuple[Need, ...]]
    """By office: what the visit takes there. An office that is not in it does not offer the service."""
    most: int
    """How often it can be chosen for one visit: passports for four people."""


@dataclass(frozen=True, slots=True)
class Release:
    """New days become bookable at a set time, and whoever came before it gets a place by lot (faire Freigabe)."""

    at: time
    """Local time."""
    gather_minutes: int
    """From so long before it people may come to the waiting room (virtueller Warteraum)."""
    queue_minutes: int
    """So long after it the new day is for those whom the waiting room has let in."""
    admitted_per_minute: int


@dataclass(frozen=True, slots=True)
class Office:
    """A place where people come to (Dienststelle)."""

    code: str
    name: str
    address: str
    phone: str
    email: str | None
    """Where the list of the day goes each morning."""
    latest_minutes: int
    """So long before its start a time can still be booked on the web."""
    days_ahead: int
    """Bookable are today and so many days more."""
    release: Release | None
    ticket_prefix: str
    """Of the numbers of the walk-in queue: `A` as in A012."""


@dataclass(frozen=True, slots=True)
class MasterData:
    """All of it, by code."""

    offices: Mapping[str, Office]
    resources: Mapping[str, Resource]
    services: Mapping[str, Service]

    def of_office(self, office: str) -> tuple[Resource, ...]:
        """Return the resources of an office, in their order."""
        return tuple(each for each in self.resources.values() if each.office == office)
