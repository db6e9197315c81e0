"""The attendant's page against the real services."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from tests.portal.component.duty import DUTY, DutyTown, duty_town, hidden
from tests.portal.component.town import POOL
from tests.support.eventually import eventually
from tests.support.nats import Bus


@pytest.fixture
async def town(bus: Bus, tmp_path: Path) -> AsyncGenerator[DutyTown]:
    async with duty_town(bus, tmp_path) as found:
        yield found


@pytest.fixture
async def phone(town: DutyTown) -> AsyncGenerator[httpx.AsyncClient]:
    async with town.portal.visitor() as client:
        await (await town.attendant()).sign_in(client)
        yield client


async def close(phone: httpx.AsyncClient, page: str, **more: str) -> httpx.Response:
    fields = hidden(page, f"{DUTY}/schliessen")
    return await phone.post(f"{DUTY}/schliessen", data={**fields, "reason": "thunderstorm", **more})


async def test_one_tap_closes_and_another_opens(town: DutyTown, phone: httpx.AsyncClient) -> None:
    tapped = await close(phone, (await phone.get(DUTY)).text)
    closed = (await phone.get(tapped.headers["location"])).text
    state = await town.state()
    fields = hidden(closed, f"{DUTY}/oeffnen")
    opened = await phone.post(f"{DUTY}/oeffnen", data={**fields, "irrtum": "1"})

    assert tapped.status_code == opened.status_code == 303
    assert "GESCHLOSSEN" in closed
    assert "Alle Angemeldeten werden jetzt benachrichtigt" in closed
    assert (state["state"], state["reason"], state["reported_by"]) == ("closed", "thunderstorm", "kasse-1")
    assert (await town.state())["state"] == "open"


async def test_the_expected_end_is_added_by_a_second_tap(town: DutyTown, phone: httpx.AsyncClient) -> None:
    await close(phone, (await phone.get(DUTY)).text)

    tapped = await close(phone, (await phone.get(DUTY)).text, dauer="2")

    state = await town.state()
    assert tapped.headers["location"].endswith("?getan=ende&stand=2")
    assert state["until"] is not None
    assert state["version"] == 2


async def test_a_corrected_reason_leaves_the_expected_end(town: DutyTown, phone: httpx.AsyncClient) -> None:
    await close(phone, (await phone.get(DUTY)).text)
    await close(phone, (await phone.get(DUTY)).text, dauer="heute")
    before = await town.state()

    page = (await phone.get(DUTY)).text
    assert 'name="dauer" value="wie-bisher"' in page
    assert "heute, 23:59 Uhr" in page
    tapped = await close(phone, page, reason="storm", dauer="wie-bisher")

    assert "Grund geändert." in (await phone.get(tapped.headers["location"])).text
    after = await town.state()
    assert (after["reason"], after["until"]) == ("storm", before["until"])


async def test_the_same_tap_sent_twice_counts_once(town: DutyTown, phone: httpx.AsyncClient) -> None:
    page = (await phone.get(DUTY)).text

    answers = [await close(phone, page), await close(phone, page)]

    assert [each.status_code for each in answers] == [303, 303]
    assert (await town.state())["version"] == 1


async def test_who_comes_too_late_reads_how_it_stands(town: DutyTown, phone: httpx.AsyncClient) -> None:
    old = (await phone.get(DUTY)).text
    await close(phone, old)
    closed = (await phone.get(DUTY)).text
    await phone.post(f"{DUTY}/oeffnen", data=hidden(closed, f"{DUTY}/oeffnen"))

    late = await close(phone, old, reason="technical")

    assert late.status_code == 409
    assert "Inzwischen wieder geöffnet. Ihr Tippen „Technik“ wurde NICHT ausgeführt." in late.text
    assert (await town.state())["state"] == "open"


async def test_another_reason_from_an_old_page_is_told_and_counts_when_tapped_again(
    town: DutyTown, phone: httpx.AsyncClient
) -> None:
    old = (await phone.get(DUTY)).text
    await close(phone, old, reason="technical")

    late = await close(phone, old, reason="thunderstorm")
    again = await close(phone, late.text, reason="thunderstorm")

    assert late.status_code == 409
    assert "Inzwischen geschlossen: Technik. Ihr Tippen „Gewitter“ wurde NICHT ausgeführt." in late.text
    assert "tippen Sie es unten noch einmal" in late.text
    assert again.status_code == 303
    assert (await town.state())["reason"] == "thunderstorm"


async def test_what_was_done_is_told_only_while_it_holds(phone: httpx.AsyncClient) -> None:
    tapped = await close(phone, (await phone.get(DUTY)).text)
    closed = (await phone.get(tapped.headers["location"])).text
    await phone.post(f"{DUTY}/oeffnen", data=hidden(closed, f"{DUTY}/oeffnen"))

    back = await phone.get(tapped.headers["location"])

    assert "Geschlossen. Alle" in closed
    assert "Geschlossen. Alle" not in back.text


async def test_out_of_season_nobody_closes_by_an_accidental_tap(town: DutyTown, phone: httpx.AsyncClient) -> None:
    resting = (await town.state())["now"]["text_key"] == "out_of_season"

    page = (await phone.get(DUTY)).text

    assert [each in page for each in ("Saisonpause", "Trotzdem schließen", "sign--resting")] == [resting] * 3
    assert ("sign--open" in page) is not resting


async def test_a_tap_that_got_no_answer_can_be_sent_again(town: DutyTown, phone: httpx.AsyncClient) -> None:
    page = (await phone.get(DUTY)).text
    child = town.subscriptions.child
    assert child is not None
    child.kill()

    failed = await close(phone, page)
    town.subscriptions.start()
    await eventually(town.subscriptions.ready)
    again = await phone.post(f"{DUTY}/schliessen", data=hidden(failed.text, f"{DUTY}/schliessen"))

    assert failed.status_code == 503
    assert "Noch einmal senden" in failed.text
    assert again.status_code == 303
    assert (await town.state())["state"] == "closed"


async def test_the_water_takes_a_decimal_comma_and_refuses_nonsense(town: DutyTown, phone: httpx.AsyncClient) -> None:
    taken = await phone.post(f"{DUTY}/wasser", data={"celsius": "21,5"})
    refused = [await phone.post(f"{DUTY}/wasser", data={"celsius": each}) for each in ("warm", "215", "nan", "-3")]

    assert taken.status_code == 303
    assert (await town.state())["water"]["celsius"] == "21.5"
    assert [each.status_code for each in refused] == [422] * 4


async def test_an_attendant_asks_for_mails(phone: httpx.AsyncClient) -> None:
    asked = await phone.post(f"{DUTY}/email", data={"email": "anna@example.org"})
    refused = await phone.post(f"{DUTY}/email", data={"email": "anna"})

    assert asked.headers["location"].endswith("?getan=email")
    assert refused.status_code == 422


@pytest.mark.parametrize("path", [f"/dienst/bad/{POOL}-2", "/dienst/meldungen"])
async def test_a_device_sees_only_what_it_is_for(phone: httpx.AsyncClient, path: str) -> None:
    answer = await phone.get(path)

    assert answer.status_code == 403


async def test_another_pool_cannot_be_closed(town: DutyTown, phone: httpx.AsyncClient) -> None:
    fields = hidden((await phone.get(DUTY)).text, f"{DUTY}/schliessen")

    answer = await phone.post("/dienst/bad/hallenbad/schliessen", data={**fields, "reason": "storm"})

    assert answer.status_code == 403
    assert (await town.state())["state"] == "open"


async def test_a_proposal_is_confirmed_with_one_tap(town: DutyTown, phone: httpx.AsyncClient) -> None:
    proposal = town.propose("close", "Der Deutsche Wetterdienst meldet Gewitter.")
    page = await phone.get(DUTY)

    answer = await phone.post(f"{DUTY}/vorschlag", data={"vorschlag": str(proposal), "antwort": "ja"})

    assert "Der Deutsche Wetterdienst meldet Gewitter." in page.text
    assert "Vorschlag: wegen Gewitter schließen" in page.text
    assert "ohne Antwort: Bitte sehen Sie selbst auf den Himmel." in page.text
    assert answer.headers["location"].endswith("?getan=geschlossen&stand=1")
    assert (await town.state())["reason"] == "thunderstorm"


async def test_a_proposal_turned_down_changes_nothing_and_cannot_be_taken_up_again(
    town: DutyTown, phone: httpx.AsyncClient
) -> None:
    fields = {"vorschlag": str(town.propose("close", "Gewitter."))}

    turned_down = await phone.post(f"{DUTY}/vorschlag", data={**fields, "antwort": "nein"})
    again = await phone.post(f"{DUTY}/vorschlag", data={**fields, "antwort": "ja"})

    assert turned_down.headers["location"].endswith("?getan=abgelehnt&stand=0")
    assert again.status_code == 409
    assert "gilt nicht mehr" in again.text
    assert (await town.state())["state"] == "open"


async def test_push_messages_are_asked_for_with_the_topic_of_the_pool_only(phone: httpx.AsyncClient) -> None:
    page = (await phone.get(DUTY)).text
    version = page.partition('name="text_version" value="')[2].partition('"')[0]
    wish = {"endpoint": "https://elsewhere.example/x", "p256dh": "x", "auth": "y", "topics": ["staff.other"]}

    refused = await phone.post(f"{DUTY}/push", json={**wish, "language": "de", "text_version": version})
    unreadable = await phone.post(f"{DUTY}/push", content=b"{")

    assert refused.status_code == unreadable.status_code == 422
    assert "Push-Dienst" in refused.json()["error"]


async def test_a_page_that_renews_itself_leaves_the_buttons_alone_until_something_changes(
    phone: httpx.AsyncClient,
) -> None:
    page = (await phone.get(DUTY)).text
    path = page.partition('hx-get="')[2].partition('"')[0]

    same = await phone.get(path, headers={"hx-request": "true"})
    await close(phone, page)
    changed = await phone.get(path, headers={"hx-request": "true"})

    assert (same.headers["hx-reswap"], same.text) == ("none", "")
    assert "GESCHLOSSEN" in changed.text
