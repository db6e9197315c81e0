"""Links that were passed on are made invalid, and a browser joins the person whose link it shows."""

from __future__ import annotations

import httpx

from tests.portal.component.test_visits import KIM, TOPIC, form, signed_up
from tests.portal.component.town import OURS, Town
from tests.subscriptions.people import a_browser

GONE = {404, 410}


async def test_one_button_makes_all_earlier_links_invalid_and_the_new_one_comes_by_mail(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    old = await signed_up(town, visitor)
    before = len(await town.post.mails(KIM))
    button = f'action="{old}/links"'

    page = (await visitor.get(old)).text
    answer = await visitor.post(f"{old}/links", headers=OURS)
    fresh = await town.post.link(KIM, "einstellungen")

    assert button in page
    assert (answer.status_code, "auf dem Weg in Ihr Postfach" in answer.text) == (200, True)
    assert (await visitor.get(old)).status_code in GONE
    assert fresh != old
    assert (await visitor.get(fresh)).status_code == 200
    assert len(await town.post.mails(KIM)) == before + 1


async def test_a_browser_on_the_own_page_is_the_same_person_on_another_way(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    own = await signed_up(town, visitor)
    fields, push = await form(visitor), a_browser()
    told = {key: fields[key] for key in ("language", "text_version")}
    keys = {"endpoint": push.endpoint, "p256dh": push.p256dh, "auth": push.auth}

    answer = await visitor.post(
        "/abo/push", json={**told, **keys, "topics": [TOPIC], "preferences": own.rpartition("/")[2]}, headers=OURS
    )

    page = (await visitor.get(own)).text
    assert (answer.status_code, answer.json()["preferences"]) == (201, f"{own}?neu=1")
    assert 'value="push" checked' in page
    saved = await visitor.post(own, data={**told, "topics": TOPIC, "channel": "email"}, headers=OURS)
    assert saved.status_code == 303
