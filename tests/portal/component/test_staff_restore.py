"""A cancelled appointment at the counter: taken back, or another time for the same person."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from datetime import date

import pytest
import pytest_asyncio

from tests.portal.component.counter import DAYS, NEW, OFFICE, Offices, call, offices_running
from tests.support.nats import NatsServer

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def offices(nats_server: NatsServer, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Offices]:
    async with offices_running(nats_server, tmp_path_factory.mktemp("offices")) as running:
        yield running


@pytest.fixture
def day() -> date:
    """A day of which no other test knows."""
    return next(DAYS)


async def test_a_cancellation_by_mistake_is_taken_back(offices: Offices, day: date) -> None:
    async with offices.browser("counter") as counter:
        page = (await counter.post(NEW, data=call(day))).headers["location"].partition("?")[0]
        gone = await counter.post(f"{page}/absagen", data={"seen_version": "2"})
        offered = (await counter.get(gone.headers["location"])).text
        back = await counter.post(f"{page}/wiederherstellen", data={"seen_version": "3"})
        shown = (await counter.get(back.headers["location"])).text

    assert f"{page}/wiederherstellen" in offered
    assert "Die Absage ist zurückgenommen. Der Termin gilt wieder." in shown
    assert "badge--booked" in shown
    assert f"{page}/wiederherstellen" not in shown


async def test_when_the_time_is_taken_others_are_offered_with_all_that_is_known_of_the_person(
    offices: Offices, day: date
) -> None:
    async with offices.browser("counter") as counter:
        page = (await counter.post(NEW, data=call(day))).headers["location"].partition("?")[0]
        await counter.post(f"{page}/absagen", data={"seen_version": "2"})
        for each in ("Bernd Beispiel", "Carla Beispiel", "Dora Beispiel"):
            await counter.post(NEW, data=call(day, name=each))
        refused = await counter.post(f"{page}/wiederherstellen", data={"seen_version": "3"})
        other = re.findall(r'name="starts_at" value="([^"]+)"', refused.text)[0]
        form = {"ort": OFFICE, "tag": other[:10], "anzahl-fundsachen": "1", "name": "Anna Beispiel", "starts_at": other}
        next_page = await counter.post(f"{NEW}/zeit", data=form)

    assert refused.status_code == 409
    assert "Zu dieser Zeit ist inzwischen kein passender Platz mehr frei." in refused.text
    assert 'name="name" value="Anna Beispiel"' in refused.text
    assert next_page.status_code == 200
    assert 'value="Anna Beispiel"' in next_page.text
