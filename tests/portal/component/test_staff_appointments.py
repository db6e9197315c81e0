"""The counters' and planners' pages against the real services, which all tests of this file share."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import date
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from tests.portal.component.counter import DAYS, HOURS, NEW, OFFICE, Offices, at, call, offices_running, starts_at
from tests.support.eventually import eventually
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


async def test_a_device_does_only_what_it_is_for(offices: Offices) -> None:
    async with offices.browser("counter") as counter, offices.browser("planner") as planner:
        starts = [(await each.get("/dienst")).headers["location"] for each in (counter, planner)]
        refused = [await counter.get(HOURS), await planner.get("/dienst/termine"), await planner.get(f"{NEW}")]

    assert starts == ["/dienst/termine", HOURS]
    assert [each.status_code for each in refused] == [403, 403, 403]


async def test_the_same_booking_sent_twice_is_one(offices: Offices, day: date) -> None:
    order = call(day)

    async with offices.browser("counter") as counter:
        first, second = await counter.post(NEW, data=order), await counter.post(NEW, data=order)
        shown = await counter.get(at(day))
        week = await counter.get(at(day, "/dienst/termine/woche"))

    assert first.headers["location"] == second.headers["location"]
    assert shown.text.count("Anna Beispiel") == 1
    assert "1 Termin," in week.text
    assert "Anna" not in week.text


async def test_a_time_that_is_taken_loses_nothing_that_was_typed(offices: Offices, day: date) -> None:
    async with offices.browser("counter") as counter:
        await counter.post(NEW, data=call(day))
        refused = await counter.post(NEW, data=call(day, name="Bernd Beispiel", phone="03935 12", note="mit Kind"))

    assert refused.status_code == 409
    assert "kein passender Platz mehr frei" in refused.text
    assert all(f'value="{each}"' in refused.text for each in ("Bernd Beispiel", "03935 12", "mit Kind"))


async def test_a_change_of_hours_over_somebody_elses_is_previewed_anew(offices: Offices, day: date) -> None:
    closure = {"art": "schliessung", "neu": "1", "id": str(uuid4()), "ort": OFFICE, "note": "Betriebsausflug"}
    closure |= {"first_day": day.isoformat(), "resources": "alle"}
    seen = (await offices.ask("GET", f"/offices/{OFFICE}/calendar"))["version"]

    async with offices.browser("planner") as planner:
        other = closure | {"id": str(uuid4()), "note": "Wahltag", "version": str(seen)}
        saved = await planner.post(HOURS, data=other)
        stale = await planner.post(HOURS, data=closure | {"version": str(seen)})
        again = await planner.post(HOURS, data=closure | {"version": str(seen + 1)})
        cards = await planner.get(f"{HOURS}?ort={OFFICE}")

    assert saved.status_code == 303
    assert stale.status_code == 409
    assert "inzwischen jemand anders geändert. Ihre Änderung ist noch da" in stale.text
    assert 'name="note" value="Betriebsausflug"' in stale.text
    assert again.status_code == 303
    assert cards.text.index("Betriebsausflug:") > 0
    assert cards.text.index("Wahltag:") > 0


async def test_without_an_answer_the_order_can_be_sent_again(offices: Offices, day: date) -> None:
    async with offices.browser("counter") as counter:
        offices.appointments.stop()
        unsure = await counter.post(NEW, data=call(day))
        offices.appointments.start()
        await eventually(offices.appointments.ready)

    assert unsure.status_code == 503
    assert 'name="name" value="Anna Beispiel"' in unsure.text


async def test_what_is_not_there_is_told_as_such(offices: Offices) -> None:
    async with offices.browser("counter", "planner") as somebody:
        paths = (f"/dienst/termine/{uuid4()}", "/dienst/termine/keine-id", "/dienst/termine?ort=nirgends")
        answers = [await somebody.get(each) for each in (*paths, f"{HOURS}/eintrag?ort={OFFICE}&id={uuid4()}")]

    assert [each.status_code for each in answers] == [404] * 4


async def test_a_time_that_somebody_holds_online_is_not_free_and_has_no_name(offices: Offices, day: date) -> None:
    items = [{"service": "fundsachen", "count": 1}]
    wish = {"booking_id": str(uuid4()), "office": OFFICE, "items": items, "starts_at": starts_at(day)}
    await offices.ask("POST", "/holds", wish | {"language": "de", "client": "192.0.2.1", "proof": None, "queue": None})

    async with offices.browser("counter") as counter:
        page = (await counter.get(at(day))).text

    assert "10:00–10:10 wird gerade gebucht (reserviert bis " in page
    assert "0:00–10:00 frei" in page
    assert "10:10–23:55 frei" in page


async def test_a_clerk_books_and_moves_to_any_time_that_is_possible(offices: Offices, day: date) -> None:
    async with offices.browser("counter") as counter:
        made = await counter.post(NEW, data=call(day, starts_at="", uhrzeit="11:05", resource="dorfhaus-1"))
        own = made.headers["location"].partition("?")[0]
        odd = await counter.post(f"{own}/verlegen", data={"seen_version": "2", "tag": f"{day}", "uhrzeit": "12:02"})
        none = await counter.post(f"{own}/verlegen", data={"seen_version": "2", "starts_at": ""})
        shut = await counter.post(f"{own}/verlegen", data={"seen_version": "2", "tag": f"{day}", "uhrzeit": "23:50"})
        form = {"seen_version": "2", "tag": f"{day}", "uhrzeit": "12:35", "starts_at": starts_at(day)}
        moved = await counter.post(f"{own}/verlegen", data=form)
        page = (await counter.get(own)).text

    assert [each.status_code for each in (odd, none, shut)] == [422] * 3
    assert 'value="12:02"' in odd.text
    assert "oder sie reicht nicht bis zum Ende des Termins" in shut.text
    assert moved.status_code == 303
    assert "12:35 Uhr – 12:45 Uhr" in page


async def test_a_slip_in_a_date_breaks_no_page(offices: Offices, day: date) -> None:
    async with offices.browser("counter") as counter:
        own = (await counter.post(NEW, data=call(day))).headers["location"].partition("?")[0]
        odd = ("9999-12-31", "0001-01-01", "2020-01-01")
        paths = [f"/dienst/termine{part}?ort={OFFICE}&tag={each}" for part in ("", "/woche", "/liste") for each in odd]
        paths += [f"{NEW}/zeit?ort={OFFICE}&anzahl-fundsachen=1&tag={each}" for each in odd]
        answers = [await counter.get(each) for each in (*paths, *(f"{own}?verlegen={each}" for each in odd))]
        typed = await counter.post(f"{NEW}/zeit", data=call(date(2020, 1, 1), name="Bernd Beispiel"))
        elsewhere = await counter.get(f"{NEW}/zeit?ort=standesamt&anzahl-fundsachen=1")

    assert {each.status_code for each in (*answers, typed)} == {200}
    assert 'value="Bernd Beispiel"' in typed.text
    assert elsewhere.status_code == 422


async def test_the_whole_office_and_one_counter_are_not_closed_at_once(offices: Offices, day: date) -> None:
    closure = {"art": "schliessung", "neu": "1", "id": str(uuid4()), "ort": OFFICE, "note": "Umbau"}
    order = closure | {"first_day": day.isoformat(), "resources": ["alle", "dorfhaus-1"]}

    async with offices.browser("planner") as planner:
        asked = await planner.post(f"{HOURS}/vorschau", data=order)
        backwards = order | {"resources": "alle", "from_time": "12:00", "to_time": "10:00"}
        wrong = await planner.post(f"{HOURS}/vorschau", data=backwards)

    assert asked.status_code == 422
    assert "Bitte wählen Sie eins von beidem" in asked.text
    assert 'value="Umbau"' in asked.text
    assert "Das Ende liegt nicht nach dem Anfang" in wrong.text
    assert "Ausnahme 1" not in wrong.text


@pytest_asyncio.fixture(loop_scope="module")
async def expected(offices: Offices, day: date) -> str:
    """The page of somebody whose time is now."""
    items = [{"service": "fundsachen", "count": 1}]
    body = {"booking_id": str(uuid4()), "office": OFFICE, "items": items, "starts_at": starts_at(day)}
    made = await offices.ask("POST", "/staff/bookings", {**body, "name": "Anna Beispiel", "by": "probe"})
    await offices.appointments.bring_to_now(UUID(made["booking_id"]))
    return f"/dienst/termine/{made['booking_id']}"


async def test_who_did_not_come_is_noted_and_taken_back_and_gets_a_number_when_there(
    offices: Offices, expected: str
) -> None:
    async with offices.browser("counter") as counter:
        pages: list[str] = []
        for stand in ("nicht-da", "zurueck", "nummer"):
            answer = await counter.post(f"{expected}/stand", data={"stand": stand})
            pages.append((await counter.get(answer.headers["location"])).text)

    missed, back, waiting = pages
    assert "badge--missed" in missed
    assert "badge--booked" in back
    assert "Vermerk zurückgenommen" in back
    assert "badge--arrived" in waiting
    assert "D001" in waiting
    assert "Angekommen, Wartenummer geben" not in waiting
    assert "von der Person selbst" not in waiting
