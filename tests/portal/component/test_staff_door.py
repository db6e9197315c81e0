"""Link, PIN and session of the staff against the real services."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from tests.portal.component.duty import DUTY, DutyTown, duty_town
from tests.portal.component.town import Portal
from tests.support.nats import Bus


@pytest.fixture
async def town(bus: Bus, tmp_path: Path) -> AsyncGenerator[DutyTown]:
    async with duty_town(bus, tmp_path) as found:
        yield found


@pytest.fixture
async def browser(town: DutyTown) -> AsyncGenerator[httpx.AsyncClient]:
    async with town.portal.visitor() as client:
        yield client


async def test_link_and_pin_lead_to_the_pool(town: DutyTown, browser: httpx.AsyncClient) -> None:
    device = await town.attendant()

    link = await browser.get(f"/dienst/{device.token}")
    signed_in = await device.sign_in(browser)
    start = await browser.get("/dienst")

    assert "kasse-1" in link.text
    assert signed_in.headers["location"] == "/dienst"
    assert start.headers["location"] == DUTY
    assert all("HttpOnly" in each and "samesite=strict" in each.lower() for each in cookies(signed_in))


async def test_a_wrong_pin_says_how_many_tries_are_left_and_then_until_when(
    town: DutyTown, browser: httpx.AsyncClient
) -> None:
    device = await town.attendant()
    wrong = "1" * len(device.pin) if device.pin != "1" * len(device.pin) else "2" * len(device.pin)

    answers = [await browser.post(f"/dienst/{device.token}", data={"pin": wrong}) for _ in range(6)]

    assert answers[0].status_code == 401
    assert "Versuche" in answers[0].text
    assert answers[-1].status_code == 423
    assert "gesperrt bis" in answers[-1].text


async def test_after_signing_out_only_the_pin_is_asked_for(town: DutyTown, browser: httpx.AsyncClient) -> None:
    device = await town.attendant()
    await device.sign_in(browser)

    await browser.post("/dienst/abmelden")
    away = await browser.get(DUTY)
    start = await browser.get("/dienst")
    back = await browser.post("/dienst", data={"pin": device.pin})

    assert away.headers["location"] == "/dienst"
    assert "kasse-1" in start.text
    assert back.status_code == 303
    assert (await browser.get(DUTY)).status_code == 200


async def test_a_tap_after_the_session_has_ended_is_told_once_after_the_pin(
    town: DutyTown, browser: httpx.AsyncClient
) -> None:
    device = await town.attendant()
    await device.sign_in(browser)
    await browser.post("/dienst/abmelden")

    await browser.post(f"{DUTY}/wasser", data={"celsius": "20"})
    asked = await browser.get("/dienst")
    await browser.post("/dienst", data={"pin": f" {device.pin[:3]} {device.pin[3:]} "})
    first, second = await browser.get(DUTY), await browser.get(DUTY)

    assert "Ihr letztes Tippen wurde nicht ausgeführt." in asked.text
    assert "weil die Anmeldung abgelaufen war" in first.text
    assert "weil die Anmeldung abgelaufen war" not in second.text


async def test_a_device_that_was_taken_back_is_out_at_once(town: DutyTown, browser: httpx.AsyncClient) -> None:
    device = await town.attendant()
    await device.sign_in(browser)
    (known,) = (await town.accounts.ask("rathaus", "GET", "/staff/devices")).json()

    await town.accounts.ask("rathaus", "DELETE", f"/staff/devices/{known['device_id']}")

    assert (await browser.get(DUTY)).headers["location"] == "/dienst"
    assert "kein Dienstgerät" in (await browser.get("/dienst")).text
    assert (await browser.get(f"/dienst/{device.token}")).status_code == 404


async def test_staff_pages_are_kept_nowhere(town: DutyTown, browser: httpx.AsyncClient) -> None:
    device = await town.attendant()
    await device.sign_in(browser)

    answers = [await browser.get(path) for path in (DUTY, f"/dienst/{device.token}")]

    assert [each.headers["cache-control"] for each in answers] == ["no-store", "no-store"]
    assert [each.headers["x-robots-tag"] for each in answers] == ["noindex, nofollow"] * 2


async def test_forms_of_other_sites_and_strangers_change_nothing(town: DutyTown, browser: httpx.AsyncClient) -> None:
    device = await town.attendant()
    stranger = await browser.post(f"{DUTY}/wasser", data={"celsius": "20"})
    await device.sign_in(browser)

    foreign = await browser.post(f"{DUTY}/wasser", data={"celsius": "20"}, headers={"sec-fetch-site": "cross-site"})

    assert stranger.headers["location"] == "/dienst"
    assert foreign.status_code == 403
    assert (await town.state())["water"] is None


async def test_a_page_that_renews_itself_without_a_session_goes_to_the_start(lonely: Portal) -> None:
    async with lonely.visitor() as browser:
        answer = await browser.get(DUTY, headers={"hx-request": "true"})

    assert answer.headers["hx-redirect"] == "/dienst"


async def test_a_link_in_webmail_comes_back_with_the_cookies(lonely: Portal) -> None:
    async with lonely.visitor() as browser:
        answer = await browser.get(DUTY, headers={"sec-fetch-site": "cross-site"})

    assert f'content="0; url={DUTY}"' in answer.text


def cookies(answer: httpx.Response) -> list[str]:
    return answer.headers.get_list("set-cookie")
