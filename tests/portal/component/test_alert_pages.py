"""What the pages say of an alert: where, what, from when until when; and of topics of the town's own people."""

from __future__ import annotations

from datetime import timedelta

import httpx

from chassis.clock import utc_now
from tests.portal.component.test_machine import alert
from tests.portal.component.test_visits import form, signed_up
from tests.portal.component.town import OURS, POOL, Town
from tests.subscriptions.component.town import AS_PORTAL

KASSE = "kasse@example.org"
HEADLINE = "Lindenstraße &lt;gesperrt&gt;"


async def test_an_alert_that_begins_later_is_announced_and_does_not_stand_yet(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    incident = await alert(town, valid_from=(utc_now() + timedelta(hours=3)).isoformat())

    start, news = (await visitor.get("/")).text, (await visitor.get("/meldungen")).text
    page = (await visitor.get(f"/meldungen/{incident}")).text

    assert HEADLINE not in start
    assert HEADLINE not in news.partition("Gilt später")[0]
    assert HEADLINE in news.partition("Gilt später")[2]
    assert "Straßensperrung · Bittkau · Gilt ab " in page
    assert "Seit " not in page


async def test_an_alert_that_holds_says_where_and_what_in_the_banner(town: Town, visitor: httpx.AsyncClient) -> None:
    await alert(town, valid_from=(utc_now() - timedelta(hours=1)).isoformat(), areas=[])

    start, plain = (await visitor.get("/datenschutz")).text, (await visitor.get("/en/meldungen")).text

    assert "Straßensperrung · ganzes Gemeindegebiet · Gilt ab " in start
    assert "Road closed · whole municipality · Valid from " in plain


async def test_a_topic_of_the_staff_has_a_name_and_can_be_ended_in_the_settings(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    body = {"email": KASSE, "pool": POOL, "language": "de", "by": "leitung"}
    answer = await town.subscriptions.ask("/staff-subscriptions", method="POST", headers=AS_PORTAL, body=body)
    assert answer.is_success, answer.text
    link = await town.post.link(KASSE, "bestaetigen")
    asked = (await visitor.get(link)).text
    own = (await visitor.post(link, headers=OURS)).headers["location"].partition("?")[0]
    fields = {"language": "de", "channel": "email", "text_version": (await form(visitor))["text_version"]}
    ticked = f'value="staff.{POOL}" checked'

    before = (await visitor.get(own)).text
    kept = await visitor.post(own, data={**fields, "topics": [f"staff.{POOL}", "place.grieben"]})
    between = (await visitor.get(own)).text
    ended = await visitor.post(own, data={**fields, "topics": []})

    assert "Dienst: Freibad Tangerhütte" in asked
    assert (ticked in before, ticked in between, kept.status_code) == (True, True, 303)
    assert ended.status_code == 303
    assert ticked not in (await visitor.get(own)).text


async def test_a_link_that_is_no_longer_valid_offers_a_new_one(town: Town, visitor: httpx.AsyncClient) -> None:
    own = await signed_up(town, visitor)
    await visitor.post(f"{own}/loeschen", headers=OURS)

    gone = await visitor.get(own)

    assert gone.status_code == 404
    assert 'href="/abo/link"><span class="kern-label">Neuen Link zuschicken' in gone.text


async def test_the_page_for_programs_names_the_feeds_of_topics(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/api")).text

    for topic in (f"pool.{POOL}", "matter.road_closed", "place.bellingen", "matter.road_closed.bellingen"):
        assert f"/feeds/{topic}.atom" in page
