"""The clerk's pages against the real services."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest

from chassis.clock import utc_now
from services.portal.api.staff_draft import local_time
from tests.portal.component.duty import DESK, DutyTown, duty_town
from tests.subscriptions.component.town import AS_RATHAUS
from tests.support.eventually import eventually
from tests.support.nats import Bus

HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')


@pytest.fixture
async def town(bus: Bus, tmp_path: Path) -> AsyncGenerator[DutyTown]:
    async with duty_town(bus, tmp_path) as found:
        yield found


@pytest.fixture
async def desk(town: DutyTown) -> AsyncGenerator[httpx.AsyncClient]:
    async with town.portal.visitor() as client:
        await (await town.device("bauamt-1", "clerk")).sign_in(client)
        yield client


def message(**more: str) -> dict[str, str]:
    now = utc_now()
    return {
        "category": "road_closed",
        "areas": "bittkau",
        "headline_de": "Lindenstraße gesperrt",
        "body_de": "Wegen eines Rohrbruchs.",
        "headline_en": "Lindenstraße closed",
        "body_en": "Because of a burst pipe.",
        "begins": local_time(now),
        "ends": local_time(now + timedelta(hours=6)),
        **more,
    }


async def sent(desk: httpx.AsyncClient, **more: str) -> str:
    """Write, preview, send; the path of the report."""
    preview = await desk.post(f"{DESK}/vorschau", data=message(**more))
    assert preview.status_code == 200, preview.text
    form = preview.text.partition(f'action="{DESK}"')[2]
    answer = await desk.post(DESK, data={name: unescape(value) for name, value in HIDDEN.findall(form)})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


async def test_a_message_is_previewed_and_then_sent(desk: httpx.AsyncClient) -> None:
    preview = await desk.post(f"{DESK}/vorschau", data=message())
    empty = await desk.get(DESK)

    path = await sent(desk)

    report = await desk.get(path)
    assert "Erreicht 0 Personen" in preview.text
    assert "Because of a burst pipe." in preview.text
    assert "Straßensperrung" in preview.text
    assert "Bittkau" in preview.text
    assert "ganzes Gemeindegebiet" not in preview.text
    assert "Noch keine Meldung." in empty.text
    assert "Lindenstraße gesperrt" in report.text
    assert "Lindenstraße gesperrt" in (await desk.get(DESK)).text
    assert "Lindenstraße gesperrt" in (await desk.get("/meldungen")).text


async def test_a_message_whose_sending_got_no_answer_is_sent_once(town: DutyTown, desk: httpx.AsyncClient) -> None:
    preview = await desk.post(f"{DESK}/vorschau", data=message())
    order = {name: unescape(value) for name, value in HIDDEN.findall(preview.text)}
    sent = await desk.post(DESK, data=order)
    child = town.subscriptions.child
    assert child is not None
    child.kill()

    lost = await desk.post(DESK, data=order)
    town.subscriptions.start()
    await eventually(town.subscriptions.ready)
    again = await desk.post(DESK, data={name: unescape(value) for name, value in HIDDEN.findall(lost.text)})

    assert lost.status_code == 503
    assert "Noch einmal senden" in lost.text
    assert again.headers["location"] == sent.headers["location"]


async def test_a_message_is_updated_and_ended(desk: httpx.AsyncClient) -> None:
    path = await sent(desk)
    command = re.findall(r'name="command" value="([^"]+)"', (await desk.get(path)).text)[0]
    news = {**message(headline_de="Sperrung bis morgen"), "command": command}

    updated = await desk.post(f"{path}/stand", data=news)
    ended = await desk.post(f"{path}/ende", data={"command": command, "irrtum": ""})
    again = await desk.post(f"{path}/ende", data={"command": command.replace("-4", "-5"), "irrtum": "1"})

    assert updated.status_code == ended.status_code == 303
    assert "Neuer Stand" in (await desk.get(updated.headers["location"])).text
    assert "Entwarnung" in (await desk.get(ended.headers["location"])).text
    assert again.status_code == 409
    assert "schon beendet" in again.text


async def test_a_message_without_a_place_says_loudly_that_it_is_for_the_whole_town(desk: httpx.AsyncClient) -> None:
    preview = await desk.post(f"{DESK}/vorschau", data={**message(), "areas": []})

    assert "ganzes Gemeindegebiet" in preview.text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("category", "", "Art der Meldung."),
        ("body_de", "", "Überschrift, Text und Ende"),
        ("body_en", "", "Zu jeder Übersetzung"),
        ("ends", "gestern", "Beginn und Ende"),
        ("ends", "2026-01-01T10:00", "Das Ende muss nach dem Beginn liegen."),
    ],
)
async def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    desk: httpx.AsyncClient, field: str, value: str, said: str
) -> None:
    answer = await desk.post(f"{DESK}/vorschau", data=message(**{field: value}))

    assert answer.status_code == 422
    assert said in answer.text
    assert "Lindenstraße gesperrt" in answer.text


@pytest.fixture
async def held(bus: Bus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[DutyTown]:
    """A town where every message that reaches somebody needs a second person."""
    monkeypatch.setenv("SUBSCRIPTIONS_SECOND_PERSON_ABOVE", "0")
    async with duty_town(bus, tmp_path) as found:
        people = "email;topics;consented_at;proof;language\nkim@example.org;matter.road_closed;2026-01-01;Liste;de\n"
        base = f"http://127.0.0.1:{found.subscriptions.port}"
        async with httpx.AsyncClient(base_url=base, headers=AS_RATHAUS) as client:
            assert (await client.post("/imports", content=people)).json()["rows"] == 1
        yield found


async def test_a_large_message_waits_until_another_device_releases_it(held: DutyTown) -> None:
    async with held.portal.visitor() as first, held.portal.visitor() as second:
        await (await held.device("bauamt-1", "clerk", "approver")).sign_in(first)
        await (await held.device("leitung-1", "approver")).sign_in(second)
        path = await sent(first)
        waiting = await first.get(path)
        own = await first.post(f"{path}/freigabe")
        unseen = await first.get("/meldungen")
        page = await second.get(path)
        released = await second.post(f"{path}/freigabe")
        after = await second.get(path)

    assert "Erreicht eine Person" in waiting.text
    assert "Freigeben und senden" not in waiting.text
    assert own.status_code == 403
    assert "Freigeben muss eine andere Person." in own.text
    assert "Lindenstraße" not in unseen.text
    assert "Freigeben und senden" in page.text
    assert released.status_code == 303
    assert "von leitung-1" in after.text


async def test_an_update_for_many_waits_too_and_starts_from_the_last_texts(held: DutyTown) -> None:
    async with held.portal.visitor() as first, held.portal.visitor() as second:
        await (await held.device("bauamt-1", "clerk")).sign_in(first)
        await (await held.device("leitung-1", "approver")).sign_in(second)
        path = await sent(first)
        waiting = await second.get(path)
        await second.post(f"{path}/freigabe")
        page = (await first.get(path)).text
        command = re.findall(r'name="command" value="([^"]+)"', page)[0]
        news = {**message(headline_de="Sperrung bis morgen"), "command": command}
        updated = await first.post(f"{path}/stand", data=news)
        report = await first.get(updated.headers["location"])
        old = await first.get(f"{path}?getan=gehalten")

    assert "Straßensperrung" in waiting.text
    assert "Bittkau" in waiting.text
    assert 'value="Lindenstraße gesperrt"' in page
    assert "Die Meldung wartet jetzt auf die zweite Person." in report.text
    assert "Die Meldung wartet jetzt auf die zweite Person." not in old.text


async def test_a_rejected_message_says_why_and_never_goes_out(held: DutyTown) -> None:
    async with held.portal.visitor() as first, held.portal.visitor() as second:
        await (await held.device("bauamt-1", "clerk")).sign_in(first)
        await (await held.device("leitung-1", "approver")).sign_in(second)
        path = await sent(first)
        nameless = await second.post(f"{path}/ablehnung", data={"why": ""})
        await second.post(f"{path}/ablehnung", data={"why": "Falscher Tag"})
        report = await first.get(path)

    assert nameless.status_code == 422
    assert "Abgelehnt von leitung-1: Falscher Tag" in report.text
    assert "Neuer Stand" not in report.text


async def test_a_clerk_does_not_release_and_an_approver_does_not_write(held: DutyTown) -> None:
    async with held.portal.visitor() as first, held.portal.visitor() as second:
        await (await held.device("bauamt-1", "clerk")).sign_in(first)
        await (await held.device("leitung-1", "approver")).sign_in(second)
        path = await sent(first)

        answers = [await first.post(f"{path}/freigabe"), await second.get(f"{DESK}/neu"), await second.post(DESK)]

    assert [each.status_code for each in answers] == [403, 403, 403]


async def test_an_approver_asks_for_mails(held: DutyTown) -> None:
    async with held.portal.visitor() as browser:
        await (await held.device("leitung-1", "approver")).sign_in(browser)
        asked = await browser.post(f"{DESK}/email", data={"email": "leitung@example.org"})
        refused = await browser.post(f"{DESK}/email", data={"email": "leitung"})

    assert asked.headers["location"] == f"{DESK}?getan=email"
    assert refused.status_code == 422


@pytest.mark.parametrize("number", ["x", "999999", "9" * 30])
async def test_a_report_that_does_not_exist_is_not_found(desk: httpx.AsyncClient, number: str) -> None:
    assert (await desk.get(f"{DESK}/{number}")).status_code == 404
