"""Taking in: once, all or nothing, in one transaction with whatever comes of it; on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from chassis.clock import Clock
from chassis.database import Database
from chassis.errors import DependencyDown
from chassis.tables import OutboxRow
from contracts.base import CloudEvent
from contracts.foreign import FOREIGN, PaymentReported
from contracts.intake import PaymentReported as PaymentReference
from contracts.intake import Receipt
from contracts.subscriptions import ClosePool
from contracts.systems import Systems
from services.intake.commands.check_event import CheckedEvent, Checker
from services.intake.commands.fetch_report import ErasedError, fetch_report
from services.intake.commands.keep_house import keep_house
from services.intake.commands.messages import Place
from services.intake.commands.shared_commit import SharedCommits
from services.intake.commands.take_in import Submission
from services.intake.domain.refusals import Refusal, refused
from services.intake.queries import kept_reports, overview
from services.intake.storage.tables import AcceptedRow, ReportRow
from tests.intake.offices import POOLS, TREASURY, closing, example, sender_of
from tests.support.events import NOW, TOWN

CHECKER = Checker()


def checked(event: dict[str, Any]) -> CheckedEvent:
    system = TREASURY if event["source"] == TREASURY.source else POOLS
    found = CHECKER.check(event, system, now=NOW)
    assert isinstance(found, CheckedEvent), found
    return found


def submission(*events: dict[str, Any], quota: int = 1000, place: Place | None = None) -> Submission:
    sound = tuple(checked(event) for event in events)
    return Submission(sound[0].system, sound, quota, batch=len(events) > 1, place=place)


def commits(database: Database, now: Clock = lambda: NOW) -> SharedCommits:
    return SharedCommits(database, town=TOWN, now=now)


async def told(database: Database, message: type[Any]) -> list[CloudEvent[Any]]:
    async with database.reading() as session:
        rows = await session.execute(select(OutboxRow.subject, OutboxRow.body).order_by(OutboxRow.position))
        subject = message.subject.split("{")[0]
        return [CloudEvent[message].model_validate_json(row.body) for row in rows if row.subject.startswith(subject)]


async def count(database: Database, table: type[Any]) -> int:
    async with database.reading() as session:
        return len((await session.scalars(select(table))).all())


async def test_each_kind_becomes_its_message_once(database: Database) -> None:
    taking = commits(database)

    for kind in FOREIGN:
        first = await taking.take_in(submission(example(kind, kind.name, now=NOW)))
        again = await taking.take_in(submission(example(kind, kind.name, now=NOW)))
        assert (first, again) == (["accepted"], ["duplicate"])

    assert (await count(database, OutboxRow), await count(database, AcceptedRow)) == (len(FOREIGN), len(FOREIGN))
    assert await count(database, ReportRow) == sum(kind.personal for kind in FOREIGN)


async def test_the_same_event_from_everywhere_at_once_is_taken_in_once(database: Database) -> None:
    replicas = [commits(database), commits(database)]
    event = closing(now=NOW)

    answers = await asyncio.gather(*(replicas[number % 2].take_in(submission(event)) for number in range(20)))

    assert sorted(str(answer) for answer in answers) == ["['accepted']", *["['duplicate']"] * 19]
    (command,) = await told(database, ClosePool)
    assert (command.subject, command.sequence, command.data.pool) == (checked(event).key, 1, "freibad")


async def test_another_event_with_a_taken_id_changes_nothing_and_harms_nobody(database: Database) -> None:
    taking = commits(database)
    await taking.take_in(submission(closing("a-1", now=NOW)))

    answers = await asyncio.gather(
        taking.take_in(submission(closing("a-2", now=NOW))),
        taking.take_in(submission(closing("a-3", now=NOW), closing("a-1", now=NOW, reason="staff"))),
        taking.take_in(submission(closing("a-4", now=NOW))),
    )

    clash = answers[1]
    assert isinstance(clash, Refusal)
    assert (clash.code, clash.findings[0].pointer) == ("id_taken", "/1/id")
    assert (answers[0], answers[2], len(await told(database, ClosePool))) == (["accepted"], ["accepted"], 3)


async def test_a_quota_is_for_a_day_and_for_new_events(database: Database) -> None:
    moments = [NOW]
    taking = commits(database, lambda: moments[-1])
    both = (closing("a-1", now=NOW), closing("a-2", now=NOW))

    taken = await taking.take_in(submission(*both, quota=2))
    over = await taking.take_in(submission(closing("a-3", now=NOW), quota=2))
    repeated = await taking.take_in(submission(*both, quota=2))
    moments.append(NOW + timedelta(days=1))
    next_day = await taking.take_in(submission(closing("a-3", now=NOW), quota=2))

    assert (taken, repeated, next_day) == (["accepted"] * 2, ["duplicate"] * 2, ["accepted"])
    assert isinstance(over, Refusal)
    assert (over.code, over.retry_after) == ("quota", 14 * 3600)


async def test_replicas_share_one_quota(database: Database) -> None:
    replicas = [commits(database), commits(database)]
    sent = [submission(closing(f"a-{number}", now=NOW), quota=7) for number in range(20)]

    answers = await asyncio.gather(*(replicas[number % 2].take_in(each) for number, each in enumerate(sent)))

    assert sum(answer == ["accepted"] for answer in answers) == 7
    assert len(await told(database, ClosePool)) == 7


async def test_a_message_of_the_door_gets_one_receipt_however_often_it_comes(database: Database) -> None:
    taking = commits(database)
    accepted = submission(closing("a-1", now=NOW), place=Place(7, "7" * 64, "a-1"))
    turned_away = Submission(POOLS.name, place=Place(8, "8" * 64), refusal=refused("not_json", (), "Kein JSON."))

    answers = [await taking.take_in(each) for each in (accepted, turned_away, accepted, turned_away)]

    assert answers[0] == ["accepted"]
    assert answers[2:] == [None, None]
    receipts = [each.data for each in await told(database, Receipt)]
    assert [(each.outcome, each.stream_sequence, each.event_id, each.code) for each in receipts] == [
        ("accepted", 7, "a-1", None),
        ("refused", 8, None, "not_json"),
    ]


async def test_a_message_refused_for_the_quota_stays_refused_when_it_comes_again(database: Database) -> None:
    moments = [NOW]
    taking = commits(database, lambda: moments[-1])
    late = submission(closing("a-1", now=NOW), quota=0, place=Place(1, "1" * 64, "a-1"))

    await taking.take_in(late)
    moments.append(NOW + timedelta(days=1))
    again = await taking.take_in(submission(closing("a-1", now=NOW), place=Place(1, "1" * 64, "a-1")))

    assert again is None
    assert [each.data.code for each in await told(database, Receipt)] == ["quota"]
    assert await told(database, ClosePool) == []


async def test_a_bus_that_counts_anew_takes_no_receipt_away(database: Database) -> None:
    taking = commits(database)

    await taking.take_in(submission(closing("a-1", now=NOW), place=Place(7, "1" * 64, "a-1")))
    await taking.take_in(submission(closing("a-2", now=NOW), place=Place(7, "2" * 64, "a-2")))

    receipts = await told(database, Receipt)
    assert [(each.data.stream_sequence, each.data.event_id) for each in receipts] == [(7, "a-1"), (7, "a-2")]
    assert len({each.id for each in receipts}) == 2


async def test_the_longest_name_at_the_last_place_still_gets_its_receipt(database: Database) -> None:
    last = Submission("x" * 64, place=Place(2**63 - 1, "1" * 64), refusal=refused("unknown_system"))

    await commits(database).take_in(last)

    assert len(await told(database, Receipt)) == 1


async def test_a_broken_submission_fails_alone(database: Database) -> None:
    taking = commits(database)
    good = [submission(closing(f"a-{number}", now=NOW)) for number in range(3)]
    broken = Submission(POOLS.name, place=Place(0, "0" * 64), refusal=refused("not_json", (), "Kein JSON."))

    answers = await asyncio.gather(*(taking.take_in(each) for each in (*good, broken)), return_exceptions=True)

    assert answers[:3] == [["accepted"]] * 3
    assert isinstance(answers[3], ValueError)


@pytest.mark.parametrize("moment", range(12))
async def test_whoever_is_cancelled_leaves_nobody_without_an_answer(database: Database, moment: int) -> None:
    taking = commits(database)
    broken = Submission(POOLS.name, place=Place(0, "0" * 64), refusal=refused("not_json", (), "Kein JSON."))
    sent = [submission(closing(f"a-{number}", now=NOW)) for number in range(6)]

    # The first commits alone; the others share the next one, which fails, and are tried one by one.
    waiting = [asyncio.ensure_future(taking.take_in(each)) for each in (*sent[:2], broken, *sent[2:])]
    await asyncio.wait(waiting[:1])
    for _ in range(moment * 12):
        await asyncio.sleep(0)
    waiting[1].cancel()
    answers = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 10)

    assert answers[0] == ["accepted"]
    assert isinstance(answers[1], asyncio.CancelledError) or answers[1] == ["accepted"]
    assert isinstance(answers[2], ValueError | DependencyDown)
    assert all(isinstance(each, DependencyDown) or each == ["accepted"] for each in answers[3:]), answers


async def test_whoever_waits_is_told_when_the_database_is_away() -> None:
    taking = commits(Database("postgresql+asyncpg://nobody@127.0.0.1:1/none"))

    answers = await asyncio.gather(
        *(taking.take_in(submission(closing(f"a-{number}", now=NOW))) for number in range(5)), return_exceptions=True
    )

    assert all(isinstance(answer, DependencyDown) for answer in answers)


async def test_a_body_is_kept_until_it_was_fetched_and_some_days_longer(database: Database) -> None:
    event = example(PaymentReported, "p-1", now=NOW)
    await commits(database).take_in(submission(event))
    ((report_id,),) = [(each.data.report_id,) for each in await told(database, PaymentReference)]
    days = [NOW + timedelta(days=number) for number in range(120)]

    await keep_house(database, now=days[20], keep_fetched=timedelta(days=7))
    first = await fetch_report(report_id, database=database, now=lambda: days[20])
    await keep_house(database, now=days[26], keep_fetched=timedelta(days=7))
    again = await fetch_report(report_id, database=database, now=lambda: days[26])
    await keep_house(database, now=days[27], keep_fetched=timedelta(days=7))

    assert first == again
    assert first is not None
    assert (first["kind"], first["system"], first["body"]) == ("payment_reported.v1", TREASURY.name, event["data"])
    with pytest.raises(ErasedError):
        await fetch_report(report_id, database=database, now=lambda: days[27])
    async with database.reading() as session:
        assert event["data"]["reference"] not in json.dumps(
            [str(row.body) for row in await session.scalars(select(ReportRow))]
        )
    await keep_house(database, now=days[119], keep_fetched=timedelta(days=7))
    assert await count(database, ReportRow) == 0


async def test_a_report_that_nobody_fetches_is_noticed(database: Database) -> None:
    await commits(database).take_in(submission(example(PaymentReported, "p-1", now=NOW)))

    async with database.reading() as session:
        fresh = await kept_reports(session, now=NOW + timedelta(days=2))
        stale = await kept_reports(session, now=NOW + timedelta(days=2, seconds=1))
        systems = await overview(session, Systems(systems=(POOLS, TREASURY)), now=NOW)

    assert (fresh, stale) == ((1, 0), (1, 1))
    assert [(each["name"], each["accepted_today"], each["waiting_reports"]) for each in systems] == [
        ("baederamt", 0, 0),
        ("stadtkasse", 1, 1),
    ]


async def test_accepted_events_are_forgotten_only_when_none_could_come_again(database: Database) -> None:
    await commits(database).take_in(submission(closing(now=NOW)))

    await keep_house(database, now=NOW + timedelta(days=30), keep_fetched=timedelta(days=7))
    kept = await count(database, AcceptedRow)
    await keep_house(database, now=NOW + timedelta(days=30, seconds=1), keep_fetched=timedelta(days=7))

    assert (kept, await count(database, AcceptedRow)) == (1, 0)


async def test_the_id_of_a_report_stays_taken_as_long_as_the_report_is_there(database: Database) -> None:
    moments = [NOW]
    taking = commits(database, lambda: moments[-1])
    event = example(PaymentReported, "p-1", now=NOW)
    await taking.take_in(submission(event))
    moments.append(NOW + timedelta(days=31))

    await keep_house(database, now=moments[-1], keep_fetched=timedelta(days=7))
    again = await taking.take_in(submission(event))
    other = await taking.take_in(submission({**event, "data": {**event["data"], "amount": "1.00"}}))

    assert again == ["duplicate"]
    assert isinstance(other, Refusal)
    assert other.code == "id_taken"
    ((report_id,),) = [(each.data.report_id,) for each in await told(database, PaymentReference)]
    await fetch_report(report_id, database=database, now=lambda: moments[-1])
    await keep_house(database, now=NOW + timedelta(days=150), keep_fetched=timedelta(days=7))
    assert (await count(database, ReportRow), await count(database, AcceptedRow)) == (0, 0)


def test_every_kind_has_an_office_here() -> None:
    assert {sender_of(kind).name for kind in FOREIGN} == {POOLS.name, TREASURY.name}
