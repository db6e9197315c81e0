"""What citizens do on the portal, against the real services."""

from __future__ import annotations

import httpx
import pytest

from tests.portal.component.town import HOME, LANGUAGES, OURS, POOL, Town

TOPIC = f"pool.{POOL}"
KIM = "kim@example.org"


async def form(visitor: httpx.AsyncClient) -> dict[str, str]:
    """What the form on the pool's page holds."""
    page = (await visitor.get(f"/bad/{POOL}")).text
    version = page.partition('name="text_version" value="')[2].partition('"')[0]
    return {"topics": TOPIC, "language": "de", "text_version": version, "email": KIM}


async def signed_up(town: Town, visitor: httpx.AsyncClient) -> str:
    """Sign up and confirm; the path of the preferences."""
    await visitor.post("/abo", data=await form(visitor))
    answer = await visitor.get(await town.post.link(KIM, "bestaetigen"))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


async def farewell(town: Town, visitor: httpx.AsyncClient) -> str:
    """Get a message; the path of its farewell."""
    await signed_up(town, visitor)
    await town.close_pool()
    return await town.post.link(KIM, "abmelden")


async def state_of(visitor: httpx.AsyncClient, path: str) -> str:
    return (await visitor.get(path)).text


@pytest.mark.parametrize("prefix", LANGUAGES)
async def test_every_public_page_answers(visitor: httpx.AsyncClient, prefix: str) -> None:
    for path in ("", "/bad", f"/bad/{POOL}", "/meldungen", "/abo", "/abo/link", "/datenschutz", "/barrierefreiheit"):
        answer = await visitor.get(f"{prefix}{path}" or "/")

        assert answer.status_code == 200, (path, answer.text)
        assert f'<html lang="{"en" if prefix == "/en" else "de"}">' in answer.text


async def test_a_closed_pool_says_why_on_every_page(town: Town, visitor: httpx.AsyncClient) -> None:
    await town.close_pool()

    start, status = (await visitor.get("/")).text, (await visitor.get(f"/einfach/bad/{POOL}")).text

    assert "Freibad Tangerhütte ist geschlossen" in start
    assert "Grund: Gewitter." in start
    assert "Freibad Tangerhütte ist zu" in status


async def test_the_history_of_a_message_is_public(town: Town, visitor: httpx.AsyncClient) -> None:
    await town.close_pool()
    page = (await visitor.get(f"/bad/{POOL}")).text
    incident = page.partition('href="/meldungen/')[2].partition('"')[0]

    answer = await visitor.get(f"/en/meldungen/{incident}")

    assert answer.status_code == 200, answer.text


async def test_one_click_in_the_browser_that_signed_up_confirms(town: Town, visitor: httpx.AsyncClient) -> None:
    preferences = await signed_up(town, visitor)

    page = await state_of(visitor, preferences)

    assert f'value="{TOPIC}" checked' in page
    assert "per E-Mail bestätigt" in page


async def test_a_scanner_that_opens_the_link_confirms_nothing(town: Town, visitor: httpx.AsyncClient) -> None:
    await visitor.post("/abo", data=await form(visitor))
    link = await town.post.link(KIM, "bestaetigen")

    async with town.portal.visitor() as scanner:
        pages = [await scanner.get(link) for _ in range(3)]
        await scanner.head(link)

    assert ["Ja, Anmeldung bestätigen" in page.text for page in pages] == [True] * 3


async def test_another_device_confirms_with_a_button(town: Town, visitor: httpx.AsyncClient) -> None:
    await visitor.post("/abo", data=await form(visitor))
    link = await town.post.link(KIM, "bestaetigen")

    async with town.portal.visitor() as phone:
        answer = await phone.post(link)
        again = await phone.get(link)

    assert answer.status_code == 303
    assert "Schon bestätigt" in again.text


async def test_the_cookie_of_a_sign_up_names_no_address(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/abo", data=await form(visitor))

    told = answer.headers["set-cookie"]
    assert "HttpOnly" in told
    assert "kim" not in told


async def test_an_address_that_cannot_be_is_told_beside_its_field(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/abo", data={**await form(visitor), "email": "kim@beispiel"})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert 'value="kim@beispiel"' in answer.text


async def test_looking_at_a_farewell_ends_nothing(town: Town, visitor: httpx.AsyncClient) -> None:
    link = await farewell(town, visitor)

    pages = [await state_of(visitor, link) for _ in range(2)]

    assert [">Abbestellen<" in page for page in pages] == [True, True]


async def test_a_mail_program_unsubscribes_with_one_click_and_a_person_undoes_it(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    link = await farewell(town, visitor)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(town.portal.app), base_url=HOME) as program:
        answer = await program.post(link, data={"List-Unsubscribe": "One-Click"})
    left = await state_of(visitor, link)
    back = await visitor.post(f"{link}/zurueck")

    assert (answer.status_code, "Sie sind abgemeldet" in left) == (200, True)
    assert "Alles wie vorher" in back.text
    assert "Sie sind abgemeldet" not in await state_of(visitor, link)


async def test_preferences_are_changed_and_erased_by_their_link(town: Town, visitor: httpx.AsyncClient) -> None:
    own = await signed_up(town, visitor)
    version = (await form(visitor))["text_version"]
    change = {"topics": [TOPIC, "place.grieben"], "language": "plain", "channel": "email", "text_version": version}

    saved = await visitor.post(own, data=change)
    page = await state_of(visitor, own)
    erased = await visitor.post(f"{own}/loeschen")

    assert saved.headers["location"].endswith("?gespeichert=1")
    assert 'value="place.grieben" checked' in page
    assert "Alles ist gelöscht" in erased.text
    assert (await visitor.get(own)).status_code == 404


async def test_a_person_learns_why_a_message_came(town: Town, visitor: httpx.AsyncClient) -> None:
    own = await signed_up(town, visitor)
    await town.close_pool()
    await town.post.link(KIM, "abmelden")
    page = await state_of(visitor, own)
    why = page.partition(f'href="{own}/warum?meldung=')[2].partition('"')[0]

    answer = await visitor.get(f"{own}/warum", params={"meldung": why})

    assert "weil Sie diese Themen gewählt haben" in answer.text


async def test_the_lost_link_is_mailed_and_nobody_learns_who_is_known(town: Town, visitor: httpx.AsyncClient) -> None:
    await signed_up(town, visitor)

    known = await visitor.post("/abo/link", data={"email": KIM})
    unknown = await visitor.post("/abo/link", data={"email": "nobody@example.org"})

    assert known.text == unknown.text
    assert (await visitor.get(await town.post.link(KIM, "einstellungen"))).status_code == 200


async def test_a_form_of_another_site_signs_up_nobody(town: Town, visitor: httpx.AsyncClient) -> None:
    filled = await form(visitor)

    answer = await visitor.post("/abo", data=filled, headers={**OURS, "sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert await town.post.mails(KIM) == []
