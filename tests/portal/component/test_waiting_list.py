"""The pages of the waiting list in front of the real appointments, with script off."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from services.appointments.domain.tokens import sign
from tests.portal.component.booking import offices_open
from tests.portal.component.town import LANGUAGES, Portal
from tests.support.nats import Bus

FORM = "/termin/warteliste?anliegen=fundsachen"


@pytest.fixture
async def offices(bus: Bus, tmp_path: Path) -> AsyncGenerator[Portal]:
    async with offices_open(bus, tmp_path) as portal:
        yield portal


@pytest.fixture
async def visitor(offices: Portal) -> AsyncGenerator[httpx.AsyncClient]:
    async with offices.visitor() as client:
        yield client


async def joined(visitor: httpx.AsyncClient, email: str, prefix: str = "") -> tuple[str, UUID]:
    """Fill in the form; the path of the page that follows, and whose entry it is."""
    page = (await visitor.get(prefix + FORM)).text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    days = dict(re.findall(r'name="(von|bis)" type="date" value="([^"]*)"', page))
    person = {"ort": "dorfhaus", "zeit": "any", "name": "Kim Muster", "email": email}
    answer = await visitor.post(prefix + FORM.partition("?")[0], data={**fields, **days, **person})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"], UUID(fields["kennung"])


def mailed(folder: Path, entry: UUID, prefix: str = "") -> str:
    """Return the link in the mail."""
    key = (folder / "link.key").read_bytes()
    return f"{prefix}/termin/warteliste/{sign(key, 'join', entry)}/bestaetigen"


async def test_without_script_one_click_in_the_mail_makes_the_entry_count(
    offices: Portal, visitor: httpx.AsyncClient, tmp_path: Path
) -> None:
    for number, prefix in enumerate(LANGUAGES):
        path, entry = await joined(visitor, f"kim{number}@example.org", prefix)
        asked = (await visitor.get(path)).text
        async with offices.visitor() as elsewhere:
            link = mailed(tmp_path, entry, prefix)
            before = await elsewhere.get(link)
            confirmed = await elsewhere.post(link)
            after = (await elsewhere.get(confirmed.headers["location"])).text

        assert "k***@example.org" in asked
        assert before.status_code == 200
        assert 'method="post"' in before.text
        assert confirmed.headers["location"] == path
        assert ("kern-alert--success" in asked, "kern-alert--success" in after) == (False, True)


async def test_in_the_browser_that_has_joined_the_link_needs_no_second_button(
    visitor: httpx.AsyncClient, tmp_path: Path
) -> None:
    path, entry = await joined(visitor, "kim@example.org")

    opened = await visitor.get(mailed(tmp_path, entry))

    assert (opened.status_code, opened.headers["location"]) == (303, path)
    assert "Sie stehen auf der Warteliste" in (await visitor.get(path)).text


async def test_who_has_left_before_confirming_is_told_so(visitor: httpx.AsyncClient, tmp_path: Path) -> None:
    path, entry = await joined(visitor, "kim@example.org")
    await visitor.post(f"{path.partition('?')[0]}/austragen")

    opened = await visitor.get(mailed(tmp_path, entry))

    assert "Sie stehen nicht mehr auf der Warteliste" in (await visitor.get(opened.headers["location"])).text


async def test_an_answer_without_the_link_of_the_mail_changes_nothing(visitor: httpx.AsyncClient) -> None:
    path, _ = await joined(visitor, "kim@example.org")
    entry = path.partition("?")[0]

    answers = [await visitor.post(f"{entry}/{each}") for each in ("annehmen", "ablehnen", "doch", "bestaetigen")]

    assert [each.status_code for each in answers] == [200, 200, 200, 200]
    assert all("Sie haben einen Termin" not in each.text for each in answers)
