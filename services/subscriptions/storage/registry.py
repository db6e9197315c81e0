"""What commands and queries about subscribers work with."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.clock import Clock
from chassis.database import Database
from services.subscriptions.domain.announcing import Language
from services.subscriptions.domain.mail_words import PREFIX
from services.subscriptions.settings import SubscriptionsSettings
from services.subscriptions.storage.topics import TopicList


@dataclass(frozen=True, slots=True)
class Registry:
    """The database and what the town has laid down."""

    database: Database
    key: bytes
    """Signs links."""
    topics: TopicList
    town_name: str
    """To whom people give their consent."""
    portal_url: str
    mail_from: str
    push_hosts: tuple[str, ...]
    signups_an_hour: int
    """Strangers whom we write to, at most."""
    now: Clock

    def link(self, language: Language, path: str) -> str:
        """Return the address of a page of the portal."""
        return f"{self.portal_url.rstrip('/')}{PREFIX[language]}{path}"


def registry_of(
    settings: SubscriptionsSettings, database: Database, *, key: bytes, topics: TopicList, now: Clock
) -> Registry:
    """Put it together from the settings."""
    return Registry(
        database=database,
        key=key,
        topics=topics,
        town_name=settings.town_name,
        portal_url=settings.portal_url,
        mail_from=settings.mail_from,
        push_hosts=settings.push_hosts,
        signups_an_hour=settings.signups_an_hour,
        now=now,
    )
