"""Notices over HTTP: what the desk and the mail gateway may ask, and the German sentences of a refusal."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from chassis.health import Health
from chassis.http import make_app
from services.notices.api import FORM_OVERHEAD, Api
from tests.notices.integration.desk import OUTPUT, STATUTE, Desk, accounts, desk_at
from tests.notices.unit.levy_rows import a_file, a_row

MOST_BYTES = 100_000
AS_DESK = {"authorization": "Bearer of-the-desk"}
AS_GATEWAY = {"authorization": "Bearer of-the-gateway"}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    tokens = tmp_path / "tokens"
    tokens.mkdir()
    (tokens / "from-rathaus").write_text("of-the-desk\n")
    (tokens / "from-mailgateway").write_text("of-the-gateway\n")
    url = f"sqlite+aiosqlite:///{tmp_path}/notices.sqlite"
    async with desk_at(url, tmp_path, tokens_dir=tokens, max_upload_bytes=MOST_BYTES) as ready:
        yield ready


@pytest.fixture
async def http(desk: Desk) -> AsyncGenerator[httpx.AsyncClient]:
    api = Api(
        database=desk.database,
        documents=desk.documents,
        submissions=desk.submissions,
        settings=desk.settings,
        output=OUTPUT,
        now=desk.now,
    )
    health = Health()
    health.started = True
    transport = httpx.ASGITransport(make_app(desk.settings, health, api.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://notices", headers=AS_DESK) as client:
        yield client


async def hand_in(
    http: httpx.AsyncClient, levy: bytes | None, *, statute: bytes | None = STATUTE, by: str | None = "Erika Muster"
) -> httpx.Response:
    files = {name: data for name, data in (("levy", levy), ("statute", statute)) if data is not None}
    return await http.post("/runs", files=files, data={} if by is None else {"imported_by": by})


def problem(response: httpx.Response) -> tuple[int, str, str]:
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    return response.status_code, body["title"], body["detail"]


async def test_a_levy_goes_from_the_files_to_the_released_letters(desk: Desk, http: httpx.AsyncClient) -> None:
    imported = (await hand_in(http, accounts(1, 2, 3))).json()
    run = f"/runs/{imported['run_id']}"
    for order in await desk.orders(UUID(imported["run_id"])):
        await desk.record(await desk.draw(order))

    drawn = (await http.get(run)).json()
    listed = (await http.get(f"{run}/notices")).json()
    body = {"root_hash": drawn["root_hash"], "approved_by": "Max Beispiel"}
    released = (await http.post(f"{run}/release", json=body)).json()
    document = await http.get(f"/notices/{listed[0]['notice_id']}/document")

    assert (imported["state"], drawn["state"], released["state"]) == ("rendering", "checked", "released")
    assert (drawn["sum"], drawn["progress"]["rendered"], drawn["forecast"]["letters"]) == ("59.22", 3, 3)
    assert [(each["total"], each["state"]) for each in listed] == [("19.74", "rendered")] * 3
    assert document.content.startswith(b"%PDF-")
    assert (await http.get(f"{run}/samples")).json()[0]["why"] == "höchster Betrag"


async def test_the_mail_gateway_gets_released_letters_and_nothing_else(desk: Desk, http: httpx.AsyncClient) -> None:
    (notice,) = await desk.notices(await desk.released(accounts(1)))
    wanted = {"letter_ids": [str(notice.letter_id), str(uuid4())]}

    handed_out = await http.post("/letters", json=wanted, headers=AS_GATEWAY)
    elsewhere = await http.get(f"/runs/{notice.run_id}", headers=AS_GATEWAY)
    by_the_desk = await http.post("/letters", json=wanted)

    assert [each["letter_id"] for each in handed_out.json()["letters"]] == [str(notice.letter_id)]
    assert (elsewhere.status_code, by_the_desk.status_code) == (401, 401)


@pytest.mark.parametrize("count", [0, 51])
async def test_the_mail_gateway_asks_for_one_to_fifty_letters(http: httpx.AsyncClient, count: int) -> None:
    wanted = {"letter_ids": [str(uuid4()) for _ in range(count)]}

    response = await http.post("/letters", json=wanted, headers=AS_GATEWAY)

    assert problem(response) == (422, "Erwartet werden 1 bis 50 Kennungen von Briefen.", "")


@pytest.mark.parametrize(
    ("changes", "title", "word"),
    [
        ({"levy": b"PK\x03\x04"}, "Die Umlagedatei ist nicht verwendbar.", "Excel"),
        ({"levy": b""}, "Die Umlagedatei ist nicht verwendbar.", "leer"),
        ({"statute": b"[levy"}, "Die Satzungsdatei ist nicht verwendbar.", "Satzung"),
        ({"statute": STATUTE.replace(b'iban = "DE', b'iban = "XX')}, "Die Satzungsdatei ist nicht verwendbar.", "IBAN"),
        ({"levy": None}, "Es fehlt eine Datei.", "Umlagedatei"),
        ({"statute": None}, "Es fehlt eine Datei.", "Satzungsdatei"),
        ({"by": None}, "Es fehlt der Name der Person, die einliest.", ""),
        ({"by": "  "}, "Es fehlt der Name der Person, die einliest.", ""),
    ],
)
async def test_what_cannot_be_used_is_refused_in_german(
    http: httpx.AsyncClient, changes: dict[str, Any], title: str, word: str
) -> None:
    given: dict[str, Any] = {"levy": accounts(1), **changes}

    status, told, detail = problem(await hand_in(http, given.pop("levy"), **given))

    assert (status, told) == (422, title)
    assert word in detail


async def test_a_file_that_is_too_large_is_refused_before_it_is_read(http: httpx.AsyncClient) -> None:
    status, title, detail = problem(await hand_in(http, bytes(MOST_BYTES + FORM_OVERHEAD)))

    assert (status, title) == (413, "Die Datei ist zu groß (0 MB).")
    assert "Erlaubt sind" in detail


async def test_a_file_with_nothing_new_is_refused_with_its_date_here(desk: Desk, http: httpx.AsyncClient) -> None:
    desk.at = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
    await desk.released(accounts(1, 2))

    response = await hand_in(http, accounts(2))

    assert problem(response)[:2] == (409, "Diese Bescheide wurden schon am 30.11.2026 freigegeben.")
    assert response.json()["released_at"] == desk.at.isoformat()


async def test_a_release_that_does_not_fit_is_refused_with_what_to_do(desk: Desk, http: httpx.AsyncClient) -> None:
    run_id = await desk.drawn(accounts(1))
    root_hash = (await desk.run(run_id)).root_hash
    attempts = [
        {"root_hash": root_hash, "approved_by": "erika muster"},
        {"root_hash": root_hash, "approved_by": " "},
        {"root_hash": "f" * 64, "approved_by": "Max Beispiel"},
        {"approved_by": "Max Beispiel"},
    ]

    told = [problem(await http.post(f"/runs/{run_id}/release", json=attempt)) for attempt in attempts]

    assert [(status, title) for status, title, _ in told] == [
        (409, "Freigeben muss eine zweite Person."),
        (409, "Es fehlt der Name der Person, die freigibt."),
        (409, "Die Prüfsumme gehört nicht zu diesem Stand des Laufs."),
        (422, "Prüfsumme oder Name fehlt."),
    ]
    assert await desk.generated() == []


async def test_letters_that_the_provider_has_are_told_with_their_date(desk: Desk, http: httpx.AsyncClient) -> None:
    run_id = await desk.drawn(accounts(1))
    known = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)
    desk.mailgateway.submitted = {(await desk.notices(run_id))[0].letter_id: known}
    body = {"root_hash": (await desk.run(run_id)).root_hash, "approved_by": "Max Beispiel"}

    response = await http.post(f"/runs/{run_id}/release", json=body)

    assert problem(response)[:2] == (409, "Dieser Lauf wurde schon am 02.11.2026 freigegeben.")
    assert response.json()["released_at"] == known.isoformat()


async def test_a_provider_that_does_not_answer_delays_the_release(desk: Desk, http: httpx.AsyncClient) -> None:
    run_id = await desk.drawn(accounts(1))
    desk.mailgateway.away = True
    body = {"root_hash": (await desk.run(run_id)).root_hash, "approved_by": "Max Beispiel"}

    response = await http.post(f"/runs/{run_id}/release", json=body)

    assert problem(response)[:2] == (503, "Im Moment nicht erreichbar: Druckdienst.")


@pytest.mark.parametrize("path", ["", "/report", "/errors.csv", "/samples", "/notices"])
@pytest.mark.parametrize("run_id", ["5f6d1c1e-0000-5000-8000-000000000001", "7"])
async def test_a_run_that_is_not_there_is_said_so(http: httpx.AsyncClient, run_id: str, path: str) -> None:
    status, title, _ = problem(await http.get(f"/runs/{run_id}{path}"))

    assert (status, title.endswith(("gibt es nicht.", "gibt es hier nicht."))) == (404, True)


async def test_the_errors_of_a_file_come_as_a_table(http: httpx.AsyncClient) -> None:
    run = (await hand_in(http, a_file(a_row(1, 1), a_row(2, 2, PLZ="1")))).json()["run_id"]

    response = await http.get(f"/runs/{run}/errors.csv")

    assert response.headers["content-type"].startswith("text/csv")
    assert response.content.startswith(b"\xef\xbb\xbfZeile;")
    assert len(response.content.splitlines()) == 2


async def test_a_damaged_document_is_not_shown(desk: Desk, http: httpx.AsyncClient) -> None:
    (notice,) = await desk.notices(await desk.drawn(accounts(1)))
    await desk.documents.put(notice.document or "", b"%PDF-1.7 of somebody else")

    response = await http.get(f"/notices/{notice.notice_id}/document")

    assert response.status_code == 500
    assert b"somebody" not in response.content
