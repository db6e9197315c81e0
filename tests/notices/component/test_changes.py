"""Reported changes from the bus to the desk: intake away or without the body, and the sentences of a refusal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from chassis.clock import utc_now
from chassis.consumer import Consuming
from chassis.health import Health
from chassis.http import make_app
from chassis.inbox import FailureLedger
from chassis.tables import InboxFailure
from contracts import intake
from services.notices import subscribers
from services.notices.api import Api
from services.notices.commands.erase_changes import KEEP_SETTLED
from services.notices.commands.record_report import record_report
from services.notices.schedule import Schedule
from tests.notices.integration.desk import OUTPUT, Desk, desk_at
from tests.notices.integration.reports import MOVE, PAYMENT, SALE, IntakeDoor
from tests.support.consumers import publish
from tests.support.eventually import eventually, running
from tests.support.nats import Bus, Peer

AS_DESK = {"authorization": "Bearer of-the-desk"}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    (tmp_path / "from-rathaus").write_text("of-the-desk\n")
    url = f"sqlite+aiosqlite:///{tmp_path}/notices.sqlite"
    async with desk_at(url, tmp_path, tokens_dir=tmp_path) as ready:
        yield ready


@pytest.fixture
async def http(desk: Desk) -> AsyncGenerator[httpx.AsyncClient]:
    api = Api(desk.database, desk.documents, desk.submissions, desk.settings, OUTPUT, desk.now)
    health = Health()
    health.started = True
    transport = httpx.ASGITransport(make_app(desk.settings, health, api.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://notices", headers=AS_DESK) as client:
        yield client


async def listening(bus: Bus, desk: Desk, door: IntakeDoor) -> Peer:
    """Start notices on the bus, with all its consumers."""
    peer = await bus.peer("notices")
    consuming = Consuming(peer.broker, "notices", peer.health, FailureLedger(desk.database), retry_after=(0.05, 0.05))
    subscribers.register(
        consuming, database=desk.database, documents=desk.documents, reports=door.reports(), now=utc_now
    )
    await peer.broker.start()
    return peer


async def open_changes(http: httpx.AsyncClient) -> int:
    return len((await http.get("/changes?open=true")).json())


async def test_reports_of_every_kind_come_to_the_desk_and_are_settled(
    bus: Bus, desk: Desk, http: httpx.AsyncClient
) -> None:
    door = IntakeDoor()
    await listening(bus, desk, door)
    move = door.keep(intake.AddressChangeReported, MOVE)
    others = (door.keep(intake.OwnerChangeReported, SALE), door.keep(intake.PaymentReported, PAYMENT))

    await publish(await bus.peer("intake"), move, *others)
    await eventually(lambda: has_open(http, 3))
    settled = await http.post(f"/changes/{move.data.report_id}/done", json={"by": " Erika  Muster "})
    left = (await http.get("/changes?open=true")).json()
    reopened = await http.post(f"/changes/{move.data.report_id}/reopen")

    assert (settled.status_code, reopened.status_code) == (204, 204)
    assert {each["kind"] for each in left} == {"owner_change", "payment"}
    assert await open_changes(http) == 3


async def has_open(http: httpx.AsyncClient, number: int) -> bool:
    return await open_changes(http) == number


async def test_while_intake_is_away_reports_wait_and_no_failure_is_counted(
    bus: Bus, desk: Desk, http: httpx.AsyncClient
) -> None:
    door = IntakeDoor(away=True)
    peer = await listening(bus, desk, door)
    event = door.keep(intake.AddressChangeReported, MOVE)

    await publish(await bus.peer("intake"), event)
    await eventually(lambda: waits_for_intake(peer))
    door.away = False
    await eventually(lambda: has_open(http, 1))

    async with desk.database.reading() as session:
        assert await session.get(InboxFailure, ("notices-reports", event.key())) is None
    assert await bus.count("DLQ") == 0


async def waits_for_intake(peer: Peer) -> bool:
    return (await peer.health.problems()).get("consumer notices-reports") == "waits for intake"


async def test_a_report_without_a_body_becomes_a_dead_letter_and_holds_up_nobody(
    bus: Bus, desk: Desk, http: httpx.AsyncClient
) -> None:
    door = IntakeDoor()
    await listening(bus, desk, door)
    gone, there = door.keep(intake.AddressChangeReported, MOVE), door.keep(intake.PaymentReported, PAYMENT)
    door.bodies.pop(gone.data.report_id)

    await publish(await bus.peer("intake"), gone, there)
    await eventually(lambda: has_open(http, 1))
    await eventually(lambda: has_dead_letters(bus, 1))

    ((_, headers, _),) = await bus.messages("DLQ")
    assert headers["x-dlq-reason"] == "report_gone"


async def has_dead_letters(bus: Bus, number: int) -> bool:
    return await bus.count("DLQ") == number


async def test_nothing_personal_is_on_the_bus(bus: Bus, desk: Desk, http: httpx.AsyncClient) -> None:
    door = IntakeDoor(raw=b'{"body": {"person": "Erika Mustermann"}}')
    await listening(bus, desk, door)

    await publish(await bus.peer("intake"), door.keep(intake.AddressChangeReported, MOVE))
    await eventually(lambda: has_dead_letters(bus, 1))

    said = repr([await bus.messages(stream) for stream in ("INTAKE", "DLQ")])
    assert [word for word in ("Mustermann", "person") if word in said] == []
    assert await open_changes(http) == 0


async def test_what_cannot_be_settled_is_refused_in_german(desk: Desk, http: httpx.AsyncClient) -> None:
    desk.at = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
    door = IntakeDoor()
    event = door.keep(intake.AddressChangeReported, MOVE)
    await record_report(event, database=desk.database, reports=door.reports())
    path = f"/changes/{event.data.report_id}/done"

    answers = [
        await http.post(path, json={"by": "Erika Muster"}),
        await http.post(path, json={"by": "Erika Muster"}),
        await http.post(path, json={"by": "Max Beispiel"}),
        await http.post(path, json={"by": "  "}),
        await http.post(path, json={}),
        await http.post(f"/changes/{uuid4()}/done", json={"by": "Erika Muster"}),
        await http.post(f"/changes/{uuid4()}/reopen"),
        await http.get("/changes", headers={"authorization": "Bearer x"}),
    ]

    nobody = "Es fehlt der Name der Person, die die Änderung übernommen hat."
    nothing = "Diese gemeldete Änderung gibt es nicht."
    assert [(each.status_code, each.json()["title"] if each.content else "") for each in answers] == [
        (204, ""),
        (204, ""),
        (409, "Diese Änderung hat schon Erika Muster am 30.11.2026 erledigt."),
        (422, nobody),
        (422, nobody),
        (404, nothing),
        (404, nothing),
        (401, "Dieser Dienst kennt den Aufrufer nicht."),
    ]


async def test_a_change_that_is_erased_is_shown_in_words_and_not_opened_again(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    door = IntakeDoor()
    event = door.keep(intake.AddressChangeReported, MOVE)
    await record_report(event, database=desk.database, reports=door.reports())
    await http.post(f"/changes/{event.data.report_id}/done", json={"by": "Erika Muster"})
    desk.at += KEEP_SETTLED + timedelta(seconds=1)
    async with running(forever(Schedule(desk.database, desk.documents, desk.settings, desk.now))):
        await eventually(lambda: is_erased(http))

    answer = await http.post(f"/changes/{event.data.report_id}/reopen")

    assert (answer.status_code, answer.json()["title"]) == (409, "Der Inhalt dieser Änderung ist gelöscht.")
    assert "90 Tage" in answer.json()["detail"]


async def is_erased(http: httpx.AsyncClient) -> bool:
    (change,) = (await http.get("/changes")).json()
    return (change["body"], "gelöscht" in (change["body_note"] or "")) == ({}, True)


async def forever(schedule: Schedule) -> None:
    """Run all loops of notices once, as the chassis does again and again."""
    async with asyncio.TaskGroup() as group:
        for loop in schedule.loops():
            group.create_task(once(loop))


async def once(loop: Callable[[], Awaitable[None]]) -> None:
    await loop()
