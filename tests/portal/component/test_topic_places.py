"""Matters in some places only: by browser messages as by mail, and never lost silently."""

from __future__ import annotations

import httpx

from tests.portal.component.test_visits import TOPIC, form, signed_up
from tests.portal.component.town import OURS, Town
from tests.subscriptions.people import a_browser

WASTE = "matter.waste_collection_moved"


async def test_messages_in_the_browser_keep_to_the_places_too(town: Town, visitor: httpx.AsyncClient) -> None:
    own = await signed_up(town, visitor)
    fields, push = await form(visitor), a_browser()
    told = {key: fields[key] for key in ("language", "text_version")}
    keys = {"endpoint": push.endpoint, "p256dh": push.p256dh, "auth": push.auth}
    wish = {**told, **keys, "topics": [TOPIC, WASTE], "places": ["bittkau"], "preferences": own.rpartition("/")[2]}

    answer = await visitor.post("/abo/push", json=wish, headers=OURS)

    page = (await visitor.get(own)).text
    assert answer.status_code == 201
    assert "Verschobene Müllabfuhr (Bittkau)" in page
    assert 'name="ort" value="bittkau" checked' in page


async def test_in_preferences_and_in_the_browser_too_a_place_without_a_matter_is_asked_about(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    own = await signed_up(town, visitor)
    fields, push = await form(visitor), a_browser()
    told = {key: fields[key] for key in ("language", "text_version")}
    keys = {"endpoint": push.endpoint, "p256dh": push.p256dh, "auth": push.auth}

    saved = await visitor.post(own, data={**told, "channel": "email", "topics": TOPIC, "ort": "bittkau"}, headers=OURS)
    pushed = await visitor.post(
        "/abo/push", json={**told, **keys, "topics": [TOPIC], "places": ["bittkau"]}, headers=OURS
    )

    assert (saved.status_code, pushed.status_code) == (422, 422)
    assert 'name="ort" value="bittkau" checked' in saved.text
    for each in (saved.text, pushed.json()["error"]):
        assert "Sie haben Ortschaften angekreuzt, aber keinen Anlass" in each


async def test_who_ends_their_last_matter_may_leave_its_places_ticked(town: Town, visitor: httpx.AsyncClient) -> None:
    own = await signed_up(town, visitor)
    fields = await form(visitor)
    told = {key: fields[key] for key in ("language", "text_version")} | {"channel": "email", "ort": "bittkau"}
    await visitor.post(own, data={**told, "topics": [TOPIC, WASTE]}, headers=OURS)

    ended = await visitor.post(own, data={**told, "topics": TOPIC}, headers=OURS)

    page = (await visitor.get(own)).text
    assert ended.status_code == 303
    assert f'value="{TOPIC}" checked' in page
    assert f'value="{WASTE}" checked' not in page


async def test_a_place_without_a_matter_is_asked_about_and_stays_ticked(visitor: httpx.AsyncClient) -> None:
    fields = await form(visitor)

    answer = await visitor.post(
        "/abo", data={**fields, "topics": TOPIC, "ort": "bittkau", "email": "kim@example.org"}, headers=OURS
    )

    assert answer.status_code == 422
    assert "Sie haben Ortschaften angekreuzt, aber keinen Anlass" in answer.text
    assert 'name="ort" value="bittkau" checked' in answer.text
    assert f'value="{TOPIC}" checked' in answer.text
