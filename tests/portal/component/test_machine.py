"""Feeds, calendar, alerts and the public interface against the real services."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import httpx
import pytest
from icalendar import Calendar
from lxml import etree

from chassis.clock import utc_now
from tests.portal.component.town import POOL, Town
from tests.subscriptions.component.town import AS_PORTAL

ATOM = "{http://www.w3.org/2005/Atom}"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
SCHEMA = Path(__file__).parents[1] / "schemas" / "CAP-v1.2.xsd"
FEED = f"/feeds/pool.{POOL}"


async def reopen(town: Town, *, mistaken: bool = False) -> None:
    body = {"tap_id": str(uuid4()), "mistaken": mistaken, "seen_version": 1, "by": "kasse"}
    answer = await town.subscriptions.ask(f"/pools/{POOL}/openings", method="POST", headers=AS_PORTAL, body=body)
    assert answer.is_success, answer.text


async def alert(town: Town, **more: Any) -> str:
    now = utc_now()
    body = {
        "command_id": str(uuid4()),
        "category": "road_closed",
        "areas": ["bittkau"],
        "texts": {"de": {"headline": "Lindenstraße <gesperrt>", "body": "Bis & mit morgen."}},
        "valid_from": (now + timedelta(hours=3)).isoformat(),
        "valid_until": (now + timedelta(hours=9)).isoformat(),
        "by": "bauamt",
        **more,
    }
    answer = await town.subscriptions.ask("/announcements", method="POST", headers=AS_PORTAL, body=body)
    assert answer.is_success, answer.text
    return answer.json()["incident"]


async def incident(visitor: httpx.AsyncClient) -> str:
    return (await visitor.get("/api/news")).json()[0]["incident"]


def valid(body: bytes) -> ET.Element:
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    schema.assertValid(etree.fromstring(body))
    return ET.fromstring(body)  # noqa: S314 - our own


async def test_atom_keeps_one_entry_per_incident(town: Town, visitor: httpx.AsyncClient) -> None:
    await town.close_pool()
    closed = ET.fromstring((await visitor.get(f"{FEED}.atom")).content)  # noqa: S314 - our own
    await reopen(town)
    opened = ET.fromstring((await visitor.get(f"{FEED}.atom")).content)  # noqa: S314 - our own

    first, second = closed.findall(f"{ATOM}entry"), opened.findall(f"{ATOM}entry")
    assert len(first) == len(second) == 1
    assert first[0].findtext(f"{ATOM}id") == second[0].findtext(f"{ATOM}id") == f"urn:uuid:{await incident(visitor)}"
    assert str(first[0].findtext(f"{ATOM}updated")) < str(second[0].findtext(f"{ATOM}updated"))
    assert "geschlossen" in str(first[0].findtext(f"{ATOM}title"))
    assert "aufgehoben" in str(second[0].findtext(f"{ATOM}title"))


async def test_rss_has_an_item_for_each_announcement_and_escapes_what_was_typed(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    await alert(town)
    await town.close_pool()
    await reopen(town)

    root = ET.fromstring((await visitor.get("/feeds/alle.rss")).content)  # noqa: S314 - our own

    items = root.findall("channel/item")
    assert len(items) == len({each.findtext("guid") for each in items}) == 3
    assert items[-1].findtext("title") == "Lindenstraße <gesperrt>"


async def test_a_calendar_event_grows_and_is_cancelled_when_it_was_a_mistake(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    await town.close_pool()
    before = Calendar.from_ical((await visitor.get(f"{FEED}.ics")).content).events[0]
    await reopen(town, mistaken=True)
    after = Calendar.from_ical((await visitor.get(f"{FEED}.ics")).content).events[0]

    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (1, 2)
    assert (before["status"], after["status"]) == ("CONFIRMED", "CANCELLED")
    assert before.start < before.end


@pytest.mark.parametrize("path", [f"{FEED}.atom", f"{FEED}.ics", "/api/pools", "/cap/feed.atom", "/api/openapi.json"])
async def test_a_client_that_has_it_already_gets_nothing(town: Town, visitor: httpx.AsyncClient, path: str) -> None:
    await town.close_pool()
    first = await visitor.get(path)

    again = await visitor.get(path, headers={"if-none-match": first.headers["etag"]})

    assert first.headers["access-control-allow-origin"] == "*"
    assert (again.status_code, again.content) == (304, b"")


async def test_each_announcement_is_a_valid_alert_that_refers_to_the_earlier_ones(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    await town.close_pool()
    path = f"/cap/{await incident(visitor)}.xml"
    closed = valid((await visitor.get(path)).content)
    await reopen(town)
    opened = valid((await visitor.get(path)).content)

    assert closed.findtext(f"{CAP}msgType") == "Alert"
    assert [each.findtext(f"{CAP}language") for each in closed.findall(f"{CAP}info")] == ["de-DE", "en-GB"]
    assert closed.findtext(f"{CAP}info/{CAP}responseType") == "Avoid"
    assert closed.findtext(f"{CAP}info/{CAP}area/{CAP}geocode/{CAP}value") == "15090546"
    assert opened.findtext(f"{CAP}msgType") == "Cancel"
    assert opened.findtext(f"{CAP}info/{CAP}responseType") == "AllClear"
    named = (closed.findtext(f"{CAP}sender"), closed.findtext(f"{CAP}identifier"), closed.findtext(f"{CAP}sent"))
    assert opened.findtext(f"{CAP}references") == ",".join(map(str, named))


async def test_an_alert_of_tomorrow_is_not_immediate(town: Town, visitor: httpx.AsyncClient) -> None:
    found = valid((await visitor.get(f"/cap/{await alert(town)}.xml")).content)

    assert found.findtext(f"{CAP}info/{CAP}urgency") == "Future"
    assert found.findtext(f"{CAP}info/{CAP}category") == "Transport"
    assert found.findtext(f"{CAP}info/{CAP}area/{CAP}areaDesc") == "Bittkau"


async def test_the_interface_tells_pools_and_messages(town: Town, visitor: httpx.AsyncClient) -> None:
    await town.close_pool()

    pool = (await visitor.get(f"/api/pools/{POOL}")).json()
    (news,) = (await visitor.get("/api/news", params={"topic": f"pool.{POOL}", "limit": 1})).json()

    assert (pool["state"], pool["reason"]) == ("closed", "thunderstorm")
    assert "reported_by" not in pool
    assert UUID(news["incident"])
    assert (news["ended"], news["mistaken"]) == (False, False)
    assert set(pool) == set((await described(visitor))["Pool"]["properties"])
    assert set(news) == set((await described(visitor))["Incident"]["properties"])


async def described(visitor: httpx.AsyncClient) -> dict[str, Any]:
    return (await visitor.get("/api/openapi.json")).json()["components"]["schemas"]


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/pool.nirgends.atom",
        "/feeds/staff.freibad-tangerhuette.atom",
        "/feeds/alle.pdf",
        "/feeds/x",
        "/cap/x.xml",
        f"/cap/{UUID(int=7)}.xml",
        "/api/pools/nirgends",
        "/api/news/x",
        "/bad/nirgends/widget",
        "/bad/nirgends/plakat",
    ],
)
async def test_what_does_not_exist_is_not_found(visitor: httpx.AsyncClient, path: str) -> None:
    assert (await visitor.get(path)).status_code == 404


async def test_a_feed_of_one_matter_in_one_place_exists(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/en/feeds/matter.road_closed.bittkau.atom")

    assert answer.status_code == 200
    assert "Road closures (Bittkau)" in answer.text


async def test_the_widget_may_stand_in_other_sites_and_no_other_page_may(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    await town.close_pool()

    framed, plain = await visitor.get(f"/bad/{POOL}/widget"), await visitor.get(f"/bad/{POOL}/einbetten")

    assert "frame-ancestors *" in framed.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in plain.headers["content-security-policy"]
    assert "Geschlossen" in framed.text
    assert '<noscript><meta http-equiv="refresh"' in framed.text
    assert f"/en/bad/{POOL}/widget" in plain.text
