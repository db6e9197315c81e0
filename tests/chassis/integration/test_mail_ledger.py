"""Single mails on their way: recorded with their reason, brought once, tried again, ended, repeated only in doubt."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from chassis.database import Database
from chassis.mail_ledger import Mail, MailRelay, record_mail
from chassis.mail_tables import MailBase, OutgoingMail
from chassis.mailer import Mailer, MailRelaySettings
from chassis.metrics import REGISTRY
from tests.chassis.integration.raw_relay import RawRelay, agreeable
from tests.simulators.mail.post_office import PostOffice
from tests.support.databases import opened
from tests.support.eventually import eventually, running
from tests.support.postgres import Postgres
from tests.support.processes import free_port

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def running_office(tmp_path_factory: pytest.TempPathFactory) -> Generator[PostOffice]:
    with PostOffice(tmp_path_factory.mktemp("post")) as office:
        yield office


@pytest.fixture
def office(running_office: PostOffice) -> PostOffice:
    running_office.behaves()
    running_office.http.delete("/_control/mails").raise_for_status()
    return running_office


@pytest.fixture
async def ledger(database_url: str) -> AsyncGenerator[Database]:
    async with with_ledger(database_url) as database:
        yield database


@pytest.fixture
async def sqlite_ledger(tmp_path: Path) -> AsyncGenerator[Database]:
    async with with_ledger(f"sqlite+aiosqlite:///{tmp_path}/service.sqlite") as database:
        yield database


@asynccontextmanager
async def with_ledger(url: str) -> AsyncGenerator[Database]:
    async with opened(url) as database:
        async with database.transaction() as session:
            await (await session.connection()).run_sync(MailBase.metadata.create_all)
        yield database


def a_mail(to: str = "ada@fast.example", *, mail_id: UUID | None = None, hours: float = 48) -> Mail:
    number = mail_id or uuid4()
    content = f"From: a@town.example\r\nTo: {to}\r\nSubject: Hallo\r\nMessage-ID: <{number}@town>\r\n\r\nx\r\n"
    return Mail(number, "signup", to, content.encode(), NOW + timedelta(hours=hours))


async def recorded(database: Database, *mails: Mail) -> None:
    async with database.transaction() as session:
        for mail in mails:
            await record_mail(session, mail, now=NOW)


async def row(database: Database, mail: Mail) -> OutgoingMail:
    async with database.reading() as session:
        return (await session.scalars(select(OutgoingMail).where(OutgoingMail.mail_id == mail.mail_id))).one()


async def in_state(database: Database, mail: Mail, state: str, *, attempts: int = 1, seconds: float = 10) -> None:
    async def reached() -> bool:
        found = await row(database, mail)
        return found.state == state and found.attempts == attempts

    await eventually(reached, seconds=seconds)


@asynccontextmanager
async def relaying(database: Database, port: int, clock: Clock) -> AsyncGenerator[MailRelay]:
    mailer = Mailer(MailRelaySettings("127.0.0.1", port, command_seconds=1, connect_seconds=1))
    relay = MailRelay(database, mailer, sender="bounces@town.example", now=clock)
    async with running(relay.run()):
        yield relay
    await mailer.close()


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("rathaus_mails_total", {"purpose": "signup", "outcome": outcome}) or 0


async def test_a_mail_recorded_twice_is_sent_once_and_then_forgotten(ledger: Database, office: PostOffice) -> None:
    mail = a_mail()
    await recorded(ledger, mail)
    await recorded(ledger, mail)

    async with relaying(ledger, office.port, Clock()):
        await in_state(ledger, mail, "sent")

    ended = await row(ledger, mail)
    assert [each["recipient"] for each in office.mails()] == ["ada@fast.example"]
    assert (ended.recipient, ended.content, ended.reply, ended.handed_at) == ("", b"", "250 2.0.0", NOW)
    assert office.mails()[0]["sender"] == "bounces@town.example"


async def test_a_mail_recorded_while_the_relay_runs_leaves_at_once(ledger: Database, office: PostOffice) -> None:
    async with relaying(ledger, office.port, Clock()):
        first, second = a_mail(), a_mail()
        await recorded(ledger, first)
        await in_state(ledger, first, "sent")

        await recorded(ledger, second)
        await in_state(ledger, second, "sent", seconds=0.5)


async def test_a_mail_whose_reason_is_rolled_back_never_existed(ledger: Database) -> None:
    class ChangedMindError(Exception):
        pass

    async def record_and_change_ones_mind() -> None:
        async with ledger.transaction() as session:
            await record_mail(session, a_mail(), now=NOW)
            raise ChangedMindError

    with pytest.raises(ChangedMindError):
        await record_and_change_ones_mind()

    async with ledger.reading() as session:
        assert (await session.scalars(select(OutgoingMail))).all() == []


async def test_a_greylisted_mail_is_tried_again_a_minute_later(ledger: Database, office: PostOffice) -> None:
    office.faults({"domain": "grey.example", "kind": "greylist"})
    mail, clock = a_mail("ada@grey.example"), Clock()
    await recorded(ledger, mail)

    async with relaying(ledger, office.port, clock):
        await in_state(ledger, mail, "queued")
        put_off = await row(ledger, mail)
        clock.now = NOW + timedelta(seconds=61)
        await in_state(ledger, mail, "sent", attempts=2)

    assert (put_off.reply, put_off.next_try_at) == ("451 4.7.1", NOW + timedelta(minutes=1))


async def test_a_refused_mail_is_not_tried_again_and_its_address_forgotten(
    ledger: Database, office: PostOffice
) -> None:
    office.faults({"domain": "gone.example", "kind": "refuse"})
    mail = a_mail("ada@gone.example")
    await recorded(ledger, mail)

    async with relaying(ledger, office.port, Clock()):
        await in_state(ledger, mail, "failed")

    ended = await row(ledger, mail)
    assert (ended.recipient, ended.content, ended.reply) == ("", b"", "550 5.1.1")


async def test_a_mail_that_nobody_would_want_any_more_is_dropped_and_counted(
    ledger: Database, office: PostOffice
) -> None:
    mail, before = a_mail(hours=-1), counted("expired")
    await recorded(ledger, mail)

    async with relaying(ledger, office.port, Clock()):
        await in_state(ledger, mail, "expired", attempts=0)

    assert office.mails() == []
    assert counted("expired") == before + 1


async def test_a_mail_cut_off_at_its_end_goes_out_again_with_the_same_message_id(
    ledger: Database, office: PostOffice
) -> None:
    office.faults({"domain": "*", "kind": "drop_after", "times": 1})
    mail, clock = a_mail(), Clock()
    await recorded(ledger, mail)

    async with relaying(ledger, office.port, clock):
        await in_state(ledger, mail, "queued")
        clock.now = NOW + timedelta(seconds=61)
        await in_state(ledger, mail, "sent", attempts=2)

    assert (await row(ledger, mail)).uncertain == 1
    summary = office.summary()
    assert (summary["received"], summary["distinct_message_ids"]) == (2, 1)


async def test_what_a_killed_process_was_sending_goes_out_again_and_is_counted(
    ledger: Database, office: PostOffice
) -> None:
    mail, before = a_mail(), counted("uncertain")
    await recorded(ledger, mail)
    async with ledger.transaction() as session:
        await session.execute(update(OutgoingMail).values(state="sending"))

    async with relaying(ledger, office.port, Clock()):
        await in_state(ledger, mail, "sent")

    assert (await row(ledger, mail)).uncertain == 1
    assert counted("uncertain") == before + 1


async def test_a_relay_that_is_away_costs_no_attempt(sqlite_ledger: Database) -> None:
    mail, relay = a_mail(), RawRelay()
    await recorded(sqlite_ledger, mail)

    async with relaying(sqlite_ledger, free_port(), Clock()):

        async def noted() -> bool:
            return (await row(sqlite_ledger, mail)).reply == "no connection"

        await eventually(noted)
    async with relay.listening(), relaying(sqlite_ledger, relay.port, Clock()):
        await in_state(sqlite_ledger, mail, "sent")


async def test_a_host_that_hangs_does_not_hold_up_the_others(sqlite_ledger: Database, office: PostOffice) -> None:
    office.faults({"domain": "dead.example", "kind": "hang"})
    office.faults({"domain": "dead2.example", "kind": "hang"})
    stuck = [a_mail(f"u{n}@{host}") for host in ("dead.example", "dead2.example") for n in range(40)]
    mail = a_mail()
    await recorded(sqlite_ledger, *stuck, mail)

    async with relaying(sqlite_ledger, office.port, Clock()):
        await in_state(sqlite_ledger, mail, "sent", seconds=0.9)


async def test_two_replicas_send_each_mail_once(postgres: Postgres, office: PostOffice) -> None:
    url = postgres.new_database()
    mails = [a_mail(f"u{n}@host{n % 9}.example") for n in range(60)]
    clock = Clock()

    async with (
        with_ledger(url) as one,
        opened(url, with_tables=False) as other,
        relaying(one, office.port, clock),
        relaying(other, office.port, clock),
    ):
        await recorded(one, *mails)
        for mail in mails:
            await in_state(one, mail, "sent")

    summary = office.summary()
    assert (summary["received"], summary["distinct_message_ids"]) == (60, 60)


async def test_ended_mails_are_forgotten_after_a_month(sqlite_ledger: Database, office: PostOffice) -> None:
    mail, clock = a_mail(), Clock()
    await recorded(sqlite_ledger, mail)
    async with relaying(sqlite_ledger, office.port, clock):
        await in_state(sqlite_ledger, mail, "sent")

        clock.now = NOW + timedelta(days=31)

        async def forgotten() -> bool:
            async with sqlite_ledger.reading() as session:
                return (await session.scalars(select(OutgoingMail))).first() is None

        await eventually(forgotten, seconds=3)


async def test_no_address_is_in_a_reply(sqlite_ledger: Database) -> None:
    talkative = RawRelay(lambda each: "451 4.2.0 <ada@fast.example> later" if each == "RCPT" else agreeable(each))
    mail = a_mail()
    await recorded(sqlite_ledger, mail)

    async with talkative.listening(), relaying(sqlite_ledger, talkative.port, Clock()):
        await in_state(sqlite_ledger, mail, "queued")

    assert (await row(sqlite_ledger, mail)).reply == "451 4.2.0"
