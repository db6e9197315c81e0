"""NATS in: each message is one command."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.consumer import Consuming, consume
from chassis.database import Database
from contracts.base import CloudEvent
from contracts.intake import AlertIssued
from contracts.subscriptions import ClosePool, ReopenPool
from services.subscriptions.commands import announce_alert, change_pool, take_alert
from services.subscriptions.commands.announce_alert import AlertDesk
from services.subscriptions.domain.master_data import MasterData


def register(consuming: Consuming, *, database: Database, master: MasterData, desk: AlertDesk, now: Clock) -> None:
    """Attach this service's handlers."""

    async def on_close_pool(event: CloudEvent[ClosePool]) -> None:
        await change_pool.close_pool(event, database=database, master=master, now=now)

    async def on_reopen_pool(event: CloudEvent[ReopenPool]) -> None:
        await change_pool.reopen_pool(event, database=database, master=master, now=now)

    async def on_alert_issued(event: CloudEvent[AlertIssued]) -> None:
        await take_alert.take_alert(event, database=database)

    async def on_alert_to_tell(event: CloudEvent[AlertIssued]) -> None:
        await announce_alert.take_over(event, desk=desk)

    consume(consuming, "subscriptions-pools", {ClosePool: on_close_pool, ReopenPool: on_reopen_pool})
    consume(consuming, "subscriptions-alerts", {AlertIssued: on_alert_issued})
    consume(consuming, "subscriptions-announcements", {AlertIssued: on_alert_to_tell})
