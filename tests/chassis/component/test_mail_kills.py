"""A relay of mails that is killed while it sends: nobody is missing, and what came twice is known and counted."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from chassis.clock import utc_now
from chassis.database import Database
from chassis.mail_ledger import IN_FLIGHT, Mail, record_mail
from chassis.mail_tables import MailBase, OutgoingMail
from tests.simulators.mail.post_office import PostOffice
from tests.support.databases import opened
from tests.support.eventually import eventually
from tests.support.processes import Child

MAILS = 400
KILLS_AT = {"sqlite": (40, 120, 250), "postgresql": (120,)}
"""After so many mails; on PostgreSQL each costs the seconds until the lease has run out."""


async def recorded(database: Database) -> None:
    async with database.transaction() as session:
        await (await session.connection()).run_sync(MailBase.metadata.create_all)
    now = utc_now()
    async with database.transaction() as session:
        for number in range(MAILS):
            to, mail_id = f"u{number}@host{number % 40}.example", uuid4()
            content = f"To: {to}\r\nSubject: Hallo\r\nMessage-ID: <{mail_id}@town>\r\n\r\nx\r\n".encode()
            await record_mail(session, Mail(mail_id, "signup", to, content, now + timedelta(hours=1)), now=now)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_relay_that_is_killed_loses_no_mail(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/mails.sqlite"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
    with PostOffice(tmp_path / "post") as office:
        async with opened(url) as database:
            await recorded(database)

            for received in KILLS_AT[kind]:
                child = relaying(url, office.port, tmp_path)
                await until_received(office, received)
                child.kill()
            last = relaying(url, office.port, tmp_path)
            await eventually(lambda: all_sent(database), seconds=30)
            last.stop()

            summary = office.summary()
            repeated = summary["received"] - MAILS
            assert summary["distinct_message_ids"] == MAILS
            assert repeated <= len(KILLS_AT[kind]) * IN_FLIGHT
            assert repeated <= await uncertain(database)


def relaying(url: str, port: int, folder: Path) -> Child:
    command = [sys.executable, "-m", "tests.chassis.component.mail_relaying", url, str(port)]
    return Child(command, log=folder / "relay.log")


async def until_received(office: PostOffice, number: int) -> None:
    async def reached() -> bool:
        return office.summary()["received"] >= number

    await eventually(reached)


async def all_sent(database: Database) -> bool:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).where(OutgoingMail.state == "sent")) == MAILS


async def uncertain(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.sum(OutgoingMail.uncertain))) or 0
