"""What other systems have reported: fetched from intake once, kept for the clerk, settled by a person."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from chassis.errors import DependencyDown, NeverAgain
from chassis.http import service_client
from chassis.tables import InboxClaim
from contracts import foreign, intake
from contracts.base import CloudEvent
from services.notices.commands.erase_changes import KEEP_SETTLED, erase_changes
from services.notices.commands.record_report import DURABLE, record_report
from services.notices.commands.settle_change import (
    ChangeErasedError,
    ChangeSettledError,
    ChangeUnknownError,
    reopen_change,
    settle_change,
)
from services.notices.gateways.intake import Reports, ReportUnreadableError
from services.notices.queries import changes
from tests.notices.integration.desk import NOW, Desk
from tests.notices.integration.reports import MOVE, PAYMENT, SALE, IntakeDoor

ERIKA, MAX = "Erika Muster", "Max Beispiel"


@pytest.fixture
def door() -> IntakeDoor:
    return IntakeDoor()


async def hear(desk: Desk, door: IntakeDoor, event: CloudEvent[intake.Reported]) -> None:
    await record_report(event, database=desk.database, reports=door.reports())


async def listed(desk: Desk, *, only_open: bool = True) -> list[dict[str, Any]]:
    async with desk.database.reading() as session:
        return await changes.changes(session, only_open=only_open)


async def claims(desk: Desk) -> int:
    async with desk.database.reading() as session:
        mine = select(func.count()).select_from(InboxClaim).where(InboxClaim.durable == DURABLE)
        return await session.scalar(mine) or 0


@pytest.mark.parametrize(
    ("told", "body", "kind"),
    [
        (intake.AddressChangeReported, MOVE, "address_change"),
        (intake.OwnerChangeReported, SALE, "owner_change"),
        (intake.PaymentReported, PAYMENT, "payment"),
    ],
    ids=["move", "sale", "payment"],
)
async def test_a_report_is_kept_with_what_the_contract_knows_of_its_body(
    desk: Desk, door: IntakeDoor, told: type[intake.Reported], body: foreign.Foreign, kind: str
) -> None:
    event = door.keep(told, body)

    await hear(desk, door, event)

    (change,) = await listed(desk)
    assert change == {
        "report_id": str(event.data.report_id),
        "kind": kind,
        "reported_by": "meldeamt",
        "received_at": NOW.isoformat(),
        "done_at": None,
        "done_by": None,
        "body": body.model_dump(mode="json"),
        "body_note": None,
    }


async def test_a_report_delivered_twice_is_kept_once(desk: Desk, door: IntakeDoor) -> None:
    event = door.keep(intake.AddressChangeReported, MOVE)

    await asyncio.gather(*(hear(desk, door, event) for _ in range(4)))

    assert (len(await listed(desk)), await claims(desk)) == (1, 1)


async def test_a_report_that_is_kept_is_not_fetched_again(small_desk: Desk, door: IntakeDoor) -> None:
    event = door.keep(intake.AddressChangeReported, MOVE)
    await hear(small_desk, door, event)
    door.bodies.clear()

    await hear(small_desk, door, event)

    assert (door.asked, len(await listed(small_desk))) == (1, 1)


async def test_a_report_that_is_kept_is_claimed_again_when_its_claim_is_gone(desk: Desk, door: IntakeDoor) -> None:
    event = door.keep(intake.AddressChangeReported, MOVE)
    await hear(desk, door, event)
    async with desk.database.transaction() as session:
        await session.execute(delete(InboxClaim))

    await hear(desk, door, event)

    assert (door.asked, len(await listed(desk)), await claims(desk)) == (1, 1, 1)


@pytest.mark.parametrize("status", [404, 410])
async def test_a_report_that_intake_no_longer_has_is_given_up(small_desk: Desk, door: IntakeDoor, status: int) -> None:
    event = door.keep(intake.AddressChangeReported, MOVE)
    door.status = status

    with pytest.raises(NeverAgain, match="report_gone"):
        await hear(small_desk, door, event)

    assert await claims(small_desk) == 0


@pytest.mark.parametrize("status", [None, 401, 429, 500, 503])
async def test_an_intake_that_is_away_or_does_not_let_us_in_is_waited_for(
    small_desk: Desk, door: IntakeDoor, status: int | None
) -> None:
    event = door.keep(intake.AddressChangeReported, MOVE)
    door.away, door.status = status is None, status

    with pytest.raises(DependencyDown, match="intake"):
        await hear(small_desk, door, event)
    door.away, door.status = False, None
    await hear(small_desk, door, event)

    assert len(await listed(small_desk)) == 1


async def test_without_an_address_of_intake_reports_wait(small_desk: Desk, door: IntakeDoor) -> None:
    event = door.keep(intake.AddressChangeReported, MOVE)

    async with service_client(small_desk.settings, "intake", small_desk.settings.intake_url) as nowhere:
        with pytest.raises(DependencyDown, match="intake"):
            await record_report(event, database=small_desk.database, reports=Reports(nowhere))


@pytest.mark.parametrize(
    "raw",
    [
        b"<html>Mustermann</html>",
        b'{"body": {}}',
        json.dumps({"received_at": NOW.isoformat(), "body": {"person": "Mustermann"}}).encode(),
    ],
    ids=["html", "no date", "incomplete"],
)
async def test_an_unreadable_report_is_a_failure_that_quotes_nothing(
    small_desk: Desk, door: IntakeDoor, raw: bytes
) -> None:
    event = door.keep(intake.AddressChangeReported, MOVE)
    door.raw = raw

    with pytest.raises(ReportUnreadableError) as failure:
        await hear(small_desk, door, event)

    assert (str(failure.value), failure.value.__cause__) == ("", None)
    assert await claims(small_desk) == 0


async def test_what_is_settled_is_no_longer_open_until_that_is_taken_back(desk: Desk, door: IntakeDoor) -> None:
    first, second = door.keep(intake.AddressChangeReported, MOVE), door.keep(intake.PaymentReported, PAYMENT)
    for event in (first, second):
        await hear(desk, door, event)
    report_id = first.data.report_id

    await settle_change(report_id, by=ERIKA, database=desk.database, now=desk.now)
    still_open = await listed(desk)
    everything = {each["report_id"]: each for each in await listed(desk, only_open=False)}
    for _ in range(2):
        await reopen_change(report_id, database=desk.database)

    assert [each["report_id"] for each in still_open] == [str(second.data.report_id)]
    settled = everything[str(report_id)]
    assert (settled["done_by"], settled["done_at"]) == (ERIKA, NOW.isoformat())
    assert len(await listed(desk)) == 2


async def test_what_was_settled_long_ago_is_erased_and_comes_back_by_no_way(desk: Desk, door: IntakeDoor) -> None:
    old, recent, still_open = (door.keep(intake.AddressChangeReported, MOVE) for _ in range(3))
    for event in (old, recent, still_open):
        await hear(desk, door, event)
    await settle_change(old.data.report_id, by=ERIKA, database=desk.database, now=desk.now)
    desk.at = NOW + timedelta(seconds=1)
    await settle_change(recent.data.report_id, by=ERIKA, database=desk.database, now=desk.now)

    desk.at = NOW + KEEP_SETTLED + timedelta(seconds=1)
    for _ in range(2):
        await erase_changes(database=desk.database, now=desk.now)
    async with desk.database.transaction() as session:
        await session.execute(delete(InboxClaim))
    await hear(desk, door, old)
    with pytest.raises(ChangeErasedError):
        await reopen_change(old.data.report_id, database=desk.database)

    everything = {each["report_id"]: each for each in await listed(desk, only_open=False)}
    erased = everything.pop(str(old.data.report_id))
    assert (erased["body"], erased["done_by"], "gelöscht" in erased["body_note"]) == ({}, ERIKA, True)
    assert [each["body"] for each in everything.values()] == [MOVE.model_dump(mode="json")] * 2
    assert [each["body_note"] for each in everything.values()] == [None, None]


async def test_of_several_persons_at_once_one_has_settled_it(desk: Desk, door: IntakeDoor) -> None:
    event = door.keep(intake.AddressChangeReported, MOVE)
    await hear(desk, door, event)

    outcomes = await asyncio.gather(
        *(
            settle_change(event.data.report_id, by=by, database=desk.database, now=desk.now)
            for by in (ERIKA, MAX, ERIKA, MAX)
        ),
        return_exceptions=True,
    )

    (settled,) = await listed(desk, only_open=False)
    refused = [each for each in outcomes if isinstance(each, ChangeSettledError)]
    assert [each.by for each in refused] == [settled["done_by"]] * 2
    assert outcomes.count(None) == 2


async def test_a_change_that_is_not_there_cannot_be_settled(small_desk: Desk, door: IntakeDoor) -> None:
    nobody = door.keep(intake.PaymentReported, PAYMENT).data.report_id

    with pytest.raises(ChangeUnknownError):
        await settle_change(nobody, by=ERIKA, database=small_desk.database, now=small_desk.now)
    with pytest.raises(ChangeUnknownError):
        await reopen_change(nobody, database=small_desk.database)
