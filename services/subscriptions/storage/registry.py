"""What commands and queries about subscribers work with."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.clock import Clock
from chassis.database import Database
from services.subscriptions.domain.announcing import Language
from services.subscriptions.domain.mail_words import PREFIX
from services.subscriptions.storage.topics import TopicList


@dataclass(frozen=True, slots=True)
class Registry:
    """The database and what the town has laid down."""

    database: Database
    key: bytes
    """Signs links."""
    topics: TopicList
    portal_url: str
    mail_from: str
    push_hosts: tuple[str, ...]
    now: Clock

    def link(self, language: Language, path: str) -> str:
        """Return the address of a page of the portal."""
        return f"{self.portal_url.rstrip('/')}{PREFIX[language]}{path}"
