"""What the commands share: the parts that sending needs, and asking the provider."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from chassis.clock import Clock
from chassis.database import Database
from chassis.errors import DependencyDown
from services.mailgateway.commands.record_statuses import record_wave
from services.mailgateway.gateways.notices import NoticesDoor
from services.mailgateway.gateways.provider import PrintProvider, ProviderFailure, Refused, Unauthorised
from services.mailgateway.settings import MailgatewaySettings

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Post:
    """What sending needs."""

    database: Database
    provider: PrintProvider
    notices: NoticesDoor
    settings: MailgatewaySettings
    now: Clock


@dataclass(frozen=True, slots=True)
class WaveAnswer:
    """The letters that the provider has of a wave, and those of them that we hold."""

    at_provider: frozenset[UUID]
    ours: frozenset[UUID]


async def ask(answer: Awaitable[Answer]) -> Answer:
    """Wait for a look-up; an unanswered one is an outage, never an empty answer."""
    try:
        return await answer
    except ProviderFailure as failure:
        raise outage(failure) from failure


async def ask_wave(batch_id: int, post: Post) -> WaveAnswer:
    """Ask the provider for a wave and record what it says."""
    statuses = await ask(post.provider.batch_status(batch_id))
    ours = await record_wave(batch_id, statuses, database=post.database, town=post.settings.town, now=post.now)
    return WaveAnswer(frozenset(each.letter_id for each in statuses if each.letter_id is not None), frozenset(ours))


def outage(failure: ProviderFailure) -> DependencyDown:
    """Name what is waited for, with the provider's code where a person may have to act."""
    if isinstance(failure, Refused | Unauthorised):
        return DependencyDown(f"Druckdienst ({failure.error.code})")
    return DependencyDown("Druckdienst")
