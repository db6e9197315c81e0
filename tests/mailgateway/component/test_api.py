"""What the desk and notices may ask the mail gateway."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from chassis.http import make_app
from chassis.settings import ServiceSettings
from services.mailgateway.api import Api
from tests.mailgateway.component.town import RUN, Gateway, Town, letter_id

AS_DESK = {"authorization": "Bearer of-the-desk"}
AS_NOTICES = {"authorization": "Bearer of-notices"}
WAVE = {"kind": "umlage", "year": "2026", "duplex": "true", "colour": "false"}


@pytest.fixture
async def http(gateway: Gateway, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    tokens = tmp_path / "tokens"
    tokens.mkdir()
    (tokens / "from-rathaus").write_text("of-the-desk\n")
    (tokens / "from-notices").write_text("of-notices\n")
    app = make_app(ServiceSettings(tokens_dir=tokens), gateway.health, Api(gateway.post).routes())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://mailgateway", headers=AS_DESK
    ) as client:
        yield client


async def test_the_desk_sees_who_prints_and_how_far_the_letters_are(
    town: Town, gateway: Gateway, http: httpx.AsyncClient
) -> None:
    await town.provider.fault("reject_letter", code="E302", match={"custom1": f"{letter_id(2)}.*"})
    await town.routed(1, 2, gateway=gateway)
    await gateway.until(lambda counts: counts == {"posted": 1, "failed": 1})

    provider = (await http.get("/provider")).json()
    counts = (await http.get(f"/runs/{RUN}/letters")).json()
    (problem,) = (await http.get(f"/runs/{RUN}/problems")).json()

    assert (provider["mode"], provider["reachable"], provider["test_mode"]) == ("simulator", True, False)
    assert counts == {"posted": 1, "failed": 1}
    assert (problem["letter_id"], problem["code"], problem["title"]) == (
        str(letter_id(2)),
        "E302",
        "Frankierfeld nicht frei",
    )
    assert problem["action"].endswith(".")


async def test_notices_learns_which_letters_the_provider_has(
    town: Town, gateway: Gateway, http: httpx.AsyncClient
) -> None:
    await town.provider.fault("reject_letter", code="E302", match={"custom1": f"{letter_id(2)}.*"})
    await town.routed(1, 2, gateway=gateway)
    await gateway.until(lambda counts: counts == {"posted": 1, "failed": 1})

    known = (await http.get("/submissions", params=WAVE, headers=AS_NOTICES)).json()["submissions"]
    others = (await http.get("/submissions", params={**WAVE, "year": "2025"}, headers=AS_NOTICES)).json()

    assert [each["letter_id"] for each in known] == [str(letter_id(1))]
    assert others == {"submissions": []}


async def test_a_provider_without_an_answer_is_no_empty_answer(town: Town, http: httpx.AsyncClient) -> None:
    await town.provider.kill()

    response = await http.get("/submissions", params=WAVE, headers=AS_NOTICES)
    provider = (await http.get("/provider")).json()

    assert (response.status_code, provider["reachable"]) == (503, False)


async def test_an_incomplete_question_is_refused(http: httpx.AsyncClient) -> None:
    response = await http.get("/submissions", params={"kind": "umlage"}, headers=AS_NOTICES)

    assert (response.status_code, response.json()["title"]) == (
        422,
        "Gebraucht werden kind, year, duplex und colour.",
    )


@pytest.mark.parametrize("path", ["/provider", f"/runs/{RUN}/letters", f"/runs/{RUN}/problems"])
async def test_only_the_desk_may_look(http: httpx.AsyncClient, path: str) -> None:
    response = await http.get(path, headers=AS_NOTICES)

    assert response.status_code == 401
