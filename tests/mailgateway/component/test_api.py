"""What the desk and notices may ask the mail gateway."""

from __future__ import annotations

import httpx
import pytest

from tests.mailgateway.component.town import RUN, Gateway, Town, letter_id

AS_NOTICES = {"authorization": "Bearer of-notices"}
LEVY = {"kind": "umlage", "year": "2026"}


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

    known = (await http.get("/submissions", params=LEVY, headers=AS_NOTICES)).json()["submissions"]
    others = (await http.get("/submissions", params={**LEVY, "year": "2025"}, headers=AS_NOTICES)).json()

    assert [each["letter_id"] for each in known] == [str(letter_id(1))]
    assert others == {"submissions": []}


async def test_notices_learns_of_letters_that_went_with_other_options(
    town: Town, gateway: Gateway, http: httpx.AsyncClient
) -> None:
    await town.routed(1, gateway=gateway)
    await town.routed(2, gateway=gateway, duplex=False)
    await gateway.until_all("posted", letters=2)

    known = (await http.get("/submissions", params=LEVY, headers=AS_NOTICES)).json()["submissions"]

    assert {each["letter_id"] for each in known} == {str(letter_id(1)), str(letter_id(2))}


async def test_a_provider_without_an_answer_is_no_empty_answer(town: Town, http: httpx.AsyncClient) -> None:
    await town.provider.kill()

    response = await http.get("/submissions", params=LEVY, headers=AS_NOTICES)
    provider = (await http.get("/provider")).json()

    assert (response.status_code, provider["reachable"]) == (503, False)


async def test_an_incomplete_question_is_refused(http: httpx.AsyncClient) -> None:
    response = await http.get("/submissions", params={"kind": "umlage"}, headers=AS_NOTICES)

    assert (response.status_code, response.json()["title"]) == (
        422,
        "Gebraucht werden kind und year.",
    )


@pytest.mark.parametrize("path", ["/provider", f"/runs/{RUN}/letters", f"/runs/{RUN}/problems"])
async def test_only_the_desk_may_look(http: httpx.AsyncClient, path: str) -> None:
    response = await http.get(path, headers=AS_NOTICES)

    assert response.status_code == 401
