"""The waiting hall against the real service: numbers, check-in, calls."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.appointments.domain.ticks import LOCAL
from services.appointments.domain.tokens import sign
from tests.accounts.component.town import Accounts
from tests.appointments.town import Process
from tests.browser.offices import COUNTER, always_open, offices_file
from tests.browser.offices import VILLAGE as HALL
from tests.portal.component.duty import Device, hidden
from tests.portal.component.town import AWAY, LANGUAGES, Portal, portal_before
from tests.support.eventually import eventually
from tests.support.nats import Bus
from tests.support.workdays import in_days

CALLS = "/dienst/aufruf"
WANTED = {"ort": HALL, "anliegen": "fundsachen"}


@dataclass
class Hall:
    """Appointments and accounts as processes, the portal in front of them."""

    appointments: Process
    accounts: Accounts
    portal: Portal

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        answer = await self.appointments.ask(path, method=method, body=body)
        assert answer.is_success, answer.text
        return answer.json()

    def link(self, booking_id: UUID) -> str:
        """What stands in the link to an appointment."""
        key = (self.appointments.folder / "link.key").read_text("utf-8")
        return sign(key.encode(), "booking", booking_id)

    async def booking(self) -> dict[str, Any]:
        """Somebody has an appointment about now, today."""
        body = {
            "booking_id": str(uuid4()),
            "office": HALL,
            "items": [{"service": "fundsachen", "count": 1}],
            "starts_at": datetime.combine(in_days(1), time(10), tzinfo=LOCAL).isoformat(),
            "resource": None,
            "name": "Anna Beispiel",
            "phone": None,
            "email": None,
            "note": "",
            "language": "de",
            "by": "schalter",
        }
        made: dict[str, Any] = await self.ask("POST", "/staff/bookings", body)
        await self.appointments.bring_to_now(UUID(made["booking_id"]))
        return made


@pytest.fixture
async def hall(bus: Bus, tmp_path: Path) -> AsyncGenerator[Hall]:
    (tmp_path / "always.toml").write_text(offices_file(), "utf-8")
    appointments = Process(bus, tmp_path, more={"APPOINTMENTS_OFFICES_FILE": str(tmp_path / "always.toml")})
    accounts = Accounts(bus, tmp_path)
    async with AsyncExitStack() as running:
        running.callback(appointments.stop)
        running.callback(accounts.stop)
        appointments.start()
        accounts.start()
        await eventually(appointments.ready)
        await eventually(accounts.ready)
        urls = [f"http://127.0.0.1:{each.port}" for each in (accounts, appointments)]
        portal = portal_before(tmp_path, AWAY, accounts_url=urls[0], appointments_url=urls[1])
        found = Hall(appointments, accounts, await running.enter_async_context(portal))
        await always_open(found.ask)
        yield found


@pytest.fixture
async def phone(hall: Hall) -> AsyncGenerator[httpx.AsyncClient]:
    async with hall.portal.visitor() as client:
        yield client


@pytest.fixture
async def clerk(hall: Hall) -> AsyncGenerator[httpx.AsyncClient]:
    """Somebody behind the counter."""
    async with hall.portal.visitor() as client:
        body = {"name": "schalter", "roles": ["counter"], "pools": []}
        made = (await hall.accounts.ask("rathaus", "POST", "/staff/devices", body)).json()
        await Device("schalter", made["token"], made["pin"]).sign_in(client)
        await client.post(f"{CALLS}/schalter", data={"schalter": COUNTER})
        yield client


async def taken(phone: httpx.AsyncClient) -> httpx.Response:
    fields = hidden((await phone.get(f"/wartenummer?ort={HALL}")).text, "/wartenummer")
    return await phone.post("/wartenummer", data={**fields, **WANTED})


def person(page: str) -> str:
    found = re.search(r'name="person" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


async def test_the_same_form_sent_twice_is_one_number(hall: Hall, phone: httpx.AsyncClient) -> None:
    fields = hidden((await phone.get(f"/wartenummer?ort={HALL}")).text, "/wartenummer")

    both = [await phone.post("/wartenummer", data={**fields, **WANTED}) for _ in range(2)]

    assert [each.status_code for each in both] == [303, 303]
    assert both[0].headers["location"] == both[1].headers["location"]
    assert len((await hall.ask("GET", f"/queues/{HALL}"))["waiting"]) == 1


async def test_a_page_that_has_nothing_new_is_not_exchanged(phone: httpx.AsyncClient) -> None:
    address = (await taken(phone)).headers["location"]
    page = (await phone.get(address)).text
    mark = re.search(r"\?marke=(\w+)", page)
    assert mark is not None

    same = await phone.get(f"{address}?marke={mark[1]}", headers={"hx-request": "true"})
    other = await phone.get(f"{address}?marke=0", headers={"hx-request": "true"})

    assert (same.headers["hx-reswap"], same.content) == ("none", b"")
    assert 'id="stand"' in other.text
    assert other.headers["cache-control"] == "no-store"


async def test_many_numbers_at_once_are_not_for_one_client(phone: httpx.AsyncClient) -> None:
    answers = [await taken(phone) for _ in range(12)]

    assert [each.status_code for each in answers[:3]] == [303] * 3
    assert answers[-1].status_code == 429


async def test_an_appointment_is_checked_in_by_its_number_and_called_by_its_name_for_the_clerk_only(
    hall: Hall, phone: httpx.AsyncClient, clerk: httpx.AsyncClient
) -> None:
    number = str((await hall.booking())["number"])

    arrived = await phone.post("/ankunft", data={"nummer": f" {number.lower()}", "ort": HALL})
    elsewhere = await phone.post("/ankunft", data={"nummer": number, "ort": "luederitz"})
    await clerk.post(f"{CALLS}/naechste")
    called, shown = (await clerk.get(CALLS)).text, (await phone.get(f"/anzeige/{HALL}")).text

    assert arrived.status_code == 303
    assert elsewhere.status_code == 422
    assert "Ihr Termin ist an einem anderen Ort: Dorfhaus Bellingen" in elsewhere.text
    assert "D001 · Anna Beispiel" in called
    assert "D001" in shown
    assert "Anna" not in shown


async def test_on_the_day_ones_own_page_checks_in_and_leads_back_to_the_number(
    hall: Hall, phone: httpx.AsyncClient
) -> None:
    booking_id = UUID((await hall.booking())["booking_id"])
    own = f"/termin/{hall.link(booking_id)}"
    before = (await phone.get(own)).text

    number = (await phone.post("/ankunft", data=hidden(before, "/ankunft"))).headers["location"]
    after = (await phone.get(own)).text
    again = (await phone.post("/ankunft", data=hidden(after, "/ankunft"))).headers["location"]

    assert "Ich bin da" in before
    assert number.startswith("/wartenummer/")
    assert "Zu Ihrer Wartenummer" in after
    assert again == number


async def test_a_tap_from_an_old_page_is_told_and_done_by_nobody(hall: Hall, clerk: httpx.AsyncClient) -> None:
    for _ in range(2):
        body = {"ticket_id": str(uuid4()), "office": HALL, "items": [{"service": "fundsachen"}]}
        await hall.ask("POST", "/tickets", body)
    await clerk.post(f"{CALLS}/naechste")
    first = person((await clerk.get(CALLS)).text)
    await clerk.post(f"{CALLS}/person", data={"person": first, "was": "fertig"})

    late = await clerk.post(f"{CALLS}/person", data={"person": first, "was": "nochmal"})
    odd = await clerk.post(f"{CALLS}/person", data={"person": first, "was": "loeschen"})

    assert late.status_code == 409
    assert "Das hat sich inzwischen geändert" in late.text
    assert odd.status_code == 404


async def test_a_counter_must_be_chosen_and_nobody_waiting_is_told(hall: Hall, clerk: httpx.AsyncClient) -> None:
    async with hall.portal.visitor() as stranger:
        away = await stranger.post(f"{CALLS}/naechste")
    nobody = await clerk.post(f"{CALLS}/naechste")
    again = (await clerk.get(f"{CALLS}?wechseln=1")).text

    assert away.headers["location"] == "/dienst"
    assert nobody.headers["location"].endswith("?getan=niemand")
    assert "An welchem Schalter sind Sie?" in again
    assert "Trausaal" not in again


async def test_links_that_are_not_ours_are_missing(phone: httpx.AsyncClient) -> None:
    paths = [*(f"{prefix}/wartenummer/falsch" for prefix in LANGUAGES), "/anzeige/nirgends"]

    answers = [await phone.get(path) for path in paths]

    assert [each.status_code for each in answers] == [404] * 4
