"""Mail hosts that hang, put off, refuse and break off, behind a real relay over SMTP: the others do not notice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from pathlib import Path
from time import monotonic

import pytest

from chassis.clock import utc_now
from chassis.database import Database
from chassis.mailer import Mailer, MailRelaySettings
from services.subscriptions.domain.envelope import house_of
from services.subscriptions.fanout import Fanout
from services.subscriptions.gateways.mail import MailGateway
from services.subscriptions.storage.tables import DeliveryRow
from tests.simulators.mail.post_office import PostOffice
from tests.subscriptions.said import subscriptions_at
from tests.subscriptions.telling import Person, Way, ledger_of, people, settings, something_happens
from tests.support.eventually import eventually, running

HOUSE = house_of("Stadt <meldungen@stadt.example>", "https://stadt.example")
BAD = ("hang.example", "slow.example", "grey.example", "none.example", "cut.example")
FINE_HOSTS = 8


@pytest.fixture
def relay(tmp_path: Path) -> Generator[PostOffice]:
    with PostOffice(tmp_path / "post") as post:
        yield post


async def test_bad_hosts_hold_up_nobody(relay: PostOffice, tmp_path: Path) -> None:
    relay.faults(
        {"domain": "hang.example", "kind": "hang"},
        {"domain": "slow.example", "kind": "slow", "seconds": 4},
        {"domain": "grey.example", "kind": "greylist"},
        {"domain": "none.example", "kind": "refuse"},
        {"domain": "cut.example", "kind": "drop_after", "stage": "data"},
    )
    bad = [Person(host=host) for host in BAD for _ in range(20)]
    fine = [Person(host=f"fine{number % FINE_HOSTS}.example") for number in range(400)]
    mailer = Mailer(MailRelaySettings("127.0.0.1", relay.port))
    gateway = MailGateway(mailer, house=HOUSE, key=b"k" * 40, topic_name=lambda topic, _language: topic)

    async with subscriptions_at(f"sqlite+aiosqlite:///{tmp_path}/subscriptions.sqlite") as database:
        await people(database, *bad, *fine)
        fanout = Fanout(database, gateway, Way(), settings(tmp_path), utc_now)
        async with running(fanout.loop()):
            _, announcement = await something_happens(database)
            started = monotonic()
            fanout.wake()
            await eventually(lambda: fine_ones_are_told(database, announcement, len(fine)), seconds=20)
            seconds = monotonic() - started
            await eventually(lambda: bad_ones_were_met(database, announcement))
        rows = await ledger_of(database, announcement)
    await mailer.close()

    hosts = relay.summary()["hosts"]
    assert seconds < 10
    assert [hosts[f"fine{number}.example"] for number in range(FINE_HOSTS)] == [50] * FINE_HOSTS
    assert said(rows, "grey.example") <= {("queued", "451 4.7.1"), ("queued", None)}
    assert said(rows, "none.example") <= {("failed", "550 5.1.1"), ("queued", None)}
    assert ("queued", "lost") in said(rows, "cut.example")
    assert sum(row.uncertain for row in rows) == Counter(row.reply for row in rows)["lost"]


async def fine_ones_are_told(database: Database, announcement: int, number: int) -> bool:
    rows = await ledger_of(database, announcement)
    return sum(row.state == "sent" and row.host.startswith("fine") for row in rows) == number


async def bad_ones_were_met(database: Database, announcement: int) -> bool:
    rows = await ledger_of(database, announcement)
    return {row.host for row in rows if row.reply} >= {"grey.example", "none.example", "cut.example"}


def said(rows: list[DeliveryRow], host: str) -> set[tuple[str, str | None]]:
    return {(row.state, row.reply) for row in rows if row.host == host}
