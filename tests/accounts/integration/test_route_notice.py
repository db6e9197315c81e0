"""The delivery decision: made once, with its reason and the rule of the law."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from chassis.database import Database
from chassis.health import Health
from chassis.http import make_app
from chassis.tables import ChassisBase, OutboxRow
from contracts.accounts import DeliveryRouted
from contracts.base import CloudEvent
from contracts.notices import NoticeGenerated
from services.accounts.api import routing
from services.accounts.commands.route_notice import route_notice
from services.accounts.domain.delivery import Regime
from services.accounts.settings import AccountsSettings
from services.accounts.storage.tables import Base
from tests.support.events import NOW, TOWN, a_notice_generated


@pytest.fixture
async def accounts(database_url: str) -> AsyncGenerator[Database]:
    database = Database(database_url)
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.run_sync(ChassisBase.metadata.create_all)
        await connection.run_sync(Base.metadata.create_all)
    yield database
    await database.close()


async def route(event: CloudEvent[NoticeGenerated], database: Database) -> None:
    await route_notice(event, database=database, town=TOWN, now=lambda: NOW)


async def told(database: Database) -> list[CloudEvent[DeliveryRouted]]:
    async with database.reading() as session:
        bodies = await session.scalars(select(OutboxRow.body).order_by(OutboxRow.position))
        return [CloudEvent[DeliveryRouted].model_validate_json(body) for body in bodies]


async def test_a_notice_delivered_twice_is_routed_once(accounts: Database) -> None:
    event = a_notice_generated()

    await asyncio.gather(*(route(event, accounts) for _ in range(4)))
    await route(event, accounts)

    (routed,) = await told(accounts)
    assert (routed.subject, routed.sequence) == (str(event.data.notice_id), 1)
    assert routed.data.letter_id == event.data.letter_id


@pytest.mark.parametrize(("regime", "rule"), [("AO", "§ 122 (2) Nr. 1 AO"), ("VwVfG", "§ 41 (2) Satz 1 VwVfG")])
async def test_whoever_has_no_account_gets_paper_by_the_rule_of_the_regime(
    accounts: Database, regime: Regime, rule: str
) -> None:
    event = a_notice_generated()
    changed = event.model_copy(update={"data": event.data.model_copy(update={"legal_regime": regime})})

    await route(changed, accounts)

    (routed,) = await told(accounts)
    data = routed.data
    assert (data.channel, data.reason, data.legal_basis) == ("paper", "no_account", rule)
    assert data.model_dump(include={"run_id", "kind", "year", "pages", "duplex", "colour"}) == (
        event.data.model_dump(include={"run_id", "kind", "year", "pages", "duplex", "colour"})
    )


async def test_the_desk_reads_decisions_over_http(accounts: Database, tmp_path: Path) -> None:
    (tmp_path / "from-rathaus").write_text("of-the-desk\n")
    event = a_notice_generated()
    await route(event, accounts)
    health = Health()
    health.started = True
    app = make_app(AccountsSettings(tokens_dir=tmp_path), health, routing.routes(accounts))
    desk = {"authorization": "Bearer of-the-desk"}

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://accounts", headers=desk) as http:
        decided = await http.get(f"/notices/{event.data.notice_id}/routing")
        undecided = await http.get(f"/notices/{uuid4()}/routing")
        channels = await http.get(f"/runs/{event.data.run_id}/channels")
        stranger = await http.get(f"/runs/{event.data.run_id}/channels", headers={"authorization": "Bearer x"})

    assert decided.json()["reason"] == "no_account"
    assert (undecided.status_code, undecided.json()["title"]) == (
        404,
        "Über diesen Bescheid ist noch nicht entschieden.",
    )
    assert channels.json() == {"paper": 1}
    assert stranger.status_code == 401
