"""What the pages of the appointments promise beyond what one sees in a browser."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from tests.portal.component.booking import TIMES, held, offices_open, picked
from tests.portal.component.town import LANGUAGES, Portal
from tests.support.nats import Bus

PERSON = {"name": "Kim Muster", "email": "kim@example.org", "phone": "", "note": ""}


@pytest.fixture
async def offices(bus: Bus, tmp_path: Path) -> AsyncGenerator[Portal]:
    async with offices_open(bus, tmp_path) as portal:
        yield portal


@pytest.fixture
async def visitor(offices: Portal) -> AsyncGenerator[httpx.AsyncClient]:
    async with offices.visitor() as client:
        yield client


def opened(page: str) -> date:
    """The day whose times a page shows."""
    found = re.search(r'tag=(\S+)#zeiten" aria-current', page)
    assert found is not None, page
    return date.fromisoformat(found[1])


async def test_every_public_page_answers_in_every_language(visitor: httpx.AsyncClient) -> None:
    pages = ("/termin", TIMES, "/termin/link", "/termin/warteliste?anliegen=fundsachen", "/termin/warteraum/dorfhaus")
    for path in (f"{prefix}{page}" for prefix in LANGUAGES for page in pages):
        answer = await visitor.get(path)

        assert answer.status_code == 200, (path, answer.text)


async def test_two_taps_on_one_time_are_one_hold(visitor: httpx.AsyncClient) -> None:
    page = await picked(visitor)

    assert await held(visitor, page.tap()) == await held(visitor, page.tap())


async def test_a_second_choice_gives_back_the_first(visitor: httpx.AsyncClient) -> None:
    page = await picked(visitor)
    first = await held(visitor, page.tap())

    second = await held(visitor, page.tap(5))

    assert (await visitor.get(first)).headers["location"] == first.replace("/angaben", "")
    assert "Dieser Termin ist abgesagt" in (await visitor.get(first.replace("/angaben", ""))).text
    assert (await visitor.get(second)).status_code == 200


async def test_whoever_changes_their_mind_twice_gets_the_first_time_again(visitor: httpx.AsyncClient) -> None:
    page = await picked(visitor)
    first = await held(visitor, page.tap())
    await held(visitor, page.tap(5))

    again = await held(visitor, page.tap())

    assert again != first
    assert (await visitor.get(again)).status_code == 200


async def test_whoever_changes_the_time_ten_times_is_not_locked_out(visitor: httpx.AsyncClient) -> None:
    paths: list[str] = []
    for number in range(10):
        page = await picked(visitor)
        paths.append(await held(visitor, page.tap(number)))

    assert [each for each in paths if not each.startswith("/termin/angaben/")] == []
    assert (await visitor.get(paths[-1])).status_code == 200


async def test_a_time_that_is_gone_leads_back_with_everything_chosen(offices: Portal) -> None:
    async with offices.visitor() as quick, offices.visitor() as slow:
        pages = [await picked(each) for each in (quick, slow)]
        await held(quick, pages[0].tap(2))

        back = await held(slow, pages[1].tap(2))

        assert "anliegen=fundsachen%3A1&ort=dorfhaus" in back
        assert "ist gerade vergeben worden" in (await slow.get(back)).text
        assert pages[1].starts[2] not in (await picked(slow)).starts


async def test_pages_behind_a_link_belong_to_one_person(visitor: httpx.AsyncClient) -> None:
    path = await held(visitor, (await picked(visitor)).tap())
    booked = (await visitor.post(path, data=PERSON)).headers["location"].partition("?")[0]

    for each in (booked, f"{booked}/absagen", "/termin/bestaetigen/x.y", "/termin/angebot/x.y"):
        headers = (await visitor.get(each)).headers
        assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer"), each


async def test_looking_at_the_link_of_the_mail_confirms_nothing(offices: Portal) -> None:
    async with offices.visitor() as citizen, offices.visitor() as scanner:
        path = await held(citizen, (await picked(citizen)).tap())
        booked = (await citizen.post(path, data=PERSON)).headers["location"].partition("?")[0]

        answer = await scanner.get("/termin/bestaetigen/" + booked.rpartition("/")[2])

        assert "Ja, Termin bestätigen" in answer.text
        assert "Fast fertig" in (await citizen.get(booked)).text


async def test_a_second_window_shows_what_the_first_has_booked(visitor: httpx.AsyncClient) -> None:
    path = await held(visitor, (await picked(visitor)).tap())
    booked = (await visitor.post(path, data=PERSON)).headers["location"].partition("?")[0]

    late = (await visitor.post(path, data={**PERSON, "name": "Anna Beispiel"})).headers["location"]

    assert late.partition("?")[0] == booked
    assert "Hier steht, was jetzt gilt" in (await visitor.get(late)).text


async def test_an_empty_week_leads_to_the_next_with_free_times(visitor: httpx.AsyncClient) -> None:
    path = "/termin/zeit?anliegen=personalausweis&ort=luederitz"
    first = opened((await visitor.get(path)).text)
    empty = (await visitor.get(f"{path}&ab={first + timedelta(days=1)}")).text
    onwards = (await visitor.get(f"{path}&ab={first + timedelta(days=1)}&suche=vor")).text
    back = (await visitor.get(f"{path}&ab={first + timedelta(days=7)}&suche=zurueck")).text

    assert "An diesen Tagen ist nichts frei" in empty
    assert opened(onwards) > first + timedelta(days=7)
    assert opened(back) == first


async def test_a_form_of_another_site_holds_nothing(visitor: httpx.AsyncClient) -> None:
    form = (await picked(visitor)).tap()

    answer = await visitor.post("/termin/halten", data=form, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403


async def test_what_no_page_of_ours_sends_begins_again(visitor: httpx.AsyncClient) -> None:
    here = {"anliegen": "fundsachen", "ort": "dorfhaus", "beginn": "2026-12-01T09:00:00Z"}

    for form in ({}, {**here, "beginn": "morgen"}, {**here, "anliegen": "gibt-es-nicht"}):
        assert await held(visitor, form) == "/termin"


async def test_who_holds_too_much_is_told_when_it_passes(visitor: httpx.AsyncClient) -> None:
    page = await picked(visitor)
    paths: list[str] = []
    for number in range(0, 14, 2):
        # Another browser at the same connection.
        visitor.cookies.clear()
        paths.append(await held(visitor, page.tap(number)))

    assert "hinweis=limit_client" in paths[-1]
    assert "Bitte versuchen Sie es später noch einmal" in (await visitor.get(paths[-1])).text


async def test_programs_read_offices_services_and_free_times(visitor: httpx.AsyncClient) -> None:
    offices = await visitor.get("/api/termine/offices")
    times = await visitor.get("/api/termine/availability?office=dorfhaus&items=fundsachen&days=2")
    busy = await visitor.get("/api/termine/free-busy?office=dorfhaus")
    described = (await visitor.get("/api/openapi.json")).json()["paths"]

    assert {each["office"] for each in offices.json()} >= {"buergerbuero", "dorfhaus"}
    assert len(times.json()["days"]) == 2
    assert busy.json()["resources"][0]["resource"] == "dorfhaus-1"
    assert (await visitor.get("/api/termine/availability?office=nirgends&items=fundsachen")).status_code == 422
    assert {each for each in described if "/termine/" in each} >= {"/api/termine/offices", "/api/termine/availability"}


async def test_pages_say_so_when_the_appointments_are_away(lonely: Portal) -> None:
    async with lonely.visitor() as visitor:
        for path in ("/termin", TIMES, "/termin/x", "/termin/warteraum/dorfhaus"):
            answer = await visitor.get(path)

            assert (answer.status_code, "Das geht im Moment nicht" in answer.text) == (503, True), path
