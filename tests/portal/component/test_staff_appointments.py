"""The counters' and planners' pages against the real services."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.portal.web.say import ZONE
from tests.accounts.component.town import Accounts
from tests.appointments.town import Process
from tests.browser.offices import offices_file
from tests.portal.component.duty import Device
from tests.portal.component.town import AWAY, Portal, portal_before
from tests.support.eventually import eventually
from tests.support.nats import Bus
from tests.support.workdays import workday

OFFICE = "dorfhaus"
"""It is open at any hour."""
DAY = workday(datetime.now(tz=ZONE).date() + timedelta(days=3))
STARTS_AT = datetime.combine(DAY, time(10), tzinfo=ZONE).astimezone(UTC).isoformat()
NEW, HOURS = "/dienst/termine/neu", "/dienst/termine/zeiten"
AT = f"?ort={OFFICE}&tag={DAY}"


@dataclass
class Offices:
    """Appointments and accounts as processes, the portal in front of them."""

    appointments: Process
    accounts: Accounts
    portal: Portal

    @asynccontextmanager
    async def browser(self, *roles: str) -> AsyncGenerator[httpx.AsyncClient]:
        """Somebody with a device that is signed in."""
        body: dict[str, Any] = {"name": "-".join(roles), "roles": list(roles), "pools": []}
        made = (await self.accounts.ask("rathaus", "POST", "/staff/devices", body)).json()
        async with self.portal.visitor() as client:
            await Device("gerät", made["token"], made["pin"]).sign_in(client)
            yield client

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        answer = await self.appointments.ask(path, method=method, body=body)
        assert answer.is_success, answer.text
        return answer.json()


@pytest.fixture
async def offices(bus: Bus, tmp_path: Path) -> AsyncGenerator[Offices]:
    (tmp_path / "always.toml").write_text(offices_file(), "utf-8")
    appointments = Process(bus, tmp_path, more={"APPOINTMENTS_OFFICES_FILE": str(tmp_path / "always.toml")})
    accounts = Accounts(bus, tmp_path)
    async with AsyncExitStack() as running:
        for each in (appointments, accounts):
            running.callback(each.stop)
            each.start()
        await eventually(appointments.ready)
        await eventually(accounts.ready)
        urls = [f"http://127.0.0.1:{each.port}" for each in (accounts, appointments)]
        portal = portal_before(tmp_path, AWAY, accounts_url=urls[0], appointments_url=urls[1])
        yield Offices(appointments, accounts, await running.enter_async_context(portal))


def call(**more: str) -> dict[str, str]:
    """What the form of a phone booking sends."""
    return {
        "booking_id": str(uuid4()),
        "ort": OFFICE,
        "tag": DAY.isoformat(),
        "anzahl-fundsachen": "1",
        "starts_at": STARTS_AT,
        "name": "Anna Beispiel",
        **more,
    }


async def test_a_device_does_only_what_it_is_for(offices: Offices) -> None:
    async with offices.browser("counter") as counter, offices.browser("planner") as planner:
        starts = [(await each.get("/dienst")).headers["location"] for each in (counter, planner)]
        refused = [await counter.get(HOURS), await planner.get("/dienst/termine"), await planner.get(f"{NEW}")]

    assert starts == ["/dienst/termine", HOURS]
    assert [each.status_code for each in refused] == [403, 403, 403]


async def test_the_same_booking_sent_twice_is_one(offices: Offices) -> None:
    order = call()

    async with offices.browser("counter") as counter:
        first, second = await counter.post(NEW, data=order), await counter.post(NEW, data=order)
        day = await counter.get(f"/dienst/termine{AT}")
        week = await counter.get(f"/dienst/termine/woche{AT}")

    assert first.headers["location"] == second.headers["location"]
    assert day.text.count("Anna Beispiel") == 1
    assert "1 Termin," in week.text
    assert "Anna" not in week.text


async def test_a_time_that_is_taken_loses_nothing_that_was_typed(offices: Offices) -> None:
    async with offices.browser("counter") as counter:
        await counter.post(NEW, data=call())
        refused = await counter.post(NEW, data=call(name="Bernd Beispiel", phone="03935 12", note="mit Kind"))

    assert refused.status_code == 409
    assert "kein passender Platz mehr frei" in refused.text
    assert all(f'value="{each}"' in refused.text for each in ("Bernd Beispiel", "03935 12", "mit Kind"))


async def test_who_did_not_come_is_noted_and_taken_back(offices: Offices) -> None:
    async with offices.browser("counter") as counter:
        own = (await counter.post(NEW, data=call())).headers["location"].partition("?")[0]
        await counter.post(f"{own}/stand", data={"stand": "nicht-da"})
        missed = await counter.get(own)
        await counter.post(f"{own}/stand", data={"stand": "zurueck"})
        back = await counter.get(own)

    assert "badge--missed" in missed.text
    assert "badge--booked" in back.text
    assert "Vermerk zurückgenommen" in back.text


async def test_a_change_of_hours_over_somebody_elses_is_previewed_anew(offices: Offices) -> None:
    closure = {"art": "schliessung", "neu": "1", "id": str(uuid4()), "ort": OFFICE, "note": "Betriebsausflug"}
    closure |= {"first_day": DAY.isoformat(), "resources": "alle"}
    seen = (await offices.ask("GET", f"/offices/{OFFICE}/calendar"))["version"]

    async with offices.browser("planner") as planner:
        other = closure | {"id": str(uuid4()), "note": "Wahltag", "version": str(seen)}
        saved = await planner.post(HOURS, data=other)
        stale = await planner.post(HOURS, data=closure | {"version": str(seen)})
        again = await planner.post(HOURS, data=closure | {"version": str(seen + 1)})
        cards = await planner.get(f"{HOURS}?ort={OFFICE}")

    assert saved.status_code == 303
    assert stale.status_code == 409
    assert "inzwischen jemand anders geändert" in stale.text
    assert 'name="note" value="Betriebsausflug"' in stale.text
    assert again.status_code == 303
    assert cards.text.index("Betriebsausflug:") > 0
    assert cards.text.index("Wahltag:") > 0


async def test_without_an_answer_the_order_can_be_sent_again(offices: Offices) -> None:
    async with offices.browser("counter") as counter:
        offices.appointments.stop()
        unsure = await counter.post(NEW, data=call())

    assert unsure.status_code == 503
    assert 'name="name" value="Anna Beispiel"' in unsure.text


async def test_what_is_not_there_is_told_as_such(offices: Offices) -> None:
    async with offices.browser("counter", "planner") as somebody:
        paths = (f"/dienst/termine/{uuid4()}", "/dienst/termine/keine-id", "/dienst/termine?ort=nirgends")
        answers = [await somebody.get(each) for each in (*paths, f"{HOURS}/eintrag?ort={OFFICE}&id={uuid4()}")]

    assert [each.status_code for each in answers] == [404] * 4
